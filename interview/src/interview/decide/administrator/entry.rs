//! Candidates as they are entered: every fault is named by row and column, and one fault refuses all.

use crate::{
    Code, Column, Event, Interview, NewCandidate, Obstacle, Password, Problem, Refused, RowProblem, SeatId,
    Time, TurnEvent, candidate::Candidate, limit, text, writing,
};
use std::collections::BTreeSet;

/// Faults named at once; the rest shows when these are mended.
const MOST_FAULTS: usize = 200;

/// Rows on their way in, beside those that are there.
pub(super) struct Entry {
    /// Numbers of exam cards, each by its [`writing::number_key`].
    numbers: BTreeSet<String>,
    seats: BTreeSet<SeatId>,
    codes: BTreeSet<Code>,
    /// When the interview opens and closes.
    window: (Time, Time),
    /// The server chose an id or a code that is taken: nothing that the person can mend.
    collided: bool,
    problems: Vec<RowProblem>,
}

impl Entry {
    pub(super) fn beside(interview: &Interview) -> Self {
        let candidates = &interview.candidates;
        Self {
            numbers: candidates.values().map(|candidate| writing::number_key(&candidate.number)).collect(),
            seats: candidates.keys().chain(interview.staff.keys()).copied().collect(),
            codes: candidates.values().map(|candidate| candidate.code).collect(),
            window: (interview.opens_at, interview.closes_at),
            collided: false,
            problems: Vec::new(),
        }
    }

    /// This number is not taken by another.
    pub(super) fn free(&mut self, number: &str) {
        self.numbers.remove(&writing::number_key(number));
    }

    /// The events that enter a row, if all rows turn out well.
    pub(super) fn add(&mut self, row: u32, new: NewCandidate) -> Vec<Event> {
        let NewCandidate { seat, code, starts_at, .. } = new;
        let (name, number, phone) = self.cells(row, &new.name, &new.number, &new.phone);
        let password = new.password.map(|password| self.password(row, password));
        self.collided |= !self.seats.insert(seat) || !self.codes.insert(code);
        let added = Event::CandidateAdded { seat, name, number, phone, code, password };
        [added].into_iter().chain(self.schedule(row, seat, None, starts_at)).collect()
    }

    /// The events by which somebody who is known gets what a row says, if all rows turn out well; none where that is what
    /// is known. What the row leaves empty stays, and so does the number.
    pub(super) fn update(&mut self, row: u32, before: &Candidate, new: NewCandidate) -> Vec<Event> {
        let (name, _, phone) = self.cells(row, &new.name, &new.number, &new.phone);
        if before.entries > 0 && !name.is_empty() && name != before.name {
            self.note(row, Column::Name, Problem::Entered);
        }
        let phone = if phone.is_empty() { before.phone.clone() } else { phone };
        let password =
            new.password.map(|password| self.password(row, password)).or_else(|| before.password.clone());
        let same = (&before.name, &before.phone, &before.password) == (&name, &phone, &password);
        let (seat, number) = (new.seat, before.number.clone());
        let changed = (!same).then_some(Event::CandidateChanged { seat, name, number, phone, password });
        let time = self.schedule(row, seat, before.starts_at, new.starts_at.or(before.starts_at));
        changed.into_iter().chain(time).collect()
    }

    /// The event by which somebody gets another time, or none any more.
    pub(super) fn schedule(
        &mut self,
        row: u32,
        candidate: SeatId,
        before: Option<Time>,
        starts_at: Option<Time>,
    ) -> Option<Event> {
        let (opens_at, closes_at) = self.window;
        if before == starts_at {
            return None;
        }
        if starts_at.is_some_and(|at| at < opens_at || at >= closes_at) {
            self.note(row, Column::Time, Problem::Outside);
        }
        Some(TurnEvent::CandidateScheduled { candidate, starts_at }.into())
    }

    /// Name, number and phone as they are kept.
    pub(super) fn cells(
        &mut self,
        row: u32,
        name: &str,
        number: &str,
        phone: &str,
    ) -> (String, String, String) {
        let name = self.cell(row, Column::Name, text::required(&writing::person(name), limit::NAME));
        // Two lines in one cell are two numbers, not one long one.
        if number.trim().contains(['\n', '\r']) {
            self.note(row, Column::Number, Problem::Invalid);
        }
        let number = self.cell(row, Column::Number, text::required(&writing::number(number), limit::NUMBER));
        if !number.is_empty() && !self.numbers.insert(writing::number_key(&number)) {
            self.note(row, Column::Number, Problem::Duplicate);
        }
        let phone = self.cell(row, Column::Phone, text::optional(&writing::phone(phone), limit::PHONE));
        if !phone.is_empty() && !is_phone(&phone) {
            self.note(row, Column::Phone, Problem::Invalid);
        }
        (name, number, phone)
    }

    /// A password.
    pub(super) fn password(&mut self, row: u32, password: Password) -> Password {
        if password.is_empty() {
            self.note(row, Column::Password, Problem::Empty);
        }
        if password.is_too_long() {
            self.note(row, Column::Password, Problem::TooLong);
        }
        password
    }

    /// Refuses when a row had a fault.
    pub(super) fn faultless(self) -> Result<(), Refused> {
        if !self.problems.is_empty() {
            return Err(Refused::ImportRefused(self.problems));
        }
        if self.collided { Err(Refused::NotNow(Obstacle::IdTaken)) } else { Ok(()) }
    }

    fn cell(&mut self, row: u32, column: Column, text: Result<String, Refused>) -> String {
        text.unwrap_or_else(|refused| {
            let empty = refused == Refused::TextEmpty;
            self.note(row, column, if empty { Problem::Empty } else { Problem::TooLong });
            String::new()
        })
    }

    fn note(&mut self, row: u32, column: Column, problem: Problem) {
        if self.problems.len() < MOST_FAULTS {
            self.problems.push(RowProblem { row, column, problem });
        }
    }
}

/// What can receive an SMS: a mobile phone of mainland China, perhaps with `+86`, or a number of another country in E.164.
fn is_phone(text: &str) -> bool {
    if !text.strip_prefix('+').unwrap_or(text).bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    match text.strip_prefix('+') {
        None => is_chinese_mobile(text),
        Some(number) => match number.strip_prefix("86") {
            Some(national) => is_chinese_mobile(national),
            None => (8..=15).contains(&number.len()) && !number.starts_with('0'),
        },
    }
}

/// `1[3-9]` and nine digits more.
fn is_chinese_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && matches!(digits.as_bytes()[1], b'3'..=b'9')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_receive_an_sms_is_a_phone() {
        for phone in [
            "13800138000",
            "19900138000",
            "+8613800138000",
            "+85298765432",
            "+12125550123",
            "+491511234567890",
        ] {
            assert!(is_phone(phone), "{phone}");
        }
        for other in [
            "1380013",
            "12345678",
            "12800138000",
            "138001380000",
            "01088886666",
            "8613800138000",
            "+861088886666",
            "+8612800138000",
            "+1234567",
            "+1234567890123456",
            "+0123456789",
            "+",
            "1380013800a",
            "++8613800138000",
            "1é800138000",
        ] {
            assert!(!is_phone(other), "{other}");
        }
    }
}
