//! Which column of a table is what: found out by the headings, or as the person has chosen; what is neither is named.

use super::fault::Fault;
use crate::table::{Charset, Meaning, Reading, Resemblance, Row, Table, find_headings, letters, meanings};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How a file is to be read; what is not said is found out.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choices {
    /// The encoding of a CSV file.
    #[schema(required = false)]
    pub encoding: Option<Charset>,
    /// The sheet of a workbook.
    #[schema(required = false)]
    pub sheet: Option<String>,
    /// The row of the headings; 0 where there are none.
    #[schema(required = false)]
    pub heading_row: Option<u32>,
    /// What columns are taken for, by their letters.
    #[serde(default)]
    pub columns: BTreeMap<String, Meaning>,
    /// What becomes of rows that are hidden or filtered out; without a word they are refused.
    #[schema(required = false)]
    pub hidden_rows: Option<HiddenRows>,
    /// What becomes of photos with which no face can be compared; without a word they are refused.
    #[schema(required = false)]
    pub unfit_photos: Option<UnfitPhotos>,
}

/// What becomes of photos with which no face can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnfitPhotos {
    /// They are kept for people to look at; who has one is verified by SMS.
    Take,
    /// The people are imported without them.
    Skip,
}

/// What becomes of rows that a table program does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HiddenRows {
    /// They are imported like the others.
    Take,
    /// They are passed over.
    Skip,
}

impl Choices {
    /// As far as it concerns reading.
    pub fn reading(&self) -> Reading {
        Reading { charset: self.encoding, sheet: self.sheet.clone(), many: false }
    }
}

/// A column and what it is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadColumn {
    /// From 0.
    pub index: u32,
    pub heading: String,
    /// None where nobody knows.
    pub meaning: Option<Meaning>,
    /// What it looks like, where nobody has decided.
    pub likely: Option<Meaning>,
    /// A person has said so.
    pub chosen: bool,
    pub hidden: bool,
    /// The rows of people in which something stands, and the first of them.
    pub filled: usize,
    pub first: Option<u32>,
}

/// A column that is not taken, by its letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ignored {
    column: String,
    heading: String,
}

/// The columns of a table, with the row of its headings.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The row of the headings; 0 where there are none.
    pub heading_row: u32,
    /// Where the people begin among the rows.
    pub start: usize,
    pub columns: Vec<ReadColumn>,
    faults: Vec<Fault>,
}

impl Plan {
    /// Finds out what each column is.
    pub fn of(table: &Table, choices: &Choices) -> Self {
        let rows = &table.rows;
        let mut faults = Vec::new();
        let head = match choices.heading_row {
            Some(0) => None,
            Some(line) => {
                let place = rows.iter().position(|row| row.line == line);
                if place.is_none() {
                    faults.push(Fault::new(line, "file", "heading_missing"));
                }
                place
            }
            None => Some(find_headings(rows).unwrap_or_default()),
        };
        let start = head.map_or(0, |head| head + 1).min(rows.len());
        let heading_row = head.and_then(|head| rows.get(head)).map_or(0, |row| row.line);
        let people = rows.get(start..).unwrap_or_default();
        let headings = head.and_then(|head| rows.get(head));
        let columns = columns(table, headings, people, choices);
        let width = columns.len();
        for (letter, meaning) in &choices.columns {
            if *meaning != Meaning::Ignore && !columns.iter().any(|column| letters(column.index) == *letter) {
                faults.push(Fault::new(heading_row, letter, "column_missing"));
            }
        }
        let mut plan = Self { heading_row, start, columns, faults };
        plan.find_faults(table, choices, width);
        plan
    }

    /// What keeps the table from being taken as it is planned.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The column of this meaning.
    pub fn column(&self, meaning: Meaning) -> Option<u32> {
        self.columns.iter().find(|column| column.meaning == Some(meaning)).map(|column| column.index)
    }

    /// The heading of the column of this meaning.
    pub fn heading(&self, meaning: Meaning) -> &str {
        self.columns
            .iter()
            .find(|column| column.meaning == Some(meaning))
            .map_or("", |column| &column.heading)
    }

    /// What says something and is not taken.
    pub fn ignored(&self) -> Vec<Ignored> {
        let ignored = self
            .columns
            .iter()
            .filter(|column| column.filled > 0 && matches!(column.meaning, None | Some(Meaning::Ignore)));
        ignored
            .map(|column| Ignored { column: letters(column.index), heading: column.heading.clone() })
            .collect()
    }

    fn find_faults(&mut self, table: &Table, choices: &Choices, width: usize) {
        let head = self.heading_row;
        let mut faults = Vec::new();
        if choices.sheet.is_none() {
            let others = table
                .sheets
                .iter()
                .filter(|sheet| !sheet.hidden && sheet.people && table.sheet.as_ref() != Some(&sheet.name));
            faults.extend(others.map(|sheet| Fault::new(0, &sheet.name, "sheet_choice")));
        }
        for meaning in Meaning::TAKEN {
            let same: Vec<&ReadColumn> =
                self.columns.iter().filter(|column| column.meaning == Some(meaning)).collect();
            if same.is_empty() && matches!(meaning, Meaning::Name | Meaning::Number) {
                faults.push(Fault::new(head.max(1), meaning.code(), "column_missing"));
            }
            if same.len() > 1 {
                faults.extend(
                    same.iter()
                        .map(|column| Fault::new(head, meaning.code(), "column_twice").at(column.index)),
                );
            }
        }
        for column in self.columns.iter().filter(|column| column.filled > 0 && !column.chosen) {
            let named =
                if column.heading.is_empty() { letters(column.index) } else { column.heading.clone() };
            let fault = |row, problem| Fault::new(row, &named, problem).at(column.index);
            if column.hidden && column.meaning.is_some() {
                faults.push(fault(head, "hidden_column"));
            } else if column.likely.is_some() {
                faults.push(fault(head, "column_unknown"));
            } else if column.heading.is_empty() && width > 0 {
                // Nobody said what this is: a comma too many moves a row's cells to where they do not belong.
                faults.push(fault(column.first.unwrap_or(head), "no_heading"));
            }
        }
        self.faults.append(&mut faults);
    }
}

fn columns(table: &Table, head: Option<&Row>, people: &[Row], choices: &Choices) -> Vec<ReadColumn> {
    let width = head.into_iter().chain(people).map(|row| row.cells.len()).max().unwrap_or_default();
    let text = |index: usize| head.and_then(|row| row.cells.get(index)).map(|cell| cell.text.clone());
    let headings: Vec<String> = (0..width).map(|index| text(index).unwrap_or_default()).collect();
    let found = meanings(&headings);
    let column = |((heading, found), index): ((String, Option<(Meaning, Resemblance)>), u32)| {
        let chosen = choices.columns.get(&letters(index)).copied();
        let sure = found.filter(|(_, how)| *how != Resemblance::Likely).map(|(meaning, _)| meaning);
        // What a person has assigned is not found a second time by its heading.
        let sure = sure.filter(|meaning| !choices.columns.values().any(|taken| taken == meaning));
        let likely = found.filter(|_| sure.is_none() && chosen.is_none()).map(|(meaning, _)| meaning);
        let says = |row: &&Row| {
            row.cells.get(index as usize).is_some_and(|cell| !cell.text.is_empty() || cell.fault.is_some())
        };
        ReadColumn {
            index,
            heading,
            meaning: chosen.or(sure),
            likely,
            chosen: chosen.is_some(),
            hidden: table.hidden_columns.contains(&index),
            filled: people.iter().filter(says).count(),
            first: people.iter().find(says).map(|row| row.line),
        }
    };
    headings.into_iter().zip(found).zip(0..).map(column).collect()
}
