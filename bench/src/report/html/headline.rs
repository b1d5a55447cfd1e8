//! The few figures that a reader wants first, each with its load.

use super::scenario::times;
use crate::{
    figures::{Point, ScenarioResult},
    report::{
        column::{rate, ratio},
        number::{figure, measured, milliseconds, percent, size, whole},
        reading::{Scenario, fills_load, most, nearest},
    },
};
use maud::{Markup, html};

struct Tile {
    label: String,
    value: String,
    unit: &'static str,
    /// What it was measured at.
    at: String,
}

/// The section; nothing where none of these scenarios ran.
pub fn section(scenarios: &[Scenario<'_>]) -> Markup {
    let tiles = tiles(scenarios);
    html! {
        @if !tiles.is_empty() {
            section.headline aria-label="The main figures" {
                @for tile in &tiles {
                    div.tile {
                        p.label { (tile.label) }
                        p.value { (tile.value) @if !tile.unit.is_empty() { small { " " (tile.unit) } } }
                        p.at { (tile.at) }
                    }
                }
            }
        }
    }
}

fn tiles(scenarios: &[Scenario<'_>]) -> Vec<Tile> {
    let named = |name: &str| scenarios.iter().find(|scenario| scenario.name == name);
    let briefing = named("briefing-1x1000");
    let interview = named("interview-1x6");
    let results = || scenarios.iter().filter_map(Scenario::own);
    [
        briefing.and_then(|scenario| audience(scenario)),
        interview.and_then(full),
        interview.and_then(capacity),
        interview.and_then(half),
        results().find_map(joins),
        results().find_map(memory),
        results().find_map(junk),
        interview.and_then(peer),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn audience(scenario: &Scenario<'_>) -> Option<Tile> {
    let distance = |point: &&Point| point.clients.abs_diff(1000);
    let point = scenario.own()?.points.iter().min_by_key(distance)?;
    Some(Tile { label: format!("F, {}", scenario.name), value: ratio(point), unit: "", at: load(point) })
}

fn full(scenario: &Scenario<'_>) -> Option<Tile> {
    let point = most(&scenario.own()?.points)?;
    Some(Tile {
        label: format!("F, {} at its most", scenario.name),
        value: ratio(point),
        unit: "",
        at: load(point),
    })
}

fn capacity(scenario: &Scenario<'_>) -> Option<Tile> {
    let point = most(&scenario.own()?.points)?;
    let limit = if fills_load(point) { ", where the load was full too" } else { "" };
    Some(Tile {
        label: "Capacity".into(),
        value: figure(point.forwarded),
        unit: "packets/s",
        at: format!(
            "{} Mbit/s by {} % of a core{limit}; {} bytes a packet, {} streams",
            figure(point.megabits()),
            percent(point.forwarding_core),
            measured(point.bytes.round()),
            whole(point.streams as u64)
        ),
    })
}

fn half(scenario: &Scenario<'_>) -> Option<Tile> {
    let points = &scenario.own()?.points;
    let most = most(points)?;
    let point = nearest(points, most.forwarded / 2.0)?;
    Some(Tile {
        label: "Delay p99, about half of that".into(),
        value: milliseconds(point.delay.p99),
        unit: "ms",
        at: load(point),
    })
}

fn joins(result: &ScenarioResult) -> Option<Tile> {
    let joins = result.joins.first()?;
    Some(Tile {
        label: "Joins".into(),
        value: figure(rate(joins)),
        unit: "/s",
        at: format!(
            "{} of {} connected in {} s; {}",
            whole(joins.connected as u64),
            whole(joins.clients as u64),
            figure(joins.seconds),
            result.scenario
        ),
    })
}

fn memory(result: &ScenarioResult) -> Option<Tile> {
    let memory = result.memory.as_ref()?;
    let text = size(memory.participant);
    Some(Tile {
        label: "Memory of a participant".into(),
        value: text,
        unit: "",
        at: format!("{} a room, {} a slot; {}", size(memory.room), size(memory.slot), result.scenario),
    })
}

fn junk(result: &ScenarioResult) -> Option<Tile> {
    let junk = result.junk.as_ref()?;
    Some(Tile {
        label: "CPU of a stranger's datagram".into(),
        value: measured(junk.cpu),
        unit: "ns",
        at: format!(
            "{} of them a second; {} % of media lost meanwhile",
            figure(junk.rate),
            percent(junk.during.loss)
        ),
    })
}

fn peer(scenario: &Scenario<'_>) -> Option<Tile> {
    let (own, peer) = (scenario.own()?, scenario.peers().next()?);
    let (here, there) = (most(&own.points)?, most(&peer.points)?);
    Some(Tile {
        label: format!("Cost of {}", peer.server),
        value: times(here, there),
        unit: "times ours",
        at: format!(
            "CPU a packet, {} and {} packets/s; {}",
            figure(there.forwarded),
            figure(here.forwarded),
            scenario.name
        ),
    })
}

fn load(point: &Point) -> String {
    format!(
        "{} clients, {} packets/s of {} bytes",
        whole(point.clients as u64),
        figure(point.forwarded),
        measured(point.bytes.round())
    )
}
