//! What a worksheet says of itself beside the values: what is not shown, what is merged, what was never computed.

use super::Charset;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read},
};
use zip::ZipArchive;

/// The largest row or column of a worksheet, counted from 0.
const LAST: u32 = 1_048_575;
/// Merged areas that are looked at.
const MAX_MERGED: usize = 20_000;

/// Rows and columns count from 0.
#[derive(Debug, Default)]
pub struct Layout {
    pub hidden_rows: BTreeSet<u32>,
    pub hidden_columns: BTreeSet<u32>,
    /// Formulas that have no value where their cell has none.
    pub unvalued: BTreeSet<(u32, u32)>,
    /// Areas of several cells.
    pub merged: Vec<Area>,
}

/// A merged area, its corners in it.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    rows: (u32, u32),
    columns: (u32, u32),
}

impl Area {
    /// Is this a cell of it, not the one that has its value?
    pub fn covers(&self, row: u32, column: u32) -> bool {
        let within =
            (self.rows.0..=self.rows.1).contains(&row) && (self.columns.0..=self.columns.1).contains(&column);
        within && (row, column) != (self.rows.0, self.columns.0)
    }

    /// Its cells below the first row, in rows that are there, under the cell that has its value.
    pub fn below<'a, T>(&'a self, rows: &'a BTreeMap<u32, T>) -> Vec<(u32, u32)> {
        let below = rows.range(self.rows.0.saturating_add(1)..=self.rows.1.max(self.rows.0 + 1));
        below.filter(|(row, _)| **row <= self.rows.1).map(|(row, _)| (*row, self.columns.0)).collect()
    }
}

/// The layout of the sheet of this name.
pub fn of(file: &[u8], sheet: &str) -> Option<Layout> {
    let mut archive = ZipArchive::new(Cursor::new(file)).ok()?;
    let book = relations(&mut archive, "_rels/.rels")?
        .into_iter()
        .find(|link| link.kind.ends_with("/officeDocument"))?;
    let book = book.target.trim_start_matches('/').to_owned();
    let id = sheet_id(&part(&mut archive, &book)?, sheet)?;
    let (folder, name) = book.rsplit_once('/').unwrap_or(("", &book));
    let links = relations(&mut archive, format!("{folder}/_rels/{name}.rels").trim_start_matches('/'))?;
    let target = links.into_iter().find(|link| link.id == id)?.target;
    let path = if target.starts_with('/') { target } else { format!("{folder}/{target}") };
    Some(read(&part(&mut archive, &path)?))
}

/// A relationship of a part to another (ECMA-376 part 2).
struct Link {
    id: String,
    kind: String,
    target: String,
}

fn relations(archive: &mut ZipArchive<Cursor<&[u8]>>, path: &str) -> Option<Vec<Link>> {
    let mut links = Vec::new();
    each(&part(archive, path)?, |element, _| {
        if element.local_name().as_ref() == "Relationship" {
            let text = |name| attribute(element, name).unwrap_or_default();
            links.push(Link { id: text("Id"), kind: text("Type"), target: text("Target") });
        }
    });
    Some(links)
}

/// The relationship of the sheet of this name.
fn sheet_id(book: &str, sheet: &str) -> Option<String> {
    let mut found = None;
    each(book, |element, _| {
        if element.local_name().as_ref() == "sheet" && attribute(element, "name").as_deref() == Some(sheet) {
            found = found.take().or_else(|| attribute(element, "id"));
        }
    });
    found
}

/// The text of a part.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, path: &str) -> Option<String> {
    let path = path.trim_start_matches('/');
    let same = |name: &str| name.replace('\\', "/").eq_ignore_ascii_case(path);
    let name = archive.file_names().filter_map(Result::ok).find(|name| same(name))?.into_owned();
    let mut bytes = Vec::new();
    archive.by_name(&name).ok()?.read_to_end(&mut bytes).ok()?;
    [Charset::Utf8, Charset::Utf16Le, Charset::Utf16Be].iter().find_map(|charset| charset.text(&bytes))
}

fn read(sheet: &str) -> Layout {
    let mut layout = Layout::default();
    let (mut row, mut column) = (0_u32, 0_u32);
    let (mut formula, mut texts) = (None, false);
    each(sheet, |element, end| match (element.local_name().as_ref(), end) {
        ("col", false) if is_hidden(element, "width") => {
            let bound = |name| attribute(element, name).and_then(|text| text.parse::<u32>().ok());
            if let (Some(first), Some(last)) = (bound("min"), bound("max")) {
                let last = last.min(first.saturating_add(super::MAX_COLUMNS));
                layout.hidden_columns.extend((first..=last).map(|column| column.saturating_sub(1)));
            }
        }
        ("row", false) => {
            let named = attribute(element, "r").and_then(|text| text.parse::<u32>().ok());
            row = named.map_or(row, |number| number.saturating_sub(1).min(LAST));
            column = 0;
            if is_hidden(element, "ht") {
                layout.hidden_rows.insert(row);
            }
        }
        ("row", true) => row = row.saturating_add(1),
        ("c", false) => {
            if let Some((_, named)) = attribute(element, "r").and_then(|text| position(&text)) {
                column = named;
            }
            formula = None;
            texts = attribute(element, "t").as_deref() == Some("str");
        }
        ("f", false) => formula = Some((row, column)),
        // A formula may say nothing, in so many words.
        ("v", false) if texts => formula = None,
        ("c", true) => {
            layout.unvalued.extend(formula.take());
            column = column.saturating_add(1);
        }
        ("mergeCell", false) if layout.merged.len() < MAX_MERGED => {
            let corners = attribute(element, "ref");
            let corners = corners.as_deref().and_then(|text| text.split_once(':'));
            let Some((Some(first), Some(last))) = corners.map(|(a, b)| (position(a), position(b))) else {
                return;
            };
            if first != last {
                layout.merged.push(Area { rows: (first.0, last.0), columns: (first.1, last.1) });
            }
        }
        _ => {}
    });
    layout
}

/// Hidden, or of no size.
fn is_hidden(element: &BytesStart<'_>, size: &str) -> bool {
    let hidden = attribute(element, "hidden").is_some_and(|text| text == "1" || text == "true");
    hidden || attribute(element, size).and_then(|text| text.parse::<f64>().ok()) == Some(0.0)
}

/// `B7` as row and column from 0.
fn position(text: &str) -> Option<(u32, u32)> {
    let text = text.replace('$', "");
    let split = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at(split);
    let column = letters.bytes().try_fold(0_u32, |sum, letter| {
        let value = u32::from(letter.to_ascii_uppercase().checked_sub(b'A')?) + 1;
        sum.checked_mul(26)?.checked_add(value)
    })?;
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

/// Hands over every element, at its begin and at its end; what is broken ends it, and the reader of values says so.
fn each(xml: &str, mut with: impl FnMut(&BytesStart<'_>, bool)) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => with(&element, false),
            Ok(Event::Empty(element)) => {
                with(&element, false);
                with(&element, true);
            }
            Ok(Event::End(element)) => with(&BytesStart::new(element.name().as_ref()), true),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// By its name without the namespace.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found =
        element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Explicit1_0).ok().map(std::borrow::Cow::into_owned)
}
