//! The table as text: two lines a scenario, the median of its seeds and the worst of them.

use super::{
    column::{COLUMNS, Column},
    figures::Figures,
    plot,
    run::{Run, run},
    scenario::{SEEDS, Scenario},
};
use crate::source;
use std::{fmt::Write as _, fs};

/// Where it is kept, with its drawings.
const FOLDER: &str = "docs/benchmarks/bandwidth";

/// Scenarios of which the first run is drawn.
const DRAWN: [&str; 6] = [
    "steady-1-deep",
    "steps-5-1-0.3-3-deep",
    "slide-3-to-0.7",
    "download",
    "idle-then-pin-720",
    "seven-people",
];

const TABLE: &str = "scoreboard.txt";

/// The two lines of one scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its lines.
    pub text: String,
    /// The drawing of its first run.
    pub drawing: Option<String>,
}

/// The table as it is kept.
#[derive(Debug)]
pub struct Table {
    /// Its rows, in their order.
    pub rows: Vec<Row>,
}

/// Runs a scenario with all seeds.
pub fn row(scenario: &Scenario) -> Row {
    let runs: Vec<Run> = SEEDS.iter().map(|seed| run(scenario, *seed)).collect();
    Row::new(scenario, &runs)
}

impl Row {
    /// The lines of these runs.
    pub fn new(scenario: &Scenario, runs: &[Run]) -> Self {
        let name = scenario.name;
        let figures: Vec<Figures> = runs.iter().map(|run| run.figures).collect();
        let [worst, median] = Figures::worst_and_median(&figures);
        let text = line(scenario, name, "median", &median) + &line(scenario, "", "worst", &worst);
        let drawing = DRAWN.contains(&name).then(|| plot::svg(name, &runs[0]));
        Self { name: name.to_owned(), text, drawing }
    }

    /// The drawing as it is kept.
    fn kept_drawing(name: &str) -> Option<String> {
        DRAWN.contains(&name).then(|| read(&format!("{name}.svg")))
    }
}

impl Table {
    /// The table as it is kept; an empty one if there is none yet.
    pub fn read() -> Self {
        let text = read(TABLE);
        let lines: Vec<_> = text.lines().skip(head().lines().count()).collect();
        let rows = lines.chunks(2).filter_map(|lines| {
            let name = lines.first()?.split_whitespace().next()?.to_owned();
            let text = lines.iter().map(|line| format!("{line}\n")).collect();
            let drawing = Row::kept_drawing(&name);
            Some(Row { name, text, drawing })
        });
        Self { rows: rows.collect() }
    }

    /// The row of this name.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// Keeps it.
    ///
    /// # Panics
    /// Where it cannot be written.
    pub fn write(&self) {
        write(TABLE, &self.text());
        for row in &self.rows {
            if let Some(drawing) = &row.drawing {
                write(&format!("{}.svg", row.name), drawing);
            }
        }
    }

    /// All of it.
    pub fn text(&self) -> String {
        self.rows.iter().fold(head(), |text, row| text + &row.text)
    }

    /// Is the file exactly this table?
    pub fn is_kept(&self) -> bool {
        read(TABLE) == self.text()
    }
}

fn read(file: &str) -> String {
    fs::read_to_string(source::root().join(FOLDER).join(file)).unwrap_or_default()
}

fn write(file: &str, text: &str) {
    fs::write(source::root().join(FOLDER).join(file), text).expect("a file is written");
}

fn head() -> String {
    let line = |name: &str, cell: fn(&Column) -> &'static str| {
        let cells = COLUMNS.iter().map(|column| format!("{} ", cell(column)));
        filled(name, "", cells)
    };
    line("scenario", |column| column.name) + &line("aim", |column| column.aim)
}

fn line(scenario: &Scenario, name: &str, of: &str, figures: &Figures) -> String {
    filled(name, of, COLUMNS.iter().map(|column| column.cell(scenario, figures)))
}

fn filled(name: &str, of: &str, cells: impl Iterator<Item = String>) -> String {
    let mut line = format!("{name:<26}{of:<8}");
    for (column, cell) in COLUMNS.iter().zip(cells) {
        let _ = write!(line, "{cell:>width$}", width = column.width());
    }
    line.trim_end().to_owned() + "\n"
}
