//! XLSX workbooks: the sheet that a person looks at, its cells as they are shown.

use super::{
    Cell, CellFault, MAX_CELL, MAX_COLUMNS, MAX_FILE, MAX_UNPACKED, Reading, Row, Sheet, Table, Unreadable,
    figure, find_headings,
    layout::{Layout, Sheets},
};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read, Seek},
};
use zip::{ZipArchive, ZipWriter};

/// Sheets that are looked at.
const MAX_SHEETS: usize = 50;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The sheet that was asked for; else the one visible sheet that lists people, else the first that says something.
pub fn read(file: &[u8], how: &Reading) -> Result<Table, Unreadable> {
    unpacks(file)?;
    let mut book: Book<'_> = Xlsx::new(Cursor::new(file)).map_err(|_| Unreadable::Broken)?;
    let mut sheets = Vec::new();
    let mut read = Vec::new();
    let mut layouts = Sheets::of(file).ok_or(Unreadable::Broken)?;
    let named: Vec<_> =
        book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect();
    for metadata in named.into_iter().take(MAX_SHEETS) {
        let layout = layouts.layout(&metadata.name).ok_or(Unreadable::Broken)?;
        let (hidden, wanted) =
            (metadata.visible != SheetVisible::Visible, how.sheet.as_deref() == Some(&metadata.name));
        // A sheet that nobody asked for must not keep the others from being read.
        let rows = match rows(&mut book, &metadata.name, &layout, how.most_rows()) {
            Ok(rows) => rows,
            Err(error) if wanted || how.sheet.is_none() && !hidden => return Err(error),
            Err(_) => Vec::new(),
        };
        let people = find_headings(&rows).is_some();
        sheets.push(Sheet { name: metadata.name, hidden, rows: rows.len(), people });
        read.push((rows, layout));
    }
    let first = |fits: &dyn Fn(&Sheet) -> bool| sheets.iter().position(fits);
    let index = match &how.sheet {
        Some(name) => first(&|sheet| sheet.name == *name).ok_or(Unreadable::NoSheet)?,
        None => first(&|sheet| !sheet.hidden && sheet.people)
            .or_else(|| first(&|sheet| !sheet.hidden && sheet.rows > 0))
            .or_else(|| first(&|sheet| !sheet.hidden))
            .ok_or(Unreadable::Broken)?,
    };
    let (rows, layout) = read.swap_remove(index);
    let sheet = sheets.get(index).map(|sheet| sheet.name.clone());
    Ok(Table { rows, hidden_columns: layout.hidden_columns, charset: None, sheet, sheets })
}

/// The rows that say something.
fn rows(book: &mut Book<'_>, sheet: &str, layout: &Layout, most: u32) -> Result<Vec<Row>, Unreadable> {
    // Cell by cell: a single cell in the last corner would make a whole range of it.
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|_| Unreadable::Broken)?;
    let format =
        |style: &calamine::Style| style.number_format.as_ref().map(|format| format.format_code.clone());
    let formats: Vec<Option<String>> = cells.styles().iter().map(format).collect();
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|_| Unreadable::Broken)? {
        let (row, column) = cell.get_position();
        let format = formats.get(style).and_then(|format| format.as_deref());
        let mut value = shown(cell.get_value(), format.unwrap_or("General"));
        if value.is_empty() && layout.unvalued.contains(&(row, column)) {
            value.fault = Some(CellFault::Formula);
        }
        put(&mut rows, layout, (row, column), value, most)?;
    }
    mark_merged(&mut rows, layout, most)?;
    Ok(rows.into_values().collect())
}

/// What is under a merged cell is not seen. What is merged away need not be written at all: in the first column below
/// it is missing then.
fn mark_merged(rows: &mut BTreeMap<u32, Row>, layout: &Layout, most: u32) -> Result<(), Unreadable> {
    // Areas do not overlap, so together they have no more cells than there are.
    let mut left = most * MAX_COLUMNS;
    for area in &layout.merged {
        for (number, row) in area.rows(rows) {
            for column in area.columns() {
                left = left.checked_sub(1).ok_or(Unreadable::Broken)?;
                if area.is_first(number, column) {
                    continue;
                }
                let needed = column == *area.columns().start();
                if needed && row.cells.len() <= column as usize {
                    row.cells.resize(column as usize + 1, Cell::default());
                }
                let cell = row.cells.get_mut(column as usize);
                if let Some(cell) = cell.filter(|cell| needed || !cell.is_empty()) {
                    cell.fault = Some(CellFault::Merged);
                }
            }
        }
    }
    Ok(())
}

fn put(
    rows: &mut BTreeMap<u32, Row>,
    layout: &Layout,
    (row, column): (u32, u32),
    value: Cell,
    most: u32,
) -> Result<(), Unreadable> {
    if value.is_empty() {
        return Ok(());
    }
    if column >= MAX_COLUMNS {
        return Err(Unreadable::Columns(row, column));
    }
    if rows.len() >= most as usize && !rows.contains_key(&row) {
        return Err(Unreadable::Rows(most));
    }
    let new =
        || Row { line: row.saturating_add(1), hidden: layout.hidden_rows.contains(&row), cells: Vec::new() };
    let cells = &mut rows.entry(row).or_insert_with(new).cells;
    if cells.len() <= column as usize {
        cells.resize(column as usize + 1, Cell::default());
    }
    if let Some(cell) = cells.get_mut(column as usize) {
        *cell = value;
    }
    Ok(())
}

/// A cell as a person reads it.
fn shown(value: &DataRef<'_>, format: &str) -> Cell {
    let fault = |text: String, fault| Cell { text, fault: Some(fault) };
    let number = |number: f64| match figure::shown(number, format) {
        Ok(text) => Cell { text, fault: None },
        Err(why) => fault(number.to_string(), why),
    };
    match value {
        DataRef::Empty => Cell::default(),
        DataRef::Int(value) => number(*value as f64),
        DataRef::Float(value) => number(*value),
        DataRef::String(text) => Cell::shown(text),
        DataRef::SharedString(text) => Cell::shown(text),
        DataRef::Bool(value) => fault(value.to_string().to_uppercase(), CellFault::Boolean),
        DataRef::Error(error) => fault(error.to_string(), CellFault::Error),
        DataRef::DateTime(moment) => fault(written(moment), CellFault::Date),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            fault(text.chars().take(MAX_CELL).collect(), CellFault::Date)
        }
    }
}

/// A date or a time as it would be written; without the day where there is none, and without seconds.
fn written(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let second = if second == 0 { String::new() } else { format!(":{second:02}") };
    let day = match moment.as_f64() {
        0.0..1.0 => String::new(),
        _ => format!("{year}-{month:02}-{day:02} "),
    };
    format!("{day}{hour:02}:{minute:02}{second}")
}

/// The same workbook without what is in its folders of pictures: as it is read where the pictures would be too much.
///
/// # Errors
/// It is no archive, or the rest is larger than [`MAX_FILE`].
pub fn without_pictures(file: impl Read + Seek) -> Result<Vec<u8>, Unreadable> {
    let mut archive = ZipArchive::new(file).map_err(|_| Unreadable::Broken)?;
    let mut slim = ZipWriter::new(Cursor::new(Vec::new()));
    let mut left = MAX_FILE as u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| Unreadable::Broken)?;
        let path = String::from_utf8_lossy(entry.name_raw()).replace('\\', "/").to_ascii_lowercase();
        if path.contains("/media/") {
            continue;
        }
        // With what the archive keeps of each besides.
        let size = entry.compressed_size().saturating_add(2 * path.len() as u64 + 100);
        left = left.checked_sub(size).ok_or(Unreadable::TooLarge(MAX_FILE / 1024 / 1024))?;
        slim.raw_copy_file(entry).map_err(|_| Unreadable::Broken)?;
    }
    Ok(slim.finish().map_err(|_| Unreadable::Broken)?.into_inner())
}

/// Unpacks everything into nothing: what a file says of its own size need not be true.
fn unpacks(file: &[u8]) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Unreadable::Broken)?;
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| Unreadable::Broken)?;
        let size = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(|_| Unreadable::Broken)?;
        left = left.checked_sub(size).ok_or(Unreadable::TooLarge((MAX_UNPACKED / 1024 / 1024) as usize))?;
    }
    Ok(())
}
