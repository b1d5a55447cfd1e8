//! The report for the terminal, in 120 columns.

use super::{
    column::{Column, JOINS, POINT},
    number::{NOTHING, figure, measured, size, whole},
    reading::{doubts, least_ratio, run_lengths},
};
use crate::figures::{FloorSize, Junk, MemoryFigures, Report, ScenarioResult};
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use std::fmt::{self, Write as _};

/// Columns of a terminal that everybody has.
const WIDTH: usize = 120;

/// Nothing but a line below the heading.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// The report for the terminal: the floor, then a block for each result.
pub fn table(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a `String` does not fail.
    let _ = write(&mut text, report);
    text
}

fn write(text: &mut String, report: &Report) -> fmt::Result {
    let machine = &report.machine;
    writeln!(
        text,
        "{} · {} cores · {} GiB · {} · Linux {} · {}",
        machine.processor,
        machine.cores,
        machine.memory_gib,
        machine.system,
        machine.kernel,
        machine.compiler
    )?;
    let commit = if report.commit.is_empty() { NOTHING } else { &report.commit };
    writeln!(text, "{} UTC · commit {commit} · {}", report.date, report.command)?;
    if !report.floor.is_empty() {
        writeln!(text, "\nFLOOR · ns of CPU a packet, without any server\n{}", floor(&report.floor))?;
    }
    report.results.iter().try_for_each(|result| block(text, result))
}

fn floor(sizes: &[FloorSize]) -> String {
    let lengths = run_lengths(sizes);
    let mut heading = vec!["size\nbytes".to_owned(), "sendto\n".into(), "sendmmsg\n".into()];
    heading.extend(lengths.iter().map(|length| format!("runs of\n{length}")));
    heading.extend(["seal\n", "open\n", "least F\n"].map(String::from));
    let rows = sizes.iter().map(|size| {
        let mut row = vec![whole(size.bytes as u64), measured(size.sendto), measured(size.sendmmsg)];
        row.extend(lengths.iter().map(|length| {
            let cost = size.gso.iter().find(|(other, _)| other == length);
            cost.map_or(NOTHING.into(), |(_, cost)| measured(*cost))
        }));
        row.extend([measured(size.seal), measured(size.open)]);
        row.push(least_ratio(size).map_or(NOTHING.into(), figure));
        row
    });
    lay_out(heading, rows)
}

fn block(text: &mut String, result: &ScenarioResult) -> fmt::Result {
    writeln!(text, "\n{} · {} · {}", result.scenario.to_uppercase(), result.server, result.sealing)?;
    writeln!(text, "{}", result.about)?;
    if !result.points.is_empty() {
        writeln!(text, "{}", rows(&POINT, &result.points))?;
    }
    if !result.joins.is_empty() {
        writeln!(text, "{}", rows(&JOINS, &result.joins))?;
    }
    if let Some(figures) = &result.memory {
        memory(text, figures)?;
    }
    if let Some(figures) = &result.junk {
        junk(text, figures)?;
    }
    for remark in result.remarks.iter().chain(&doubts(result)) {
        writeln!(text, " · {remark}")?;
    }
    Ok(())
}

fn memory(text: &mut String, memory: &MemoryFigures) -> fmt::Result {
    writeln!(
        text,
        " memory in {} quiet rooms: server {} · room {} · participant {} · slot {} · camera {}",
        whole(memory.rooms as u64),
        size(memory.empty as f64),
        size(memory.room),
        size(memory.participant),
        size(memory.slot),
        size(memory.publication)
    )
}

fn junk(text: &mut String, junk: &Junk) -> fmt::Result {
    writeln!(text, " junk: {} datagrams/s, {} ns of CPU each", figure(junk.rate), measured(junk.cpu))?;
    let (mut heading, columns) = (vec!["junk\n".to_owned()], POINT.get(1..).unwrap_or_default());
    heading.extend(columns.iter().map(head));
    let rows = [("before", &junk.before), ("during", &junk.during)].map(|(when, point)| {
        let mut row = vec![when.to_owned()];
        row.extend(columns.iter().map(|column| (column.value)(point)));
        row
    });
    writeln!(text, "{}", lay_out(heading, rows))
}

/// A table with the name of each group over its first column, where two columns share a name.
fn rows<T>(columns: &[Column<T>], rows: &[T]) -> String {
    let repeats = |column: &Column<T>| columns.iter().filter(|other| other.name == column.name).count() > 1;
    let has_groups = columns.iter().any(repeats);
    let mut last = "";
    let heading = columns.iter().map(|column| {
        let group = if column.group == last { "" } else { column.group };
        last = column.group;
        if has_groups { format!("{group}\n{}", head(column)) } else { head(column) }
    });
    let rows = rows.iter().map(|row| columns.iter().map(|column| (column.value)(row)).collect());
    lay_out(heading.collect(), rows)
}

fn head<T>(column: &Column<T>) -> String {
    format!("{}\n{}", column.name, column.unit)
}

fn lay_out(heading: Vec<String>, rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(heading);
    for row in rows {
        table.add_row(row);
    }
    // Two blanks between columns where there is room for them, else one.
    for padding in [(1, 0), (0, 0)] {
        for column in table.column_iter_mut() {
            column.set_padding(padding).set_cell_alignment(CellAlignment::Right);
        }
        if table.lines().all(|line| line.chars().count() <= WIDTH) {
            break;
        }
    }
    table.trim_fmt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    #[test]
    fn every_result_and_figure_is_there() {
        let report = example::report();
        let text = table(&report);
        for result in &report.results {
            assert!(text.contains(&result.scenario.to_uppercase()), "{}", result.scenario);
            assert!(text.contains(&result.server) && text.contains(&result.about));
            for remark in &result.remarks {
                assert!(text.contains(remark), "{remark}");
            }
            for point in &result.points {
                for column in &POINT {
                    let figure = (column.value)(point);
                    assert!(text.contains(&figure), "{}: {} {figure}", result.scenario, column.name);
                }
            }
        }
        for part in ["FLOOR", "Example processor", "abc1234", "quiet rooms", "junk", "during", "joins"] {
            assert!(text.contains(part), "{part}");
        }
    }

    #[test]
    fn tables_fit_into_120_columns() {
        let report = example::report();
        for line in table(&report).lines() {
            let is_prose =
                report.results.iter().any(|result| result.remarks.iter().any(|text| line.contains(text)));
            assert!(is_prose || line.chars().count() <= WIDTH, "{} columns: {line}", line.chars().count());
        }
    }

    #[test]
    fn an_empty_report_is_its_two_lines() {
        assert_eq!(table(&example::empty()).lines().count(), 2);
    }
}
