//! What a reader asks of the figures: which results belong together, what was the most, what is to be doubted.

use super::number::{figure, whole};
use crate::figures::{FloorSize, Point, Report, ScenarioResult};

/// Packets lost, of 1, above which it is too much.
pub const MOST_LOSS: f64 = 0.001;

/// Delay of 99 of 100 packets above which it is too much, in microseconds.
pub const MOST_DELAY: u64 = 20_000;

/// Of a core, what the load may use before its own delay shows in the figures.
const FULL: f64 = 0.9;

/// Results of one scenario, server by server.
pub struct Scenario<'a> {
    pub name: &'a str,
    /// What it stands for.
    pub about: &'a str,
    /// On each server, in the order of the run.
    pub results: Vec<&'a ScenarioResult>,
}

/// What changes from point to point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing changes: there is one point.
    Steady,
    /// Rooms are added.
    Capacity,
    /// The one room grows.
    Growth,
}

/// The scenarios of a run, in its order.
pub fn scenarios(report: &Report) -> Vec<Scenario<'_>> {
    let mut scenarios: Vec<Scenario<'_>> = Vec::new();
    for result in &report.results {
        match scenarios.iter_mut().find(|scenario| scenario.name == result.scenario) {
            Some(scenario) => scenario.results.push(result),
            None => scenarios.push(Scenario {
                name: &result.scenario,
                about: &result.about,
                results: vec![result],
            }),
        }
    }
    scenarios
}

impl<'a> Scenario<'a> {
    /// What changes from point to point.
    pub fn kind(&self) -> Kind {
        let differ = |figure: fn(&Point) -> usize| {
            self.results.iter().any(|result| {
                let mut figures = result.points.iter().map(figure);
                figures.next().is_some_and(|first| figures.any(|other| other != first))
            })
        };
        if differ(|point| point.rooms) {
            Kind::Capacity
        } else if differ(|point| point.clients) {
            Kind::Growth
        } else {
            Kind::Steady
        }
    }

    /// On our own server; without one, on the first.
    pub fn own(&self) -> Option<&'a ScenarioResult> {
        let own = self.results.iter().find(|result| result.server.to_lowercase().starts_with("viva"));
        own.or(self.results.first()).copied()
    }

    /// On the other servers.
    pub fn peers(&self) -> impl Iterator<Item = &'a ScenarioResult> {
        let own = self.own();
        self.results.iter().copied().filter(move |result| !own.is_some_and(|own| std::ptr::eq(own, *result)))
    }
}

/// The measurement with the most packets a second, of those without much loss or delay.
pub fn most(points: &[Point]) -> Option<&Point> {
    let bearable = points.iter().filter(|point| point.loss <= MOST_LOSS && point.delay.p99 <= MOST_DELAY);
    bearable.max_by(|one, other| one.forwarded.total_cmp(&other.forwarded))
}

/// The measurement nearest to so many packets a second.
pub fn nearest(points: &[Point], forwarded: f64) -> Option<&Point> {
    let distance = |point: &Point| (point.forwarded - forwarded).abs();
    points.iter().min_by(|one, other| distance(one).total_cmp(&distance(other)))
}

/// The least that any server could need for a packet of this size, in plain `sendto`s: the cheapest run and one seal.
pub fn least_ratio(size: &FloorSize) -> Option<f64> {
    let run = size.gso.iter().map(|(_, cost)| *cost).min_by(f64::total_cmp)?;
    (size.sendto > 0.0).then(|| (run + size.seal) / size.sendto)
}

/// Run lengths of the floor, of any size.
pub fn run_lengths(floor: &[FloorSize]) -> Vec<usize> {
    let mut lengths: Vec<_> = floor.iter().flat_map(|size| &size.gso).map(|(length, _)| *length).collect();
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}

/// Whether the load's own core was full, so that the limit may be the load's.
pub fn fills_load(point: &Point) -> bool {
    point.load_core >= FULL
}

/// What is to be doubted in a result, one sentence each.
pub fn doubts(result: &ScenarioResult) -> Vec<String> {
    let flooded = result.junk.iter().flat_map(|junk| [&*junk.before, &*junk.during]);
    let points: Vec<&Point> = result.points.iter().chain(flooded).collect();
    let mut doubts = Vec::new();
    let full = points.iter().filter(|point| fills_load(point));
    if let Some(point) = full.min_by_key(|point| point.clients) {
        doubts.push(format!(
            "At {} clients the load used {} % of its core: from there on the limit may be the load, not the server.",
            whole(point.clients as u64),
            figure(point.load_core * 100.0),
        ));
    }
    let count = |figure: fn(&Point) -> u64| points.iter().map(|point| figure(point)).sum::<u64>();
    for (packets, how) in
        [(count(|point| point.damaged), "damaged"), (count(|point| point.duplicates), "twice")]
    {
        if packets > 0 {
            doubts.push(format!("{} packets came {how}.", whole(packets)));
        }
    }
    doubts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    #[test]
    fn results_of_one_scenario_stand_together_with_our_own_first() {
        let report = example::report();
        let scenarios = scenarios(&report);
        let names: Vec<_> = scenarios.iter().map(|scenario| scenario.name).collect();
        assert_eq!(
            names,
            ["briefing-1x1000", "interview-1x6", "join-storm", "idle-rooms", "junk-flood", "lossy"]
        );
        assert_eq!(scenarios[0].own().map(|own| &*own.server), Some("viva 0.0-example"));
        assert_eq!(scenarios[0].peers().count(), 1);
        let kinds = [0, 1, 5].map(|index| scenarios[index].kind());
        assert_eq!(kinds, [Kind::Growth, Kind::Capacity, Kind::Steady]);
    }

    #[test]
    fn the_most_is_what_was_carried_without_much_loss_or_delay() {
        let point = |forwarded, loss, p99| {
            let delay = crate::figures::Delay { p99, ..Default::default() };
            Point { forwarded, loss, delay, ..Point::default() }
        };
        let points = [
            point(1e4, 0.0, 900),
            point(2e4, 0.001, 20_000),
            point(3e4, 0.002, 900),
            point(4e4, 0.0, 20_001),
        ];
        assert_eq!(most(&points).map(|point| point.forwarded), Some(2e4));
        assert_eq!(nearest(&points, 1.4e4).map(|point| point.forwarded), Some(1e4));
        assert_eq!(most(&points[2..]), None);
    }

    #[test]
    fn a_full_load_and_damaged_packets_are_doubts() {
        let report = example::report();
        let flooded = &report.results[6];
        assert_eq!(doubts(flooded), ["3 packets came damaged."]);
        assert!(doubts(&report.results[0])[0].starts_with("At 2,501 clients the load used 92.2 %"));
    }
}
