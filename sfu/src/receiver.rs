//! What belongs to one transport as a receiver: what leaves for it, and how much it may still ask for.

use crate::{
    egress::{HeaderTemplate, Queue, Queued, SealedSound},
    key::{LayerKey, MemberKey, SlotKey},
    line::Line,
    subscription::{self, Numbers, Subscription},
    throttle::KeyFrameBudget,
    wheel::Timer,
};
use std::collections::{BTreeMap, VecDeque};
use viva_media::Ssrc;

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
    /// What carries them; there is none where nothing is received.
    pub line: Option<Box<Line>>,
    /// The places in which it receives.
    pub slots: Vec<SlotKey>,
    /// When the line is looked at next: pictures wait to leave, a probe goes on.
    pub line_timer: Timer,
    /// Sound as it left, where the client asks for what it misses of it.
    pub sealed_sound: Option<SealedSound>,
    /// How many key frames it may still cause.
    pub key_frame_budget: KeyFrameBudget<LayerKey>,
    /// Where streams stopped that are no more: should their SSRCs come back, they go on from there.
    pub retired: BTreeMap<Ssrc, Numbers>,
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

    /// What waits of a slot is not to be seen any more.
    pub fn withdraw(&mut self, subscription: &Subscription) {
        let length = subscription::filler_length(&self.headers);
        for ssrc in [Some(subscription.ssrc), subscription.rtx_ssrc].into_iter().flatten() {
            self.queue.blank(ssrc, length);
            if let Some(sound) = &mut self.sealed_sound {
                sound.forget(ssrc);
            }
        }
    }

    /// Pictures wait until the line takes them.
    pub fn is_held(&self) -> bool {
        !self.queued && !self.queue.is_empty()
    }
}
