//! Who somebody is: consent, faces that the server compared, asking once more, the pledge.

use super::{
    Outcome::{self, Done, Nothing, Refused as No},
    Person, Reference,
};
use crate::*;

/// Tries with the face that the model's interview allows.
pub(in super::super) const ATTEMPTS: u8 = 2;

impl Reference {
    /// What comes of a wish about faces and the pledge; none of other wishes.
    pub(super) fn walk_with_face(&mut self, by: SeatId, action: &PathAction) -> Option<Outcome> {
        let person = self.people.get_mut(&by).unwrap();
        let outcome = match action {
            PathAction::Consent { terms, given } => match person.step {
                Some(Step::Identity) if person.consent == Some((terms.verifier.clone(), *given)) => Nothing,
                Some(Step::Identity) => {
                    person.consent = Some((terms.verifier.clone(), *given));
                    Done
                }
                _ => No,
            },
            PathAction::AskStaff {} if person.step != Some(Step::Identity) => No,
            PathAction::AskStaff {} => set(&mut person.asks_staff, true),
            PathAction::DropStaff {} => set(&mut person.asks_staff, false),
            PathAction::AcceptPledge { version: 1 } if person.step == Some(Step::Pledge) => {
                person.go(Step::Speaker)
            }
            PathAction::AcceptPledge { .. } => No,
            _ => return None,
        };
        Some(outcome)
    }

    /// A host says what they have seen of who waits to be looked at; of who is offline nobody sees anything.
    pub(super) fn look(&mut self, seat: SeatId, is_the_person: bool) -> Outcome {
        let offline = self.offline == Some(seat);
        let person = self.people.get_mut(&seat).unwrap();
        match () {
            () if !person.asks_staff => No,
            () if !is_the_person => set(&mut person.asks_staff, false),
            () if offline => No,
            () => person.show_who(),
        }
    }

    /// The server says what it has compared.
    pub(super) fn compared(&mut self, action: &ServerAction) -> Outcome {
        match action {
            ServerAction::NoteFace { seat, terms, trial } => {
                let person = self.people.get_mut(seat).unwrap();
                let consented = person.consent == Some((terms.verifier.clone(), true));
                let open = person.step == Some(Step::Identity) && consented;
                // The second candidate has no photo.
                if !open || person.failed >= ATTEMPTS || *seat == super::CANDIDATES[1] {
                    return No;
                }
                match trial.outcome {
                    FaceOutcome::Passed => person.show_who(),
                    FaceOutcome::Failed => Done,
                    _ => {
                        person.failed += 1;
                        Done
                    }
                }
            }
            ServerAction::NoteErased { .. } => Done,
            ServerAction::NoteDevice { .. } if !self.rehearsal => No,
            ServerAction::NoteDevice { seat, kind } => {
                let told = self.people.get_mut(seat).unwrap().device.replace(*kind);
                if told == Some(*kind) { Nothing } else { Done }
            }
            // The interview is open for ever.
            ServerAction::EraseWords { .. } | ServerAction::ErasePeople { .. } => Nothing,
            ServerAction::NoteLook { seat, by, terms, .. } => {
                let asks = *by == super::HOST || super::EXAMINERS.contains(by);
                let said = self.people.get(seat).and_then(|person| person.consent.clone());
                let agreed = said.is_none_or(|said| said == (terms.verifier.clone(), true));
                let may = asks && agreed && self.is_inside(*by) && self.is_inside(*seat);
                if may && *seat != super::CANDIDATES[1] { Done } else { No }
            }
        }
    }

    /// On what somebody came last, as far as it was told.
    pub(in super::super) fn device(&self, seat: SeatId) -> Option<DeviceKind> {
        self.people[&seat].device
    }

    /// Somebody must show once more who they are.
    pub(super) fn ask_again(&mut self, seat: SeatId) {
        if self.current == Some(seat) {
            self.end_turn();
        }
        self.addressed = self.addressed.filter(|other| *other != seat);
        self.words.remove(&seat);
        self.hands.remove(&seat);
        let person = self.people.get_mut(&seat).unwrap();
        (person.failed, person.asks_staff) = (0, false);
        person.returns = person.step == Some(Step::Waiting);
        if !person.returns {
            person.tried.clear();
        }
        person.step = Some(Step::Identity);
    }
}

impl Person {
    /// Has shown who they are, in one way or another.
    pub(super) fn show_who(&mut self) -> Outcome {
        (self.failed, self.wrong, self.asks_staff) = (0, 0, false);
        (self.locked, self.holds) = (Time(0), Time(0));
        let next = if std::mem::take(&mut self.returns) { Step::Waiting } else { Step::Pledge };
        self.step = Some(next);
        Done
    }

    /// Is behind the identity step.
    pub(super) const fn is_shown(&self) -> bool {
        matches!(
            self.step,
            Some(
                Step::Pledge
                    | Step::Speaker
                    | Step::Microphone
                    | Step::Camera
                    | Step::Waiting
                    | Step::Admitted
            )
        )
    }
}

fn set(flag: &mut bool, to: bool) -> Outcome {
    if std::mem::replace(flag, to) == to { Nothing } else { Done }
}
