//! A candidate: data, invitation, admission.

use crate::{
    Code, Event, Password, StageKind, Time, Trouble, admission::Admission, asked::Asked,
    device_trouble::DeviceTroubles, faces::Faces, paper::Papers, rehearsal::Tries, result::Results,
    second_camera::Pairing, sms_codes::SmsCodes, staff_check::StaffCheck, turn::Turn,
};
use std::{cmp::Ordering, collections::BTreeSet};

/// A candidate of an interview.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) phone: String,
    /// The own time; none: when the interview opens.
    pub(crate) starts_at: Option<Time>,
    pub(crate) code: Code,
    /// The invitation's password.
    pub(crate) password: Option<Password>,
    pub(crate) photo: bool,
    pub(crate) papers: Papers,
    pub(crate) invited_at: Option<Time>,
    pub(crate) reminded_at: Option<Time>,
    /// How often the code was used.
    pub(crate) entries: u32,
    /// The number of the record of the newest entry: before it, another may have sat here.
    pub(crate) entry: u64,
    pub(crate) admission: Admission,
    /// The kinds of stages in which this candidate was done.
    pub(crate) finished: BTreeSet<StageKind>,
    /// The second camera.
    pub(crate) pairing: Pairing,
    /// The codes by SMS.
    pub(crate) sms: SmsCodes,
    /// What is known of the face.
    pub(crate) faces: Faces,
    /// The check by the staff.
    pub(crate) staff_check: StaffCheck,
    /// The pledge that was accepted: its version, and when.
    pub(crate) pledged: Option<(u32, Time)>,
    /// Times of bad network that were noted.
    pub(crate) troubles: u32,
    /// Since when the network is bad, and the worst so far, as it was noted.
    pub(crate) trouble: Option<(Time, Trouble)>,
    /// What the page tells of its devices.
    pub(crate) device_troubles: DeviceTroubles,
    /// When an interview with this candidate first came to its end.
    pub(crate) interviewed_at: Option<Time>,
    /// The stage that this candidate is in alone.
    pub(crate) turn: Turn,
    /// Since when this candidate may go.
    pub(crate) let_go_at: Option<Time>,
    /// When this candidate left, where they have not come back.
    pub(crate) left_at: Option<Time>,
    pub(crate) results: Results,
    pub(crate) questions: Asked,
    /// What the report of a rehearsal tells.
    pub(crate) rehearsed: Tries,
}

impl Candidate {
    /// Goes on to the admission's next state.
    pub(crate) fn advance(&mut self, event: &Event, at: Time) {
        self.sms.note(event);
        self.faces.note(event, at);
        self.staff_check.note(event, at);
        self.device_troubles.note(event, at);
        self.rehearsed.note(event, at);
        if let Event::PledgeAccepted { version, .. } = event {
            self.pledged = Some((*version, at));
        }
        self.admission = std::mem::take(&mut self.admission).handle(event, at);
    }

    /// Until when the password or the codes are locked, where this is the step that asks for them.
    pub(crate) fn locked_until(&self) -> Option<Time> {
        if self.admission.is_asked_who() { self.sms.locked_until } else { self.admission.locked_until() }
    }

    /// Has all checks behind, and neither left nor may go.
    pub(crate) fn is_in_room(&self) -> bool {
        self.admission.is_inside() && self.let_go_at.is_none()
    }

    /// Waits to be called, in stages of this kind.
    pub(crate) fn waits(&self, kind: StageKind) -> bool {
        matches!(self.admission, Admission::Waiting(_)) && self.let_go_at.is_none() && !self.is_done(kind)
    }

    /// Has entered, and is neither in the waiting room nor out: on the pages before.
    pub(crate) fn is_on_the_way(&self) -> bool {
        self.entries > 0 && !self.admission.is_inside() && !self.admission.is_out()
    }

    /// Gets other data.
    pub(crate) fn rewrite(&mut self, name: &str, number: &str, phone: &str, password: Option<&Password>) {
        name.clone_into(&mut self.name);
        number.clone_into(&mut self.number);
        phone.clone_into(&mut self.phone);
        self.password = password.cloned();
    }

    /// A time of bad network is over.
    pub(crate) const fn end_trouble(&mut self) {
        self.trouble = None;
        self.troubles = self.troubles.saturating_add(1);
    }

    /// Is done in stages of this kind, and of the kinds that this turn has led through.
    pub(crate) fn finish(&mut self, kind: StageKind) {
        self.finished.insert(kind);
        self.finished.extend(self.turn.passed());
    }

    /// The interview has come to its end; the first time counts.
    pub(crate) fn note_interview(&mut self, at: Time) {
        self.interviewed_at.get_or_insert(at);
    }

    /// Is this candidate through with a stage of this kind? Where results are told, each is called once more.
    pub(crate) fn is_done(&self, kind: StageKind) -> bool {
        match kind {
            StageKind::Announcement | StageKind::Confirmation => self.finished.contains(&kind),
            _ => !self.finished.is_empty(),
        }
    }
}

/// Orders numbers of exam cards as people do: digits by their value, all else by its characters.
pub(crate) fn by_number(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left, right);
    loop {
        let (a, b) = (digits(left), digits(right));
        let order = if a.is_empty() || b.is_empty() {
            let (a, b) = (left.chars().next(), right.chars().next());
            match (a, b) {
                (None, _) | (_, None) => return a.cmp(&b),
                (Some(first), Some(second)) => {
                    (left, right) = (&left[first.len_utf8()..], &right[second.len_utf8()..]);
                    first.cmp(&second)
                }
            }
        } else {
            (left, right) = (&left[a.len()..], &right[b.len()..]);
            let (short_a, short_b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
            (short_a.len(), short_a, a.len()).cmp(&(short_b.len(), short_b, b.len()))
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// The digits at the beginning of a text.
fn digits(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_by_value_and_never_equal_unless_they_are() {
        let sorted = ["", "2", "10", "A2", "A02", "A10", "A10-1", "A10-02", "B1", "考1", "考10"];
        for (at, left) in sorted.iter().enumerate() {
            for (other, right) in sorted.iter().enumerate() {
                assert_eq!(by_number(left, right), at.cmp(&other), "{left} {right}");
            }
        }
    }
}
