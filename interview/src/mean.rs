//! The mean of what a panel has given a candidate, and which examiner may see it when.

use crate::{Points, score::mean};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// When examiners see the mean of the sheets that are handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShowsMean {
    /// They do not.
    #[default]
    Never,
    /// When all have handed in.
    AllIn,
    /// When the own sheet is handed in: with few sheets the mean tells what others gave.
    OwnIn,
}

/// The mean of the sheets of a candidate that are handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Mean {
    /// In hundredths, halves rounded up.
    pub points: Points,
    /// Of how many sheets.
    pub sheets: u32,
}

impl Mean {
    /// None without a total.
    pub(crate) fn of(totals: impl Iterator<Item = Points>) -> Option<Self> {
        let totals: Vec<Points> = totals.collect();
        Some(Self { points: mean(&totals)?, sheets: u32::try_from(totals.len()).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_rounds_halves_up_and_there_is_none_of_nothing() {
        let mean = |totals: &[u32]| Mean::of(totals.iter().copied().map(Points));
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[8500, 8501]), Some(Mean { points: Points(8501), sheets: 2 }));
        assert_eq!(mean(&[8500, 8500, 8501]), Some(Mean { points: Points(8500), sheets: 3 }));
        assert_eq!(mean(&[u32::MAX; 60]), Some(Mean { points: Points(u32::MAX), sheets: 60 }));
    }
}
