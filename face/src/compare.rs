//! From how alike two faces have to be on they count as one person's.

/// Thresholds of the cosine. The defaults are OpenCV's published threshold for SFace (0.363: 99.6 % on the pairs of LFW) and
/// what was measured: docs/decisions/0013-face-comparison.md.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// A single picture is enough from here on.
    pub single: f32,
    /// The median of several pictures is enough from here on.
    pub median: f32,
    /// Below this it is somebody else; from here to `median` nothing can be said.
    pub unclear: f32,
}

/// What several pictures of one face say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// The same person.
    Same,
    /// It cannot be told: better light or another picture may help.
    Unclear,
    /// Another person.
    Different,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { single: 0.40, median: 0.363, unclear: 0.30 }
    }
}

impl Thresholds {
    /// How many pictures make a median that counts.
    pub const SEVERAL: usize = 3;

    /// Judges how alike several pictures are to the reference; each of them must be.
    #[must_use]
    pub fn judge(&self, alike: &[f32]) -> Comparison {
        let Some(median) = median(alike) else { return Comparison::Unclear };
        if alike.iter().any(|each| *each < self.unclear) {
            return Comparison::Different;
        }
        let single = alike.iter().any(|each| *each >= self.single);
        if single || (alike.len() >= Self::SEVERAL && median >= self.median) {
            Comparison::Same
        } else {
            Comparison::Unclear
        }
    }
}

/// The middle one; of an even number the lower of the two.
pub(crate) fn median(values: &[f32]) -> Option<f32> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_clear_picture_is_enough_and_three_fair_ones_are() {
        let judge = |alike: &[f32]| Thresholds::default().judge(alike);
        assert_eq!(judge(&[0.41]), Comparison::Same);
        assert_eq!(judge(&[0.38]), Comparison::Unclear);
        assert_eq!(judge(&[0.38, 0.37]), Comparison::Unclear);
        assert_eq!(judge(&[0.38, 0.37, 0.31]), Comparison::Same);
        assert_eq!(judge(&[0.38, 0.35, 0.31]), Comparison::Unclear);
    }

    #[test]
    fn one_picture_of_somebody_else_is_enough_too() {
        let judge = |alike: &[f32]| Thresholds::default().judge(alike);
        assert_eq!(judge(&[0.2]), Comparison::Different);
        assert_eq!(judge(&[0.9, 0.9, 0.9, 0.29]), Comparison::Different);
        assert_eq!(judge(&[]), Comparison::Unclear);
    }
}
