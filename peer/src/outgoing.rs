//! One stream that a client sends: its numbers, what it has counted, and what it can send again.

use crate::Names;
use std::collections::VecDeque;
use viva_media::{Extension, Pt, Rid, Ssrc};
use viva_wire::{ntp::Ntp, rtcp::SenderInfo, rtp::Fields};

/// A stream and the one of its retransmissions (RFC 4588). `P` is what its packets carry.
pub struct Outgoing<P> {
    /// The stream.
    pub ssrc: Ssrc,
    /// Its retransmissions.
    pub rtx: Ssrc,
    /// The encoding's name.
    pub rid: Option<Rid>,
    /// The index under which the next packet is sealed.
    pub index: u64,
    /// The same of the next retransmission.
    pub rtx_index: u64,
    /// Packets sent, retransmissions aside.
    pub packets: u32,
    octets: u32,
    /// How many of the newest packets can be sent again.
    memory: usize,
    history: VecDeque<(Fields, P)>,
}

impl<P: Clone> Outgoing<P> {
    /// A stream of which nothing was sent.
    pub const fn new(ssrc: Ssrc, rtx: Ssrc, rid: Option<Rid>, first: [u64; 2], memory: usize) -> Self {
        let [index, rtx_index] = first;
        let history = VecDeque::new();
        Self { ssrc, rtx, rid, index, rtx_index, packets: 0, octets: 0, memory, history }
    }

    /// What the next packet's header says, and the index under which it is sealed.
    pub fn next(&mut self, pt: Pt, marker: bool, timestamp: u32, octets: u32, payload: P) -> (u64, Fields) {
        let (index, ssrc) = (self.index, self.ssrc);
        let fields = Fields { pt, marker, padding: false, sequence: index as u16, timestamp, ssrc };
        self.index += 1;
        self.packets += 1;
        self.octets = self.octets.wrapping_add(octets);
        self.history.push_back((fields, payload));
        if self.history.len() > self.memory {
            self.history.pop_front();
        }
        (index, fields)
    }

    /// The same for a retransmission of the packet with this number, and what that carried.
    pub fn again(&mut self, pt: Pt, sequence: u16) -> Option<(u64, Fields, P)> {
        let (sent, payload) = self.history.iter().find(|(sent, _)| sent.sequence == sequence)?;
        let index = self.rtx_index;
        self.rtx_index += 1;
        Some((index, Fields { pt, sequence: index as u16, ssrc: self.rtx, ..*sent }, payload.clone()))
    }

    /// What a header names beside the numbers: clients name section and encoding until the other side has heard them.
    pub fn names<'a>(&'a self, mid: &'a [u8], named: bool, level: Option<u8>) -> Names<'a> {
        let rid = self.rid.as_ref().filter(|_| named).map(|rid| (Extension::Rid, rid.as_bytes()));
        Names { mid: named.then_some(mid), rid, level, description: None }
    }

    /// The same of a retransmission, which always says what it repairs.
    pub fn names_again<'a>(&'a self, mid: &'a [u8]) -> Names<'a> {
        let rid = self.rid.as_ref().map(|rid| (Extension::RepairedRid, rid.as_bytes()));
        Names { mid: Some(mid), rid, level: None, description: None }
    }

    /// What a sender report says of it at a moment, which is `rtp` on its own clock.
    pub const fn report(&self, ntp: Ntp, rtp: u32) -> SenderInfo {
        SenderInfo { ssrc: self.ssrc, ntp, rtp, packets: self.packets, octets: self.octets }
    }

    /// Forgets what could be sent again.
    pub fn forget(&mut self) {
        self.history.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::{VP8, VP8_RTX};

    #[test]
    fn the_newest_packets_can_be_sent_again_under_numbers_of_their_own() {
        let rid = "q".parse().ok();
        let mut out = Outgoing::new(Ssrc(1), Ssrc(2), rid, [65_535, 7], 2);
        for (time, payload) in [(10, "a"), (20, "b"), (30, "c")] {
            out.next(VP8, time == 30, time, 100, payload);
        }
        assert_eq!((out.index, out.packets), (65_538, 3));
        assert!(out.again(VP8_RTX, 65_535).is_none(), "too old");
        let (index, fields, payload) = out.again(VP8_RTX, 1).unwrap();
        assert_eq!((index, fields.sequence, fields.ssrc, fields.pt), (7, 7, Ssrc(2), VP8_RTX));
        assert_eq!((fields.timestamp, fields.marker, payload), (30, true, "c"));
        assert_eq!(out.again(VP8_RTX, 0).unwrap().0, 8);
        assert_eq!(out.report(Ntp(0), 40).octets, 300);
        assert!(out.names(b"v", false, None).rid.is_none());
        assert!(matches!(out.names_again(b"v").rid, Some((Extension::RepairedRid, b"q"))));
    }
}
