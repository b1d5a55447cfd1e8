//! What is wrong with a file, named by row, column and cell as the person sees them.

use crate::{
    problem::Problem,
    table::{MAX_COLUMNS, Unreadable, letters},
};
use serde::Serialize;
use utoipa::ToSchema;
use viva_interview::limit;
use viva_signaling::message::ErrorCode;

/// Faults that are named at once; the others show when these are mended.
const MOST: usize = 200;

/// One fault in a list of candidates or in what comes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// The row as a table program counts it; 0 for the whole file.
    pub row: u32,
    /// Which column: `name`, `number`, `phone`, `password`, or a word of the file; `file`, `photos` for all of it.
    pub column: String,
    /// What: a stable word.
    pub problem: &'static str,
    /// The cell as table programs name it: `B7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub cell: Option<String>,
    /// How much there may be, where there is too much.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub limit: Option<usize>,
    /// What of the cell is meant, or with what it does not go together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub text: Option<String>,
}

impl Fault {
    /// Of a row.
    pub fn new(row: u32, column: &str, problem: &'static str) -> Self {
        Self { row, column: column.chars().take(100).collect(), problem, cell: None, limit: None, text: None }
    }

    /// With the cell.
    pub fn at(self, column: u32) -> Self {
        Self { cell: Some(format!("{}{}", letters(column), self.row)), ..self }
    }

    /// With what is meant.
    pub fn of(self, text: &str) -> Self {
        Self { text: Some(text.chars().take(100).collect()), ..self }
    }

    /// With the limit.
    pub fn most(self, limit: usize) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// Of a file that is no table.
    pub fn unreadable(error: &Unreadable) -> Self {
        let whole = |problem| Self::new(0, "file", problem);
        match error {
            Unreadable::Broken => whole("broken"),
            Unreadable::OldWorkbook => whole("old_workbook"),
            Unreadable::TooLarge(mebibytes) => whole("too_large").most(*mebibytes),
            Unreadable::Rows(most) => whole("too_many_rows").most(*most as usize),
            Unreadable::Columns(row, column) => {
                let fault = Self::new(row.saturating_add(1), &letters(*column), "too_many_columns");
                fault.at(*column).most(MAX_COLUMNS as usize)
            }
            Unreadable::Quote(row) => Self::new(*row, "file", "quote"),
            Unreadable::NoSheet => whole("sheet_missing"),
        }
    }
}

/// The refusal with these faults.
pub fn refused(mut faults: Vec<Fault>) -> Problem {
    let detail = format!("{} faults, nothing was added", faults.len());
    faults.truncate(MOST);
    let people = faults.iter().any(|fault| fault.problem == "too_many_rows");
    let problem =
        Problem { rows: serde_json::to_value(faults).ok(), ..Problem::new(ErrorCode::ImportRefused, detail) };
    // Whoever has more rows than are looked at has more people than an interview takes.
    if people { problem.limited(limit::CANDIDATES) } else { problem }
}

/// The refusal of a file that is no table.
pub fn unreadable(error: &Unreadable) -> Problem {
    refused(vec![Fault::unreadable(error)])
}
