//! Results, as the reference gives them: nobody who was not interviewed gets one by a plain command.

use super::{
    super::{CANDIDATES, EXAMINERS},
    Outcome::{self, Done, Nothing, Refused as No},
    Reference, done,
};
use crate::*;

impl Reference {
    pub(in super::super) fn confirmed_at(&self, seat: SeatId) -> Option<Time> {
        self.people[&seat].confirmed
    }

    /// What a candidate knows: the outcome, the how many-th telling it is.
    pub(in super::super) fn told(&self, seat: SeatId) -> Option<(&str, u32)> {
        let person = &self.people[&seat];
        let outcome = person.result.as_deref().filter(|_| !self.is_out(seat));
        outcome.map(|outcome| (outcome, person.tellings))
    }

    /// What is prepared, and that something was taken back, is for hosts alone.
    pub(in super::super) fn check_prepared(&self, reader: SeatId, card: &CandidateCard) {
        let (person, hosts) = (&self.people[&card.seat], self.leads(reader));
        let draft = card.draft.as_ref().map(|draft| (draft.verdict.outcome.as_str(), draft.revision));
        let wanted = person.draft.as_deref().map(|outcome| (outcome, person.drafts));
        assert_eq!(draft, wanted.filter(|_| hosts), "drafts are for hosts alone");
        // Who was told something and knows nothing has had it taken back.
        let withdrawn = person.tellings > 0 && person.result.is_none();
        assert_eq!(card.withdrawn.is_some(), withdrawn && hosts);
    }

    /// The model's one host is the chair.
    pub(super) fn result(&mut self, action: &SeatAction) -> Outcome {
        use SeatAction as A;
        match action {
            A::DraftResult { candidate, outcome, .. } => {
                let person = self.people.get_mut(candidate).unwrap();
                if person.draft.as_ref() == Some(outcome) {
                    return Nothing;
                }
                person.drafts += 1;
                done(person.draft.insert(outcome.clone()))
            }
            A::DropDraft { candidate } => {
                let dropped = self.people.get_mut(candidate).unwrap().draft.take();
                if dropped.is_some() { Done } else { Nothing }
            }
            A::PublishResult { candidate, outcome, beyond, .. } => {
                let person = &self.people[candidate];
                match () {
                    () if person.result.as_ref() == Some(outcome) => Nothing,
                    () if person.confirmed.is_some() => No,
                    () if !self.is_ready(*candidate) && beyond.is_none() => No,
                    () => self.tell(*candidate, outcome),
                }
            }
            A::PublishDrafts { drafts } => {
                let as_seen = |seen: &DraftSeen| {
                    let person = &self.people[&seen.candidate];
                    let same = person.draft.is_some() && person.drafts == seen.revision;
                    same && person.confirmed.is_none() && self.is_ready(seen.candidate)
                };
                let twice = CANDIDATES
                    .iter()
                    .any(|seat| drafts.iter().filter(|seen| seen.candidate == *seat).count() > 1);
                if twice || !drafts.iter().all(as_seen) {
                    return No;
                }
                for DraftSeen { candidate, .. } in drafts {
                    let outcome = self.people[candidate].draft.clone().unwrap();
                    self.tell(*candidate, &outcome);
                }
                if drafts.is_empty() { Nothing } else { Done }
            }
            A::WithdrawResult { candidate, .. } => {
                let person = self.people.get_mut(candidate).unwrap();
                if person.confirmed.is_some() || person.result.is_none() {
                    return No;
                }
                person.drafts += 1;
                person.draft = person.result.take();
                Done
            }
            A::CorrectResult { candidate, outcome, .. } => {
                let person = &self.people[candidate];
                match () {
                    () if person.result.as_ref() == Some(outcome) => Nothing,
                    () if person.confirmed.is_none() => No,
                    () => {
                        self.tell(*candidate, outcome);
                        let person = self.people.get_mut(candidate).unwrap();
                        (person.confirmed, person.corrected) = (None, true);
                        Done
                    }
                }
            }
            _ => No,
        }
    }

    fn tell(&mut self, candidate: SeatId, outcome: &str) -> Outcome {
        let waits = self.current != Some(candidate) && self.kind() != StageKind::Confirmation;
        let person = self.people.get_mut(&candidate).unwrap();
        person.confirms |= waits;
        person.tellings += 1;
        (person.draft, person.corrected) = (None, false);
        done(person.result.insert(outcome.to_owned()))
    }

    /// Interviewed, scored by all, and the panel has done with this one.
    fn is_ready(&self, candidate: SeatId) -> bool {
        let nobody_scores = EXAMINERS.iter().all(|seat| self.staff_out.contains(seat));
        let in_session = self.current == Some(candidate)
            && matches!(self.turn_kind(), StageKind::Interview | StageKind::Deliberation);
        let scored = nobody_scores || self.all_submitted(candidate);
        self.people[&candidate].interviewed && scored && !in_session
    }

    pub(super) fn confirm(&mut self, by: SeatId, revision: Option<u32>, now: Time) -> Outcome {
        let here = self.confirms(by);
        let person = self.people.get_mut(&by).unwrap();
        let (corrected, told) = (person.corrected && person.result.is_some(), person.result.is_some());
        let seen = revision.map_or(!corrected, |revision| revision == person.tellings);
        match () {
            () if person.confirmed.is_some() => Nothing,
            () if (here || corrected) && told && seen => {
                person.confirmed = Some(now);
                if self.current != Some(by) && self.is_inside(by) {
                    self.go(by);
                }
                Done
            }
            () => No,
        }
    }
}
