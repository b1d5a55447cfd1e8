//! What a client opens, and what it tells of its coming (transport-wide feedback).

mod by_stream;

pub use by_stream::ArrivalsByStream;

use crate::Sealing;
use viva_media::{ExtensionMap, Ssrc};
use viva_wire::{Error, Micros, rtp::Header, twcc::Recorder};

/// A packet of media as it was sealed.
#[derive(Debug)]
pub struct Opened<'a> {
    /// Its number, which does not wrap.
    pub index: u64,
    /// Its header.
    pub header: Header,
    /// All of it, without the seal.
    pub packet: &'a [u8],
}

/// When packets arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
#[derive(Debug, Default)]
pub struct Arrivals(Recorder);

impl Arrivals {
    /// Opens a packet that arrived now, and remembers when it did.
    ///
    /// # Errors
    /// What cannot be opened, or was before.
    pub fn open<'a>(
        &mut self,
        now: Micros,
        map: &ExtensionMap,
        sealing: &mut Sealing,
        packet: &'a mut [u8],
    ) -> Result<Opened<'a>, Error> {
        let (length, index) = sealing.inbound.unprotect_rtp(packet)?;
        let packet = packet.get(..length).ok_or(Error::Malformed)?;
        let header = Header::parse(packet)?;
        if let Some(number) = header.read_extensions(map, packet).transport_cc {
            self.0.record(number, now);
        }
        Ok(Opened { index, header, packet })
    }

    /// Remembers when a packet arrived that is not opened: its number stands beside the seal, in clear.
    pub fn note(&mut self, now: Micros, map: &ExtensionMap, packet: &[u8]) {
        let Ok(header) = Header::parse(packet) else { return };
        if let Some(number) = header.read_extensions(map, packet).transport_cc {
            self.0.record(number, now);
        }
    }

    /// When the next feedback is due.
    pub fn due(&self) -> Micros {
        self.0.next_deadline().unwrap_or(Micros::NEVER)
    }

    /// Writes feedback that is due into `buffer`, from `own` about `media`; its bytes, or `None` where none is due.
    pub fn poll(&mut self, now: Micros, own: Ssrc, media: Ssrc, buffer: &mut [u8]) -> Option<usize> {
        self.0.feedback(now, own, media, buffer)
    }
}
