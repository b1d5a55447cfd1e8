//! Single packets that leave as they are: STUN answers, DTLS records, RTCP.

use std::{collections::VecDeque, ops::Range};
use viva_media::Path;

/// The most that may wait; beyond it the oldest wishes of the peers are not answered, which they survive.
const MAX_BYTES: usize = 1 << 20;

/// A queue of finished packets in one reused buffer.
#[derive(Debug, Default)]
pub struct Control {
    bytes: Vec<u8>,
    packets: VecDeque<(Path, Range<usize>)>,
}

impl Control {
    /// Appends a packet of at most `room` bytes that `write` fills; `write` returns its length, or `None` for none.
    /// Returns the length that was queued.
    pub fn push_with(
        &mut self,
        path: Path,
        room: usize,
        write: impl FnOnce(&mut [u8]) -> Option<usize>,
    ) -> Option<usize> {
        let start = self.bytes.len();
        if start + room > MAX_BYTES {
            return None;
        }
        self.bytes.resize(start + room, 0);
        let length = self.bytes.get_mut(start..).and_then(write).filter(|length| *length <= room);
        self.bytes.truncate(start + length.unwrap_or(0));
        if let Some(length) = length {
            self.packets.push_back((path, start..start + length));
        }
        length
    }

    /// Appends a copy of a packet.
    pub fn push(&mut self, path: Path, packet: &[u8]) -> Option<usize> {
        self.push_with(path, packet.len(), |buffer| {
            buffer.copy_from_slice(packet);
            Some(packet.len())
        })
    }

    /// The next packet.
    pub fn pop(&mut self) -> Option<(Path, &[u8])> {
        if let Some((path, range)) = self.packets.pop_front() {
            return self.bytes.get(range).map(|packet| (path, packet));
        }
        self.bytes.clear();
        None
    }
}
