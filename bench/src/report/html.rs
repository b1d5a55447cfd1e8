//! The report as one page that needs nothing but itself.

mod floor;
mod headline;
mod plots;
mod rows;
mod scenario;

use super::{
    number::{NOTHING, whole},
    reading::{self, Scenario},
};
use crate::figures::{Machine, Report};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The report as a page; `gate` holds counts of instructions by name, and may be empty.
pub fn html(report: &Report, gate: &[(String, f64)]) -> String {
    let scenarios = reading::scenarios(report);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Viva bench, " (report.date) }
                style {
                    (PreEscaped(include_str!("html/plots.css")))
                    (PreEscaped(include_str!("html/style.css")))
                }
            }
            body {
                (opening(report))
                main {
                    (headline::section(&scenarios))
                    (contents(report, &scenarios, gate))
                    (reading_guide())
                    (floor::section(&report.floor))
                    @for scenario in &scenarios { (scenario::section(scenario)) }
                    (instructions(gate))
                }
            }
        }
    };
    page.into_string()
}

fn opening(report: &Report) -> Markup {
    let commit = if report.commit.is_empty() { NOTHING } else { &report.commit };
    html! {
        header {
            p.eyebrow { "Viva bench" }
            h1 { "What forwarding costs" }
            dl.facts {
                (machine(&report.machine))
                div { dt { "Run" } dd { (report.date) " UTC" } }
                div { dt { "Commit" } dd { code { (commit) } } }
                div.wide { dt { "To repeat it" } dd { code { (report.command) } } }
            }
        }
    }
}

fn machine(machine: &Machine) -> Markup {
    html! {
        div { dt { "Processor" } dd { (machine.processor) ", " (machine.cores) " cores" } }
        div { dt { "Memory" } dd { (machine.memory_gib) " GiB" } }
        div { dt { "System" } dd { (machine.system) ", kernel " (machine.kernel) } }
        div { dt { "Compiler" } dd { (machine.compiler) } }
    }
}

fn contents(report: &Report, scenarios: &[Scenario<'_>], gate: &[(String, f64)]) -> Markup {
    html! {
        nav aria-label="Contents" {
            @if !report.floor.is_empty() { a href="#floor" { "The floor" } }
            @for scenario in scenarios { a href={ "#" (scenario::anchor(scenario.name)) } { (scenario.name) } }
            @if !gate.is_empty() { a href="#instructions" { "Instructions" } }
        }
    }
}

fn reading_guide() -> Markup {
    html! {
        section.guide {
            div {
                h2 { "How to read this" }
                ul {
                    li { strong { "F" } " is the CPU time of the forwarding threads for one forwarded packet, divided by the CPU \
                        time of one plain " code { "sendto" } " of that size in the same run. A server that sends each packet by a \
                        call of its own and does nothing else has 1. The quotient survives a noisy machine; nanoseconds do not." }
                    li { strong { "Delay" } " is from the publisher's send to the time stamp of the receiver's kernel, so the \
                        loopback is in it." }
                    li { strong { "Loss" } " is what was still missing after repair." }
                    li { strong { "Run" } " is the number of packets that leave as one message; " strong { "core" } " is how much of \
                        a core the forwarding threads used." }
                    li { "Sizes are of UDP payload, rates the sum over all receivers." }
                }
            }
            div {
                h2 { "What it does not tell" }
                ul {
                    li { "Everything runs on one machine, over its loopback: no network card, no driver, no wire." }
                    li { "Server and load share caches and memory, though not cores." }
                    li { "A dash stands where nothing was measured." }
                }
            }
        }
    }
}

fn instructions(gate: &[(String, f64)]) -> Markup {
    html! {
        @if !gate.is_empty() {
            section #instructions {
                h2 { "Instructions" }
                p.about { "Counted, not timed: the same on every run, and held by a test." }
                div.scroll {
                    table.narrow {
                        thead { tr { th.left scope="col" { "path" } th scope="col" { "instructions" } } }
                        tbody {
                            @for (name, count) in gate {
                                tr { th scope="row" { (name) } td { (whole(count.max(0.0).round() as u64)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{
        column::{DELIVERY, JOINS, POINT},
        example,
        number::{figure, size},
    };

    fn gate() -> Vec<(String, f64)> {
        vec![("example <seal>".into(), 1234.0), ("example receive".into(), 987_654.0)]
    }

    #[test]
    fn every_scenario_remark_and_server_is_there() {
        let report = example::report();
        let page = html(&report, &gate());
        for result in &report.results {
            let texts = [&result.scenario, &result.about, &result.server, &result.sealing];
            for text in texts.into_iter().chain(&result.remarks) {
                let escaped = html! { (text) }.into_string();
                assert!(page.contains(&escaped), "{text}");
            }
        }
    }

    #[test]
    fn every_figure_is_there() {
        let report = example::report();
        let page = html(&report, &gate());
        let holds = |text: String| assert!(page.contains(&format!(">{text}<")), "{text}");
        for result in &report.results {
            let junk = result.junk.iter().flat_map(|junk| [&*junk.before, &*junk.during]);
            for point in result.points.iter().chain(junk) {
                POINT.iter().chain(&DELIVERY).for_each(|column| holds((column.value)(point)));
            }
            for joins in &result.joins {
                JOINS.iter().for_each(|column| holds((column.value)(joins)));
            }
            if let Some(memory) = &result.memory {
                let sizes =
                    [memory.room, memory.participant, memory.slot, memory.publication, memory.empty as f64];
                sizes.into_iter().map(size).for_each(holds);
            }
        }
        for floor in &report.floor {
            let costs = floor.gso.iter().map(|(_, cost)| *cost);
            costs.chain([floor.sendto, floor.sendmmsg, floor.seal, floor.open]).map(figure).for_each(holds);
        }
        for text in ["1,234", "987,654"] {
            holds(text.into());
        }
    }

    #[test]
    fn the_opening_says_where_and_how() {
        let page = html(&example::report(), &[]);
        for text in [
            "Example processor",
            "2026-01-31 12:00 UTC",
            "abc1234",
            "viva-bench run example",
            "6.1.0-example",
        ] {
            assert!(page.contains(text), "{text}");
        }
    }

    #[test]
    fn text_cannot_become_markup() {
        let mut report = example::report();
        let evil = "<script>alert(\"1\" & '2')</script>";
        report.machine.processor = evil.into();
        report.command = evil.into();
        for result in &mut report.results {
            result.about = evil.into();
            result.server = evil.into();
            result.remarks.push(evil.into());
            result.joins.iter_mut().for_each(|joins| joins.what = evil.into());
        }
        report.results[0].scenario = "\"><script>".into();
        let page = html(&report, &[(evil.into(), 1.0)]);
        assert!(!page.contains("<script"), "no script may come through");
        assert!(page.contains("&lt;script&gt;"));
    }

    #[test]
    fn it_needs_nothing_but_itself() {
        let page = html(&example::report(), &gate());
        for word in ["http", "url(", "@import", "src=", "<link", "<script"] {
            assert!(!page.contains(word), "{word}");
        }
    }

    #[test]
    fn empty_lists_do_not_break_it() {
        let mut report = example::report();
        for result in &mut report.results {
            result.points.clear();
            result.joins.clear();
            result.remarks.clear();
            (result.memory, result.junk) = (None, None);
        }
        report.floor.iter_mut().for_each(|floor| floor.gso.clear());
        for page in [html(&report, &[]), html(&example::empty(), &[])] {
            assert!(page.ends_with("</html>") && !page.contains("NaN"));
        }
    }

    #[test]
    #[ignore = "writes a file to look at: EXAMPLE_PAGE=page.html cargo test -p viva-bench -- --ignored"]
    fn write_the_example_page() {
        let path = std::env::var("EXAMPLE_PAGE").expect("EXAMPLE_PAGE names a file");
        std::fs::write(path, html(&example::report(), &gate())).expect("the file can be written");
    }
}
