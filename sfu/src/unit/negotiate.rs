//! The newest agreement with a client replaces the one before: publications and slots come, stay and go.

use super::Sfu;
use crate::{
    api::Refused,
    key::{PublicationKey, SlotKey, TransportKey},
    publication::Publication,
    slot::{Left, Numbers, Slot},
};
use viva_media::{MediaKind, MediaParameters, ParticipantId, PublicationParameters, SlotParameters, Ssrc};
use viva_wire::Micros;

impl Sfu {
    pub(super) fn negotiate(
        &mut self,
        now: Micros,
        participant: ParticipantId,
        media: MediaParameters,
    ) -> Result<(), Refused> {
        let key = self.participant(participant)?;
        self.check(key, &media)?;
        let transport = &mut self.transports[key];
        transport.extensions = media.extensions;
        transport.heading.agree(media.extensions);
        let (publications, slots) = (transport.publications.clone(), transport.slots.clone());
        for old in publications {
            if !media.publications.iter().any(|new| self.is_same_publication(old, new)) {
                self.remove_publication(now, old);
            }
        }
        for old in slots {
            if !media.slots.iter().any(|new| self.is_same_slot(old, new)) {
                self.remove_slot(now, old);
            }
        }
        for parameters in &media.publications {
            self.put_publication(now, key, parameters);
        }
        for parameters in media.slots {
            self.put_slot(key, parameters);
        }
        self.refill_audio(now, self.transports[key].room);
        Ok(())
    }

    fn check(&self, key: TransportKey, media: &MediaParameters) -> Result<(), Refused> {
        let transport = &self.transports[key];
        if media.publications.len() > self.limits.publications
            || media.slots.len() > self.limits.slots
            || transport.retired.len() > 4 * self.limits.slots
        {
            return Err(Refused::Limit);
        }
        if !media.publications.is_empty() && !transport.permissions.publish {
            return Err(Refused::NotPermitted);
        }
        let foreign = |publication: &PublicationParameters| {
            self.by_publication
                .get(&publication.id)
                .and_then(|key| self.publications.get(*key))
                .is_some_and(|known| known.owner != key)
        };
        let mut ids: Vec<_> = media.publications.iter().map(|publication| publication.id).collect();
        let mut mids: Vec<_> = media.publications.iter().map(|publication| publication.mid).collect();
        let mut slot_mids: Vec<_> = media.slots.iter().map(|slot| slot.mid).collect();
        let mut ssrcs: Vec<_> =
            media.slots.iter().flat_map(|slot| [Some(slot.ssrc), slot.rtx_ssrc]).flatten().collect();
        if media.publications.iter().any(foreign)
            || has_duplicates(&mut ids)
            || has_duplicates(&mut mids)
            || has_duplicates(&mut slot_mids)
            || has_duplicates(&mut ssrcs)
        {
            return Err(Refused::Ambiguous);
        }
        Ok(())
    }

    fn is_same_publication(&self, key: PublicationKey, new: &PublicationParameters) -> bool {
        self.publications.get(key).is_some_and(|old| {
            old.id == new.id
                && old.mid == new.mid
                && old.kind == new.kind
                && old.codecs == new.codecs
                && old.layers.len() == new.encodings.len().min(crate::publication::MAX_LAYERS)
                && old.layers.iter().zip(&new.encodings).all(|(layer, encoding)| layer.encoding == *encoding)
        })
    }

    fn is_same_slot(&self, key: SlotKey, new: &SlotParameters) -> bool {
        self.slots.get(key).is_some_and(|old| {
            old.mid == new.mid
                && old.kind == new.kind
                && old.ssrc == new.ssrc
                && old.rtx_ssrc == new.rtx_ssrc
                && old.codecs == new.codecs
        })
    }

    fn put_publication(&mut self, now: Micros, owner: TransportKey, parameters: &PublicationParameters) {
        if self.by_publication.contains_key(&parameters.id) {
            return;
        }
        let transport = &mut self.transports[owner];
        let allowance = match parameters.kind {
            MediaKind::Audio => self.limits.sound,
            MediaKind::Video => self.limits.pictures,
        };
        let publication = Publication::new(now, parameters, owner, transport.room, allowance);
        let (room, kind) = (transport.room, publication.kind);
        let key = self.publications.insert(publication);
        transport.publications.push(key);
        self.by_publication.insert(parameters.id, key);
        if kind == MediaKind::Audio {
            if let Some(room) = self.rooms.get_mut(room) {
                room.speaker.add(key);
            }
            self.watch_loudness(now, room);
        }
    }

    fn put_slot(&mut self, receiver: TransportKey, parameters: SlotParameters) {
        let transport = &mut self.transports[receiver];
        if transport.slots.iter().any(|slot| self.slots[*slot].mid == parameters.mid) {
            return;
        }
        // Roll-over counters start at zero at both ends, so the first number lies in the lower half (RFC 3711 §3.3.1).
        let (sequence, rtx_sequence) = (self.random.next() & 0x7fff, self.random.next() & 0x7fff);
        let timestamp = self.random.next() as u32;
        let stopped = |ssrc: Option<Ssrc>| ssrc.and_then(|ssrc| transport.retired.get(&ssrc).copied());
        let media = stopped(Some(parameters.ssrc)).unwrap_or(Numbers {
            sequence,
            timestamp,
            last: None,
            left: Left::default(),
        });
        let rtx_sequence = stopped(parameters.rtx_ssrc).map_or(rtx_sequence, |numbers| numbers.sequence);
        let slot = Slot::new(parameters, receiver, media, rtx_sequence, self.limits.key_frame_interval);
        transport.slots.push(self.slots.insert(slot));
    }

    pub(super) fn remove_publication(&mut self, now: Micros, key: PublicationKey) {
        for slot in
            self.publications.get(key).map(|publication| publication.routes.clone()).unwrap_or_default()
        {
            self.empty_slot(now, slot);
        }
        let Some(publication) = self.publications.remove(key) else { return };
        self.by_publication.remove(&publication.id);
        if let Some(owner) = self.transports.get_mut(publication.owner) {
            owner.publications.retain(|other| *other != key);
            owner.keep_clocks(&publication);
            owner.unbind(key);
        }
        if let Some(room) = self.rooms.get_mut(publication.room) {
            room.speaker.remove(key);
        }
        // Whoever waits for this publication by name waits in vain.
        for slot in self
            .slots
            .values_mut()
            .filter(|slot| slot.view.is_some_and(|view| view.publication == publication.id))
        {
            slot.view = None;
            slot.held = None;
        }
    }

    pub(super) fn remove_slot(&mut self, now: Micros, key: SlotKey) {
        self.empty_slot(now, key);
        if let Some(slot) = self.slots.remove(key)
            && let Some(receiver) = self.transports.get_mut(slot.receiver)
        {
            receiver.slots.retain(|other| *other != key);
            receiver.retired.extend(slot.stopped());
        }
    }
}

fn has_duplicates<T: Ord>(items: &mut [T]) -> bool {
    items.sort_unstable();
    items.windows(2).any(|pair| pair[0] == pair[1])
}
