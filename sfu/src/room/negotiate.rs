//! The newest agreement with a client replaces the one before: publications and slots come, stay and go.

use super::Room;
use crate::{
    api::{PublicationTerms, Refused},
    key::{PublicationKey, SlotKey, TransportKey},
    line::{Line, Tells},
    publication::Publication,
    shared::Shared,
    slot::Slot,
    subscription::{Left, Numbers},
};
use std::collections::BTreeMap;
use viva_media::{
    Extension, MAX_LAYERS, MediaKind, MediaParameters, PublicationId, PublicationParameters, SlotParameters,
    Ssrc,
};
use viva_wire::Micros;

impl Room {
    pub fn negotiate(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        media: MediaParameters,
        terms: BTreeMap<PublicationId, PublicationTerms>,
    ) -> Result<(), Refused> {
        self.check(shared, key, &media)?;
        if terms.keys().any(|named| media.publications.iter().all(|publication| publication.id != *named)) {
            return Err(Refused::UnknownPublication);
        }
        let transport = &mut self.transports[key];
        transport.extensions = media.extensions;
        transport.receiver.headers.agree(media.extensions);
        if !media.slots.is_empty() {
            let line = transport.receiver.line.get_or_insert_with(|| Box::new(Line::new(now)));
            line.agree(match media.extensions.id(Extension::TransportWideCc) {
                Some(_) => Tells::ByNumber,
                None if media.congestion_feedback => Tells::ByStream,
                None => Tells::Nothing,
            });
        }
        let asks = |slot: &SlotParameters| {
            slot.kind == MediaKind::Audio && slot.codecs.iter().any(|codec| codec.nack)
        };
        let sound = &mut transport.receiver.sealed_sound;
        *sound = media.slots.iter().any(asks).then(|| sound.take().unwrap_or_default());
        let (publications, slots) = (transport.publications.clone(), transport.receiver.slots.clone());
        for old in publications {
            if !media.publications.iter().any(|new| self.is_same_publication(old, new)) {
                self.remove_publication(shared, now, old);
            }
        }
        for old in slots {
            if !media.slots.iter().any(|new| self.is_same_slot(old, new)) {
                self.remove_slot(shared, now, old);
            }
        }
        for parameters in &media.publications {
            self.put_publication(shared, now, key, parameters);
        }
        for parameters in media.slots {
            self.put_slot(shared, key, parameters);
        }
        for (publication, terms) in terms {
            self.put_terms(shared, now, publication, terms);
        }
        self.refill_audio(shared, now);
        if self.transports[key].is_connected() {
            self.begin_line(shared, now, key);
        }
        Ok(())
    }

    fn check(&self, shared: &mut Shared, key: TransportKey, media: &MediaParameters) -> Result<(), Refused> {
        let transport = &self.transports[key];
        if media.publications.len() > shared.limits.publications
            || media.slots.len() > shared.limits.slots
            || transport.receiver.retired.len() > 4 * shared.limits.slots
        {
            return Err(Refused::Limit);
        }
        if !media.publications.is_empty() && !transport.permissions.publish {
            return Err(Refused::NotPermitted);
        }
        let foreign = |publication: &PublicationParameters| {
            shared.index.by_publication.get(&publication.id).is_some_and(|(room, known)| {
                *room != self.key || self.publications.get(*known).is_none_or(|known| known.owner != key)
            })
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
                && old.streams().len() == new.encodings.len().min(MAX_LAYERS)
                && old
                    .streams()
                    .iter()
                    .zip(&new.encodings)
                    .all(|(layer, encoding)| layer.encoding == *encoding)
        })
    }

    fn is_same_slot(&self, key: SlotKey, new: &SlotParameters) -> bool {
        self.slots.get(key).is_some_and(|old| {
            old.mid == new.mid
                && old.kind() == new.kind
                && old.ssrc() == new.ssrc
                && old.subscription.rtx_ssrc == new.rtx_ssrc
                && old.codecs == new.codecs
        })
    }

    fn put_publication(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        owner: TransportKey,
        parameters: &PublicationParameters,
    ) {
        if shared.index.by_publication.contains_key(&parameters.id) {
            return;
        }
        let transport = &mut self.transports[owner];
        let allowance = match parameters.kind {
            MediaKind::Audio => shared.limits.sound,
            MediaKind::Video => shared.limits.pictures,
        };
        let publication = Publication::new(now, parameters, owner, allowance);
        let kind = publication.kind;
        let key = self.publications.insert(publication);
        transport.publications.push(key);
        shared.index.by_publication.insert(parameters.id, (self.key, key));
        if kind == MediaKind::Audio {
            self.speaker.add(key);
            self.watch_loudness(shared, now);
        }
    }

    fn put_terms(&mut self, shared: &mut Shared, now: Micros, id: PublicationId, terms: PublicationTerms) {
        let Some((_, key)) = shared.index.by_publication.get(&id).copied() else { return };
        self.publications[key].audience = terms.audience;
        self.enforce_audience(shared, now, key);
        self.prioritize(shared, now, key, terms.priority);
        if let Some(allowance) = terms.allowance {
            self.allow(key, allowance);
        }
        self.mute(shared, now, key, terms.muted);
    }

    fn put_slot(&mut self, shared: &mut Shared, receiver: TransportKey, parameters: SlotParameters) {
        let transport = &mut self.transports[receiver];
        if transport.receiver.slots.iter().any(|slot| self.slots[*slot].mid == parameters.mid) {
            return;
        }
        // Roll-over counters start at zero at both ends, so the first number lies in the lower half (RFC 3711 §3.3.1).
        let (sequence, rtx_sequence) = (shared.random.next() & 0x7fff, shared.random.next() & 0x7fff);
        let timestamp = shared.random.next() as u32;
        let stopped =
            |ssrc: Option<Ssrc>| ssrc.and_then(|ssrc| transport.receiver.retired.get(&ssrc).copied());
        let media = stopped(Some(parameters.ssrc)).unwrap_or(Numbers {
            sequence,
            timestamp,
            last: None,
            left: Left::default(),
        });
        let rtx_sequence = stopped(parameters.rtx_ssrc).map_or(rtx_sequence, |numbers| numbers.sequence);
        let slot = Slot::new(parameters, receiver, media, rtx_sequence, shared.limits.key_frame_interval);
        transport.receiver.slots.push(self.slots.insert(slot));
    }

    pub fn remove_publication(&mut self, shared: &mut Shared, now: Micros, key: PublicationKey) {
        for slot in
            self.publications.get(key).map(|publication| publication.routes.clone()).unwrap_or_default()
        {
            self.empty_slot(shared, now, slot);
        }
        let Some(publication) = self.publications.remove(key) else { return };
        shared.index.by_publication.remove(&publication.id);
        if let Some(owner) = self.transports.get_mut(publication.owner) {
            owner.publications.retain(|other| *other != key);
            owner.keep_clocks(&publication);
            owner.unbind(key);
        }
        self.speaker.remove(key);
        // Whoever waits for this publication by name waits in vain.
        for slot in self
            .slots
            .values_mut()
            .filter(|slot| slot.view().is_some_and(|view| view.publication == publication.id))
        {
            slot.set_view(None);
        }
    }

    pub fn remove_slot(&mut self, shared: &mut Shared, now: Micros, key: SlotKey) {
        self.empty_slot(shared, now, key);
        if let Some(slot) = self.slots.remove(key)
            && let Some(receiver) = self.transports.get_mut(slot.receiver)
        {
            receiver.receiver.slots.retain(|other| *other != key);
            for ssrc in [Some(slot.ssrc()), slot.subscription.rtx_ssrc].into_iter().flatten() {
                receiver.receiver.queue.forget(ssrc);
            }
            receiver.receiver.retired.extend(slot.subscription.stopped());
        }
    }
}

fn has_duplicates<T: Ord>(items: &mut [T]) -> bool {
    items.sort_unstable();
    items.windows(2).any(|pair| pair[0] == pair[1])
}
