//! What a worksheet says of itself beside the values: what is not shown, what is merged, what was never computed.

use super::{
    MAX_COLUMNS,
    package::{Package, attribute, each, is_same, position, resolved},
};
use quick_xml::events::BytesStart;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

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
    /// Its rows among these; none where its corners are the wrong way round.
    pub fn rows<'a, T>(&self, rows: &'a mut BTreeMap<u32, T>) -> impl Iterator<Item = (u32, &'a mut T)> {
        let (first, last) = self.rows;
        let within = (first <= last).then(|| rows.range_mut(first..=last));
        within.into_iter().flatten().map(|(row, content)| (*row, content))
    }

    /// Its columns, as far as columns are looked at.
    pub fn columns(&self) -> RangeInclusive<u32> {
        self.columns.0..=self.columns.1.min(MAX_COLUMNS - 1)
    }

    /// Is this the cell that has its value?
    pub fn is_first(&self, row: u32, column: u32) -> bool {
        (row, column) == (self.rows.0, self.columns.0)
    }
}

/// The sheets of a workbook by their names.
pub struct Sheets<'a> {
    pub package: Package<'a>,
    /// The part of the workbook itself.
    pub book: String,
    /// Where the part of each is.
    parts: BTreeMap<String, String>,
}

impl<'a> Sheets<'a> {
    /// Finds the parts; none where the file is broken.
    pub fn of(file: &'a [u8]) -> Option<Self> {
        let mut package = Package::open(file)?;
        let links = package.links("")?;
        let document = links.into_iter().find(|link| link.kind.ends_with("/officeDocument"))?;
        let book = document.target.trim_start_matches('/').to_owned();
        let xml = package.part(&book)?;
        let links = package.links(&book)?;
        let targets: BTreeMap<String, String> =
            links.into_iter().rev().map(|link| (link.id, link.target)).collect();
        let mut parts = BTreeMap::new();
        each(&xml, |element, _| {
            let named = (attribute(element, "name"), attribute(element, "id"));
            if let ("sheet", (Some(name), Some(id))) = (element.local_name().as_ref(), named)
                && let Some(target) = targets.get(&id)
            {
                parts.entry(name).or_insert_with(|| resolved(&book, target));
            }
        });
        Some(Self { package, book, parts })
    }

    /// The layout of the sheet of this name. A part is read once: that of two sheets would be unpacked without end.
    pub fn layout(&mut self, sheet: &str) -> Option<Layout> {
        let path = self.take(sheet)?;
        Some(read(&self.package.part(&path)?))
    }

    /// The part of the sheet of this name; asked for a second time, none.
    pub fn take(&mut self, sheet: &str) -> Option<String> {
        let path = self.parts.remove(sheet)?;
        self.parts.retain(|_, other| !is_same(other, &path));
        Some(path)
    }
}

fn read(sheet: &str) -> Layout {
    let mut layout = Layout::default();
    let (mut row, mut column) = (0_u32, 0_u32);
    let (mut formula, mut texts) = (None, false);
    each(sheet, |element, end| match (element.local_name().as_ref(), end) {
        ("col", false) if is_hidden(element, "width") => {
            let bound = |name| attribute(element, name).and_then(|text| text.parse::<u32>().ok());
            if let (Some(first), Some(last)) = (bound("min"), bound("max")) {
                // What is beyond is not looked at: neither its cells nor what hides them.
                let columns = first.max(1)..=last.min(MAX_COLUMNS);
                layout.hidden_columns.extend(columns.map(|column| column - 1));
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
