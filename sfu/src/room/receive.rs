//! A packet comes in: whose is it, is it authentic, what stream does it belong to.

use super::Room;
use crate::{
    api::TransportState,
    arrived::Arrived,
    cache::Cached,
    dropped::Dropped,
    egress,
    key::{PublicationKey, TransportKey},
    publication::{Arrival, Number, Packet},
    shared::Shared,
    transport::Binding,
};
use viva_media::{Codec, Extension, MediaKind, Path, Pt};
use viva_wire::{
    Micros,
    codec::{self, Frame},
    rtp::{AudioLevel, Extensions, Header, read_original_sequence},
};

/// The longest dependency descriptor that is read and passed on: three by three layers take less than a hundred bytes.
const MAX_DESCRIPTOR: usize = u8::MAX as usize;

/// What is known of a media packet that was opened, beside its payload.
struct Sealed<'a> {
    header: &'a Header,
    extensions: &'a Extensions,
    /// Its dependency descriptor, if it has one.
    descriptor: &'a [u8],
    /// The index under which it was sealed.
    index: u64,
    /// Its length before it was opened.
    wire_length: usize,
}

impl Room {
    /// A sealed media packet of a participant.
    pub fn handle_rtp(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        path: Path,
        packet: &mut [u8],
    ) -> Result<(), Dropped> {
        let transport = self.transports.get_mut(key).ok_or(Dropped::UnknownSource)?;
        let inbound = transport.opener(now)?;
        let wire_length = packet.len();
        let header = Header::parse(packet)?;
        let (length, index) = inbound.unprotect_parsed_rtp(&header, packet)?;
        transport.heard = Some(now);
        let packet = packet.get(..length).ok_or(Dropped::Malformed)?;
        let extensions = header.read_extensions(&transport.extensions, packet);
        let transport = if transport.note_authentic(now, path, wire_length) {
            transport
        } else {
            self.update_state(shared, now, key);
            self.transports.get_mut(key).ok_or(Dropped::UnknownSource)?
        };
        if let Some(sequence) = extensions.transport_cc {
            transport.arrivals.record(sequence, now);
            if let Some(due) = transport.arrivals.next_deadline().filter(|due| *due < transport.feedback) {
                transport.feedback = due;
                transport.arm(&mut shared.wheel, due);
            }
        }
        let described = transport.extensions.id(Extension::DependencyDescriptor);
        let binding = match transport.binding(header.ssrc) {
            Some(binding) => binding,
            None => self.bind(shared, now, key, &header, &extensions)?,
        };
        let payload = header.payload(packet)?;
        let descriptor = described.and_then(|id| header.extension(packet, id)).unwrap_or_default();
        let sealed = Sealed { header: &header, extensions: &extensions, descriptor, index, wire_length };
        self.receive_media(shared, now, key, binding, sealed, payload)
    }

    /// The publication and layer of a new stream, as told by mid, rid and declared SSRCs.
    fn bind(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        key: TransportKey,
        header: &Header,
        extensions: &Extensions,
    ) -> Result<Binding, Dropped> {
        let transport = self.transports.get(key).ok_or(Dropped::UnknownSource)?;
        let rid = extensions.repaired_rid.or(extensions.rid);
        for publication_key in &transport.publications {
            let Some(publication) = self.publications.get(*publication_key) else { continue };
            if extensions.mid.is_some_and(|mid| mid.as_bytes() != publication.mid.as_bytes()) {
                continue;
            }
            let Some((_, retransmission)) = publication.codec(header.pt) else { continue };
            let Some(layer) = publication.layer_of(header.ssrc, rid, retransmission) else { continue };
            // Without a mid only a declared SSRC, or being the only one of its kind, tells the publication.
            let state = publication.layer(layer);
            let declared = state.is_some_and(|layer| {
                [layer.encoding.ssrc, layer.encoding.rtx_ssrc].contains(&Some(header.ssrc))
            });
            let alone = self.is_only_one_with(key, header.pt);
            if extensions.mid.is_none() && !declared && !alone {
                continue;
            }
            if !retransmission && state.is_some_and(|state| !state.yields_to(header.ssrc, now)) {
                return Err(Dropped::Rival);
            }
            let binding = Binding { ssrc: header.ssrc, publication: *publication_key, layer, retransmission };
            self.fan_out(shared, now);
            return self.start_stream(key, binding);
        }
        Err(Dropped::UnknownSsrc)
    }

    fn is_only_one_with(&self, key: TransportKey, pt: Pt) -> bool {
        let Some(transport) = self.transports.get(key) else { return false };
        let matching = |key: &&_| {
            self.publications.get(**key).is_some_and(|publication| publication.codec(pt).is_some())
        };
        transport.publications.iter().filter(matching).count() == 1
    }

    fn start_stream(&mut self, key: TransportKey, binding: Binding) -> Result<Binding, Dropped> {
        let transport = self.transports.get_mut(key).ok_or(Dropped::UnknownSource)?;
        transport.bind(binding)?;
        let publication = self.publications.get_mut(binding.publication).ok_or(Dropped::UnknownSsrc)?;
        let layer = publication.layers.get_mut(binding.layer.place()).ok_or(Dropped::UnknownSsrc)?;
        if binding.retransmission || layer.ssrc == Some(binding.ssrc) {
            return Ok(binding);
        }
        if layer.start_stream(binding.ssrc) {
            // Numbers of the old stream mean nothing in the new one: every slot enters it anew.
            for slot in &publication.routes {
                if let Some(slot) = self.slots.get_mut(*slot) {
                    slot.subscription.restart_stream(binding.layer);
                }
            }
        }
        if let Some(clock) = transport.take_clock(binding.ssrc) {
            layer.resume(clock);
        }
        Ok(binding)
    }

    fn receive_media(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        owner: TransportKey,
        binding: Binding,
        sealed: Sealed<'_>,
        payload: &[u8],
    ) -> Result<(), Dropped> {
        let Sealed { header, extensions, descriptor, index, wire_length } = sealed;
        let publication = self.publications.get_mut(binding.publication).ok_or(Dropped::UnknownSsrc)?;
        let agreed = publication.codec(header.pt).filter(|(_, repair)| *repair == binding.retransmission);
        let Some((codec, retransmission)) = agreed.map(|(agreed, repair)| (agreed.codec, repair)) else {
            if !binding.retransmission {
                self.take_number(shared, now, binding, Number::Index(index), header.timestamp);
            }
            return Err(Dropped::UnknownPayloadType);
        };
        let layer = publication.layers.get_mut(binding.layer.place()).ok_or(Dropped::UnknownSsrc)?;
        if !publication.meter.take(wire_length, now) {
            if !retransmission {
                layer.pass_over(now, Number::Index(index));
            }
            return Err(self.exceed(owner));
        }
        if payload.is_empty() {
            // A probe. On the media stream itself it takes a number that no receiver shall miss.
            if !retransmission {
                self.take_number(shared, now, binding, Number::Index(index), header.timestamp);
            }
            return Err(Dropped::Padding);
        }
        let (number, payload) = if retransmission {
            let (original, payload) = read_original_sequence(payload)?;
            if payload.is_empty() || layer.ssrc.is_none() {
                return Err(Dropped::Retransmission);
            }
            (Number::Original(original), payload)
        } else {
            (Number::Index(index), payload)
        };
        let (mut frame, primary_length) = match look_into(codec, payload) {
            Ok(told) => told,
            Err(reason) => {
                self.take_number(shared, now, binding, number, header.timestamp);
                return Err(reason);
            }
        };
        let (descriptor, shape) = if codec.has_layers() && descriptor.len() <= MAX_DESCRIPTOR {
            (descriptor, layer.describe(&mut frame, codec, descriptor, payload))
        } else {
            (&[][..], None)
        };
        let meta = Cached {
            timestamp: header.timestamp,
            marker: header.marker,
            codec,
            frame,
            arrived: now,
            audio_level: extensions.audio_level.map(AudioLevel::to_byte),
            video_orientation: extensions.video_orientation,
            playout_delay: extensions.playout_delay,
            descriptor_len: descriptor.len() as u8,
        };
        let arrival = Arrival { number, meta };
        let sequence = layer.receive(now, &arrival, descriptor, payload)?;
        let deadline = layer.loss.next_deadline();
        let newest = (!retransmission && sequence == layer.newest_sequence()).then_some(payload);
        let length = payload.len() as u16;
        let packet = Packet { layer: binding.layer, sequence, meta, length, primary_length };
        let (recoded, resized) = publication.learn(&packet, newest);
        let mut reshaped = shape.is_some_and(|shape| publication.take_shape(shape));
        reshaped |= publication.count_spatial(&packet, now);
        if let Some(at) = deadline
            && let Some(owner) = self.transports.get_mut(owner)
        {
            owner.arm(&mut shared.wheel, at);
        }
        if recoded || resized || reshaped {
            self.fan_out(shared, now);
            if recoded || reshaped {
                self.reshape(shared, binding.publication);
            }
            if recoded {
                self.recode(shared, now, binding.publication);
            }
            self.rearrange(binding.publication);
            self.retarget_all(shared, now, binding.publication);
        }
        self.pass_on(shared, now, owner, binding.publication, packet, extensions)
    }

    /// Notes what a packet tells beside its payload: who speaks, which layers send. Keeps it until the batch ends; it then
    /// goes to every slot that its publication fills and whose selector lets it pass.
    fn pass_on(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        owner_key: TransportKey,
        key: PublicationKey,
        packet: Packet,
        extensions: &Extensions,
    ) -> Result<(), Dropped> {
        let mut publication = self.publications.get_mut(key).ok_or(Dropped::UnknownSsrc)?;
        let mut owner = self.transports.get(owner_key).ok_or(Dropped::UnknownSource)?;
        if !owner.permissions.publish || publication.muted {
            return Err(Dropped::NotPermitted);
        }
        if publication.kind == MediaKind::Audio {
            // Of redundant sound only what is new tells how much there is to hear.
            let bytes = usize::from(packet.primary_length);
            publication.redundant = packet.meta.codec == Codec::Red;
            self.speaker.observe(key, extensions.audio_level, bytes, now);
        }
        if publication.note_arrival(packet.layer, &packet.meta.frame, now) {
            self.fan_out(shared, now);
            self.update_live(shared, key);
            publication = self.publications.get_mut(key).ok_or(Dropped::UnknownSsrc)?;
            owner = self.transports.get(owner_key).ok_or(Dropped::UnknownSource)?;
        }
        if publication.routes.is_empty() {
            return Err(Dropped::NoReceiver);
        }
        let arrived = Arrived::of(key, publication, packet, &owner.ntp_offset);
        if self.batch.is_empty() {
            shared.batched.push(self.key);
        }
        self.batch.push(arrived, &mut publication.place_in_batch);
        if self.batch.is_full() {
            self.fan_out(shared, now);
        }
        Ok(())
    }

    /// A publication sends more than it may.
    fn exceed(&mut self, owner: TransportKey) -> Dropped {
        if let Some(transport) = self.transports.get_mut(owner) {
            transport.counters.excess += 1;
        }
        Dropped::PublicationExcess
    }

    /// A packet of a stream that cannot be passed on, be it a probe or unreadable: nobody shall miss its number, and it is
    /// not asked for again.
    fn take_number(
        &mut self,
        shared: &mut Shared,
        now: Micros,
        binding: Binding,
        number: Number,
        timestamp: u32,
    ) {
        let layer = self
            .publications
            .get_mut(binding.publication)
            .and_then(|publication| publication.layer_mut(binding.layer));
        if let Some(layer) = layer {
            let sequence = layer.receive_nothing(now, number, timestamp);
            self.skip_padding(shared, now, binding, sequence, timestamp);
        }
    }

    /// Tells what the transport's state is now that a packet came; a client that is connected is shown key frames.
    pub fn update_state(&mut self, shared: &mut Shared, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        let state = transport.media_path().map_or(TransportState::Connecting, TransportState::Connected);
        if state == transport.state {
            return;
        }
        let began = matches!(transport.state, TransportState::New | TransportState::Connecting);
        self.set_state(shared, key, state);
        if began && state != TransportState::Connecting {
            self.begin_line(shared, now, key);
            for slot in
                self.transports.get(key).map(|transport| transport.receiver.slots.clone()).unwrap_or_default()
            {
                self.request_key_frames(shared, now, slot);
            }
        }
    }
}

/// What a payload tells, and the bytes of it that every receiver takes: of redundant audio those of its primary block.
#[inline]
fn look_into(codec: Codec, payload: &[u8]) -> Result<(Frame, u16), Dropped> {
    let frame = codec::inspect(codec.kind(), payload)?;
    let primary = match codec {
        Codec::Red => egress::primary(payload)?,
        _ => payload,
    };
    Ok((frame, primary.len() as u16))
}
