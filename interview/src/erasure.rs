//! What is erased of people: from which records, and what stands in its place.
//!
//! The event that says so is recorded first. From then on the records before it read as if what it erases had never been
//! written; the store rewrites them afterwards. So it makes no difference to anybody how far the store has come.

use crate::{
    Audience, Code, DrawEntry, DrawEvent, ErasureEvent, Event, FaceTrial, PaperEvent, PaperFile, Points,
    Record, SeatId, StaffCheckEvent, TurnEvent,
};
use std::collections::{BTreeMap, BTreeSet};

/// What stands where something was erased.
pub const ERASED: &str = "***";

/// What an interview still holds of people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Held {
    /// The numbers of candidates who are named in records, also of those who were taken out of the list.
    pub(crate) people: BTreeMap<SeatId, String>,
    /// Lines of chat, notes of incidents and private notes, each time one was kept.
    pub(crate) words: u64,
}

impl Held {
    /// Takes in what happened.
    pub(crate) fn note(&mut self, event: &Event) {
        match event {
            Event::CandidateAdded { seat, name, number, .. }
            | Event::CandidateChanged { seat, name, number, .. }
                if name != ERASED || *number != nobody(*seat) =>
            {
                self.people.insert(*seat, number.clone());
            }
            Event::Said { text, .. } | Event::IncidentMarked { note: text, .. } if text != ERASED => {
                self.words += 1;
            }
            Event::NoteKept { text, .. } if text != ERASED && !text.is_empty() => self.words += 1,
            _ => {}
        }
    }
}

/// Erases from these records, the first ones of an interview, what later ones among them say is erased. Answers the indices
/// of those that have changed. Done again it changes nothing.
pub fn redact(records: &mut [Record]) -> Vec<usize> {
    let mut scope = Scope::default();
    let mut changed = Vec::new();
    for (at, record) in records.iter_mut().enumerate().rev() {
        if scope.widen(&record.event) || scope.is_empty() {
            continue;
        }
        let before = record.event.clone();
        scope.redact(&mut record.event);
        if record.event != before {
            changed.push(at);
        }
    }
    changed.reverse();
    changed
}

/// The candidates whose data these records say are erased: nothing that is kept elsewhere of them may stay.
pub fn erased_seats(records: &[Record]) -> BTreeSet<SeatId> {
    let mut erased = BTreeSet::new();
    let mut known = BTreeSet::new();
    for record in records {
        match &record.event {
            Event::CandidateAdded { seat, .. } => drop(known.insert(*seat)),
            Event::Erasure(ErasureEvent::PersonErased { seat, .. }) => drop(erased.insert(*seat)),
            Event::Erasure(ErasureEvent::PeopleErased { .. }) => erased.extend(known.iter().copied()),
            _ => {}
        }
    }
    erased
}

/// The number of the exam card of somebody who is erased: numbers are unique in an interview.
pub(crate) fn nobody(seat: SeatId) -> String {
    format!("*{seat}")
}

/// What is erased of the records before.
#[derive(Debug, Default)]
struct Scope {
    words: bool,
    people: bool,
    /// Single people; true: the result stays.
    persons: BTreeMap<SeatId, bool>,
}

impl Scope {
    /// Takes in an event that erases; false for all others.
    fn widen(&mut self, event: &Event) -> bool {
        match event {
            Event::Erasure(ErasureEvent::WordsErased { .. }) => self.words = true,
            Event::Erasure(ErasureEvent::PeopleErased { .. }) => self.people = true,
            Event::Erasure(ErasureEvent::PersonErased { seat, result_kept }) => {
                // Of two requests the one that erases more holds.
                let kept = self.persons.get(seat).is_none_or(|kept| *kept) && *result_kept;
                self.persons.insert(*seat, kept);
            }
            _ => return false,
        }
        true
    }

    fn is_empty(&self) -> bool {
        !self.words && !self.people && self.persons.is_empty()
    }

    fn has(&self, seat: SeatId) -> bool {
        self.people || self.persons.contains_key(&seat)
    }

    /// Is the result erased with the person? After the time that people are kept it stays, without anybody whose it is.
    fn has_result(&self, seat: SeatId) -> bool {
        self.persons.get(&seat).is_some_and(|kept| !kept)
    }

    fn redact(&self, event: &mut Event) {
        use Event as E;
        if names_nobody(event) {
            return;
        }
        match event {
            E::CandidateAdded { seat, name, number, phone, code, password } if self.has(*seat) => {
                self.anonymous(*seat, name, number, phone);
                *code = void(*seat);
                *password = None;
            }
            E::CandidateChanged { seat, name, number, phone, password } if self.has(*seat) => {
                self.anonymous(*seat, name, number, phone);
                *password = None;
            }
            E::CodeIssued { seat, code } if self.has(*seat) => *code = void(*seat),
            E::PhotoSet { seat, present } if self.has(*seat) => *present = false,
            E::Paper(PaperEvent::PaperAdded { seat, paper: PaperFile { name, bytes, .. }, .. })
                if self.has(*seat) =>
            {
                erase(name);
                *bytes = 0;
            }
            E::SmsSent { seat, digest, .. } if self.has(*seat) => digest.clear(),
            E::IdentityPassed { seat, reason: Some(reason), .. } if self.has(*seat) => erase(reason),
            E::FaceCompared { seat, trial } | E::FaceLookedAt { seat, trial, .. } if self.has(*seat) => {
                let FaceTrial { outcome: _, score, verifier: _, picture, print } = trial;
                (*score, *picture, *print) = (None, None, None);
            }
            E::Checked { seat, device, .. } if self.has(*seat) => erase(device),
            E::Removed { seat, reason }
            | E::ChecksPassed { seat, reason }
            | E::StaffCheck(StaffCheckEvent::StaffCheckFailed { seat, reason })
                if self.has(*seat) =>
            {
                erase(reason)
            }
            E::Said { seat, audience, text } => self.say(*seat, *audience, text),
            E::IncidentMarked { seat, candidate, note } => {
                let of_person = self.has(*seat) || candidate.is_some_and(|candidate| self.has(candidate));
                if self.words || of_person {
                    erase(note);
                }
            }
            E::ScoresSaved { candidate, points, remark, .. } if self.has(*candidate) => {
                erase(remark);
                if self.has_result(*candidate) {
                    points.clear();
                }
            }
            E::NoteKept { candidate, text, .. } if self.words || self.has(*candidate) => erase(text),
            E::ResultDrafted { candidate, outcome, points, remark } if self.has(*candidate) => {
                self.result(*candidate, outcome, points, remark);
            }
            E::ResultPublished { candidate, outcome, points, remark, beyond, .. } if self.has(*candidate) => {
                self.result(*candidate, outcome, points, remark);
                beyond.iter_mut().for_each(erase);
            }
            E::ResultCorrected { candidate, outcome, points, remark, reason } if self.has(*candidate) => {
                self.result(*candidate, outcome, points, remark);
                erase(reason);
            }
            E::ResultWithdrawn { candidate, reason } if self.has(*candidate) => erase(reason),
            E::Draw(DrawEvent::DrawCommitted { entries, reason, .. }) => self.draw(entries, reason),
            E::Turn(TurnEvent::ClockExtended { candidate, reason, .. }) if self.has(*candidate) => {
                erase(reason);
            }
            _ => {}
        }
    }

    /// Numbers go as everywhere; a list of texts may name anybody, and goes with all people.
    fn draw(&self, entries: &mut [DrawEntry], reason: &mut Option<String>) {
        for DrawEntry { seat, text } in entries {
            match seat {
                Some(seat) if self.has(*seat) && (self.people || self.has_result(*seat)) => {
                    *text = nobody(*seat);
                }
                None if self.people => erase(text),
                _ => {}
            }
        }
        if self.people {
            reason.iter_mut().for_each(erase);
        }
    }

    fn result(&self, seat: SeatId, outcome: &mut String, points: &mut Option<Points>, remark: &mut String) {
        erase(remark);
        if self.has_result(seat) {
            erase(outcome);
            *points = None;
        }
    }

    fn anonymous(&self, seat: SeatId, name: &mut String, number: &mut String, phone: &mut String) {
        erase(name);
        phone.clear();
        // A result that must be kept is of use by the number of the exam card alone.
        if self.people || self.has_result(seat) {
            *number = nobody(seat);
        }
    }

    fn say(&self, seat: SeatId, audience: Audience, text: &mut String) {
        let to_person = matches!(audience, Audience::Candidate { candidate } if self.has(candidate));
        if self.words || self.people || to_person || self.has(seat) {
            erase(text);
        }
    }
}

/// Something that was not empty is seen to have been there.
fn erase(text: &mut String) {
    if !text.is_empty() {
        ERASED.clone_into(text);
    }
}

/// A code that leads nowhere: no seat of the store has it.
fn void(seat: SeatId) -> Code {
    Code::from_random(!u128::from(seat.0))
}

/// Does an event name nobody but by a seat's random number, or tell of the staff and the interview alone? One arm for all
/// others, so that the compiler names those of which nobody has thought; [`Scope::redact`] says what is erased of them.
const fn names_nobody(event: &Event) -> bool {
    use Event as E;
    match event {
        E::CandidateAdded { .. }
        | E::CandidateChanged { .. }
        | E::CodeIssued { .. }
        | E::PhotoSet { .. }
        | E::Paper(PaperEvent::PaperAdded { .. })
        | E::SmsSent { .. }
        | E::IdentityPassed { .. }
        | E::FaceCompared { .. }
        | E::FaceLookedAt { .. }
        | E::Checked { .. }
        | E::ChecksPassed { .. }
        | E::StaffCheck(StaffCheckEvent::StaffCheckFailed { .. })
        | E::Removed { .. }
        | E::Said { .. }
        | E::IncidentMarked { .. }
        | E::ScoresSaved { .. }
        | E::NoteKept { .. }
        | E::ResultDrafted { .. }
        | E::ResultPublished { .. }
        | E::ResultWithdrawn { .. }
        | E::ResultCorrected { .. }
        | E::Draw(DrawEvent::DrawCommitted { .. }) => false,
        E::Turn(event) => turn_names_nobody(event),
        E::Created { .. }
        | E::Changed { .. }
        | E::Deleted
        | E::StaffAdded { .. }
        | E::StaffRemoved { .. }
        | E::CandidatesImported { .. }
        | E::CandidateRemoved { .. }
        | E::Paper(PaperEvent::PaperRemoved { .. })
        | E::Message(_)
        | E::Entered { .. }
        | E::PasswordPassed { .. }
        | E::PasswordWrong { .. }
        | E::SmsWrong { .. }
        | E::ConsentTold { .. }
        | E::VerificationAsked { .. }
        | E::StaffCheck(
            StaffCheckEvent::StaffCheckAsked { .. } | StaffCheckEvent::StaffCheckDropped { .. },
        )
        | E::PledgeAccepted { .. }
        | E::DeviceTroubled { .. }
        | E::Called { .. }
        | E::SentBack { .. }
        | E::Deferred { .. }
        | E::Returned { .. }
        | E::Finished { .. }
        | E::Readmitted { .. }
        | E::Left { .. }
        | E::StageEntered { .. }
        | E::Addressed { .. }
        | E::WordGiven { .. }
        | E::ScreenInvited { .. }
        | E::SlidesInvited { .. }
        | E::HandRaised { .. }
        | E::SecondCameraOffered { .. }
        | E::SecondCameraPaired { .. }
        | E::SecondCameraDropped { .. }
        | E::Muted { .. }
        | E::ScoresSubmitted { .. }
        | E::ScoresLocked { .. }
        | E::ResultDraftDropped { .. }
        | E::ResultConfirmed { .. }
        | E::Network(_)
        | E::Erasure(_)
        | E::Helm(_)
        | E::Question(_)
        | E::Draw(DrawEvent::Drawn { .. } | DrawEvent::DrawGivenUp { .. })
        | E::Rehearsal(_) => true,
    }
}

/// The same of what happens in a candidate's turn.
const fn turn_names_nobody(event: &TurnEvent) -> bool {
    use TurnEvent as E;
    match event {
        E::ClockExtended { .. } => false,
        E::CandidateStageEntered { .. }
        | E::CandidateScheduled { .. }
        | E::QueueMoved { .. }
        | E::LetGo { .. }
        | E::CameBack { .. }
        | E::ClockPaused { .. }
        | E::ClockResumed { .. } => true,
    }
}
