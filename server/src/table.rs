//! Tables that table programs wrote: rows of cells as a person reads them, and why a cell cannot be read.
//!
//! Nothing is rounded, emptied or left out in silence: what is not plainly what the person sees is a [`CellFault`], and
//! what a file holds besides is named ([`Table::sheets`], [`Row::hidden`]). A hostile file costs a bounded effort.

mod charset;
mod figure;
mod heading;
mod layout;
mod package;
mod pictures;
mod separated;
mod surname;
mod workbook;

pub use charset::Charset;
pub use heading::{Meaning, Resemblance, find_headings, is_photo, meanings};
pub use pictures::{CellPicture, pictures};
pub use workbook::without_pictures;

use std::collections::BTreeSet;
use viva_interview::spreadsheet::unescaped;

/// The largest file, in bytes.
pub const MAX_FILE: usize = 5 * 1024 * 1024;
/// The most that an XLSX file may be unpacked, in bytes.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;
/// Rows that are looked at.
pub const MAX_ROWS: u32 = 2000;
/// Rows that are looked at in a table of many rooms.
pub const MANY_ROWS: u32 = 5000;
/// Columns that are looked at.
pub const MAX_COLUMNS: u32 = 64;
/// Characters of a cell that are looked at.
const MAX_CELL: usize = 1000;
/// Rows at the top among which headings are looked for.
pub const MAX_TITLES: usize = 20;

/// A table as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows that say something.
    pub rows: Vec<Row>,
    /// The columns, from 0, that the table program does not show.
    pub hidden_columns: BTreeSet<u32>,
    /// How the text was read; none of a workbook.
    pub charset: Option<Charset>,
    /// The sheet that was read; none of CSV.
    pub sheet: Option<String>,
    /// All sheets of the workbook.
    pub sheets: Vec<Sheet>,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// As its tab says.
    pub name: String,
    /// The table program does not show it.
    pub hidden: bool,
    /// Rows that say something.
    pub rows: usize,
    /// Are there headings of a list of people?
    pub people: bool,
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// As the table program counts it, from 1.
    pub line: u32,
    /// The table program does not show it: hidden, or filtered out.
    pub hidden: bool,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// What a person reads there.
    pub text: String,
    /// Why that cannot be taken.
    pub fault: Option<CellFault>,
}

/// Why a cell cannot be taken as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellFault {
    /// A number of more digits than table programs keep.
    Rounded,
    /// Scientific notation.
    Scientific,
    /// A date or a time that was probably something else.
    Date,
    /// True or false.
    Boolean,
    /// `#N/A` and its like.
    Error,
    /// A formula as text, or one whose value is not in the file.
    Formula,
    /// A number whose format shows something else than its value.
    Unclear,
    /// Part of a cell that spans several rows.
    Merged,
    /// Longer than any text that is looked at.
    TooLong,
}

impl CellFault {
    /// As in the answer.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Rounded => "rounded",
            Self::Scientific => "scientific",
            Self::Date => "date",
            Self::Boolean => "boolean",
            Self::Error => "error_value",
            Self::Formula => "formula",
            Self::Unclear => "unclear",
            Self::Merged => "merged",
            Self::TooLong => "too_long",
        }
    }
}

/// The file cannot be read as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// Neither CSV nor XLSX, or broken.
    Broken,
    /// A workbook in the format of Excel 97, or one with a password.
    OldWorkbook,
    /// Larger, or more when unpacked, than so many MiB.
    TooLarge(usize),
    /// More than so many.
    Rows(u32),
    /// Something stands beyond [`MAX_COLUMNS`], in this row and column from 0.
    Columns(u32, u32),
    /// A quotation mark opens in this row and does not close.
    Quote(u32),
    /// The workbook has no such sheet.
    NoSheet,
}

/// How the person wants a file to be read; what is not said is found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Of CSV.
    pub charset: Option<Charset>,
    /// Of a workbook.
    pub sheet: Option<String>,
    /// It may have [`MANY_ROWS`].
    pub many: bool,
}

impl Reading {
    /// Rows that are looked at.
    const fn most_rows(&self) -> u32 {
        if self.many { MANY_ROWS } else { MAX_ROWS }
    }
}

impl Cell {
    /// A text of CSV, with the marks of spreadsheets read and their traces found.
    fn written(text: &str) -> Self {
        let raw = text.trim();
        let cell = Self::shown(&unescaped(raw));
        let formula = raw.starts_with('=') && cell.text == raw;
        Self { fault: cell.fault.or(formula.then_some(CellFault::Formula)), ..cell }
    }

    /// A text that is kept as one.
    fn shown(text: &str) -> Self {
        let text = text.trim();
        let fault = if text.chars().count() > MAX_CELL {
            Some(CellFault::TooLong)
        } else if is_error(text) {
            Some(CellFault::Error)
        } else {
            is_scientific(text).then_some(CellFault::Scientific)
        };
        Self { text: text.chars().take(MAX_CELL).collect(), fault }
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty() && self.fault.is_none()
    }
}

/// Reads a file.
pub fn read(file: &[u8], how: &Reading) -> Result<Table, Unreadable> {
    if file.len() > MAX_FILE {
        return Err(Unreadable::TooLarge(MAX_FILE / 1024 / 1024));
    }
    let mut table = if file.starts_with(b"PK\x03\x04") {
        workbook::read(file, how)?
    } else if file.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Unreadable::OldWorkbook);
    } else {
        separated::read(file, how)?
    };
    table.rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    Ok(table)
}

/// The letters of a column, from 0: `A`, `B`, … `AA`.
pub fn letters(column: u32) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.into_iter().rev().collect()
}

fn is_error(text: &str) -> bool {
    const ERRORS: [&str; 11] = [
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#FIELD!",
    ];
    ERRORS.contains(&text) || (text.len() > 1 && text.bytes().all(|b| b == b'#'))
}

/// `1.1E+17`, as table programs write numbers that are too long for them; `12E34` may be the number of a room.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let mantissa = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
    let (whole, fraction) =
        mantissa.split_once('.').map_or((mantissa, None), |(whole, rest)| (whole, Some(rest)));
    let signed = exponent.strip_prefix(['+', '-']);
    let of_a_program = signed.is_some() || fraction.is_some();
    of_a_program && digits(whole) && fraction.is_none_or(digits) && digits(signed.unwrap_or(exponent))
}

#[cfg(test)]
mod tests;
