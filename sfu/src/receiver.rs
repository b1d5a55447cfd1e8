//! What belongs to one transport as a receiver: what leaves for it, and how much it may still ask for.

use crate::{
    egress::{HeaderTemplate, Queue, Queued},
    key::{LayerKey, MemberKey, SlotKey},
    subscription::Numbers,
    throttle::KeyFrameBudget,
};
use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};
use viva_media::Ssrc;
use viva_wire::Micros;

/// Packets sent again to one client within one window: a tenth of a second of 20 Mbit/s.
const MAX_RETRANSMISSIONS: u32 = 200;
const RETRANSMISSION_WINDOW: Duration = Duration::from_millis(100);

/// One transport as a receiver.
// In the order of use, which `repr(C)` keeps: what every packet touches stands together in few cache lines.
#[derive(Default)]
#[repr(C)]
pub struct Receiver {
    /// Packets that leave at the end of the batch.
    pub queue: Queue,
    /// It stands in the unit's list of those with something to send.
    pub queued: bool,
    /// The headers of its packets.
    pub headers: HeaderTemplate,
    /// The places in which it receives.
    pub slots: Vec<SlotKey>,
    /// How many key frames it may still cause.
    pub key_frame_budget: KeyFrameBudget<LayerKey>,
    /// Where streams stopped that are no more: should their SSRCs come back, they go on from there.
    pub retired: BTreeMap<Ssrc, Numbers>,
    /// Retransmissions since the moment beside them.
    retransmissions: (u32, Micros),
}

impl Receiver {
    /// Appends to what leaves for it; `false` when its queue is full. `key` is its place in the unit's list of those with
    /// something to send.
    #[inline]
    pub fn enqueue(&mut self, sending: &mut VecDeque<MemberKey>, key: MemberKey, queued: Queued) -> bool {
        if !self.queue.push(queued) {
            return false;
        }
        if !self.queued {
            self.queued = true;
            sending.push_back(key);
        }
        true
    }

    /// May one more packet be sent again? One RTCP packet can ask for thousands; what a client is sent for it stays
    /// within what its media could need.
    #[inline]
    pub fn may_retransmit(&mut self, now: Micros) -> bool {
        let (count, since) = &mut self.retransmissions;
        if now.since(*since) >= RETRANSMISSION_WINDOW {
            (*count, *since) = (0, now);
        }
        *count += 1;
        *count <= MAX_RETRANSMISSIONS
    }
}
