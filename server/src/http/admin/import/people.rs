//! The people of a table by its plan, or the cells that cannot be taken.

use super::{
    fault::Fault,
    plan::{Choices, HiddenRows, Plan},
};
use crate::{
    http::admin::candidates::{CandidateBody, LONGEST_PASSWORD},
    table::{Cell, CellFault, Meaning, Row, Table},
    time_zone::{Clocks, NoTime},
};
use viva_interview::writing;

/// Digits that table programs keep of a number.
const KEPT_DIGITS: usize = 15;

/// People with the rows in which they stand.
#[derive(Debug, Default)]
pub struct People {
    pub lines: Vec<u32>,
    pub bodies: Vec<CandidateBody>,
}

/// Reads the rows below the headings.
///
/// # Errors
/// Everything that cannot be taken.
pub fn people(table: &Table, plan: &Plan, choices: &Choices, clocks: &Clocks) -> Result<People, Vec<Fault>> {
    let mut faults = plan.faults().to_vec();
    let mut people = People::default();
    let rows = table.rows.get(plan.start..).unwrap_or_default();
    for row in rows {
        match (row.hidden, choices.hidden_rows) {
            (true, None) => faults.push(Fault::new(row.line, "file", "hidden_row")),
            (true, Some(HiddenRows::Skip)) => continue,
            _ => {}
        }
        if repeats_headings(row, plan) {
            faults.push(Fault::new(row.line, "file", "heading_again"));
        }
        let [name, number, phone, password, time] = Meaning::TAKEN.map(|meaning| {
            let Some((cell, column)) = taken(row, plan, meaning) else { return String::new() };
            if let Some(fault) = fault(cell, meaning) {
                let fault = Fault::new(row.line, meaning.code(), fault).at(column);
                faults.push(if meaning == Meaning::Password { fault.most(LONGEST_PASSWORD) } else { fault });
            }
            cell.text.clone()
        });
        // What a person does not see is no password.
        let password =
            Some(password).filter(|text| text.chars().any(|c| !c.is_whitespace() && !writing::is_unseen(c)));
        let starts_at = Some(time).filter(|time| !time.is_empty()).and_then(|time| {
            let fault = |why: NoTime| Fault::new(row.line, Meaning::Time.code(), why.code());
            let place = plan.column(Meaning::Time).unwrap_or_default();
            clocks.read(&time).map_err(|why| faults.push(fault(why).at(place))).ok()
        });
        people.lines.push(row.line);
        people.bodies.push(CandidateBody { name, number, phone, password, starts_at });
    }
    faults.extend(rounded(rows, plan));
    if people.bodies.is_empty() && faults.is_empty() {
        faults.push(Fault::new(plan.heading_row.max(1), "file", "empty"));
    }
    if faults.is_empty() { Ok(people) } else { Err(faults) }
}

fn taken<'a>(row: &'a Row, plan: &Plan, meaning: Meaning) -> Option<(&'a Cell, u32)> {
    let column = plan.column(meaning)?;
    row.cells.get(column as usize).map(|cell| (cell, column))
}

/// Why a cell cannot be taken for this.
fn fault(cell: &Cell, meaning: Meaning) -> Option<&'static str> {
    match (cell.fault, meaning) {
        // A date is what stands here; whether it can be read, is seen by what it is written as.
        (Some(CellFault::Date), Meaning::Time) => None,
        // A password may look like a formula.
        (Some(CellFault::Formula), Meaning::Password) if !cell.text.is_empty() => None,
        (Some(fault), _) => Some(fault.code()),
        (None, Meaning::Password) if cell.text.chars().count() > LONGEST_PASSWORD => Some("too_long"),
        (None, Meaning::Password) => {
            let seen = cell.text.chars().any(|c| !c.is_whitespace() && !writing::is_unseen(c));
            (seen && writing::password(&cell.text).is_empty()).then_some("invalid")
        }
        (None, Meaning::Number | Meaning::Phone) => is_decimal(&cell.text).then_some("decimal"),
        (None, _) => None,
    }
}

/// `13900139000.0`, as programs write whole numbers that they took for measures.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.split_once('.')
        .is_some_and(|(whole, rest)| digits(whole) && !rest.is_empty() && rest.bytes().all(|b| b == b'0'))
}

/// A second row of headings, as printed lists have one a page.
fn repeats_headings(row: &Row, plan: &Plan) -> bool {
    let same = |meaning| {
        let heading = writing::heading(plan.heading(meaning));
        !heading.is_empty()
            && taken(row, plan, meaning).is_some_and(|(cell, _)| writing::heading(&cell.text) == heading)
    };
    same(Meaning::Name) && same(Meaning::Number)
}

/// Numbers as texts whose last digits a table program has lost before: all that have more digits than it keeps end in
/// zeros there. One alone may be so by chance, unless it is of an identity card whose check digit is wrong.
fn rounded(rows: &[Row], plan: &Plan) -> Vec<Fault> {
    let Some(column) = plan.column(Meaning::Number) else { return Vec::new() };
    let texts = rows.iter().filter_map(|row| Some((row.line, row.cells.get(column as usize)?.text.as_str())));
    let long: Vec<(u32, &str)> = texts
        .filter(|(_, text)| text.len() > KEPT_DIGITS && text.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    let lost = |text: &str| text.bytes().skip(KEPT_DIGITS).all(|b| b == b'0') && !is_identity(text);
    let all = long.len() > 2 && long.iter().all(|(_, text)| lost(text));
    let found = long.iter().filter(|(_, text)| lost(text) && (all || text.len() == 18));
    found.map(|(line, _)| Fault::new(*line, Meaning::Number.code(), "rounded").at(column)).collect()
}

/// Has this the check digit of an identity card (GB 11643-1999)?
fn is_identity(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    digits.len() == 18 && digits.last() == Some(&((12 - sum % 11) % 11))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_of_identity_cards_is_known() {
        // A sample of the standard.
        assert!(is_identity("440524188001010014"));
        assert!(!is_identity("440524188001010000"));
    }
}
