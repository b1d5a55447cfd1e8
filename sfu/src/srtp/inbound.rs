//! Opens what one client sends: finds the packet's index, refuses what was seen before, checks the seal.

use super::{
    InvalidKeys, KeyMaterial, MAX_RTP_INDEX,
    cipher::{Cipher, RTCP_HEADER_LEN},
    replay::ReplayWindow,
};
use crate::{Dropped, rtp::Header};
use viva_media::Ssrc;

/// The opening side of one transport.
#[derive(Debug)]
pub struct Inbound {
    pub(super) rtp: Cipher,
    pub(super) rtcp: Cipher,
    rtp_streams: Streams,
    rtcp_streams: Streams,
}

impl Inbound {
    /// SSRCs that one transport may use, for RTP and for RTCP each.
    pub const MAX_SSRCS: usize = 64;

    /// Takes the master keys of the client's direction.
    pub fn new(material: &KeyMaterial) -> Result<Self, InvalidKeys> {
        let (rtp, rtcp) = material.ciphers()?;
        Ok(Self::from_ciphers(rtp, rtcp))
    }

    pub(super) fn from_ciphers(rtp: Cipher, rtcp: Cipher) -> Self {
        Self { rtp, rtcp, rtp_streams: Streams::default(), rtcp_streams: Streams::default() }
    }

    /// Opens an RTP packet in place: the plain packet's length and its index, the rollover counter over the sequence
    /// number (48 bits).
    ///
    /// A packet that is dropped may be left in pieces; it is not to be used.
    #[inline]
    pub fn unprotect_rtp(&mut self, packet: &mut [u8]) -> Result<(usize, u64), Dropped> {
        let header = Header::parse(packet)?;
        self.unprotect_parsed_rtp(&header, packet)
    }

    /// As [`Self::unprotect_rtp`], with the packet's header already read.
    #[inline]
    pub fn unprotect_parsed_rtp(
        &mut self,
        header: &Header,
        packet: &mut [u8],
    ) -> Result<(usize, u64), Dropped> {
        let ssrc = header.ssrc.0;
        let stream = self.rtp_streams.find(ssrc);
        let index = match self.rtp_streams.window(stream) {
            Some(window) => {
                let index = estimate_index(window.newest(), header.sequence);
                if !window.is_new(index) {
                    return Err(Dropped::Replayed);
                }
                index
            }
            None if self.rtp_streams.is_full() => return Err(Dropped::TooManySsrcs),
            None => header.sequence.into(),
        };
        if packet.len() < header.header_len + self.rtp.rtp_overhead() {
            return Err(Dropped::Malformed);
        }
        // No seal is true beyond the last index.
        if index > MAX_RTP_INDEX {
            return Err(Dropped::Authentication);
        }
        let plain_len =
            self.rtp.open_rtp(ssrc, index, header.header_len, packet).ok_or(Dropped::Authentication)?;
        self.rtp_streams.mark(stream, ssrc, index);
        Ok((plain_len, index))
    }

    /// Opens a compound RTCP packet in place: the plain packet's length.
    ///
    /// Packets that are authenticated but not encrypted are taken too, as their flag is under the seal (RFC 3711
    /// §3.4). A packet that is dropped may be left in pieces; it is not to be used.
    pub fn unprotect_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, Dropped> {
        if packet.len() < RTCP_HEADER_LEN + self.rtcp.rtcp_overhead() {
            return Err(Dropped::Malformed);
        }
        let Some(&[first, _, _, _, s0, s1, s2, s3]) = packet.first_chunk() else {
            return Err(Dropped::Malformed);
        };
        if first >> 6 != 2 {
            return Err(Dropped::Malformed);
        }
        let ssrc = u32::from_be_bytes([s0, s1, s2, s3]);
        let index = u64::from(self.rtcp.rtcp_index(packet).ok_or(Dropped::Malformed)?);
        let stream = self.rtcp_streams.find(ssrc);
        match self.rtcp_streams.window(stream) {
            Some(window) if !window.is_new(index) => return Err(Dropped::Replayed),
            None if self.rtcp_streams.is_full() => return Err(Dropped::TooManySsrcs),
            _ => {}
        }
        let plain_len = self.rtcp.open_rtcp(ssrc, packet).ok_or(Dropped::Authentication)?;
        self.rtcp_streams.mark(stream, ssrc, index);
        Ok(plain_len)
    }

    /// Frees the place of an SSRC that is no longer used.
    ///
    /// Its rollover counter and replay window are gone with it: should it come back, it counts from zero again, and its
    /// old packets could be replayed. So this is for streams whose packets nobody takes any more.
    pub fn forget(&mut self, ssrc: Ssrc) {
        self.rtp_streams.remove(ssrc.0);
        self.rtcp_streams.remove(ssrc.0);
    }
}

/// The index of a packet, given the greatest one seen in its stream (RFC 3711 §3.3.1, appendix A).
///
/// Where the estimate would be below zero, the sequence number has leapt ahead within the first round; the seal tells.
#[inline]
pub(super) fn estimate_index(newest: u64, sequence: u16) -> u64 {
    const HALF: u64 = 1 << 15;
    const ROUND: u64 = 1 << 16;
    let seen = newest % ROUND;
    let round = newest - seen;
    let sequence = u64::from(sequence);
    if seen < HALF {
        if sequence > seen + HALF && round > 0 { round - ROUND + sequence } else { round + sequence }
    } else if sequence + HALF < seen {
        round + ROUND + sequence
    } else {
        round + sequence
    }
}

/// The replay windows of up to [`Inbound::MAX_SSRCS`] streams.
#[derive(Debug, Default)]
struct Streams {
    /// Beside the windows, so that a search reads few cache lines.
    ssrcs: Vec<u32>,
    windows: Vec<ReplayWindow>,
    /// Where the last search ended: packets of one frame follow each other.
    last: usize,
}

impl Streams {
    /// The place of a stream.
    #[inline]
    fn find(&mut self, ssrc: u32) -> Option<usize> {
        if self.ssrcs.get(self.last) == Some(&ssrc) {
            return Some(self.last);
        }
        self.last = self.ssrcs.iter().position(|known| *known == ssrc)?;
        Some(self.last)
    }

    fn window(&self, place: Option<usize>) -> Option<&ReplayWindow> {
        self.windows.get(place?)
    }

    fn is_full(&self) -> bool {
        self.ssrcs.len() >= Inbound::MAX_SSRCS
    }

    /// Remembers the index of an authentic packet.
    #[inline]
    fn mark(&mut self, place: Option<usize>, ssrc: u32, index: u64) {
        match place.and_then(|place| self.windows.get_mut(place)) {
            Some(window) => window.mark(index),
            None => {
                self.last = self.ssrcs.len();
                self.ssrcs.push(ssrc);
                self.windows.push(ReplayWindow::new(index));
            }
        }
    }

    fn remove(&mut self, ssrc: u32) {
        if let Some(place) = self.ssrcs.iter().position(|known| *known == ssrc) {
            self.ssrcs.swap_remove(place);
            self.windows.swap_remove(place);
        }
    }
}
