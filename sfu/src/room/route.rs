//! Which publication fills which slot: asked for by the receiver for video, by loudness for audio, permitted or not.

use super::Room;
use crate::{
    api::{Event, Refused, View},
    key::{PublicationKey, SlotKey, TransportKey},
    publication::Publication,
    selector::Target,
    shared::Shared,
};
use viva_media::{LayerIndex, MediaKind, Mid};
use viva_wire::Micros;

impl Room {
    pub fn view(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        receiver: TransportKey,
        mid: Mid,
        view: Option<View>,
    ) -> Result<(), Refused> {
        let slot = self.transports[receiver]
            .receiver
            .slots
            .iter()
            .copied()
            .find(|slot| self.slots[*slot].mid == mid && self.slots[*slot].kind() == MediaKind::Video)
            .ok_or(Refused::UnknownSlot)?;
        self.slots[slot].held = None;
        let Some(wanted) = view else {
            self.slots[slot].set_view(None);
            self.empty_slot(shared, now, slot);
            return Ok(());
        };
        let known = shared.index.by_publication.get(&wanted.publication);
        // A publication of another room does not exist here.
        let key = known.filter(|(room, _)| *room == self.key).map(|(_, key)| *key);
        let key = key.ok_or(Refused::UnknownPublication)?;
        let publication = &self.publications[key];
        if publication.kind != MediaKind::Video {
            return Err(Refused::UnknownPublication);
        }
        if !self.permitted(receiver, publication) {
            return Err(Refused::NotPermitted);
        }
        if self.slots[slot].decodable(publication).is_empty() {
            return Err(Refused::Codec);
        }
        self.slots[slot].set_view(Some(wanted));
        self.fill_slot(shared, slot, key);
        self.retarget(shared, now, slot);
        Ok(())
    }

    /// Lets a publication fill a slot from its next key frame on.
    pub fn fill_slot(&mut self, shared: &mut Shared, slot_key: SlotKey, key: PublicationKey) {
        if self.slots[slot_key].source() == Some(key) {
            return;
        }
        self.unroute(slot_key);
        let publication = &mut self.publications[key];
        publication.routes.push(slot_key);
        let (publication_id, publication_kind) = (publication.id, publication.kind);
        let slot = &mut self.slots[slot_key];
        slot.subscription.begin(publication_id);
        slot.fit(key, &publication.codecs, publication.sent());
        slot.subscription.set_live(slot.live_of(publication));
        slot.subscription.set_order(publication.order);
        slot.subscription.set_spatial(publication.shape.is_spatial, publication.shape.is_nested);
        slot.paused = false;
        slot.wished = None;
        // A picture is shared out by its receiver's line, as something new.
        slot.subscription.aim(None);
        if publication_kind == MediaKind::Audio {
            slot.subscription.aim(Some(Target::whole(LayerIndex::FIRST)));
        }
        let source = Some(publication_id);
        let participant = self.transports[slot.receiver].participant;
        let mid = slot.mid;
        shared.events.push_back(Event::Slot { participant, mid, source, unsupported: false, paused: false });
    }

    /// Takes the source out of a slot, if there is one.
    pub fn empty_slot(&mut self, shared: &mut Shared, now: Micros, key: SlotKey) {
        self.empty_slot_because(shared, now, key, false);
    }

    fn empty_slot_because(&mut self, shared: &mut Shared, now: Micros, key: SlotKey, unsupported: bool) {
        let Some(before) = self.slots.get(key).and_then(|slot| slot.source()) else { return };
        self.unroute(key);
        let slot = &mut self.slots[key];
        slot.subscription.close();
        slot.paused = false;
        slot.wished = None;
        let participant = self.transports[slot.receiver].participant;
        let mid = slot.mid;
        shared.events.push_back(Event::Slot { participant, mid, source: None, unsupported, paused: false });
        self.update_wanted(shared, now, before);
    }

    /// A publication sends in another codec than before: slots whose client cannot decode it are emptied, and wait; the
    /// others are made ready for it.
    pub fn recode(&mut self, shared: &mut Shared, now: Micros, key: PublicationKey) {
        for slot_key in self.publications[key].routes.clone() {
            let (publication, slot) = (&self.publications[key], &mut self.slots[slot_key]);
            let decodable = slot.decodable(publication);
            if decodable.is_empty() {
                self.empty_slot_because(shared, now, slot_key, true);
                self.publications[key].waiting.push(slot_key);
                continue;
            }
            slot.fit(key, &publication.codecs, publication.sent());
            slot.subscription.set_live(slot.live_of(publication));
            self.retarget(shared, now, slot_key);
        }
    }

    /// Fills the slots that wait for a codec which their clients can decode, if that is sent again. It is looked at once a
    /// second, so that a publisher that changes at every packet moves nobody.
    pub fn retry_waiting(&mut self, shared: &mut Shared, now: Micros, key: PublicationKey) {
        for slot_key in std::mem::take(&mut self.publications[key].waiting) {
            let publication = &self.publications[key];
            let Some(slot) = self.slots.get(slot_key) else { continue };
            let waits = slot.source().is_none()
                && slot.view().is_some_and(|view| view.publication == publication.id)
                && self.permitted(slot.receiver, publication);
            if !waits {
                continue;
            }
            if slot.decodable(publication).is_empty() {
                self.publications[key].waiting.push(slot_key);
            } else {
                self.fill_slot(shared, slot_key, key);
                self.retarget(shared, now, slot_key);
            }
        }
    }

    /// A publication fills a slot no more, with what of it still waits.
    fn unroute(&mut self, key: SlotKey) {
        if let Some(slot) = self.slots.get(key).filter(|slot| slot.source().is_some())
            && let Some(transport) = self.transports.get_mut(slot.receiver)
        {
            transport.receiver.withdraw(&slot.subscription);
        }
        if let Some(publication) =
            self.slots[key].source().and_then(|source| self.publications.get_mut(source))
        {
            publication.routes.retain(|slot| *slot != key);
        }
    }

    /// Takes a publication out of the slots of everyone who may not receive it (any more).
    pub fn enforce_audience(&mut self, shared: &mut Shared, now: Micros, key: PublicationKey) {
        for slot in self.publications[key].routes.clone() {
            self.enforce_slot(shared, now, slot);
        }
    }

    /// Takes out of a receiver's slots what it may not receive (any more).
    pub fn enforce_receiver(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        for slot in self.transports[key].receiver.slots.clone() {
            self.enforce_slot(shared, now, slot);
        }
    }

    fn enforce_slot(&mut self, shared: &mut Shared, now: Micros, key: SlotKey) {
        let slot = &self.slots[key];
        let permitted = slot
            .source()
            .and_then(|source| self.publications.get(source))
            .is_some_and(|publication| self.permitted(slot.receiver, publication));
        if !permitted {
            self.empty_slot(shared, now, key);
        }
    }

    /// The one place where a permission is decided: its publisher may publish, the receiver may receive, and is among those
    /// who may receive this. Nobody hears themselves; who wants to see themselves may.
    pub fn permitted(&self, receiver: TransportKey, publication: &Publication) -> bool {
        let (Some(receiver), Some(owner)) =
            (self.transports.get(receiver), self.transports.get(publication.owner))
        else {
            return false;
        };
        let own = receiver.key == owner.key;
        owner.permissions.publish
            && receiver.permissions.subscribe
            && publication.audience.allows(receiver.participant)
            && !(own && publication.kind == MediaKind::Audio)
    }

    /// Chooses the layer for a video slot anew: its tile, its source's layers or sizes changed. What it takes of the line, or
    /// leaves, changes what the receiver's other slots can have.
    pub fn retarget(&mut self, shared: &mut Shared, now: Micros, key: SlotKey) {
        let Some(slot) = self.slots.get(key) else { return };
        let (source, receiver) = (slot.source(), slot.receiver);
        self.allocate(shared, now, receiver);
        if let Some(source) = source {
            self.update_wanted(shared, now, source);
        }
        self.request_key_frames(shared, now, key);
    }

    /// Every video slot of a publication chooses anew.
    pub fn retarget_all(&mut self, shared: &mut Shared, now: Micros, key: PublicationKey) {
        for slot in self.publications[key].routes.clone() {
            self.retarget(shared, now, slot);
        }
    }

    /// A publication sends again: its slots begin anew with a key frame.
    pub fn resume_publication(&mut self, shared: &mut Shared, now: Micros, key: PublicationKey) {
        for slot in self.publications[key].routes.clone() {
            self.request_key_frames(shared, now, slot);
        }
    }

    /// Asks the publisher for the key frame that a slot waits for, if it waits for one.
    pub fn request_key_frames(&mut self, shared: &mut Shared, now: Micros, key: SlotKey) {
        let Some(slot) = self.slots.get_mut(key) else { return };
        let Some(receiver) =
            self.transports.get_mut(slot.receiver).filter(|receiver| receiver.is_connected())
        else {
            return;
        };
        if let (Some(source), Some(layer)) = (slot.source(), slot.subscription.key_frame_wanted(now))
            && let Some(publication) = self.publications.get(source)
            && publication.may_be_asked(source, layer, &mut receiver.receiver.key_frame_budget, now)
        {
            self.request_key_frame(shared, now, source, layer);
        }
    }

    /// Fills the audio slots of a room with the loudest publications that each receiver may hear.
    pub fn refill_audio(&mut self, shared: &mut Shared, now: Micros) {
        let audible = self.speaker.loudest().to_vec();
        for member in self.members.clone() {
            self.refill_audio_of(shared, now, member, &audible);
        }
    }

    fn refill_audio_of(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        audible: &[PublicationKey],
    ) {
        let Some(receiver) = self.transports.get(key) else { return };
        let slots: Vec<_> = receiver
            .receiver
            .slots
            .iter()
            .copied()
            .filter(|slot| self.slots[*slot].kind() == MediaKind::Audio)
            .collect();
        if slots.is_empty() {
            return;
        }
        let heard: Vec<_> = audible
            .iter()
            .copied()
            .filter(|source| {
                self.publications.get(*source).is_some_and(|publication| {
                    self.permitted(key, publication) && self.slots[slots[0]].can_decode(&publication.codecs)
                })
            })
            .take(slots.len())
            .collect();
        for slot in &slots {
            if self.slots[*slot].source().is_some_and(|source| !heard.contains(&source)) {
                self.empty_slot(shared, now, *slot);
            }
        }
        for source in heard {
            if slots.iter().any(|slot| self.slots[*slot].source() == Some(source)) {
                continue;
            }
            if let Some(free) = slots.iter().find(|slot| self.slots[**slot].source().is_none()) {
                self.fill_slot(shared, *free, source);
            }
        }
    }
}
