//! One scenario: its plots, the servers side by side, all of its figures, what was remarked.

use super::{
    plots,
    rows::{Block, Row, table},
};
use crate::{
    figures::{Joins, Junk, MemoryFigures, Point, ScenarioResult},
    report::{
        column::{Column, DELIVERY, JOINS, POINT, ratio},
        number::{NOTHING, figure, measured, milliseconds, percent, size, whole},
        reading::{Kind, MOST_DELAY, MOST_LOSS, Scenario, doubts, most},
    },
};
use maud::{Markup, html};

/// The section of a scenario.
pub fn section(scenario: &Scenario<'_>) -> Markup {
    html! {
        section id=(anchor(scenario.name)) {
            h2 { (scenario.name) }
            p.about { (scenario.about) "." }
            p.servers {
                @for result in &scenario.results {
                    span { strong { (result.server) } @if !result.sealing.is_empty() { " sealing by " (result.sealing) } }
                }
            }
            div.plots { @for plot in plots::of(scenario) { (plot.figure()) } }
            (side_by_side(scenario))
            (points(scenario))
            (storms(scenario))
            @for result in &scenario.results {
                @if let Some(figures) = &result.memory { (memory(result, figures)) }
                @if let Some(figures) = &result.junk { (junk(result, figures)) }
            }
            (remarks(scenario))
        }
    }
}

/// Letters and digits of a name, as a place to link to.
pub fn anchor(name: &str) -> String {
    let safe = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    format!("scenario-{}", safe.collect::<String>())
}

fn points(scenario: &Scenario<'_>) -> Markup {
    let measured: Vec<_> = scenario.results.iter().filter(|result| !result.points.is_empty()).collect();
    let is_capacity = scenario.kind() == Kind::Capacity;
    let blocks: Vec<_> = measured
        .iter()
        .map(|result| {
            let best = if is_capacity { most(&result.points) } else { None };
            let stands_out = |point| best.is_some_and(|best| std::ptr::eq(best, point));
            let rows = result.points.iter();
            let rows = rows.map(|point| Row { stands_out: stands_out(point), ..Row::plain(point) });
            Block { heading: (measured.len() > 1).then(|| result.server.clone()), rows: rows.collect() }
        })
        .collect();
    html! {
        @if !blocks.is_empty() {
            @if scenario.results.len() > 1 { h3 { "Every measurement" } }
            (table(&POINT, &blocks))
            @if is_capacity {
                p.note { "The row that stands out carries the most with at most " (MOST_LOSS * 100.0) " % of loss and "
                    (MOST_DELAY / 1000) " ms of delay for 99 of 100 packets." }
            }
            details {
                summary { "Delivery, repairs, the process and the load" }
                (table(&DELIVERY, &blocks))
            }
        }
    }
}

/// Two servers at one load.
struct Pair<'a> {
    load: String,
    own: &'a Point,
    peer: &'a Point,
}

fn side_by_side(scenario: &Scenario<'_>) -> Markup {
    let Some(own) = scenario.own() else { return html! {} };
    html! {
        @for peer in scenario.peers() {
            @let pairs = pairs(scenario.kind(), own, peer);
            @if !pairs.is_empty() { (comparison(own, peer, &pairs)) }
        }
    }
}

fn pairs<'a>(kind: Kind, own: &'a ScenarioResult, peer: &'a ScenarioResult) -> Vec<Pair<'a>> {
    let mut pairs: Vec<_> = (own.points.iter())
        .filter_map(|point| {
            let same = |other: &&Point| (other.rooms, other.clients) == (point.rooms, point.clients);
            let (rooms, clients) = (whole(point.rooms as u64), whole(point.clients as u64));
            let load =
                if kind == Kind::Growth { format!("{clients} clients") } else { format!("{rooms} rooms") };
            Some(Pair { load, own: point, peer: peer.points.iter().find(same)? })
        })
        .collect();
    if let (Kind::Capacity, Some(own), Some(peer)) = (kind, most(&own.points), most(&peer.points)) {
        pairs.push(Pair { load: "the most of each".into(), own, peer });
    }
    pairs
}

/// A column of a comparison: name, unit, text.
type Compared = (&'static str, &'static str, fn(&Point) -> String);

fn comparison(own: &ScenarioResult, peer: &ScenarioResult, pairs: &[Pair<'_>]) -> Markup {
    let columns: [Compared; 6] = [
        ("packets", "/s", |point| figure(point.forwarded)),
        ("size", "bytes", |point| measured(point.bytes.round())),
        ("CPU", "ns", |point| measured(point.cpu)),
        ("F", "", ratio),
        ("p99", "ms", |point| milliseconds(point.delay.p99)),
        ("loss", "%", |point| percent(point.loss)),
    ];
    html! {
        h3 { (own.server) " and " (peer.server) ", side by side" }
        div.scroll {
            table {
                thead {
                    tr.groups {
                        th {}
                        @for result in [own, peer] { th colspan="6" scope="colgroup" { span { (result.server) } } }
                        th {}
                    }
                    tr {
                        th.left scope="col" { "load" small {} }
                        @for _ in 0..2 { @for (name, unit, _) in &columns { th scope="col" { (name) small { (unit) } } } }
                        th scope="col" { "cost" small { "times" } }
                    }
                }
                tbody {
                    @for pair in pairs {
                        tr {
                            th scope="row" { (pair.load) }
                            @for point in [pair.own, pair.peer] { @for (_, _, value) in &columns { td { (value(point)) } } }
                            td.key-figure { (times(pair.own, pair.peer)) }
                        }
                    }
                }
            }
        }
        p.note { "The last column: CPU of " (peer.server) " for a packet, divided by that of " (own.server) "." }
    }
}

/// How many times dearer a packet is on the peer.
pub fn times(own: &Point, peer: &Point) -> String {
    if own.cpu > 0.0 && peer.cpu > 0.0 { figure(peer.cpu / own.cpu) } else { NOTHING.into() }
}

fn storms(scenario: &Scenario<'_>) -> Markup {
    let stormy: Vec<_> = scenario.results.iter().filter(|result| !result.joins.is_empty()).collect();
    let (when, columns): (_, &[Column<Joins>]) = match JOINS.split_first() {
        Some((when, columns)) => (when, columns),
        None => return html! {},
    };
    let names: Vec<Vec<_>> =
        stormy.iter().map(|result| result.joins.iter().map(when.value).collect()).collect();
    let blocks: Vec<_> = (stormy.iter().zip(&names))
        .map(|(result, names)| Block {
            heading: (stormy.len() > 1).then(|| result.server.clone()),
            rows: result.joins.iter().zip(names).map(|(joins, name)| Row::named(name, joins)).collect(),
        })
        .collect();
    html! {
        @if !blocks.is_empty() {
            h3 { "Joins" }
            (table(columns, &blocks))
            p.note { "Times are of each client, from its first word to its keys (connect) and to its first media packet (media)." }
        }
    }
}

fn memory(result: &ScenarioResult, memory: &MemoryFigures) -> Markup {
    let parts = [
        ("a room beside its participant", memory.room),
        ("a participant without media", memory.participant),
        ("a slot for video", memory.slot),
        ("a camera, its packet cache empty", memory.publication),
        ("the server without any room", memory.empty as f64),
    ];
    html! {
        h3 { "Memory, " (result.server) }
        dl.facts { @for (what, bytes) in parts { div { dt { (what) } dd { (size(bytes)) } } } }
        p.note { "Growth of the process's own memory over " (whole(memory.rooms as u64)) " quiet rooms." }
    }
}

fn junk(result: &ScenarioResult, junk: &Junk) -> Markup {
    let rows = vec![Row::named("before", &*junk.before), Row::named("during", &*junk.during)];
    html! {
        h3 { "Strangers' datagrams, " (result.server) }
        dl.facts {
            div { dt { "sent" } dd { (figure(junk.rate)) " /s" } }
            div { dt { "CPU of the server for each" } dd { (measured(junk.cpu)) " ns" } }
        }
        (table(&POINT, &[Block { heading: None, rows }]))
        details {
            summary { "Delivery, repairs, the process and the load" }
            (table(&DELIVERY, &[Block {
                heading: None,
                rows: vec![Row::named("before", &*junk.before), Row::named("during", &*junk.during)],
            }]))
        }
    }
}

fn remarks(scenario: &Scenario<'_>) -> Markup {
    let is_alone = scenario.results.len() == 1;
    html! {
        ul.remarks {
            @for result in &scenario.results {
                @for (remark, is_doubt) in result.remarks.iter().map(|remark| (remark.clone(), false))
                    .chain(doubts(result).into_iter().map(|doubt| (doubt, true))) {
                    li.doubt[is_doubt] { @if !is_alone { strong { (result.server) ": " } } (remark) }
                }
            }
        }
    }
}
