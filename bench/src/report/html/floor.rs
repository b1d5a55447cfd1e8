//! What the machine itself can do: a table and a plot for each packet size.

use crate::{
    figures::FloorSize,
    report::{
        number::{NOTHING, figure, measured, whole},
        plot::{Axis, Line, Plot, Scale, Stroke},
        reading::{least_ratio, run_lengths},
    },
};
use maud::{Markup, html};

/// The section; nothing where nothing was measured.
pub fn section(sizes: &[FloorSize]) -> Markup {
    html! {
        @if !sizes.is_empty() {
            section #floor {
                h2 { "The floor" }
                p.about {
                    "What sending costs on this machine without any server: nanoseconds of CPU for each packet. A run is one call \
                    that hands the kernel several packets to one receiver, which it splits (segmentation offload). Least F is the \
                    cheapest run and one seal, divided by sendto: nobody who seals each packet anew gets below it."
                }
                div.plots { @for size in sizes { (plot(size).figure()) } }
                (table(sizes))
            }
        }
    }
}

fn table(sizes: &[FloorSize]) -> Markup {
    let lengths = run_lengths(sizes);
    let run = |size: &FloorSize, length: usize| {
        let cost = size.gso.iter().find(|(other, _)| *other == length);
        cost.map_or(NOTHING.into(), |(_, cost)| measured(*cost))
    };
    html! {
        div.scroll {
            table {
                thead {
                    tr.groups {
                        th {}
                        th colspan="2" scope="colgroup" { span { "a call or many" } }
                        @if !lengths.is_empty() {
                            th colspan=(lengths.len()) scope="colgroup" { span { "runs of so many packets" } }
                        }
                        th colspan="2" scope="colgroup" { span { "AES-256-GCM" } }
                        th {}
                    }
                    tr {
                        th scope="col" { "size" small { "bytes" } }
                        @for name in ["sendto", "sendmmsg"] { th scope="col" { (name) small { "ns" } } }
                        @for length in &lengths { th scope="col" { (length) small { "ns" } } }
                        @for name in ["seal", "open"] { th scope="col" { (name) small { "ns" } } }
                        th scope="col" { "least F" small {} }
                    }
                }
                tbody {
                    @for size in sizes {
                        tr {
                            td { (whole(size.bytes as u64)) }
                            @for cost in [size.sendto, size.sendmmsg] { td { (measured(cost)) } }
                            @for length in &lengths { td { (run(size, *length)) } }
                            @for cost in [size.seal, size.open] { td { (measured(cost)) } }
                            td.key-figure { (least_ratio(size).map_or(NOTHING.into(), figure)) }
                        }
                    }
                }
            }
        }
    }
}

fn plot(size: &FloorSize) -> Plot {
    let mut runs: Vec<_> = size.gso.iter().map(|(length, cost)| (*length as f64, *cost)).collect();
    runs.sort_by(|one, other| one.0.total_cmp(&other.0));
    let longest = runs.last().map_or(2.0, |(length, _)| *length);
    let shortest = runs.first().map_or(1.0, |(length, _)| *length);
    let level = |cost| vec![(shortest, cost), (longest, cost)];
    let sealed = runs.iter().map(|(length, cost)| (*length, cost + size.seal)).collect();
    let line = |name: &str, colour, stroke, points| Line { name: name.into(), colour, stroke, points };
    Plot {
        title: format!("{} bytes", whole(size.bytes as u64)),
        x: Axis { label: "packets of a run", scale: Scale::Logarithmic },
        y: Axis { label: "ns of CPU a packet", scale: Scale::Linear },
        lines: vec![
            line("run", 0, Stroke::Dotted, runs),
            line("run and seal", 1, Stroke::Dotted, sealed),
            line("sendto", 3, Stroke::Level, level(size.sendto)),
            line("sendmmsg", 2, Stroke::Level, level(size.sendmmsg)),
        ],
        level: None,
    }
}
