//! Why somebody is not reminded.

/// Why nobody reminds a candidate now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotReminded {
    /// No phone is registered.
    NoPhone,
    /// Has passed the checks: waits, or was led in.
    Passed,
    /// Has left, or was put out.
    Out,
    /// A message went to this candidate a moment ago.
    Recent,
}
