//! Where each seat stands among the stages: those of everybody are the interview's, the others a candidate's own.

use super::Interview;
use crate::{
    ClockView, Scope, SeatId, StageKind, StageMark, Time, admission::Admission, interview::count, limit,
};

impl Interview {
    /// The stage in which a call begins, where that is one for a candidate alone.
    pub(crate) fn own_stage_of_all(&self) -> Option<usize> {
        let own = self.stages.current().kind.scope() == Scope::Candidate;
        own.then(|| self.stages.index())
    }

    /// The stage that a candidate is in alone.
    fn own_stage(&self, seat: SeatId) -> Option<usize> {
        self.own_stage_of_all()?;
        self.candidates.get(&seat)?.turn.own().filter(|stage| *stage < self.stages.count())
    }

    /// What the stage means for a candidate: while another is with the panel, this one waits.
    pub(crate) fn kind_of(&self, seat: SeatId) -> StageKind {
        let all = self.stages.current().kind;
        match (all.scope(), self.floor.current == Some(seat)) {
            (Scope::Everybody, _) => all,
            (Scope::Candidate, true) => self.kind_at(self.own_stage(seat)).unwrap_or(all),
            (Scope::Candidate, false) => StageKind::Waiting,
        }
    }

    /// What the stage means for the panel: that of the current candidate, where there is one.
    pub(crate) fn scene_kind(&self) -> StageKind {
        self.floor.current.map_or(self.stages.current().kind, |current| self.kind_of(current))
    }

    /// The index of the stage that the panel is in.
    pub(crate) fn scene_stage(&self) -> usize {
        self.floor.current.and_then(|current| self.own_stage(current)).unwrap_or(self.stages.index())
    }

    fn kind_at(&self, stage: Option<usize>) -> Option<StageKind> {
        self.stages.at(stage?).map(|stage| stage.kind)
    }

    /// Does this candidate stand in the stage for confirmation, alone or with all?
    pub(crate) fn is_in_confirmation(&self, seat: SeatId) -> bool {
        // Whoever is with the panel confirms where the panel sees it.
        if self.floor.current == Some(seat) {
            return self.kind_of(seat) == StageKind::Confirmation;
        }
        let own = self.candidates.get(&seat).and_then(|candidate| candidate.turn.own());
        self.kind_at(own)
            .into_iter()
            .chain([self.stages.current().kind])
            .any(|kind| kind == StageKind::Confirmation)
    }

    /// The stage for confirmation to which a candidate goes alone who waits and was told the result; none where there is none,
    /// or they are in it.
    pub(crate) fn stage_to_confirm(&self, seat: SeatId) -> Option<u32> {
        self.first_stage_to_confirm().filter(|_| !self.is_in_confirmation(seat))
    }

    /// The same for the current one, who waits from now on.
    pub(crate) fn first_stage_to_confirm(&self) -> Option<u32> {
        let first = self.stages.first(StageKind::Confirmation).map(count);
        first.filter(|_| self.stages.current().kind != StageKind::Confirmation)
    }

    /// The stage that is true for a seat, by its index, and when it began.
    pub(crate) fn stage_for(&self, seat: SeatId) -> (usize, Time) {
        let whose = if self.candidates.contains_key(&seat) { Some(seat) } else { self.floor.current };
        let own = whose.and_then(|whose| Some((self.own_stage(whose)?, self.candidates.get(&whose)?)));
        own.map_or((self.stages.index(), self.stage_since), |(stage, candidate)| {
            (stage, candidate.turn.since())
        })
    }

    /// Where a seat stands with each stage. What all have heard, and what this candidate is through with, stays behind when the
    /// interview goes back for a break.
    pub(crate) fn marks(&self, seat: SeatId) -> Vec<StageMark> {
        let (now, _) = self.stage_for(seat);
        let candidate = self.candidates.get(&seat).filter(|_| self.own_stage(seat).is_none());
        let through = candidate.filter(|one| one.is_done(self.stages.current().kind));
        let reached = through.and_then(|candidate| candidate.turn.reached());
        let mark = |stage| match beside(stage, now) {
            StageMark::Ahead if self.stages.was_held(stage) || Some(stage) <= reached => StageMark::Done,
            mark => mark,
        };
        let marks = (0..self.stages.count()).map(mark);
        let Some(candidate) = candidate.filter(|_| self.own_stage_of_all().is_some()) else {
            return marks.collect();
        };
        if through.is_some() {
            let behind = |mark| if mark == StageMark::Now { StageMark::Done } else { mark };
            return marks.map(behind).collect();
        }
        // Who waits for the call is in the waiting room, where that is a stage.
        let before = self.stages.iter().take(now);
        let waiting = before.map(|(stage, _)| stage.kind).collect::<Vec<_>>();
        let room = waiting.iter().rposition(|kind| *kind == StageKind::Waiting);
        let inside = matches!(candidate.admission, Admission::Waiting(_));
        let waits = |(stage, mark)| match mark {
            StageMark::Now => StageMark::Next,
            _ if inside && room == Some(stage) => StageMark::Now,
            mark => mark,
        };
        marks.enumerate().map(waits).collect()
    }

    /// The clock that is true for a seat: of the stage that a candidate is in alone.
    pub(crate) fn clock_for(&self, seat: SeatId) -> Option<ClockView> {
        let whose = if self.candidates.contains_key(&seat) { seat } else { self.floor.current? };
        let stage = self.own_stage(whose)?;
        let clock = self.candidates.get(&whose)?.turn.clock()?;
        let minutes = self.stages.at(stage)?.minutes;
        Some(ClockView {
            spent: clock.spent,
            running_since: clock.running_since,
            planned: minutes.map(|minutes| u64::from(minutes) * limit::MINUTE),
            extended: clock.extended,
            paused: clock.paused,
        })
    }

    /// The furthest stage that somebody has been in: up to there stages keep their kinds.
    pub(crate) fn furthest_stage(&self) -> usize {
        let reached = self.candidates.values().filter_map(|candidate| candidate.turn.reached());
        reached.chain(self.stages.last_held()).chain([self.stages.index()]).max().unwrap_or_default()
    }
}

/// Where a stage stands beside the one that goes on.
fn beside(stage: usize, now: usize) -> StageMark {
    match stage.cmp(&now) {
        std::cmp::Ordering::Less => StageMark::Done,
        std::cmp::Ordering::Equal => StageMark::Now,
        std::cmp::Ordering::Greater => StageMark::Ahead,
    }
}
