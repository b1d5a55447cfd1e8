//! What an import would take from a file, to be seen before anything is taken.

use super::{
    fault::Fault,
    plan::{Choices, Plan},
};
use crate::table::{self, Cell, CellFault, Charset, Meaning, Reading, Row, Table, Unreadable, letters};
use serde::Serialize;
use utoipa::ToSchema;

/// Rows of people that are shown.
const SHOWN_PEOPLE: usize = 8;
/// Names that are shown of each encoding.
const SAMPLES: usize = 3;
/// Characters that are shown of a cell.
const SHOWN: usize = 60;

/// How a file is read.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// Of CSV.
    #[schema(required)]
    encoding: Option<Charset>,
    /// Other ways to read it, each with what then stands there; empty where there is no doubt.
    encodings: Vec<Encoding>,
    /// Of a workbook.
    #[schema(required)]
    sheet: Option<String>,
    /// All sheets of a workbook.
    sheets: Vec<SheetPreview>,
    /// The row of the headings; 0 where there are none.
    heading_row: u32,
    /// The columns.
    columns: Vec<ColumnPreview>,
    /// The first rows, those above the headings too.
    rows: Vec<PreviewRow>,
    /// Rows below the headings.
    people: usize,
    /// How many of them the table program does not show.
    hidden: usize,
    /// Pictures in the sheet.
    pictures: usize,
    /// What a person must decide or mend before anything of the columns can be taken.
    faults: Vec<Fault>,
}

/// A way to read the text.
#[derive(Debug, Serialize, ToSchema)]
struct Encoding {
    encoding: Charset,
    /// The first names, read so.
    names: Vec<String>,
}

/// A sheet of a workbook.
#[derive(Debug, Serialize, ToSchema)]
struct SheetPreview {
    name: String,
    /// The table program does not show it.
    hidden: bool,
    rows: usize,
    /// Are there headings of a list of people?
    people: bool,
}

/// A column.
#[derive(Debug, Serialize, ToSchema)]
struct ColumnPreview {
    /// Its letter.
    column: String,
    heading: String,
    /// What it is taken for; null where nobody knows.
    #[schema(required)]
    meaning: Option<Meaning>,
    /// What it looks like, where a person must decide.
    #[schema(required)]
    likely: Option<Meaning>,
    /// The table program does not show it.
    hidden: bool,
    /// Rows of people in which something stands.
    filled: usize,
}

/// A row.
#[derive(Debug, Serialize, ToSchema)]
struct PreviewRow {
    /// As the table program counts it, from 1.
    row: u32,
    hidden: bool,
    cells: Vec<PreviewCell>,
}

/// A cell.
#[derive(Debug, Serialize, ToSchema)]
struct PreviewCell {
    text: String,
    /// Why that cannot be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    problem: Option<&'static str>,
}

impl Preview {
    /// Reads a file and takes nothing.
    ///
    /// # Errors
    /// It is no table.
    pub fn of(file: &[u8], choices: &Choices) -> Result<Self, Unreadable> {
        let table = table::read(file, &choices.reading())?;
        let plan = Plan::of(&table, choices);
        let people = table.rows.get(plan.start..).unwrap_or_default();
        let hidden = people.iter().filter(|row| row.hidden).count();
        let pictures = table.sheet.as_ref().map_or(0, |sheet| table::pictures(file, sheet).len());
        let rows = table
            .rows
            .iter()
            .take(plan.start + SHOWN_PEOPLE)
            .map(|one| row(one, plan.column(Meaning::Time)))
            .collect();
        let column = |column: &super::plan::ReadColumn| ColumnPreview {
            column: letters(column.index),
            heading: column.heading.clone(),
            meaning: column.meaning,
            likely: column.likely,
            hidden: column.hidden,
            filled: column.filled,
        };
        let sheet = |sheet: &table::Sheet| SheetPreview {
            name: sheet.name.clone(),
            hidden: sheet.hidden,
            rows: sheet.rows,
            people: sheet.people,
        };
        Ok(Self {
            encoding: table.charset,
            encodings: if table.charset.is_some() { encodings(file, choices) } else { Vec::new() },
            sheets: table.sheets.iter().map(sheet).collect(),
            heading_row: plan.heading_row,
            columns: plan.columns.iter().map(column).collect(),
            rows,
            people: people.len(),
            hidden,
            pictures,
            faults: plan.faults().to_vec(),
            sheet: table.sheet,
        })
    }
}

/// Where dates are meant, they are as good as a text.
fn row(row: &Row, time: Option<u32>) -> PreviewRow {
    let cell = |(column, cell): (u32, &Cell)| {
        let meant = |fault: &CellFault| *fault == CellFault::Date && time == Some(column);
        PreviewCell {
            text: cell.text.chars().take(SHOWN).collect(),
            problem: cell.fault.filter(|fault| !meant(fault)).map(CellFault::code),
        }
    };
    PreviewRow { row: row.line, hidden: row.hidden, cells: (0..).zip(&row.cells).map(cell).collect() }
}

/// Every encoding in which the bytes are a text, where it makes a difference.
fn encodings(file: &[u8], choices: &Choices) -> Vec<Encoding> {
    if file.is_ascii() && !file.contains(&0) {
        return Vec::new();
    }
    let read = |charset: &Charset| {
        let reading = Reading { charset: Some(*charset), ..Reading::default() };
        let table = table::read(file, &reading).ok()?;
        Some(Encoding { encoding: *charset, names: names(&table, choices) })
    };
    Charset::ALL.iter().filter_map(read).collect()
}

/// The first names, or what stands there first that is not plain ASCII.
fn names(table: &Table, choices: &Choices) -> Vec<String> {
    let plan = Plan::of(table, choices);
    let column = plan.column(Meaning::Name);
    let text = |row: &Row| {
        let named =
            column.and_then(|column| row.cells.get(column as usize)).filter(|cell| !cell.text.is_empty());
        let cell = named.or_else(|| row.cells.iter().find(|cell| !cell.text.is_ascii()))?;
        Some(cell.text.chars().take(20).collect())
    };
    table.rows.get(plan.start..).unwrap_or_default().iter().filter_map(text).take(SAMPLES).collect()
}
