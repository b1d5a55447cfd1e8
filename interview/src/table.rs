//! Tables for export: typed cells, and the CSV file (RFC 4180) that spreadsheets open without changing it.

use crate::{LocalTime, spreadsheet::escaped};

/// A cell of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text, whatever it looks like: names, numbers of exam cards, phones.
    Text(String),
    /// A decimal number to compute with; may be empty.
    Figure(String),
    /// A moment as the clocks of a place showed it, for sorting; or never.
    Moment(Option<LocalTime>),
}

impl Cell {
    /// What stands in it.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Figure(text) => text.clone(),
            Self::Moment(at) => at.map(|at| at.to_string()).unwrap_or_default(),
        }
    }
}

/// A table with its headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The first row.
    pub headings: Vec<String>,
    /// The others, each as long as the first.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// As CSV; begins with a byte order mark, without which spreadsheets take UTF-8 for something else. Texts that a
    /// spreadsheet would compute or rewrite are marked as texts.
    pub fn csv(&self) -> String {
        let mut out = String::from('\u{feff}');
        line(&mut out, self.headings.iter().map(|heading| escaped(heading)));
        for row in &self.rows {
            let cells = row.iter().map(|cell| match cell {
                Cell::Text(text) => escaped(text),
                Cell::Figure(_) | Cell::Moment(_) => cell.text(),
            });
            line(&mut out, cells);
        }
        out
    }
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (at, text) in cells.enumerate() {
        if at > 0 {
            out.push(',');
        }
        if text.contains([',', '"', '\n', '\r', '\t', '\'', ';']) {
            out.push('"');
            out.push_str(&text.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&text);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_needed_and_texts_stay_texts() {
        let texts =
            |texts: &[&str]| texts.iter().map(|text| Cell::Text((*text).to_owned())).collect::<Vec<_>>();
        let mut rows = vec![texts(&["x,\"y\"", "=1+1"]), texts(&["", "王\n五"]), texts(&["007", "＝1"])];
        rows.push(vec![Cell::Text("13900139000".into()), Cell::Figure("85.50".into())]);
        let table = Table { headings: vec!["a".into(), "b".into()], rows };
        let wanted = "\u{feff}a,b\r\n\"x,\"\"y\"\"\",\"'=1+1\"\r\n,\"王\n五\"\r\n\"=\"\"007\"\"\",\"'＝1\"\r\n13900139000,85.50\r\n";
        assert_eq!(table.csv(), wanted);
    }
}
