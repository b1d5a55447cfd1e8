//! What a relay counts.

use std::fmt;

/// What came, passed and was dropped on one way. Bytes are those of payloads, without headers of IP, UDP or TCP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Datagrams and pieces of streams that came.
    pub came: u64,
    /// Their bytes.
    pub came_bytes: u64,
    /// Those that went on.
    pub passed: u64,
    /// Their bytes.
    pub passed_bytes: u64,
    /// Datagrams for which the queue had no room.
    pub overflowed: u64,
    /// Datagrams lost behind the queue.
    pub lost: u64,
    /// Pieces of streams that were lost and sent again.
    pub repeated: u64,
    /// Datagrams dropped since more is on the way than a relay holds, or since nobody takes them.
    pub refused: u64,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { came, came_bytes, passed, passed_bytes, overflowed, lost, repeated, refused } = self;
        write!(
            f,
            "{came} came ({came_bytes} bytes), {passed} passed ({passed_bytes} bytes), {overflowed} did not fit the queue, \
             {lost} lost, {repeated} lost and sent again (TCP), {refused} refused"
        )
    }
}
