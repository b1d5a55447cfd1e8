//! CSV and its kin: any delimiter, any encoding, as table programs save it.

use super::{Cell, Charset, MAX_COLUMNS, Reading, Row, Table, Unreadable, find_headings};
use csv::{ReaderBuilder, StringRecord};

/// What may stand between cells, the likeliest first. A comma of full width is put as the last.
const DELIMITERS: [u8; 5] = [b',', b'\t', b';', b'|', WIDE];
/// Stands for `，` in a table that has nothing else.
const WIDE: u8 = 0x1f;
/// Lines from which the delimiter is found.
const LOOKED_AT: usize = 20;

/// The rows of a text.
pub fn read(file: &[u8], how: &Reading) -> Result<Table, Unreadable> {
    let guessed = match how.charset {
        Some(charset) => charset.text(file).map(|text| (charset, text)),
        None => Charset::guess(file),
    };
    let (charset, text) = guessed.ok_or(Unreadable::Broken)?;
    // Pictures and programs are texts in some encoding, too.
    if text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count() > text.len() / 100 {
        return Err(Unreadable::Broken);
    }
    // A line ends in one way, the last one too.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n") + "\n";
    let (said, text) = said(&text);
    let rows = match said {
        Some(delimiter) => rows(text, delimiter, how.most_rows())?,
        None => likeliest(text, how.most_rows())?,
    };
    Ok(Table { rows, charset: Some(charset), ..Table::default() })
}

/// `sep=;` in the first line is for table programs, which do not count it.
fn said(text: &str) -> (Option<u8>, &str) {
    let Some((first, rest)) = text.split_once('\n') else { return (None, text) };
    let line = first.trim().trim_matches('"').to_ascii_lowercase();
    match line.strip_prefix("sep=").map(str::as_bytes) {
        Some([delimiter]) if delimiter.is_ascii() => (Some(*delimiter), rest),
        Some([]) if first.contains('\t') => (Some(b'\t'), rest),
        _ => (None, text),
    }
}

/// By the delimiter that gives headings; else by the one that stands in the first line most often.
fn likeliest(text: &str, most: u32) -> Result<Vec<Row>, Unreadable> {
    let top: String = text.split_inclusive('\n').take(LOOKED_AT).collect();
    let headed =
        |delimiter: &&u8| rows(&top, **delimiter, most).is_ok_and(|rows| find_headings(&rows).is_some());
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mark = |delimiter: u8| if delimiter == WIDE { '，' } else { char::from(delimiter) };
    let marks = |delimiter: &&u8| first.chars().filter(|c| *c == mark(**delimiter)).count();
    let chosen = DELIMITERS.iter().find(headed);
    let chosen = chosen.or_else(|| DELIMITERS.iter().rev().max_by_key(marks));
    rows(text, chosen.copied().unwrap_or(b','), most)
}

fn rows(text: &str, delimiter: u8, most: u32) -> Result<Vec<Row>, Unreadable> {
    let wide = if delimiter == WIDE { text.replace('，', "\u{1f}") } else { String::new() };
    let text = if delimiter == WIDE { &wide } else { text };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let (mut rows, mut record, mut line) = (Vec::new(), StringRecord::new(), 0);
    loop {
        let before = reader.position().line();
        if !reader.read_record(&mut record).map_err(|_| Unreadable::Broken)? {
            break;
        }
        // A table program counts a record with line breaks in it as one row, and an empty line as one too.
        let breaks = record.iter().map(|cell| cell.matches('\n').count() as u64).sum();
        let lines = (reader.position().line() - before).saturating_sub(breaks).max(1);
        line += u32::try_from(lines).unwrap_or(most);
        if line > most {
            return Err(Unreadable::Rows(most));
        }
        let beyond = record.iter().skip(MAX_COLUMNS as usize).position(|cell| !cell.trim().is_empty());
        if let Some(beyond) = beyond {
            let column = u32::try_from(beyond).unwrap_or_default().saturating_add(MAX_COLUMNS);
            return Err(Unreadable::Columns(line - 1, column));
        }
        let cells = record.iter().take(MAX_COLUMNS as usize).map(Cell::written).collect();
        rows.push(Row { line, hidden: false, cells });
    }
    // A quotation mark that does not close takes all that follows into its cell.
    let swallowed = rows.last().filter(|row| row.cells.iter().any(|cell| cell.text.contains('\n')));
    match swallowed {
        Some(row) if text.matches('"').count() % 2 == 1 => Err(Unreadable::Quote(row.line)),
        _ => Ok(rows),
    }
}
