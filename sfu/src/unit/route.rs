//! Which publication fills which slot: asked for by the receiver for video, by loudness for audio, permitted or not.

use super::Sfu;
use crate::{
    api::{Event, Refused, View},
    key::{PublicationKey, RoomKey, SlotKey, TransportKey},
    publication::Publication,
    transport::Transport,
};
use viva_media::{MediaKind, Mid, ParticipantId};
use viva_wire::Micros;

impl Sfu {
    pub(super) fn view(
        &mut self,
        now: Micros,
        participant: ParticipantId,
        mid: Mid,
        view: Option<View>,
    ) -> Result<(), Refused> {
        let receiver = self.participant(participant)?;
        let slot = self.transports[receiver]
            .slots
            .iter()
            .copied()
            .find(|slot| self.slots[*slot].mid == mid && self.slots[*slot].kind == MediaKind::Video)
            .ok_or(Refused::UnknownSlot)?;
        self.slots[slot].held = None;
        let Some(wanted) = view else {
            self.slots[slot].view = None;
            self.empty_slot(now, slot);
            return Ok(());
        };
        let key = *self.by_publication.get(&wanted.publication).ok_or(Refused::UnknownPublication)?;
        let publication = &self.publications[key];
        if publication.kind != MediaKind::Video || publication.room != self.transports[receiver].room {
            return Err(Refused::UnknownPublication);
        }
        if !may_receive(&self.transports[receiver], publication) || !self.may_publish(publication) {
            return Err(Refused::NotPermitted);
        }
        if publication.decodable(&self.slots[slot]) == 0 {
            return Err(Refused::Codec);
        }
        self.slots[slot].view = Some(wanted);
        self.fill_slot(slot, key);
        self.retarget(now, slot);
        Ok(())
    }

    /// Lets a publication fill a slot from its next key frame on.
    pub(super) fn fill_slot(&mut self, slot_key: SlotKey, key: PublicationKey) {
        if self.slots[slot_key].source == Some(key) {
            return;
        }
        self.unroute(slot_key);
        let publication = &mut self.publications[key];
        publication.routes.push(slot_key);
        let (publication_id, publication_kind) = (publication.id, publication.kind);
        // What never sent yet may begin at any moment.
        let live = if publication.live() == 0 { u8::MAX } else { publication.live() };
        let slot = &mut self.slots[slot_key];
        slot.begin(publication_id);
        slot.fit(key, &publication.codecs, publication.sent());
        slot.selector.set_live(live & publication.decodable(slot));
        slot.selector.set_order(publication.order);
        if publication_kind == MediaKind::Audio {
            slot.aim(Some(0));
        }
        let source = Some(publication_id);
        let participant = self.transports[slot.receiver].participant;
        self.events.push_back(Event::Slot { participant, mid: slot.mid, source, unsupported: false });
    }

    /// Takes the source out of a slot, if there is one.
    pub(super) fn empty_slot(&mut self, now: Micros, key: SlotKey) {
        self.empty_slot_because(now, key, false);
    }

    fn empty_slot_because(&mut self, now: Micros, key: SlotKey, unsupported: bool) {
        let Some(before) = self.slots.get(key).and_then(|slot| slot.source) else { return };
        self.unroute(key);
        let slot = &mut self.slots[key];
        slot.close();
        let participant = self.transports[slot.receiver].participant;
        self.events.push_back(Event::Slot { participant, mid: slot.mid, source: None, unsupported });
        self.update_wanted(now, before);
    }

    /// A publication sends in another codec than before: slots whose client cannot decode it are emptied, and wait; the
    /// others are made ready for it.
    pub(super) fn recode(&mut self, now: Micros, key: PublicationKey) {
        for slot_key in self.publications[key].routes.clone() {
            let (publication, slot) = (&self.publications[key], &mut self.slots[slot_key]);
            let decodable = publication.decodable(slot);
            if decodable == 0 {
                self.empty_slot_because(now, slot_key, true);
                self.publications[key].waiting.push(slot_key);
                continue;
            }
            slot.fit(key, &publication.codecs, publication.sent());
            let live = if publication.live() == 0 { u8::MAX } else { publication.live() };
            slot.selector.set_live(live & decodable);
            self.retarget(now, slot_key);
        }
    }

    /// Fills the slots that wait for a codec which their clients can decode, if that is sent again. It is looked at once a
    /// second, so that a publisher that changes at every packet moves nobody.
    pub(super) fn retry_waiting(&mut self, now: Micros, key: PublicationKey) {
        for slot_key in std::mem::take(&mut self.publications[key].waiting) {
            let publication = &self.publications[key];
            let Some(slot) = self.slots.get(slot_key) else { continue };
            let waits = slot.source.is_none()
                && slot.view.is_some_and(|view| view.publication == publication.id)
                && may_receive(&self.transports[slot.receiver], publication)
                && self.may_publish(publication);
            if !waits {
                continue;
            }
            if publication.decodable(slot) == 0 {
                self.publications[key].waiting.push(slot_key);
            } else {
                self.fill_slot(slot_key, key);
                self.retarget(now, slot_key);
            }
        }
    }

    fn unroute(&mut self, key: SlotKey) {
        if let Some(publication) = self.slots[key].source.and_then(|source| self.publications.get_mut(source))
        {
            publication.routes.retain(|slot| *slot != key);
        }
    }

    /// Takes a publication out of the slots of everyone who may not receive it (any more).
    pub(super) fn enforce_audience(&mut self, now: Micros, key: PublicationKey) {
        for slot in self.publications[key].routes.clone() {
            self.enforce_slot(now, slot);
        }
    }

    /// Takes out of a receiver's slots what it may not receive (any more).
    pub(super) fn enforce_receiver(&mut self, now: Micros, key: TransportKey) {
        for slot in self.transports[key].slots.clone() {
            self.enforce_slot(now, slot);
        }
    }

    fn enforce_slot(&mut self, now: Micros, key: SlotKey) {
        let slot = &self.slots[key];
        let receiver = &self.transports[slot.receiver];
        let permitted = slot
            .source
            .and_then(|source| self.publications.get(source))
            .is_some_and(|publication| may_receive(receiver, publication) && self.may_publish(publication));
        if !permitted {
            self.empty_slot(now, key);
        }
    }

    /// May a receiver be shown a publication as things stand?
    pub(super) fn may_show(&self, receiver: TransportKey, publication: &Publication) -> bool {
        self.may_publish(publication)
            && self.transports.get(receiver).is_some_and(|receiver| may_receive(receiver, publication))
    }

    fn may_publish(&self, publication: &Publication) -> bool {
        self.transports.get(publication.owner).is_some_and(|owner| owner.permissions.publish)
    }

    /// Chooses the layer for a video slot anew: its tile, its source's layers or sizes changed.
    pub(super) fn retarget(&mut self, now: Micros, key: SlotKey) {
        let slot = &mut self.slots[key];
        let (Some(source), Some(view)) = (slot.source, slot.view) else { return };
        let Some(publication) = self.publications.get(source) else { return };
        slot.aim(publication.layer_for(view.height, publication.decodable(slot)));
        self.update_wanted(now, source);
        self.request_key_frames(now, key);
    }

    /// Every video slot of a publication chooses anew.
    pub(super) fn retarget_all(&mut self, now: Micros, key: PublicationKey) {
        for slot in self.publications[key].routes.clone() {
            self.retarget(now, slot);
        }
    }

    /// A publication sends again: its slots begin anew with a key frame.
    pub(super) fn resume_publication(&mut self, now: Micros, key: PublicationKey) {
        for slot in self.publications[key].routes.clone() {
            self.request_key_frames(now, slot);
        }
    }

    /// Asks the publisher for the key frame that a slot waits for, if it waits for one.
    pub(super) fn request_key_frames(&mut self, now: Micros, key: SlotKey) {
        let Some(slot) = self.slots.get_mut(key) else { return };
        let Some(receiver) =
            self.transports.get_mut(slot.receiver).filter(|receiver| receiver.is_connected())
        else {
            return;
        };
        if let (Some(source), Some(layer)) = (slot.source, slot.selector.key_frame_wanted(now))
            && let Some(publication) = self.publications.get(source)
            && publication.may_be_asked(source, layer, receiver, now)
        {
            self.request_key_frame(now, source, layer as u8);
        }
    }

    /// Fills the audio slots of a room with the loudest publications that each receiver may hear.
    pub(super) fn refill_audio(&mut self, now: Micros, key: RoomKey) {
        let Some(room) = self.rooms.get(key) else { return };
        let (members, audible) = (room.members.clone(), room.speaker.loudest().to_vec());
        for member in members {
            self.refill_audio_of(now, member, &audible);
        }
    }

    fn refill_audio_of(&mut self, now: Micros, key: TransportKey, audible: &[PublicationKey]) {
        let Some(receiver) = self.transports.get(key) else { return };
        let slots: Vec<_> = receiver
            .slots
            .iter()
            .copied()
            .filter(|slot| self.slots[*slot].kind == MediaKind::Audio)
            .collect();
        if slots.is_empty() {
            return;
        }
        let heard: Vec<_> = audible
            .iter()
            .copied()
            .filter(|source| {
                self.publications.get(*source).is_some_and(|publication| {
                    publication.owner != key
                        && may_receive(receiver, publication)
                        && self.may_publish(publication)
                        && self.slots[slots[0]].can_decode(&publication.codecs)
                })
            })
            .take(slots.len())
            .collect();
        for slot in &slots {
            if self.slots[*slot].source.is_some_and(|source| !heard.contains(&source)) {
                self.empty_slot(now, *slot);
            }
        }
        for source in heard {
            if slots.iter().any(|slot| self.slots[*slot].source == Some(source)) {
                continue;
            }
            if let Some(free) = slots.iter().find(|slot| self.slots[**slot].source.is_none()) {
                self.fill_slot(*free, source);
            }
        }
    }
}

/// The one place where a permission is decided: a receiver, a publication, the same room, not one's own.
fn may_receive(receiver: &Transport, publication: &Publication) -> bool {
    receiver.room == publication.room
        && receiver.permissions.subscribe
        && publication.audience.allows(receiver.participant)
}
