//! How a run went, as text: one line for each tenth of a second.

use super::run::Run;
use std::fmt::Write as _;

/// The samples of a run in columns: seconds; kbit/s of the line, of the estimate, sent, received; milliseconds waited;
/// packets dropped; pictures a second in all tiles; the encoding that moves in each tile.
pub fn text(run: &Run) -> String {
    let mut text = String::from("    at   line    est   sent   recv   wait   drop    fps tiles\n");
    for sample in &run.samples {
        let estimate =
            sample.estimate.map_or_else(|| "–".to_owned(), |estimate| (estimate / 1_000).to_string());
        let _ = write!(
            text,
            "{:>4}.{} {:>6} {estimate:>6} {:>6} {:>6} {:>6} {:>6} {:>6} ",
            sample.at / 1_000_000,
            sample.at % 1_000_000 / 100_000,
            sample.line / 1_000,
            sample.sent / 1_000,
            sample.received / 1_000,
            sample.waited / 1_000,
            sample.dropped,
            sample.pictures * 10,
        );
        for tile in &sample.tiles {
            text += &tile.map_or_else(|| ".".to_owned(), |encoding| encoding.to_string());
        }
        text.push('\n');
    }
    text
}
