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
    pub order: u16,
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
    /// VP8 picture id as the receiver shall see it, where the payload has one.
    pub picture_id: u16,
    /// VP8 TL0PICIDX likewise.
    pub tl0_picture_index: u8,
    /// A retransmission of this number (RFC 4588 §4).
    pub original: Option<u16>,
    /// Send the primary block of a redundant payload alone (RFC 2198).
    pub primary_only: bool,
    /// The payload; `None` for padding alone, which fills a gap that no packet will fill.
    pub source: Option<Source>,
    /// Bytes before padding and seal.
    pub length: u16,
}

/// The packets of one receiver in one batch.
#[derive(Debug, Default)]
pub struct Queue {
    packets: Vec<Queued>,
    next: usize,
    sorted: bool,
}

impl Queue {
    /// Appends a packet; `false` when the queue is full.
    pub fn push(&mut self, mut packet: Queued) -> bool {
        if self.packets.len() >= MAX_PACKETS {
            return false;
        }
        packet.order = self.packets.len() as u16;
        self.packets.push(packet);
        self.sorted = false;
        true
    }

    /// Nothing waits.
    pub fn is_empty(&self) -> bool {
        self.next >= self.packets.len()
    }

    /// What still waits, in the order of sending.
    pub fn waiting(&mut self) -> &[Queued] {
        if !self.sorted {
            self.packets.drain(..self.next);
            self.next = 0;
            self.packets.sort_unstable_by_key(|packet| (packet.class, packet.ssrc, packet.order));
            self.sorted = true;
        }
        self.packets.get(self.next..).unwrap_or_default()
    }

    /// The first `count` of [`Self::waiting`] are sent.
    pub fn advance(&mut self, count: usize) {
        self.next += count;
        if self.is_empty() {
            self.clear();
        }
    }

    /// Forgets what waits; returns how much it was.
    pub fn clear(&mut self) -> usize {
        let waiting = self.packets.len() - self.next.min(self.packets.len());
        self.packets.clear();
        self.next = 0;
        self.sorted = false;
        waiting
    }
}
