//! Tables of rows under columns.

use crate::report::column::Column;
use maud::{Markup, html};

/// Rows that belong together, below a heading of their own where there is one.
pub struct Block<'a, T> {
    pub heading: Option<String>,
    /// The rows; a name at the left where they have one, and whether the row is to be seen first.
    pub rows: Vec<Row<'a, T>>,
}

pub struct Row<'a, T> {
    pub name: Option<&'a str>,
    pub figures: &'a T,
    /// Whether it stands out.
    pub stands_out: bool,
}

impl<'a, T> Row<'a, T> {
    /// A row among others.
    pub fn plain(figures: &'a T) -> Self {
        Self { name: None, figures, stands_out: false }
    }

    /// A row with a name.
    pub fn named(name: &'a str, figures: &'a T) -> Self {
        Self { name: Some(name), figures, stands_out: false }
    }
}

/// A table that scrolls sideways where the screen is narrow.
pub fn table<T>(columns: &[Column<T>], blocks: &[Block<'_, T>]) -> Markup {
    let named = blocks.iter().flat_map(|block| &block.rows).any(|row| row.name.is_some());
    let width = columns.len() + usize::from(named);
    html! {
        div.scroll {
            table {
                thead {
                    tr.groups {
                        @if named { th {} }
                        @for (group, span) in groups(columns) { th colspan=(span) scope="colgroup" { span { (group) } } }
                    }
                    tr {
                        @if named { th {} }
                        @for column in columns { th scope="col" { (column.name) small { (column.unit) } } }
                    }
                }
                @for block in blocks {
                    tbody {
                        @if let Some(heading) = &block.heading {
                            tr.heading { th colspan=(width) scope="rowgroup" { span { (heading) } } }
                        }
                        @for row in &block.rows { (line(columns, row, named)) }
                    }
                }
            }
        }
    }
}

fn line<T>(columns: &[Column<T>], row: &Row<'_, T>, named: bool) -> Markup {
    html! {
        tr.stands-out[row.stands_out] {
            @if named { th scope="row" { (row.name.unwrap_or_default()) } }
            @for column in columns {
                td.key-figure[column.name == "F"] { ((column.value)(row.figures)) }
            }
        }
    }
}

/// Headings over neighbours of one group, with the columns that each spans.
fn groups<T>(columns: &[Column<T>]) -> Vec<(&'static str, usize)> {
    let mut groups: Vec<(&'static str, usize)> = Vec::new();
    for column in columns {
        match groups.last_mut() {
            Some((group, span)) if *group == column.group => *span += 1,
            _ => groups.push((column.group, 1)),
        }
    }
    groups
}
