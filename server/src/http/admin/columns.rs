//! Tables of other things than candidates: columns found by their headings, and cells that are plainly what they show.

use super::Fault;
use crate::table::{Cell, MAX_TITLES, Row, Table, letters};
use viva_interview::writing;

/// A column that is looked for.
#[derive(Debug)]
pub(super) struct Wanted {
    /// How faults name it.
    pub code: &'static str,
    /// What it may be called, as headings are compared.
    pub words: &'static [&'static str],
    /// Without it nothing can be read.
    pub needed: bool,
}

/// Where the columns are.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    rows: &'a [Row],
    found: Vec<(&'static str, u32)>,
    /// Headings of what is not taken.
    pub ignored: Vec<String>,
}

/// A row below the headings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    row: &'a Row,
    columns: &'a Columns<'a>,
}

impl<'a> Columns<'a> {
    /// Finds the headings: the first row that has all that is needed.
    ///
    /// # Errors
    /// A column is missing or there twice, or a cell below is not plainly what it shows.
    pub fn of(table: &'a Table, wanted: &'static [Wanted]) -> Result<Self, Vec<Fault>> {
        let tops = table.rows.iter().take(MAX_TITLES);
        let best = tops.enumerate().max_by_key(|(at, row)| {
            let known = wanted.iter().filter(|column| !places(row, column).is_empty()).count();
            (known, usize::MAX - at)
        });
        let Some((head, row)) = best else { return Err(vec![Fault::new(1, "file", "empty")]) };
        let (mut faults, mut found) = (Vec::new(), Vec::new());
        for column in wanted {
            match places(row, column)[..] {
                [] if column.needed => faults.push(Fault::new(row.line, column.code, "column_missing")),
                [] => {}
                [place] => found.push((column.code, place)),
                [_, second, ..] => {
                    faults.push(Fault::new(row.line, column.code, "column_twice").at(second));
                }
            }
        }
        let headings = (0_u32..)
            .zip(&row.cells)
            .filter(|(place, cell)| !cell.text.is_empty() && !found.iter().any(|(_, taken)| taken == place));
        let ignored = headings.map(|(place, cell)| format!("{} {}", letters(place), cell.text)).collect();
        let rows = table.rows.get(head + 1..).unwrap_or_default();
        let columns = Self { rows, found, ignored };
        faults.extend(columns.lines().flat_map(|line| line.unclear()));
        if rows.is_empty() && faults.is_empty() {
            faults.push(Fault::new(row.line, "file", "empty"));
        }
        if faults.is_empty() { Ok(columns) } else { Err(faults) }
    }

    /// The rows below the headings.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|row| Line { row, columns: self })
    }
}

impl<'a> Line<'a> {
    /// What stands in this column; empty where there is no such column.
    pub fn text(&self, code: &str) -> &'a str {
        self.cell(code).map_or("", |(cell, _)| &cell.text)
    }

    /// What is wrong with what stands in this column.
    pub fn fault(&self, code: &str, problem: &'static str) -> Fault {
        let fault = Fault::new(self.row.line, code, problem);
        match self.cell(code) {
            Some((_, place)) => fault.at(place),
            None => fault,
        }
    }

    fn cell(&self, code: &str) -> Option<(&'a Cell, u32)> {
        let (_, place) = self.columns.found.iter().find(|(known, _)| *known == code)?;
        self.row.cells.get(*place as usize).map(|cell| (cell, *place))
    }

    /// What a person does not see here, or sees otherwise than it is.
    fn unclear(self) -> impl Iterator<Item = Fault> + use<'a> {
        let hidden = self.row.hidden.then(|| Fault::new(self.row.line, "file", "hidden_row"));
        let cells = self.columns.found.iter().filter_map(move |(code, _)| {
            let (cell, _) = self.cell(code)?;
            cell.fault.map(|fault| self.fault(code, fault.code()))
        });
        hidden.into_iter().chain(cells)
    }
}

/// The columns of this row that have this heading.
fn places(row: &Row, wanted: &Wanted) -> Vec<u32> {
    let is = |cell: &Cell| {
        let heading = writing::heading(&cell.text);
        wanted.words.iter().any(|word| *word == heading)
    };
    (0..).zip(&row.cells).filter(|(_, cell)| is(cell)).map(|(place, _)| place).collect()
}
