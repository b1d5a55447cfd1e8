//! Who speaks, who is heard, which layers send, which are wanted.

use super::{Sfu, timer::TimerKey};
use crate::{
    api::Event,
    key::{PublicationKey, RoomKey, TransportKey},
};
use std::time::Duration;
use viva_media::MediaKind;
use viva_wire::Micros;

/// Between looks at who speaks, while all is silent.
const LOUDNESS: Duration = crate::speaker::TICK;

/// A layer that nobody wants any more is told to be so only after this long: tiles move about.
const SURPLUS: Duration = Duration::from_secs(3);

impl Sfu {
    /// Looks at who speaks in a room.
    pub(super) fn tick_room(&mut self, now: Micros, key: RoomKey) {
        let Some(room) = self.rooms.get_mut(key) else { return };
        let changed = room.speaker.tick(now).ranking;
        let speaking = room
            .speaker
            .active()
            .and_then(|publication| self.publications.get(publication))
            .and_then(|publication| self.transports.get(publication.owner))
            .map(|owner| owner.participant);
        if room.speaking != speaking {
            room.speaking = speaking;
            self.events.push_back(Event::ActiveSpeaker { room: room.id, participant: speaking });
        }
        if changed {
            self.refill_audio(now, key);
        }
        if let Some(room) = self.rooms.get_mut(key) {
            let next = room.speaker.next_deadline().unwrap_or(now + LOUDNESS);
            self.wheel.schedule(&mut room.timer, TimerKey::Room(key), next);
        }
    }

    /// Sees to it that a room with sound is looked at.
    pub(super) fn watch_loudness(&mut self, now: Micros, key: RoomKey) {
        if let Some(room) = self.rooms.get_mut(key)
            && !std::mem::replace(&mut room.ticking, true)
        {
            self.wheel.schedule(&mut room.timer, TimerKey::Room(key), now + LOUDNESS);
        }
    }

    /// A publication's layers began or ceased to send: told, and every slot of it chooses anew.
    pub(super) fn update_live(&mut self, key: PublicationKey) {
        let Some(publication) = self.publications.get_mut(key) else { return };
        let live = publication.live();
        if std::mem::replace(&mut publication.told_live, live) == live {
            return;
        }
        self.events.push_back(Event::Publication { publication: publication.id, live });
        for slot in &publication.routes {
            if let Some(slot) = self.slots.get_mut(*slot) {
                slot.selector.set_live(live & publication.decodable(slot));
            }
        }
    }

    /// A publication's layers may stand in another order by what they have shown of themselves: its slots follow.
    pub(super) fn rearrange(&mut self, key: PublicationKey) -> bool {
        let Some(publication) = self.publications.get_mut(key) else { return false };
        if !publication.arrange() {
            return false;
        }
        for slot in &publication.routes {
            if let Some(slot) = self.slots.get_mut(*slot) {
                slot.selector.set_order(publication.order);
            }
        }
        true
    }

    /// Tells the publisher which layers somebody receives: more at once, fewer after a while.
    pub(super) fn update_wanted(&mut self, now: Micros, key: PublicationKey) {
        let Some(publication) = self.publications.get(key) else { return };
        if publication.kind != MediaKind::Video {
            return;
        }
        let wanted = publication
            .routes
            .iter()
            .filter_map(|slot| self.slots.get(*slot))
            .flat_map(|slot| [slot.selector.target().map(|target| target.layer), slot.selector.current()])
            .flatten()
            .fold(0u8, |bits, layer| bits | 1 << layer);
        let Some(publication) = self.publications.get_mut(key) else { return };
        if wanted == publication.wanted {
            publication.surplus_since = None;
            return;
        }
        let more = wanted & !publication.wanted != 0;
        let since = *publication.surplus_since.get_or_insert(now);
        if !more && now.since(since) < SURPLUS {
            return;
        }
        publication.surplus_since = None;
        publication.wanted = wanted;
        let rids = publication.layers.iter().filter_map(|layer| layer.encoding.rid).collect();
        let mid = publication.mid;
        if let Some(owner) = self.transports.get(publication.owner) {
            self.events.push_back(Event::Wanted {
                participant: owner.participant,
                mid,
                encodings: wanted,
                rids,
            });
        }
    }

    /// Once a second, for each publication of a participant: is a layer no longer wanted?
    pub(super) fn look_at_wanted(&mut self, now: Micros, key: TransportKey) {
        let mut index = 0;
        while let Some(publication) =
            self.transports.get(key).and_then(|transport| transport.publications.get(index).copied())
        {
            index += 1;
            self.look_at_layers(now, publication);
            self.update_wanted(now, publication);
        }
    }

    /// Which layers are the larger ones by the bits that they take; who waits for another codec.
    fn look_at_layers(&mut self, now: Micros, key: PublicationKey) {
        let publication = self.publications.get_mut(key);
        let Some(publication) = publication.filter(|publication| publication.kind == MediaKind::Video) else {
            return;
        };
        for layer in &mut publication.layers {
            layer.peak = layer.peak.max(layer.rate.bits_per_second(now));
        }
        if self.rearrange(key) {
            self.retarget_all(now, key);
        }
        self.retry_waiting(now, key);
    }
}
