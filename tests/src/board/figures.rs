//! The figures of a row, from what was counted.

use super::{run::Sample, scenario::Scenario, tile::Tile};
use crate::sim::line::Line;

/// What should have happened did not.
pub const NEVER: u64 = u64::MAX;

const SECOND: u64 = 1_000_000;

/// What stands in a row. Parts are in tenths of a percent, times in milliseconds; `None` where there is nothing to measure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Media received of what the line carries or the tiles can use, whichever is less.
    pub utilisation: Option<u64>,
    /// How far the estimate is from that, on average.
    pub error: Option<u64>,
    /// From a fall of the line until a second in which no more is sent than passes.
    pub leave: Option<u64>,
    /// From a rise until all is seen that the line can carry.
    pub back: Option<u64>,
    /// What 95 of 100 packets wait in the queue at most.
    pub queue: Option<u64>,
    /// Packets of ours that the queue dropped.
    pub loss: Option<u64>,
    /// Time in which a tile stood still.
    pub frozen: Option<u64>,
    /// Time in which a tile was paused.
    pub paused: Option<u64>,
    /// Changes of encodings of all tiles together once things have settled, tenths a minute.
    pub switches: Option<u64>,
    /// Sound that was not there when it was to be played.
    pub concealed: Option<u64>,
}

/// What was counted for one receiver.
pub struct Measured<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its line.
    pub line: &'a Line,
    /// So many share the line.
    pub share: u64,
    /// Bits a second that the tiles and a voice can use at most.
    pub usable: u64,
    /// Media that arrived, in the world's time, with its bytes.
    pub arrived: &'a [(u64, u32)],
    /// The tiles.
    pub tiles: &'a [Tile],
    /// How it went.
    pub samples: &'a [Sample],
    /// How long each rise took.
    pub back: &'a [u64],
    /// Packets of sound that were said.
    pub said: u64,
    /// Packets of sound that were heard.
    pub heard: u64,
}

impl Figures {
    /// The figures of one receiver.
    pub fn of(measured: &Measured<'_>) -> Self {
        let watched: u64 = measured.tiles.iter().map(|tile| tile.watched).sum();
        let of_tiles = |part: fn(&Tile) -> u64| {
            let sum: u64 = measured.tiles.iter().map(part).sum();
            (watched > 0).then(|| sum * 1_000 / watched)
        };
        let switches: u64 = measured.tiles.iter().map(|tile| tile.switches).sum();
        let settled: u64 =
            measured.scenario.settled.iter().map(|(from, until)| (until - from) * SECOND).sum();
        let passed = &measured.line.passed;
        let dropped = passed.iter().filter(|packet| packet.waited.is_none()).count() as u64;
        let missed = measured.said.saturating_sub(measured.heard);
        Self {
            utilisation: measured.utilisation(),
            error: measured.error(),
            leave: measured.scenario.falls.iter().map(|fall| measured.leaving(fall * SECOND)).max(),
            back: measured.back.iter().copied().max().map(in_millis),
            queue: measured.queue(),
            loss: (!passed.is_empty()).then(|| dropped * 1_000 / passed.len() as u64),
            frozen: of_tiles(|tile| tile.frozen),
            paused: of_tiles(|tile| tile.paused),
            switches: (watched > 0).then(|| switches * 600 * SECOND / settled),
            concealed: (measured.said > 0).then(|| missed * 1_000 / measured.said),
        }
    }

    /// Of several receivers behind one line: what they have together, else the worst.
    pub fn together(all: &[Self]) -> Self {
        let sum = all.iter().filter_map(|figures| figures.utilisation).sum::<u64>();
        let most = |figure: fn(&Self) -> Option<u64>| all.iter().filter_map(figure).max();
        Self { utilisation: Some(sum.min(1_000)), ..Self::by(most) }
    }

    /// The worst and the median of several runs.
    pub fn worst_and_median(runs: &[Self]) -> [Self; 2] {
        let sorted = |figure: fn(&Self) -> Option<u64>| {
            let mut values: Vec<u64> = runs.iter().filter_map(figure).collect();
            values.sort_unstable();
            values
        };
        let least = sorted(|figures| figures.utilisation).first().copied();
        let worst = Self { utilisation: least, ..Self::by(|figure| sorted(figure).last().copied()) };
        let median = Self::by(|figure| {
            let values = sorted(figure);
            let (low, high) = (values.get((values.len().max(1) - 1) / 2)?, values.get(values.len() / 2)?);
            Some(low + (high - low) / 2).filter(|_| *high != NEVER).or(Some(*high))
        });
        [worst, median]
    }

    /// Each figure as `choose` has it.
    fn by(choose: impl Fn(fn(&Self) -> Option<u64>) -> Option<u64>) -> Self {
        Self {
            utilisation: choose(|figures| figures.utilisation),
            error: choose(|figures| figures.error),
            leave: choose(|figures| figures.leave),
            back: choose(|figures| figures.back),
            queue: choose(|figures| figures.queue),
            loss: choose(|figures| figures.loss),
            frozen: choose(|figures| figures.frozen),
            paused: choose(|figures| figures.paused),
            switches: choose(|figures| figures.switches),
            concealed: choose(|figures| figures.concealed),
        }
    }
}

impl Measured<'_> {
    /// Bits a second that could be received at a moment.
    fn possible(&self, at: u64) -> u64 {
        self.scenario.ours(at).min(self.usable * self.share)
    }

    fn utilisation(&self) -> Option<u64> {
        let arrived = self.arrived.iter().map(|(at, bytes)| (at - self.line.began, u64::from(*bytes)));
        let received: u64 =
            arrived.filter(|(at, _)| self.scenario.is_settled(*at)).map(|(_, bytes)| bytes * 8).sum();
        let tenths = (0..self.scenario.seconds * 10).map(|tenth| tenth * SECOND / 10);
        let possible: u64 =
            tenths.filter(|at| self.scenario.is_settled(*at)).map(|at| self.possible(at) / 10).sum();
        (possible > 0).then(|| (received * 1_000 / possible).min(1_000))
    }

    /// What is above the line counts, and what is below that which could be used.
    fn error(&self) -> Option<u64> {
        let settled = self.samples.iter().filter(|sample| self.scenario.is_settled(sample.at));
        let errors: Vec<u64> = settled
            .filter_map(|sample| {
                let high = self.scenario.ours(sample.at) / self.share;
                let low = high.min(self.usable);
                let estimate = sample.estimate?;
                let [above, below] = [estimate.saturating_sub(high), low.saturating_sub(estimate)];
                Some(above * 1_000 / high + below * 1_000 / low)
            })
            .collect();
        (!errors.is_empty()).then(|| errors.iter().sum::<u64>() / errors.len() as u64)
    }

    fn leaving(&self, fall: u64) -> u64 {
        let most = self.scenario.ours(fall) * 105 / 100;
        let sent = |from: u64| {
            let packets = self.line.between(from, from + SECOND);
            packets.iter().map(|packet| packet.bytes * 8).sum::<u64>()
        };
        let times = (0..100).map(|step| step * 100_000);
        times.into_iter().find(|time| sent(fall + time) <= most).map_or(NEVER, in_millis)
    }

    fn queue(&self) -> Option<u64> {
        let end = self.scenario.seconds * SECOND;
        let mut waits: Vec<_> =
            self.line.between(2 * SECOND, end).iter().filter_map(|packet| packet.waited).collect();
        waits.sort_unstable();
        waits.get(waits.len().max(1) * 95 / 100).copied().map(in_millis)
    }
}

const fn in_millis(micros: u64) -> u64 {
    if micros == NEVER { NEVER } else { micros / 1_000 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(utilisation: u64, back: u64) -> Figures {
        Figures { utilisation: Some(utilisation), back: Some(back), ..Figures::default() }
    }

    #[test]
    fn the_worst_is_the_least_used_and_the_latest_and_the_median_lies_between() {
        let runs = [figures(900, 3_000), figures(700, NEVER), figures(800, 1_000), figures(850, 2_000)];
        let [worst, median] = Figures::worst_and_median(&runs);
        assert_eq!(worst, figures(700, NEVER));
        assert_eq!(median, figures(825, 2_500));
        let [_, median] = Figures::worst_and_median(&[figures(900, 1_000), figures(700, NEVER)]);
        assert_eq!(median.back, Some(NEVER), "half of them never came back");
        assert_eq!(median.leave, None);
    }

    #[test]
    fn who_shares_a_line_uses_it_together_and_has_the_worst_of_all_else() {
        assert_eq!(Figures::together(&[figures(400, 5), figures(450, 9)]), figures(850, 9));
    }
}
