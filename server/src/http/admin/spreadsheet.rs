//! Rows of a CSV or XLSX file, as an institution's table program wrote it; a hostile file costs a bounded effort.

use calamine::{DataRef, Reader, Xlsx};
use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read},
};
use zip::ZipArchive;

/// The largest file, in bytes.
pub const MAX_FILE: usize = 5 * 1024 * 1024;
/// The most that an XLSX file may be unpacked, in bytes.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;
/// Rows that are looked at.
const MAX_ROWS: u32 = 2000;
/// Columns that are looked at.
const MAX_COLUMNS: u32 = 64;
/// Characters of a cell that are looked at.
const MAX_CELL: usize = 1000;

/// A row with its number as the table program counts it, from 1.
pub type Row = (u32, Vec<String>);

/// The file cannot be read as a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Neither CSV nor XLSX, or broken.
    Broken,
    /// Too many rows, or too much when unpacked.
    TooLarge,
}

/// The rows that say something.
pub fn rows(file: &[u8]) -> Result<Vec<Row>, Unreadable> {
    if file.len() > MAX_FILE {
        return Err(Unreadable::TooLarge);
    }
    let rows = if file.starts_with(b"PK\x03\x04") { xlsx(file)? } else { separated(file)? };
    Ok(rows.into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())).collect())
}

fn xlsx(file: &[u8]) -> Result<Vec<Row>, Unreadable> {
    unpacks(file)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(|_| Unreadable::Broken)?;
    let sheet = book.sheet_names().first().cloned().ok_or(Unreadable::Broken)?;
    // Cell by cell: a single cell in the last corner would make a whole range of it.
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|_| Unreadable::Broken)?;
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(|_| Unreadable::Broken)? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        if text.is_empty() || column >= MAX_COLUMNS {
            continue;
        }
        if rows.len() as u32 >= MAX_ROWS && !rows.contains_key(&row) {
            return Err(Unreadable::TooLarge);
        }
        let cells = rows.entry(row.saturating_add(1)).or_default();
        if cells.len() <= column as usize {
            cells.resize(column as usize + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(column as usize) {
            *cell = text;
        }
    }
    Ok(rows.into_iter().collect())
}

/// Unpacks everything into nothing: what a file says of its own size need not be true.
fn unpacks(file: &[u8]) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Unreadable::Broken)?;
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| Unreadable::Broken)?;
        let size = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(|_| Unreadable::Broken)?;
        left = left.checked_sub(size).ok_or(Unreadable::TooLarge)?;
    }
    Ok(())
}

/// A cell as a person reads it: numbers of exam cards and phones are often kept as numbers.
fn text(value: &DataRef<'_>) -> String {
    let text = match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        _ => String::new(),
    };
    text.trim().chars().take(MAX_CELL).collect()
}

fn separated(file: &[u8]) -> Result<Vec<Row>, Unreadable> {
    // Chinese Excel writes CSV in GBK unless told otherwise.
    let text = match std::str::from_utf8(file) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => {
            let (text, _, broken) = encoding_rs::GB18030.decode(file);
            if broken {
                return Err(Unreadable::Broken);
            }
            text.into_owned()
        }
    };
    if text.contains('\0') {
        return Err(Unreadable::Broken);
    }
    // A line ends in one way, the last one too.
    let text = text.replace("\r\n", "\n").replace('\r', "\n") + "\n";
    let first = text.lines().next().unwrap_or_default();
    let marks = |mark: &&u8| first.bytes().filter(|byte| byte == *mark).count();
    let delimiter = *b",\t;".iter().rev().max_by_key(marks).unwrap_or(&b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut row = 0;
    loop {
        let before = reader.position().line();
        if !reader.read_record(&mut record).map_err(|_| Unreadable::Broken)? {
            return Ok(rows);
        }
        // A table program counts a record with line breaks in it as one row, and an empty line as one too.
        let breaks = record.iter().map(|cell| cell.matches('\n').count() as u64).sum();
        let lines = (reader.position().line() - before).saturating_sub(breaks);
        row += u32::try_from(lines).unwrap_or(MAX_ROWS);
        if row > MAX_ROWS {
            return Err(Unreadable::TooLarge);
        }
        let cells = record.iter().take(MAX_COLUMNS as usize);
        let cells = cells.map(|cell| cell.trim().chars().take(MAX_CELL).collect()).collect();
        rows.push((row, cells));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn own(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn a_table_of_any_common_form_gives_its_rows() {
        let wanted = vec![(1, own(&["姓名", "考号"])), (3, own(&["李华", "007"]))];
        assert_eq!(rows("\u{feff}姓名,考号\r\n,\r\n李华, 007 \r\n".as_bytes()).unwrap(), wanted);
        assert_eq!(rows("姓名\t考号\n\t\n李华\t007\n".as_bytes()).unwrap(), wanted);
        let broken = "姓名;考号\n\n\"李\n华\";007\n王芳;008".as_bytes();
        let of_broken = rows(broken).unwrap();
        assert_eq!((of_broken[1].0, of_broken[2].0), (3, 4));
        let (gbk, _, _) = encoding_rs::GBK.encode("姓名,考号\n,\n李华,007\n");
        assert_eq!(rows(&gbk).unwrap(), wanted);
    }

    fn book(sheet: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let parts = [
            (
                "[Content_Types].xml",
                r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
            ),
            (
                "_rels/.rels",
                r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
            ),
            (
                "xl/workbook.xml",
                r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#,
            ),
            (
                "xl/_rels/workbook.xml.rels",
                r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
            ),
            ("xl/worksheets/sheet1.xml", sheet),
        ];
        for (name, text) in parts {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn sheet(cells: &str) -> String {
        format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#
        )
    }

    #[test]
    fn a_workbook_gives_texts_and_whole_numbers_as_they_are_read() {
        let cells = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>手机</t></is></c></row><row r="4"><c r="B4"><v>13800138000</v></c></row>"#;
        assert_eq!(
            rows(&book(&sheet(cells))).unwrap(),
            [(1, own(&["手机"])), (4, own(&["", "13800138000"]))]
        );
    }

    #[test]
    fn a_cell_in_the_last_corner_costs_nothing() {
        let cells = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
        assert_eq!(rows(&book(&sheet(cells))).unwrap(), []);
    }

    #[test]
    fn what_is_broken_or_unpacks_into_too_much_is_refused() {
        assert_eq!(rows(b"PK\x03\x04 and no more"), Err(Unreadable::Broken));
        assert_eq!(rows(&[0xff, 0xff, 0x00]), Err(Unreadable::Broken));
        assert_eq!(rows(&vec![b'a'; MAX_FILE + 1]), Err(Unreadable::TooLarge));
        assert_eq!(rows("a\n".repeat(2001).as_bytes()), Err(Unreadable::TooLarge));
        let bomb = book(&sheet(&" ".repeat(65 * 1024 * 1024)));
        assert!(bomb.len() < MAX_FILE);
        assert_eq!(rows(&bomb), Err(Unreadable::TooLarge));
    }
}
