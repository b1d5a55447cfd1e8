//! Handshakes wait for media: what comes for one is kept, and dealt with one datagram at a time between batches.
//!
//! A step of a handshake costs as much as hundreds of forwarded packets. When everybody comes at once, those who talk
//! already are not kept waiting until all doors are open.

#[cfg(test)]
mod tests;

use crate::dropped::Dropped;
use std::collections::VecDeque;
use viva_media::Path;

/// Datagrams that wait, of all paths together; whoever is refused sends again.
const MOST: usize = 1024;
/// Of one path: a flight of a client with a long RSA certificate that packs each message for itself is eight datagrams,
/// and it may be there twice.
const MOST_OF_PATH: usize = 16;
/// Longer than any datagram of a handshake: aiortc packs a whole flight into one, with an RSA certificate and its signature.
const LONGEST: usize = 4096;

/// The datagrams that wait, in the order of their coming.
#[derive(Debug, Default)]
pub(super) struct Handshakes(VecDeque<(Path, Box<[u8]>)>);

impl Handshakes {
    /// Keeps a datagram.
    ///
    /// # Errors
    /// [`Dropped::HandshakesFull`] where too many wait already.
    pub(super) fn put(&mut self, path: Path, datagram: &[u8]) -> Result<(), Dropped> {
        let full = self.0.len() >= MOST || datagram.len() > LONGEST;
        if full || self.0.iter().filter(|(waiting, _)| *waiting == path).count() >= MOST_OF_PATH {
            return Err(Dropped::HandshakesFull);
        }
        self.0.push_back((path, datagram.into()));
        Ok(())
    }

    /// The one that has waited longest.
    pub(super) fn take(&mut self) -> Option<(Path, Box<[u8]>)> {
        self.0.pop_front()
    }

    /// Nobody waits.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
