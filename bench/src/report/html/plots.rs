//! Which plots a scenario has: growth against clients, capacity against packets a second.

use crate::{
    figures::{Point, ScenarioResult},
    report::{
        plot::{Axis, Line, Plot, Scale, Stroke},
        reading::{Kind, MOST_DELAY, MOST_LOSS, Scenario},
    },
};

/// Servers that have a colour of their own.
const COLOURS: usize = 4;

const CLIENTS: Axis = Axis { label: "clients", scale: Scale::Logarithmic };
const PACKETS: Axis = Axis { label: "packets/s", scale: Scale::Linear };

/// A figure of a point.
type Figure = fn(&Point) -> f64;

/// The plots of a scenario.
pub fn of(scenario: &Scenario<'_>) -> Vec<Plot> {
    let results: Vec<_> = scenario.results.iter().copied().take(COLOURS).collect();
    match scenario.kind() {
        Kind::Steady => Vec::new(),
        Kind::Growth => growth(&results),
        Kind::Capacity => capacity(&results),
    }
}

fn growth(results: &[&ScenarioResult]) -> Vec<Plot> {
    let mut cost = plot("Cost of a packet", CLIENTS, "ns of CPU", each(results, clients, |point| point.cpu));
    if let (Some(first), true) = (results.first(), results.len() < COLOURS) {
        cost.lines.push(Line {
            name: "plain sendto".into(),
            colour: COLOURS - 1,
            stroke: Stroke::Level,
            points: trace(first, clients, |point| point.sendto),
        });
    }
    vec![cost, ratio(CLIENTS, results, clients), delays(results)]
}

fn capacity(results: &[&ScenarioResult]) -> Vec<Plot> {
    let against = |title, unit, figure: Figure| {
        plot(title, PACKETS, unit, each(results, |point| point.forwarded, figure))
    };
    let mut delay = against("Delay, 99 of 100 below", "ms", |point| milliseconds(point.delay.p99));
    delay.y.scale = Scale::Logarithmic;
    delay.level = Some((milliseconds(MOST_DELAY), "too much"));
    let mut loss = against("Loss after repair", "%", |point| point.loss * 100.0);
    loss.level = Some((MOST_LOSS * 100.0, "too much"));
    vec![
        against("CPU of the forwarding threads", "% of a core", |point| point.forwarding_core * 100.0),
        ratio(PACKETS, results, |point| point.forwarded),
        against("Length of runs", "packets a message", |point| point.run_length),
        delay,
        loss,
    ]
}

fn ratio(x: Axis, results: &[&ScenarioResult], across: Figure) -> Plot {
    let known = |point: &Point| if point.sendto > 0.0 { point.ratio() } else { f64::NAN };
    let mut plot = plot("F", x, "plain sendtos a packet", each(results, across, known));
    plot.level = Some((1.0, "plain sendto"));
    plot
}

/// Percentiles of one server each in a colour; of two, each server in a colour; of more, only one percentile.
fn delays(results: &[&ScenarioResult]) -> Plot {
    let (p50, p99, p999): (Figure, Figure, Figure) = (
        |point| milliseconds(point.delay.p50),
        |point| milliseconds(point.delay.p99),
        |point| milliseconds(point.delay.p999),
    );
    let line = |result: &ScenarioResult, name, colour, stroke, figure| Line {
        name,
        colour,
        stroke,
        points: trace(result, clients, figure),
    };
    let lines = match results {
        [one] => [("p50", p50), ("p99", p99), ("p99.9", p999)]
            .into_iter()
            .enumerate()
            .map(|(colour, (name, figure))| line(one, name.into(), colour, Stroke::Dotted, figure))
            .collect(),
        [_, _] => (results.iter().enumerate())
            .flat_map(|(colour, result)| {
                [("p50", p50, Stroke::Broken), ("p99", p99, Stroke::Dotted)].map(|(name, figure, stroke)| {
                    line(result, format!("{} {name}", result.server), colour, stroke, figure)
                })
            })
            .collect(),
        _ => each(results, clients, p99),
    };
    let title = if results.len() > 2 { "Delay, 99 of 100 below" } else { "Delay" };
    let mut plot = plot(title, CLIENTS, "ms", lines);
    plot.y.scale = Scale::Logarithmic;
    plot
}

fn plot(title: &str, x: Axis, unit: &'static str, lines: Vec<Line>) -> Plot {
    Plot { title: title.into(), x, y: Axis { label: unit, scale: Scale::Linear }, lines, level: None }
}

/// A line for each server.
fn each(results: &[&ScenarioResult], across: Figure, figure: Figure) -> Vec<Line> {
    let lines = results.iter().enumerate().map(|(colour, result)| Line {
        name: result.server.clone(),
        colour,
        stroke: Stroke::Dotted,
        points: trace(result, across, figure),
    });
    lines.collect()
}

fn trace(result: &ScenarioResult, across: Figure, figure: Figure) -> Vec<(f64, f64)> {
    result.points.iter().map(|point| (across(point), figure(point))).collect()
}

fn clients(point: &Point) -> f64 {
    point.clients as f64
}

fn milliseconds(microseconds: u64) -> f64 {
    microseconds as f64 / 1000.0
}
