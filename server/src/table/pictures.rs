//! Pictures of a worksheet and the cells where a person sees them: laid over cells (ECMA-376 part 1, 20.5), or in cells as
//! Excel 365 (MS-XLSX 2.3.6, rich values) and WPS (`DISPIMG`) write them.

use super::{
    layout::Sheets,
    package::{Link, Node, Package, attribute, each, position, resolved, walk},
};
use std::collections::BTreeMap;

/// Pictures of a sheet that are looked at; a row has one, and some lists a second.
const MAX_PICTURES: usize = 4000;
/// Entries of each table between cells and pictures that are looked at.
const MAX_ENTRIES: usize = 50_000;
/// Rows that a picture may reach over; what reaches further is in the background.
const MAX_REACH: u32 = 60;
/// Points that a row is high where the sheet does not say.
const ROW_HEIGHT: f64 = 15.0;
/// English metric units in a point.
const EMU: f64 = 12_700.0;

/// A picture in a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellPicture {
    /// From 0.
    pub row: u32,
    /// From 0.
    pub column: u32,
    /// The part of the archive that has its bytes.
    pub part: String,
}

/// The pictures of this sheet; none where the file is broken, which the reader of values says.
pub fn pictures(file: &[u8], sheet: &str) -> Vec<CellPicture> {
    let found = || {
        let mut sheets = Sheets::of(file)?;
        let path = sheets.take(sheet)?;
        let (mut package, book) = (sheets.package, sheets.book);
        let grid = Grid::of(&package.part(&path)?);
        let mut found = laid_over(&mut package, &path, &grid).unwrap_or_default();
        found.extend(rich_values(&mut package, &book, &grid).unwrap_or_default());
        found.extend(of_wps(&mut package, &book, &grid).unwrap_or_default());
        found.truncate(MAX_PICTURES);
        Some(found)
    };
    found().unwrap_or_default()
}

/// What a sheet says of where pictures are.
#[derive(Default)]
struct Grid {
    /// In points, of the rows that say it; and of the others.
    heights: BTreeMap<u32, f64>,
    height: Option<f64>,
    /// Cells with a rich value, by its number from 1.
    rich: Vec<((u32, u32), usize)>,
    /// Cells with a picture of WPS, by its name.
    named: Vec<((u32, u32), String)>,
}

impl Grid {
    fn of(sheet: &str) -> Self {
        let mut grid = Self::default();
        let (mut row, mut column, mut formula) = (0_u32, 0_u32, None::<String>);
        walk(sheet, |node| match node {
            Node::Begin(element) => match element.local_name().as_ref() {
                "sheetFormatPr" => grid.height = figure(attribute(element, "defaultRowHeight")),
                "row" => {
                    let named = attribute(element, "r").and_then(|text| text.parse::<u32>().ok());
                    row = named.map_or(row, |number| number.saturating_sub(1));
                    column = 0;
                    if let Some(height) = figure(attribute(element, "ht")) {
                        grid.heights.insert(row, height);
                    }
                }
                "c" => {
                    if let Some(place) = attribute(element, "r").and_then(|text| position(&text)) {
                        (row, column) = place;
                    }
                    let rich = attribute(element, "vm").and_then(|text| text.parse().ok());
                    if let Some(rich) = rich.filter(|_| grid.rich.len() < MAX_PICTURES) {
                        grid.rich.push(((row, column), rich));
                    }
                }
                "f" => formula = Some(String::new()),
                _ => {}
            },
            Node::Text(text) => {
                if let Some(formula) = formula.as_mut().filter(|formula| formula.len() < 300) {
                    formula.extend(text.chars().take(300));
                }
            }
            Node::End(element) => match element.local_name().as_ref() {
                "f" => {
                    let name = formula.take().and_then(|formula| dispimg(&formula));
                    if let Some(name) = name.filter(|_| grid.named.len() < MAX_PICTURES) {
                        grid.named.push(((row, column), name));
                    }
                }
                "c" => column = column.saturating_add(1),
                "row" => row = row.saturating_add(1),
                _ => {}
            },
        });
        grid
    }

    fn height(&self, row: u32) -> f64 {
        self.heights.get(&row).copied().or(self.height).unwrap_or(ROW_HEIGHT)
    }

    /// The row in which most of a picture is; none of one that is in the background.
    fn row(&self, Anchor { from, to, high, .. }: &Anchor) -> Option<u32> {
        let (first, above) = (from.row?, from.offset / EMU);
        let mut left = high.map(|high| high / EMU);
        let mut most: Option<(f64, u32)> = None;
        for row in first..=first.saturating_add(MAX_REACH) {
            let begin = if row == first { above } else { 0.0 };
            let inner = (self.height(row) - begin).max(0.0);
            // One that is laid from cell to cell says where it ends, any other how high it is.
            let (part, ends) = match (to.row, &mut left) {
                (Some(last), _) if row >= last => (to.offset / EMU - begin, true),
                (Some(_), _) => (inner, false),
                (None, Some(left)) => {
                    let part = inner.min(*left);
                    *left -= part;
                    (part, *left <= 0.0)
                }
                (None, None) => (inner, true),
            };
            if most.is_none_or(|(known, _)| part > known) {
                most = Some((part, row));
            }
            if ends {
                return most.map(|(_, row)| row);
            }
        }
        None
    }
}

/// Where a picture is laid over the sheet.
#[derive(Default)]
struct Anchor {
    from: Corner,
    to: Corner,
    /// In EMU.
    high: Option<f64>,
    /// The link to its bytes.
    link: Option<String>,
}

#[derive(Default)]
struct Corner {
    row: Option<u32>,
    column: Option<u32>,
    /// Below the top of the row, in EMU.
    offset: f64,
}

fn laid_over(package: &mut Package<'_>, sheet: &str, grid: &Grid) -> Option<Vec<CellPicture>> {
    let drawing = package.links(sheet)?.into_iter().find(|link| link.kind.ends_with("/drawing"))?;
    let path = resolved(sheet, &drawing.target);
    let anchors = anchors(&package.part(&path)?);
    let media = media(package, &path)?;
    let cell = |anchor: Anchor| {
        let part = media.get(anchor.link.as_ref()?)?.clone();
        Some(CellPicture { row: grid.row(&anchor)?, column: anchor.from.column?, part })
    };
    Some(anchors.into_iter().filter_map(cell).collect())
}

fn anchors(drawing: &str) -> Vec<Anchor> {
    let mut found = Vec::new();
    let mut anchor: Option<Anchor> = None;
    let (mut corner, mut field) = ("", String::new());
    walk(drawing, |node| match node {
        Node::Begin(element) => match element.local_name().as_ref() {
            "twoCellAnchor" | "oneCellAnchor" => anchor = Some(Anchor::default()),
            "from" => corner = "from",
            "to" => corner = "to",
            // Of the anchor itself it stands before the picture, whose own size follows.
            "ext" => {
                let high = figure(attribute(element, "cy"));
                if let Some(anchor) = anchor.as_mut().filter(|anchor| anchor.high.is_none()) {
                    anchor.high = high;
                }
            }
            "blip" => {
                if let Some(anchor) = &mut anchor {
                    anchor.link = attribute(element, "embed");
                }
            }
            "row" | "col" | "rowOff" => field.clear(),
            _ => {}
        },
        Node::Text(text) => field.extend(text.chars().take(20)),
        Node::End(element) => {
            let name = element.local_name();
            match name.as_ref() {
                "twoCellAnchor" | "oneCellAnchor" if found.len() < MAX_PICTURES => {
                    found.extend(anchor.take())
                }
                "row" | "col" | "rowOff" => {
                    let Some(anchor) = &mut anchor else { return };
                    let corner = if corner == "to" { &mut anchor.to } else { &mut anchor.from };
                    match name.as_ref() {
                        "row" => corner.row = field.trim().parse().ok(),
                        "col" => corner.column = field.trim().parse().ok(),
                        _ => corner.offset = figure(Some(field.trim().to_owned())).unwrap_or_default(),
                    }
                }
                _ => {}
            }
        }
    });
    found
}

/// Pictures that were placed in cells: the cell's value leads over four tables to a link.
fn rich_values(package: &mut Package<'_>, book: &str, grid: &Grid) -> Option<Vec<CellPicture>> {
    if grid.rich.is_empty() {
        return None;
    }
    let links = package.links(book)?;
    let of = |kind: &str| {
        let link = links.iter().find(|link: &&Link| link.kind.ends_with(kind))?;
        Some(resolved(book, &link.target))
    };
    let values = value_metadata(&package.part(&of("/sheetMetadata")?)?);
    let places = image_places(&package.part(&of("/rdRichValueStructure")?)?);
    let images = rich_images(&package.part(&of("/rdRichValue")?)?, &places);
    let relations = of("/richValueRel")?;
    let mut rels = Vec::new();
    each(&package.part(&relations)?, |element, end| {
        if !end && element.local_name().as_ref() == "rel" && rels.len() < MAX_ENTRIES {
            rels.extend(attribute(element, "id"));
        }
    });
    let media = media(package, &relations)?;
    let cell = |((row, column), value): &((u32, u32), usize)| {
        let rich = values.get(value.checked_sub(1)?)?.as_ref()?;
        let link = rels.get((*images.get(*rich)?)?)?;
        Some(CellPicture { row: *row, column: *column, part: media.get(link)?.clone() })
    };
    Some(grid.rich.iter().filter_map(cell).collect())
}

/// The rich value of each entry, in the order of the entries.
fn value_metadata(xml: &str) -> Vec<Option<usize>> {
    let (mut kinds, mut futures) = (Vec::new(), BTreeMap::<String, Vec<Option<usize>>>::new());
    let mut entries: Vec<Option<(usize, usize)>> = Vec::new();
    let (mut future, mut in_values) = (None::<String>, false);
    each(xml, |element, end| {
        let number = |name| attribute(element, name).and_then(|text| text.parse::<usize>().ok());
        match (element.local_name().as_ref(), end) {
            ("metadataType", false) if kinds.len() < MAX_ENTRIES => kinds.extend(attribute(element, "name")),
            ("futureMetadata", false) => future = attribute(element, "name"),
            ("futureMetadata", true) => future = None,
            ("valueMetadata", _) => in_values = !end,
            ("bk", false) if entries.len() + futures.values().map(Vec::len).sum::<usize>() >= MAX_ENTRIES => {
            }
            ("bk", false) if in_values => entries.push(None),
            ("bk", false) => {
                if let Some(future) = &future {
                    futures.entry(future.clone()).or_default().push(None);
                }
            }
            ("rvb", false) => {
                let last = future.as_ref().and_then(|future| futures.get_mut(future)?.last_mut());
                if let Some(last) = last {
                    *last = number("i");
                }
            }
            ("rc", false) if in_values => {
                if let (Some(last), Some(kind), Some(value)) = (entries.last_mut(), number("t"), number("v"))
                {
                    *last = Some((kind, value));
                }
            }
            _ => {}
        }
    });
    let rich = |entry: Option<(usize, usize)>| {
        let (kind, value) = entry?;
        *futures.get(kinds.get(kind.checked_sub(1)?)?)?.get(value)?
    };
    entries.into_iter().map(rich).collect()
}

/// In which place of each structure the number of a picture stands.
fn image_places(xml: &str) -> Vec<Option<usize>> {
    let (mut places, mut key) = (Vec::new(), 0);
    each(xml, |element, end| match (element.local_name().as_ref(), end) {
        ("s", false) if places.len() < MAX_ENTRIES => {
            places.push(None);
            key = 0;
        }
        ("k", false) => {
            if attribute(element, "n").as_deref() == Some("_rvRel:LocalImageIdentifier")
                && let Some(place) = places.last_mut()
            {
                *place = Some(key);
            }
            key += 1;
        }
        _ => {}
    });
    places
}

/// The number of the picture of each rich value.
fn rich_images(xml: &str, places: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut images: Vec<Option<usize>> = Vec::new();
    let (mut wanted, mut at, mut text) = (None, 0, String::new());
    walk(xml, |node| match node {
        Node::Begin(element) => match element.local_name().as_ref() {
            "rv" if images.len() < MAX_ENTRIES => {
                let structure = attribute(element, "s").and_then(|text| text.parse::<usize>().ok());
                wanted = structure.and_then(|structure| *places.get(structure)?);
                images.push(None);
                at = 0;
            }
            "v" => text.clear(),
            _ => {}
        },
        Node::Text(part) => text.extend(part.chars().take(20)),
        Node::End(element) => {
            if element.local_name().as_ref() == "v" {
                if wanted == Some(at)
                    && let Some(image) = images.last_mut()
                {
                    *image = text.trim().parse().ok();
                }
                at += 1;
            }
        }
    });
    images
}

/// Pictures in cells as WPS keeps them: a formula names one of the list `cellimages.xml`.
fn of_wps(package: &mut Package<'_>, book: &str, grid: &Grid) -> Option<Vec<CellPicture>> {
    if grid.named.is_empty() {
        return None;
    }
    let list = package.links(book)?.into_iter().find(|link| link.kind.ends_with("/cellImage"))?;
    let path = resolved(book, &list.target);
    let (mut links, mut name) = (BTreeMap::new(), None);
    each(&package.part(&path)?, |element, end| match (element.local_name().as_ref(), end) {
        ("cNvPr", false) => name = attribute(element, "name"),
        ("blip", false) => {
            if let (Some(name), Some(link)) = (name.take(), attribute(element, "embed"))
                && links.len() < MAX_ENTRIES
            {
                links.insert(name, link);
            }
        }
        _ => {}
    });
    let media = media(package, &path)?;
    let cell = |((row, column), name): &((u32, u32), String)| {
        let part = media.get(links.get(name)?)?.clone();
        Some(CellPicture { row: *row, column: *column, part })
    };
    Some(grid.named.iter().filter_map(cell).collect())
}

/// The name in `=DISPIMG("ID_…",1)`, whose quotation marks may be missing here.
fn dispimg(formula: &str) -> Option<String> {
    let (_, arguments) = formula.split_once("DISPIMG(")?;
    let name = arguments.split([',', ')']).next()?.trim().trim_matches('"');
    (!name.is_empty()).then(|| name.to_owned())
}

/// The parts that a part links to, by their links; what is outside of the file is none.
fn media(package: &mut Package<'_>, path: &str) -> Option<BTreeMap<String, String>> {
    let links = package.links(path)?.into_iter().filter(|link| link.kind.ends_with("/image"));
    Some(links.map(|link| (link.id, resolved(path, &link.target))).collect())
}

fn figure(text: Option<String>) -> Option<f64> {
    text?.parse::<f64>().ok().filter(|figure| figure.is_finite() && *figure >= 0.0)
}
