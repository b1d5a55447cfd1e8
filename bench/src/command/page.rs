//! `viva-bench report`: makes the page of what was measured.

use crate::{figures::Report, report};
use clap::Args;
use std::{fs, path::PathBuf};

/// Which runs, and where to.
#[derive(Args)]
pub struct Page {
    /// Files that `run --json` wrote; the first gives machine, date and floor.
    #[arg(required = true)]
    runs: Vec<PathBuf>,
    /// The page that is written.
    #[arg(long, short, default_value = "docs/benchmarks/index.html")]
    out: PathBuf,
    /// The committed instruction counts.
    #[arg(long, default_value = "bench/instructions.toml")]
    instructions: PathBuf,
}

impl Page {
    /// Writes it.
    ///
    /// # Errors
    /// Where a file cannot be read or written.
    pub fn write(self) -> Result<(), String> {
        let mut all: Option<Report> = None;
        for path in &self.runs {
            let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let report: Report =
                serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            match &mut all {
                None => all = Some(report),
                Some(all) => all.results.extend(report.results),
            }
        }
        let all = all.ok_or("no run is named")?;
        let counts = viva_instructions::committed(&self.instructions).map_err(|error| error.to_string())?;
        let page = report::html(&all, &counts);
        fs::write(&self.out, page).map_err(|error| format!("{}: {error}", self.out.display()))
    }
}
