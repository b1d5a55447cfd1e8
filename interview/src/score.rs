//! Points in hundredths, criteria, score sheets.

use crate::{InvalidText, Time, limit};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};
use ts_rs::TS;
use utoipa::ToSchema;

/// Points, in hundredths.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(transparent)]
#[ts(type = "number")]
#[schema(minimum = 0, maximum = 1_000_000)]
pub struct Points(pub u32);

impl fmt::Display for Points {
    /// In whole points with two decimals: `87.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// The name of a criterion for machines: 1 to 32 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
#[schema(pattern = "^[!-~]{1,32}$")]
pub struct CriterionId(String);

impl CriterionId {
    /// Unique among the criteria of one interview.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CriterionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CriterionId {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        if (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Self(text))
        } else {
            Err(InvalidText("a criterion's id has 1 to 32 visible ASCII characters"))
        }
    }
}

impl FromStr for CriterionId {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        Self::try_from(text.to_owned())
    }
}

impl From<CriterionId> for String {
    fn from(id: CriterionId) -> Self {
        id.0
    }
}

/// What is scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Criterion {
    /// What sheets and exports refer to; unique in the interview.
    pub id: CriterionId,
    /// What examiners read on the sheet.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// How much it counts beside the others: per cent or any other measure.
    #[schema(maximum = 10_000)]
    pub weight: u32,
    /// The most points.
    pub max: Points,
    /// The least points.
    pub min: Points,
}

impl Criterion {
    /// Do bounds and weight hold?
    pub(crate) const fn holds(&self) -> bool {
        self.min.0 <= self.max.0 && self.max.0 <= limit::POINTS && self.weight <= limit::WEIGHT
    }

    /// Are these points within the bounds?
    pub(crate) fn allows(&self, points: Points) -> bool {
        (self.min..=self.max).contains(&points)
    }
}

/// One examiner's scores of one candidate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScoreSheet {
    /// By criterion; some may be missing until it is handed in.
    pub points: BTreeMap<CriterionId, Points>,
    /// For the panel; may be empty.
    pub remark: String,
    /// When it was last kept.
    pub saved_at: Option<Time>,
    /// When it was handed in.
    pub submitted_at: Option<Time>,
}

impl ScoreSheet {
    /// Has every criterion its points?
    pub(crate) fn is_complete(&self, criteria: &[Criterion]) -> bool {
        criteria.iter().all(|criterion| self.points.contains_key(&criterion.id))
    }
}

/// The weighted mean Σ points·weight / Σ weight, rounded half up to a hundredth; `None` while points are missing.
pub fn total(criteria: &[Criterion], points: &BTreeMap<CriterionId, Points>) -> Option<Points> {
    let (mut sum, mut weights) = (0_u64, 0_u64);
    for criterion in criteria {
        let points = points.get(&criterion.id)?;
        sum += u64::from(points.0) * u64::from(criterion.weight);
        weights += u64::from(criterion.weight);
    }
    // Half up: twice the mean plus one, halved, without a fraction on the way.
    let mean = (2 * sum + weights).checked_div(2 * weights)?;
    u32::try_from(mean).ok().map(Points)
}

/// The mean of totals, rounded half up to a hundredth; `None` of none.
pub(crate) fn mean(totals: &[Points]) -> Option<Points> {
    let count = u64::try_from(totals.len()).ok()?;
    let sum: u64 = totals.iter().map(|points| u64::from(points.0)).sum();
    let mean = (2 * sum + count).checked_div(2 * count)?;
    u32::try_from(mean).ok().map(Points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion(id: &str, weight: u32) -> Criterion {
        let id = id.parse().unwrap();
        Criterion { id, name: "n".to_owned(), weight, max: Points(limit::POINTS), min: Points(0) }
    }

    fn points(list: &[(&str, u32)]) -> BTreeMap<CriterionId, Points> {
        list.iter().map(|(id, points)| (id.parse().unwrap(), Points(*points))).collect()
    }

    #[test]
    fn the_mean_of_totals_is_rounded_half_up_and_of_none_there_is_none() {
        assert_eq!(mean(&[Points(8600), Points(8301)]), Some(Points(8451)));
        assert_eq!(mean(&[Points(1), Points(1), Points(2)]), Some(Points(1)));
        assert_eq!(mean(&[]), None);
    }

    #[test]
    fn the_total_is_the_weighted_mean_rounded_half_up() {
        let criteria = [criterion("a", 60), criterion("b", 40)];
        assert_eq!(total(&criteria, &points(&[("a", 9000), ("b", 8000)])), Some(Points(8600)));
        let halves = [criterion("a", 1), criterion("b", 1)];
        assert_eq!(total(&halves, &points(&[("a", 1), ("b", 2)])), Some(Points(2)));
        let thirds = [criterion("a", 2), criterion("b", 1)];
        assert_eq!(total(&thirds, &points(&[("a", 1), ("b", 2)])), Some(Points(1)));
    }

    #[test]
    fn there_is_no_total_of_nothing_and_none_of_a_part() {
        assert_eq!(total(&[], &points(&[])), None);
        assert_eq!(total(&[criterion("a", 0)], &points(&[("a", 5)])), None);
        assert_eq!(total(&[criterion("a", 1), criterion("b", 1)], &points(&[("a", 5)])), None);
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let criteria: Vec<_> =
            (0..limit::CRITERIA).map(|n| criterion(&n.to_string(), limit::WEIGHT)).collect();
        let all = criteria.iter().map(|c| (c.id.clone(), Points(limit::POINTS))).collect();
        assert_eq!(total(&criteria, &all), Some(Points(limit::POINTS)));
    }

    #[test]
    fn points_read_as_decimals() {
        assert_eq!(Points(8705).to_string(), "87.05");
    }
}
