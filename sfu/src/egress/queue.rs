//! What waits for one receiver until the batch ends.

use crate::key::PublicationKey;
use viva_media::{LayerIndex, Pt, Ssrc};

/// The most that may wait for one receiver; the driver's batches are smaller.
const MAX_PACKETS: usize = 4096;

/// Where a packet's payload is: in the cache of one layer of one publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// The publication whose cache holds it.
    pub publication: PublicationKey,
    /// The layer whose cache holds it.
    pub layer: LayerIndex,
    /// The extended sequence number that the publisher gave it.
    pub sequence: u64,
}

/// One packet for one receiver, as it will leave; its payload stays in the publication's cache.
#[derive(Debug, Clone, Copy)]
pub struct Queued {
    /// Orders streams within a batch: large packets first.
    pub class: u8,
    /// Orders packets within a stream; given by the queue.
    pub order: u32,
    /// The receiver's stream.
    pub ssrc: Ssrc,
    /// The receiver's payload type.
    pub pt: Pt,
    /// RTP marker bit as the receiver shall see it.
    pub marker: bool,
    /// Extended sequence number: roll-over counter and the 16 bits on the wire.
    pub sequence: u64,
    /// RTP timestamp as the receiver shall see it.
    pub timestamp: u32,
    /// Picture id of VP8 or VP9 as the receiver shall see it, where the payload has one.
    pub picture_id: u16,
    /// TL0PICIDX likewise.
    pub tl0_picture_index: u8,
    /// The frame's number in the dependency descriptor likewise.
    pub frame_number: u16,
    /// A retransmission of this number (RFC 4588 §4).
    pub original: Option<u16>,
    /// Send the primary block of a redundant payload alone (RFC 2198).
    pub primary_only: bool,
    /// The payload; `None` for padding alone, which fills a gap that no packet will fill.
    pub source: Option<Source>,
    /// Bytes before padding and seal.
    pub length: u16,
}

impl Queued {
    /// A packet of `length` bytes without media.
    pub const fn empty(class: u8, ssrc: Ssrc, pt: Pt, sequence: u64, timestamp: u32, length: u16) -> Self {
        Self {
            class,
            order: 0,
            ssrc,
            pt,
            marker: false,
            sequence,
            timestamp,
            picture_id: 0,
            tl0_picture_index: 0,
            frame_number: 0,
            original: None,
            primary_only: false,
            source: None,
            length,
        }
    }

    /// Streams one after the other, so that runs are long; but what was held back waits for no other stream's newest, lest a
    /// repair waits for ever.
    fn place(&self) -> (u8, Ssrc, u32) {
        (self.class, if self.class == HELD { Ssrc(0) } else { self.ssrc }, self.order)
    }
}

/// The packets of one receiver in one batch.
#[derive(Debug, Default)]
pub struct Queue {
    packets: Vec<Queued>,
    next: usize,
    sorted: bool,
    /// The order of the next packet.
    order: u32,
    /// Bytes that wait, seals aside.
    bytes: u64,
}

/// The class of pictures that were held back: they go first, in the order in which they came, whichever stream they are of.
const HELD: u8 = 0;

/// The class of sound, which is never held back; those of pictures are smaller.
pub const SOUND: u8 = 4;

impl Queue {
    /// Appends a packet; `false` when the queue is full.
    pub fn push(&mut self, mut packet: Queued) -> bool {
        if self.packets.len() >= MAX_PACKETS {
            return false;
        }
        packet.order = self.order;
        self.order = self.order.wrapping_add(1);
        self.bytes += u64::from(packet.length);
        self.packets.push(packet);
        self.sorted = false;
        true
    }

    /// Nothing waits.
    pub fn is_empty(&self) -> bool {
        self.next >= self.packets.len()
    }

    /// Bytes that wait, seals aside.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What still waits, in the order of sending.
    pub fn waiting(&mut self) -> &[Queued] {
        if !self.sorted {
            self.packets.drain(..self.next);
            self.next = 0;
            self.packets.sort_unstable_by_key(Queued::place);
            self.sorted = true;
        }
        self.packets.get(self.next..).unwrap_or_default()
    }

    /// The first `count` of [`Self::waiting`] are sent.
    pub fn advance(&mut self, count: usize) {
        let sent = self.packets.get(self.next..self.next + count).unwrap_or_default();
        self.bytes -= sent.iter().map(|packet| u64::from(packet.length)).sum::<u64>();
        self.next += count;
        if self.is_empty() {
            self.clear();
        }
    }

    /// The sound that waits: the last of [`Self::waiting`].
    pub fn waiting_sound(&mut self) -> &[Queued] {
        self.waiting();
        self.packets.get(self.first_sound()..).unwrap_or_default()
    }

    /// The first `count` of [`Self::waiting_sound`] are sent.
    pub fn advance_sound(&mut self, count: usize) {
        let first = self.first_sound();
        let sent = self.packets.drain(first..first + count);
        self.bytes -= sent.map(|packet| u64::from(packet.length)).sum::<u64>();
        if self.is_empty() {
            self.clear();
        }
    }

    /// What waits of this stream is not to leave any more: its numbers go without media, in packets of `length` bytes.
    pub fn blank(&mut self, ssrc: Ssrc, length: u16) {
        for packet in self.packets.get_mut(self.next..).unwrap_or_default() {
            if packet.ssrc == ssrc {
                self.bytes = self.bytes + u64::from(length) - u64::from(packet.length);
                (packet.source, packet.original, packet.length) = (None, None, length);
            }
        }
    }

    /// What waits of this stream is forgotten.
    pub fn forget(&mut self, ssrc: Ssrc) {
        self.waiting();
        self.packets.drain(..self.next);
        self.next = 0;
        self.packets.retain(|packet| packet.ssrc != ssrc);
        self.bytes = self.packets.iter().map(|packet| u64::from(packet.length)).sum();
    }

    /// Does this packet of a stream wait?
    pub fn holds(&self, ssrc: Ssrc, sequence: u64) -> bool {
        let mut waiting = self.packets.get(self.next..).unwrap_or_default().iter();
        waiting.any(|packet| packet.ssrc == ssrc && packet.sequence == sequence)
    }

    /// Holds the pictures back: they go before all that comes after them.
    pub fn hold(&mut self) {
        for packet in self.packets.get_mut(self.next..).unwrap_or_default() {
            packet.class = if packet.class < SOUND { HELD } else { SOUND };
        }
        self.sorted = false;
    }

    fn first_sound(&self) -> usize {
        let waiting = self.packets.get(self.next..).unwrap_or_default();
        self.next + waiting.partition_point(|packet| packet.class < SOUND)
    }

    /// Forgets what waits; returns how much it was.
    pub fn clear(&mut self) -> usize {
        let waiting = self.packets.len() - self.next.min(self.packets.len());
        self.packets.clear();
        self.next = 0;
        self.sorted = false;
        (self.order, self.bytes) = (0, 0);
        waiting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queued(class: u8, ssrc: u32, sequence: u64) -> Queued {
        Queued::empty(class, Ssrc(ssrc), Pt(96), sequence, 0, 100)
    }

    fn order(queue: &mut Queue) -> Vec<(u32, u64)> {
        queue.waiting().iter().map(|packet| (packet.ssrc.0, packet.sequence)).collect()
    }

    #[test]
    fn a_repair_that_is_held_waits_for_no_newer_packet_of_another_stream() {
        let mut queue = Queue::default();
        for packet in [queued(1, 5, 10), queued(1, 9, 70), queued(SOUND, 7, 1), queued(1, 5, 11)] {
            assert!(queue.push(packet));
        }
        assert_eq!(order(&mut queue), [(5, 10), (5, 11), (9, 70), (7, 1)], "streams one after the other");
        queue.hold();
        assert!(queue.push(queued(1, 5, 12)));
        assert_eq!(order(&mut queue), [(5, 10), (9, 70), (5, 11), (5, 12), (7, 1)], "as they came");
        assert_eq!(queue.waiting_sound().len(), 1);
        queue.advance_sound(1);
        queue.advance(2);
        assert_eq!((order(&mut queue), queue.bytes()), (vec![(5, 11), (5, 12)], 200));
    }
}
