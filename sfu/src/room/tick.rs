//! Who speaks, who is heard, which layers send, which are wanted.

use super::Room;
use crate::{
    api::Event,
    key::{PublicationKey, TransportKey},
    shared::{Shared, TimerKey},
};
use std::time::Duration;
use viva_media::{LayerSet, MediaKind};
use viva_wire::Micros;

/// Between looks at who speaks, while all is silent.
const LOUDNESS: Duration = crate::speaker::TICK;

/// A layer that nobody wants any more is told to be so only after this long: tiles move about.
const SURPLUS: Duration = Duration::from_secs(3);

impl Room {
    /// Looks at who speaks.
    pub fn tick(&mut self, shared: &mut Shared, now: Micros) {
        let changed = self.speaker.tick(now).ranking;
        let speaking = self
            .speaker
            .active()
            .and_then(|publication| self.publications.get(publication))
            .and_then(|publication| self.transports.get(publication.owner))
            .map(|owner| owner.participant);
        if self.speaking != speaking {
            self.speaking = speaking;
            shared.events.push_back(Event::ActiveSpeaker { room: self.id, participant: speaking });
        }
        if changed {
            self.refill_audio(shared, now);
        }
        let next = self.speaker.next_deadline().unwrap_or(now + LOUDNESS);
        shared.wheel.schedule(&mut self.timer, TimerKey::Room(self.key), next);
    }

    /// Schedules looks at who speaks, from the first sound on.
    pub fn watch_loudness(&mut self, shared: &mut Shared, now: Micros) {
        if !std::mem::replace(&mut self.ticking, true) {
            shared.wheel.schedule(&mut self.timer, TimerKey::Room(self.key), now + LOUDNESS);
        }
    }

    /// A publication's layers began or ceased to send: told, and every slot of it chooses anew.
    pub fn update_live(&mut self, shared: &mut Shared, key: PublicationKey) {
        let Some(publication) = self.publications.get_mut(key) else { return };
        let live = publication.live();
        if std::mem::replace(&mut publication.told_live, live) == live {
            return;
        }
        shared.events.push_back(Event::Publication { publication: publication.id, live });
        for slot in &publication.routes {
            if let Some(slot) = self.slots.get_mut(*slot) {
                slot.subscription.set_live(Some(live & slot.decodable(publication)));
            }
        }
    }

    /// A publication's layers may be others, or depend on each other otherwise: its slots follow.
    pub fn reshape(&mut self, shared: &mut Shared, key: PublicationKey) {
        let Some(publication) = self.publications.get(key) else { return };
        for slot in &publication.routes {
            if let Some(slot) = self.slots.get_mut(*slot) {
                slot.subscription.set_spatial(publication.shape.is_spatial, publication.shape.is_nested);
                slot.subscription.set_live(slot.live_of(publication));
            }
        }
        self.update_live(shared, key);
    }

    /// A publication's layers may stand in another order by what they have shown of themselves: its slots follow.
    pub fn rearrange(&mut self, key: PublicationKey) -> bool {
        let Some(publication) = self.publications.get_mut(key) else { return false };
        if !publication.arrange() {
            return false;
        }
        for slot in &publication.routes {
            if let Some(slot) = self.slots.get_mut(*slot) {
                slot.subscription.set_order(publication.order);
            }
        }
        true
    }

    /// Tells the publisher which layers somebody receives: more at once, fewer after a while.
    pub fn update_wanted(&mut self, shared: &mut Shared, now: Micros, key: PublicationKey) {
        let Some(publication) = self.publications.get(key) else { return };
        if publication.kind != MediaKind::Video {
            return;
        }
        let wanted: LayerSet = publication
            .routes
            .iter()
            .filter_map(|slot| self.slots.get(*slot))
            .flat_map(|slot| [slot.subscription.target(), slot.subscription.current()])
            .flatten()
            .map(|layer| publication.shape.stream_of(layer))
            .collect();
        let Some(publication) = self.publications.get_mut(key) else { return };
        if wanted == publication.wanted {
            publication.surplus_since = None;
            return;
        }
        let more = !(wanted - publication.wanted).is_empty();
        let since = *publication.surplus_since.get_or_insert(now);
        if !more && now.since(since) < SURPLUS {
            return;
        }
        publication.surplus_since = None;
        publication.wanted = wanted;
        let rids = publication.layers.iter().filter_map(|layer| layer.encoding.rid).collect();
        let mid = publication.mid;
        if let Some(owner) = self.transports.get(publication.owner) {
            shared.events.push_back(Event::Wanted {
                participant: owner.participant,
                mid,
                encodings: wanted,
                rids,
            });
        }
    }

    /// Once a second, for each publication of a participant: is a layer no longer wanted?
    pub fn look_at_wanted(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let mut index = 0;
        while let Some(publication) =
            self.transports.get(key).and_then(|transport| transport.publications.get(index).copied())
        {
            index += 1;
            self.look_at_layers(shared, now, publication);
            self.update_wanted(shared, now, publication);
        }
    }

    /// Which layers are the larger ones by the bits that they take; who waits for another codec.
    fn look_at_layers(&mut self, shared: &mut Shared, now: Micros, key: PublicationKey) {
        let mut publication = self.publications.get_mut(key);
        if let Some(publication) = &mut publication {
            publication.measure(now);
        }
        let Some(publication) = publication.filter(|publication| publication.kind == MediaKind::Video) else {
            return;
        };
        for layer in &mut publication.layers {
            layer.peak = layer.peak.max(layer.rates.bits_per_second(now));
        }
        if self.rearrange(key) {
            self.retarget_all(shared, now, key);
        }
        self.retry_waiting(shared, now, key);
    }
}
