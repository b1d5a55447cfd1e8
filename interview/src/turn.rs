//! A candidate's turn: the stage that the candidate is in alone, and its clock.

use crate::{StageKind, Time, limit};
use std::collections::{BTreeMap, BTreeSet};

/// Where a candidate stands alone, among the stages that each goes through alone.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Turn {
    own: Option<usize>,
    since: Time,
    /// The furthest stage that this candidate has been in alone.
    reached: Option<usize>,
    /// What this turn has led through, beside the stage that it began in.
    passed: BTreeSet<StageKind>,
    clocks: BTreeMap<usize, Clock>,
}

/// How long a candidate was in a stage: it runs while the candidate is with the panel, or the panel speaks of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Clock {
    /// What has passed until it was stopped last, in milliseconds.
    pub(crate) spent: u64,
    /// Since when it runs.
    pub(crate) running_since: Option<Time>,
    /// What was added to the planned time, in milliseconds.
    pub(crate) extended: u64,
    /// Stopped by a host.
    pub(crate) paused: bool,
}

impl Turn {
    /// The stage that the candidate is in alone: of the current one in it, of another one who may still confirm.
    pub(crate) const fn own(&self) -> Option<usize> {
        self.own
    }

    /// When that stage began.
    pub(crate) const fn since(&self) -> Time {
        self.since
    }

    /// The furthest stage that the candidate has been in alone.
    pub(crate) const fn reached(&self) -> Option<usize> {
        self.reached
    }

    /// The kinds that this turn has led through.
    pub(crate) fn passed(&self) -> impl Iterator<Item = StageKind> {
        self.passed.iter().copied()
    }

    /// The clock of the stage that the candidate is in alone.
    pub(crate) fn clock(&self) -> Option<Clock> {
        self.clocks.get(&self.own?).copied()
    }

    /// The call: into this stage where it is one for a candidate alone.
    pub(crate) fn begin(&mut self, own: Option<usize>, at: Time) {
        self.passed.clear();
        self.own = None;
        if let Some(stage) = own {
            self.enter(stage, at);
        }
    }

    /// Into a stage, with its clock.
    pub(crate) fn enter(&mut self, stage: usize, at: Time) {
        self.stand(stage, at);
        self.clocks.entry(stage).or_default().start(at);
    }

    /// Into a stage that no other candidate goes to; its clock runs for the current one.
    pub(crate) fn go_alone(&mut self, stage: usize, kind: StageKind, current: bool, at: Time) {
        if current {
            self.passed.insert(kind);
            self.enter(stage, at);
        } else {
            self.stand(stage, at);
        }
    }

    fn stand(&mut self, stage: usize, at: Time) {
        self.halt(at);
        (self.own, self.since) = (Some(stage), at);
        self.reached = self.reached.max(Some(stage));
    }

    /// All are together: no clock of a candidate runs.
    pub(crate) fn halt(&mut self, at: Time) {
        self.clocks.values_mut().for_each(|clock| clock.stop(at));
    }

    /// The candidate waits again.
    pub(crate) fn end(&mut self, at: Time) {
        self.halt(at);
        self.own = None;
    }

    /// A host stops the clock.
    pub(crate) fn pause(&mut self, at: Time) {
        self.change(|clock| {
            clock.stop(at);
            clock.paused = true;
        });
    }

    /// A host lets it go on.
    pub(crate) fn resume(&mut self, at: Time) {
        self.change(|clock| clock.start(at));
    }

    /// There is more time.
    pub(crate) fn extend(&mut self, minutes: u32) {
        let more = u64::from(minutes) * limit::MINUTE;
        self.change(|clock| clock.extended = clock.extended.saturating_add(more));
    }

    fn change(&mut self, change: impl FnOnce(&mut Clock)) {
        if let Some(clock) = self.own.and_then(|own| self.clocks.get_mut(&own)) {
            change(clock);
        }
    }
}

impl Clock {
    const fn start(&mut self, at: Time) {
        if self.running_since.is_none() {
            self.running_since = Some(at);
        }
        self.paused = false;
    }

    fn stop(&mut self, at: Time) {
        if let Some(since) = self.running_since.take() {
            self.spent = self.spent.saturating_add(at.0.saturating_sub(since.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spent(turn: &Turn) -> (u64, Option<Time>) {
        turn.clock().map(|clock| (clock.spent, clock.running_since)).unwrap()
    }

    #[test]
    fn a_clock_goes_on_where_it_stood() {
        let mut turn = Turn::default();
        turn.begin(Some(1), Time(1000));
        turn.end(Time(4000));
        assert_eq!(turn.clock(), None);
        turn.begin(Some(1), Time(9000));
        assert_eq!(spent(&turn), (3000, Some(Time(9000))));
        turn.go_alone(2, StageKind::Deliberation, true, Time(10_000));
        assert_eq!(spent(&turn), (0, Some(Time(10_000))));
        turn.go_alone(1, StageKind::Interview, true, Time(11_000));
        assert_eq!(spent(&turn), (4000, Some(Time(11_000))));
    }

    #[test]
    fn a_pause_lasts_until_the_clock_is_started_and_time_is_added_to_this_stage_alone() {
        let mut turn = Turn::default();
        turn.pause(Time(0));
        turn.begin(Some(1), Time(1000));
        turn.pause(Time(3000));
        turn.pause(Time(4000));
        assert_eq!(spent(&turn), (2000, None));
        assert!(turn.clock().unwrap().paused);
        turn.resume(Time(5000));
        turn.resume(Time(6000));
        assert_eq!(spent(&turn), (2000, Some(Time(5000))));
        turn.extend(2);
        turn.extend(3);
        assert_eq!(turn.clock().unwrap().extended, 300_000);
        turn.go_alone(2, StageKind::Deliberation, true, Time(7000));
        assert_eq!(turn.clock().unwrap().extended, 0);
    }

    #[test]
    fn who_is_not_current_stands_in_a_stage_without_a_clock() {
        let mut turn = Turn::default();
        turn.go_alone(3, StageKind::Confirmation, false, Time(1));
        assert_eq!((turn.own(), turn.clock(), turn.reached()), (Some(3), None, Some(3)));
        assert_eq!(turn.passed().count(), 0);
    }
}
