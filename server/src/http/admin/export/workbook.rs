//! A table as a workbook, in which a table program changes nothing.

use rust_xlsxwriter::{Format, XlsxError};
use viva_interview::{Cell, LocalTime, Table, spreadsheet::is_formula};

/// Texts as texts, so that a table program neither computes nor rewrites them; figures as numbers.
pub(super) fn workbook(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let (text, head) = (Format::new().set_num_format("@"), Format::new().set_num_format("@").set_bold());
    // What begins like a formula stays a text when somebody edits its cell, too.
    let quoted = Format::new().set_num_format("@").set_quote_prefix();
    let (whole, hundredths) = (Format::new().set_num_format("0"), Format::new().set_num_format("0.00"));
    let moment = Format::new().set_num_format("yyyy\\-mm\\-dd\\ hh:mm:ss");
    for (heading, column) in table.headings.iter().zip(0..) {
        sheet.write_string_with_format(0, column, heading, &head)?;
        sheet.set_column_width(column, 20)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (cells, row) in table.rows.iter().zip(1..) {
        for (cell, column) in cells.iter().zip(0..) {
            match cell {
                Cell::Text(value) if value.is_empty() => {}
                Cell::Text(value) if is_formula(value) => {
                    sheet.write_string_with_format(row, column, value, &quoted)?;
                }
                Cell::Text(value) => {
                    sheet.write_string_with_format(row, column, value, &text)?;
                }
                Cell::Moment(at) => {
                    if let Some(at) = at {
                        sheet.write_number_with_format(row, column, serial(*at), &moment)?;
                    }
                }
                Cell::Figure(value) => {
                    if let Ok(number) = value.parse::<f64>() {
                        let format = if value.contains('.') { &hundredths } else { &whole };
                        sheet.write_number_with_format(row, column, number, format)?;
                    }
                }
            }
        }
    }
    book.save_to_buffer()
}

/// A moment as workbooks count it: days since the end of 1899, to the second.
#[expect(clippy::cast_precision_loss, reason = "seconds of a time are far below 2^52")]
fn serial(at: LocalTime) -> f64 {
    const EPOCH: f64 = 25_569.0;
    EPOCH + (at.milliseconds() / 1000) as f64 / 86_400.0
}
