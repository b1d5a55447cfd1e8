//! Stages of all, stages that a candidate goes through alone, and the clock, as the reference has them.

use super::{
    Outcome::{self, Done, Nothing, Refused as No},
    Phone, Reference,
};
use crate::*;
use std::collections::{BTreeMap, BTreeSet};

/// The current candidate among the stages that each goes through alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Alone {
    stage: usize,
    passed: BTreeSet<StageKind>,
    paused: bool,
    /// Minutes that were added, by candidate and stage.
    more: BTreeMap<(SeatId, usize), u32>,
}

const fn is_alone(kind: StageKind) -> bool {
    !matches!(kind, StageKind::Waiting | StageKind::Briefing | StageKind::JointAnnouncement | StageKind::End)
}

impl Reference {
    /// What the stage of all is.
    pub(super) fn kind(&self) -> StageKind {
        StageKind::ALL[self.stage]
    }

    /// What the stage is for the panel and the current candidate.
    pub(super) fn turn_kind(&self) -> StageKind {
        let alone = is_alone(self.kind()) && self.current.is_some();
        if alone { StageKind::ALL[self.alone.stage] } else { self.kind() }
    }

    pub(super) fn together(&self) -> bool {
        matches!(self.kind(), StageKind::Briefing | StageKind::JointAnnouncement)
    }

    /// The panel is where its candidate is, what all have heard is behind, and a candidate in another stage sees that too.
    pub(in super::super) fn check_marks(&self, view: &SeatView) {
        let kind = self.turn_kind();
        match view {
            SeatView::Panel(view) => {
                for (mark, stage) in view.common.marks.iter().zip(StageKind::ALL) {
                    let behind = stage < kind || self.held.contains(&stage);
                    let wanted = if behind { StageMark::Done } else { StageMark::Ahead };
                    assert_eq!(*mark, if stage == kind { StageMark::Now } else { wanted }, "{stage:?}");
                }
            }
            SeatView::Candidate(view) => {
                let own = StageKind::ALL[view.common.stage as usize];
                let over = view
                    .common
                    .marks
                    .iter()
                    .zip(StageKind::ALL)
                    .filter(|(_, stage)| self.held.contains(stage));
                assert!(over.clone().all(|(mark, stage)| *mark == StageMark::Done || stage == own));
            }
        }
    }

    pub(super) fn one_by_one(&self) -> bool {
        matches!(self.turn_kind(), StageKind::Interview | StageKind::Announcement | StageKind::Confirmation)
    }

    pub(super) fn is_done(&self, seat: SeatId) -> bool {
        let finished = &self.people[&seat].finished;
        match self.kind() {
            kind @ (StageKind::Announcement | StageKind::Confirmation) => finished.contains(&kind),
            _ => !finished.is_empty(),
        }
    }

    pub(super) fn go_to(&mut self, stage: usize) -> Outcome {
        let Some(kind) = StageKind::ALL.get(stage).copied() else { return No };
        let only_current = self.current.filter(|_| is_alone(kind) && is_alone(self.kind()));
        let here = if only_current.is_some() { self.alone.stage } else { self.stage };
        if stage == here {
            return Nothing;
        }
        if let Some(current) = self.current
            && self.turn_kind() == StageKind::Interview
            && kind > StageKind::Interview
        {
            self.people.get_mut(&current).unwrap().interviewed = true;
        }
        (self.sharing, self.presenting) = (None, None);
        (self.alone.stage, self.alone.paused) = (stage, false);
        if let Some(current) = only_current {
            self.alone.passed.insert(kind);
            self.hands.remove(&current);
            return Done;
        }
        if self.together() {
            self.held.insert(self.kind());
        }
        self.stage = stage;
        self.addressed = None;
        self.words.clear();
        self.hands.clear();
        if kind == StageKind::End {
            self.end_turn();
            self.phones.values_mut().for_each(Phone::go);
        }
        Done
    }

    pub(super) fn call(&mut self, seat: SeatId) -> Outcome {
        match () {
            () if self.current == Some(seat) => Nothing,
            () if self.current.is_some() || self.kind() == StageKind::End => No,
            () if self.step(seat) != Step::Waiting => No,
            () => {
                self.addressed = self.addressed.filter(|other| *other != seat);
                self.current = Some(seat);
                let more = std::mem::take(&mut self.alone.more);
                self.alone = Alone { stage: self.stage, more, ..Alone::default() };
                let person = self.people.get_mut(&seat).unwrap();
                (person.confirms, person.let_go, person.was_called) = (false, false, true);
                person.go(Step::Admitted)
            }
        }
    }

    /// The first who waits and is here, but not the one who has just been finished.
    pub(super) fn call_next(&mut self, finished: Option<SeatId>) -> Outcome {
        let waits = |seat: &SeatId| {
            let passed_by = [finished, self.offline].contains(&Some(*seat));
            let may_go = self.people[seat].let_go;
            self.step(*seat) == Step::Waiting && !may_go && !self.is_done(*seat) && !passed_by
        };
        let next = self.line.order.clone().into_iter().find(waits).filter(|_| self.current.is_none());
        next.map_or(No, |next| self.call(next))
    }

    /// Whoever was told the result and has not confirmed it may do so afterwards.
    pub(super) fn finish(&mut self) -> Outcome {
        let Some(current) = self.current else { return No };
        let kind = self.turn_kind();
        let passed = std::mem::take(&mut self.alone.passed);
        let outcome = self.end_turn();
        let all_confirm = self.kind() == StageKind::Confirmation;
        let person = self.people.get_mut(&current).unwrap();
        person.finished.insert(kind);
        person.finished.extend(passed);
        person.interviewed |= kind == StageKind::Interview;
        person.confirms = person.result.is_some() && person.confirmed.is_none() && !all_confirm;
        if person.confirmed.is_some() {
            self.go(current);
        }
        outcome
    }

    pub(super) fn let_go(&mut self, seat: SeatId) -> Outcome {
        match () {
            () if self.people[&seat].let_go => Nothing,
            () if self.step(seat) != Step::Waiting => No,
            () => {
                self.go(seat);
                Done
            }
        }
    }

    /// Nothing of theirs stays on the floor, nor a phone.
    pub(super) fn go(&mut self, seat: SeatId) {
        self.people.get_mut(&seat).unwrap().let_go = true;
        self.addressed = self.addressed.filter(|other| *other != seat);
        self.words.remove(&seat);
        self.hands.remove(&seat);
        self.phones.entry(seat).or_default().go();
    }

    pub(super) fn come_back(&mut self, seat: SeatId) {
        let Some(person) = self.people.get_mut(&seat) else { return };
        person.let_go = false;
        if matches!(person.step, Some(Step::Left | Step::Removed)) {
            person.step = person.before_out.take();
        }
    }

    /// Whoever had shown the face shows it again.
    pub(super) fn show_again(&mut self, seat: SeatId) {
        if self.people[&seat].is_shown() {
            self.ask_again(seat);
        }
    }

    pub(super) fn next(&mut self, finish: SeatId) -> Outcome {
        if self.current != Some(finish) {
            return No;
        }
        self.finish();
        self.call_next(Some(finish));
        Done
    }

    pub(super) fn end_turn(&mut self) -> Outcome {
        let Some(current) = self.current.take() else { return No };
        (self.sharing, self.presenting) = (None, None);
        self.people.get_mut(&current).unwrap().go(Step::Waiting)
    }

    /// May this candidate confirm the result now, as far as the stage goes?
    pub(super) fn confirms(&self, seat: SeatId) -> bool {
        if self.current == Some(seat) {
            return is_alone(self.kind()) && self.turn_kind() == StageKind::Confirmation;
        }
        self.people[&seat].confirms || self.kind() == StageKind::Confirmation
    }

    pub(super) fn clock(&mut self, action: &SeatAction) -> Outcome {
        use SeatAction as A;
        let Some(current) = self.current.filter(|_| is_alone(self.kind())) else { return No };
        let change = |paused: &mut bool, wanted| {
            if std::mem::replace(paused, wanted) == wanted { Nothing } else { Done }
        };
        match action {
            A::PauseClock {} => change(&mut self.alone.paused, true),
            A::ResumeClock {} => change(&mut self.alone.paused, false),
            A::ExtendClock { minutes, .. } => {
                let more = self.alone.more.entry((current, self.alone.stage)).or_default();
                if !(1..=240).contains(minutes) || *more >= 1440 {
                    return No;
                }
                *more += minutes;
                Done
            }
            _ => No,
        }
    }
}
