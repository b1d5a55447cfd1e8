//! Opens what one client sends: finds the packet's index, refuses what was seen before, checks the seal.

use super::{
    InvalidKeys, KeyMaterial, MAX_RTP_INDEX,
    cipher::{Cipher, RTCP_HEADER_LEN},
    replay::ReplayWindow,
};
use crate::{Error, rtp::Header};
use std::collections::BTreeMap;

/// The opening side of one transport.
#[derive(Debug)]
pub struct Inbound {
    pub(super) rtp: Cipher,
    pub(super) rtcp: Cipher,
    rtp_streams: Streams,
    rtcp_streams: Streams,
}

impl Inbound {
    /// SSRCs that one transport may use at a time, for RTP and for RTCP each.
    pub const MAX_SSRCS: usize = 64;

    /// SSRCs that one transport may have used before; beyond them the transport is at its end.
    pub const MAX_RETIRED: usize = 4096;

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
    pub fn unprotect_rtp(&mut self, packet: &mut [u8]) -> Result<(usize, u64), Error> {
        let header = Header::parse(packet)?;
        self.unprotect_parsed_rtp(&header, packet)
    }

    /// As [`Self::unprotect_rtp`], with the packet's header already read.
    #[inline]
    pub fn unprotect_parsed_rtp(
        &mut self,
        header: &Header,
        packet: &mut [u8],
    ) -> Result<(usize, u64), Error> {
        let ssrc = header.ssrc.0;
        let stream = self.rtp_streams.find(ssrc);
        let (index, leap) = match self.rtp_streams.window(stream) {
            Some(window) => guess_index(window, header.sequence)?,
            None => match self.rtp_streams.newcomer(ssrc)? {
                Some(window) => guess_index(&window, header.sequence)?,
                None => (header.sequence.into(), false),
            },
        };
        if packet.len() < header.header_len + self.rtp.rtp_overhead() {
            return Err(Error::Malformed);
        }
        // No seal is true beyond the last index.
        if index > MAX_RTP_INDEX {
            return Err(Error::Authentication);
        }
        let broken = if leap { Error::Replayed } else { Error::Authentication };
        let plain_len = self.rtp.open_rtp(ssrc, index, header.header_len, packet).ok_or(broken)?;
        self.rtp_streams.mark(stream, ssrc, index);
        Ok((plain_len, index))
    }

    /// Opens a compound RTCP packet in place: the plain packet's length.
    ///
    /// Packets that are authenticated but not encrypted are taken too, as their flag is under the seal (RFC 3711
    /// §3.4). A packet that is dropped may be left in pieces; it is not to be used.
    pub fn unprotect_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, Error> {
        if packet.len() < RTCP_HEADER_LEN + self.rtcp.rtcp_overhead() {
            return Err(Error::Malformed);
        }
        let Some(&[first, _, _, _, s0, s1, s2, s3]) = packet.first_chunk() else {
            return Err(Error::Malformed);
        };
        if first >> 6 != 2 {
            return Err(Error::Malformed);
        }
        let ssrc = u32::from_be_bytes([s0, s1, s2, s3]);
        let index = u64::from(self.rtcp.rtcp_index(packet).ok_or(Error::Malformed)?);
        let stream = self.rtcp_streams.find(ssrc);
        match self.rtcp_streams.window(stream) {
            Some(window) if !window.is_new(index) => return Err(Error::Replayed),
            None => match self.rtcp_streams.newcomer(ssrc)? {
                Some(window) if !window.is_new(index) => return Err(Error::Replayed),
                _ => {}
            },
            _ => {}
        }
        let plain_len = self.rtcp.open_rtcp(ssrc, packet).ok_or(Error::Authentication)?;
        self.rtcp_streams.mark(stream, ssrc, index);
        Ok(plain_len)
    }
}

/// The index of a packet, and whether its stream leaps with it by more than half a round.
///
/// The estimate takes a leap for a packet so old that it left the window, of which nothing could be told anyway. So for
/// such a one the next round is tried: an old packet's seal does not hold there.
#[inline]
fn guess_index(window: &ReplayWindow, sequence: u16) -> Result<(u64, bool), Error> {
    let index = estimate_index(window.newest(), sequence);
    if window.is_past(index) {
        return Ok((index + ROUND, true));
    }
    if window.is_new(index) { Ok((index, false)) } else { Err(Error::Replayed) }
}

/// Sequence numbers until they repeat.
const ROUND: u64 = 1 << 16;

/// The index of a packet, given the greatest one seen in its stream (RFC 3711 §3.3.1, appendix A).
///
/// Where the estimate would be below zero, the sequence number has leapt ahead within the first round; the seal tells.
#[inline]
pub(super) fn estimate_index(newest: u64, sequence: u16) -> u64 {
    const HALF: u64 = 1 << 15;
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

/// The replay windows of up to [`Inbound::MAX_SSRCS`] streams, and where others stopped.
///
/// One that is long unused makes room for a new one. What it has seen stays seen: should it come back, it goes on after its
/// newest packet, so that no old one can be replayed.
#[derive(Debug, Default)]
struct Streams {
    /// Beside the windows, so that a search reads few cache lines.
    ssrcs: Vec<u32>,
    windows: Vec<ReplayWindow>,
    /// The count of packets at each stream's newest one.
    used: Vec<u64>,
    /// Packets opened, or refused for want of a place.
    count: u64,
    /// Where the last search ended: packets of one frame follow each other.
    last: usize,
    /// Streams without a place, by SSRC, and their newest index.
    retired: BTreeMap<u32, u64>,
}

/// A stream is unused when so many packets of others came after its newest.
const UNUSED: u64 = 1024;

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

    /// A stream without a place comes: what it may go on from, if it was here before.
    fn newcomer(&mut self, ssrc: u32) -> Result<Option<ReplayWindow>, Error> {
        let known = self.retired.get(&ssrc).copied();
        let full = self.ssrcs.len() >= Inbound::MAX_SSRCS;
        if full && (self.unused().is_none() || known.is_none() && self.retired.len() >= Inbound::MAX_RETIRED)
        {
            self.count += 1;
            return Err(Error::TooManySsrcs);
        }
        Ok(known.map(ReplayWindow::closed))
    }

    /// The place that was unused for longest, if it was for long enough.
    fn unused(&self) -> Option<usize> {
        let (place, used) = self.used.iter().enumerate().min_by_key(|(_, used)| **used)?;
        (self.count - used >= UNUSED).then_some(place)
    }

    /// Remembers the index of an authentic packet.
    #[inline]
    fn mark(&mut self, place: Option<usize>, ssrc: u32, index: u64) {
        self.count += 1;
        match place.and_then(|place| self.windows.get_mut(place).zip(self.used.get_mut(place))) {
            Some((window, used)) => {
                window.mark(index);
                *used = self.count;
            }
            None => self.enter(ssrc, index),
        }
    }

    /// Gives a stream its place, that of an unused one where there is no other.
    #[cold]
    fn enter(&mut self, ssrc: u32, index: u64) {
        let window = match self.retired.remove(&ssrc) {
            Some(newest) => {
                let mut window = ReplayWindow::closed(newest);
                window.mark(index);
                window
            }
            None => ReplayWindow::new(index),
        };
        if self.ssrcs.len() >= Inbound::MAX_SSRCS
            && let Some(place) = self.unused()
        {
            let gone = self.ssrcs.swap_remove(place);
            let newest = self.windows.swap_remove(place).newest();
            self.used.swap_remove(place);
            self.retired.insert(gone, newest);
        }
        self.last = self.ssrcs.len();
        self.ssrcs.push(ssrc);
        self.windows.push(window);
        self.used.push(self.count);
    }
}
