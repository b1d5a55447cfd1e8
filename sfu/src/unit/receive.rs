//! A packet comes in: whose is it, is it authentic, what stream does it belong to.

use super::Sfu;
use crate::{
    api::{Event, LeaveReason, TransportState},
    cache::Cached,
    dropped::Dropped,
    dtls::{DtlsEnd, DtlsEvent},
    egress,
    failure::HandshakeFailure,
    ice::{Check, Incomplete, MAX_ANSWER},
    key::TransportKey,
    publication::{Arrival, Number, Packet},
    transport::{Binding, Srtp},
};
use viva_media::{Codec, MediaKind, Path, Protocol, Pt, SrtpProfile};
use viva_wire::{
    Micros,
    codec::{self, Frame},
    demux::{self, Kind},
    rtp::{AudioLevel, Extensions, Header, read_original_sequence},
    srtp::{Inbound, KeyMaterial, Outbound},
};

/// What is known of a media packet that was opened, beside its payload.
struct Sealed<'a> {
    header: &'a Header,
    extensions: &'a Extensions,
    /// The index under which it was sealed.
    index: u64,
    /// Its length before it was opened.
    wire_length: usize,
}

impl Sfu {
    /// Takes one datagram or frame. It is opened in place; what is left of it afterwards means nothing.
    pub fn handle_packet(&mut self, now: Micros, path: Path, packet: &mut [u8]) {
        self.totals.packets_in += 1;
        self.totals.bytes_in += packet.len() as u64;
        let result = match demux::classify(packet) {
            Some(Kind::Rtp) => self.handle_rtp(now, path, packet),
            Some(Kind::Rtcp) => self.handle_rtcp(now, path, packet),
            Some(Kind::Stun) => self.handle_stun(now, path, packet),
            Some(Kind::Dtls) => self.handle_dtls(now, path, packet),
            None => Err(Dropped::NotOurs),
        };
        if let Err(reason) = result {
            self.drop_packet(reason);
            // A TCP connection that never proved itself has no business here.
            if path.protocol == Protocol::Tcp && !self.by_path.contains_key(&path) {
                self.closing.push_back(path);
            }
        }
    }

    /// A TCP connection is gone.
    pub fn handle_closed(&mut self, now: Micros, path: Path) {
        if let Some(key) = self.by_path.remove(&path)
            && let Some(transport) = self.transports.get_mut(key)
        {
            transport.ice.forget(path);
            self.arm(key, now);
        }
    }

    fn handle_stun(&mut self, now: Micros, path: Path, packet: &[u8]) -> Result<(), Dropped> {
        let check = match Check::read(packet) {
            Ok(check) => check,
            Err(reason) => {
                self.refuse_request(path, packet);
                return Err(reason);
            }
        };
        let key = *self.by_ufrag.get(check.ufrag).ok_or(Dropped::StunUnknownUser)?;
        let transport = self.transports.get_mut(key).ok_or(Dropped::StunUnknownUser)?;
        let mut answer = [0; MAX_ANSWER];
        let checked = transport.ice.handle_check(now, path, &check, &mut answer)?;
        transport.consent = true;
        if checked.restarted {
            let current = transport.ice.local_ufrag();
            self.by_ufrag.retain(|ufrag, owner| *owner != key || ufrag == current);
        }
        if checked.new_path {
            self.by_path.insert(path, key);
        }
        if let Some(gone) = checked.replaced {
            self.by_path.remove(&gone);
            self.close_path(gone);
        }
        if let Some(answer) = answer.get(..checked.answer) {
            self.control.push(path, answer);
        }
        self.accept(now, key, path, packet.len(), false);
        Ok(())
    }

    /// A request that is no check is answered only if it bears the proof of a check; nothing else comes of it.
    fn refuse_request(&mut self, path: Path, packet: &[u8]) {
        let mut answer = [0; MAX_ANSWER];
        let length = Incomplete::read(packet).and_then(|request| {
            let key = self.by_ufrag.get(request.ufrag)?;
            self.transports.get(*key)?.ice.refuse(&request, &mut answer)
        });
        if let Some(answer) = length.and_then(|length| answer.get(..length)) {
            self.control.push(path, answer);
        }
    }

    /// A handshake waits for its turn; once its session is there, records are dealt with as they come.
    fn handle_dtls(&mut self, now: Micros, path: Path, packet: &[u8]) -> Result<(), Dropped> {
        let key = *self.by_path.get(&path).ok_or(Dropped::UnknownSource)?;
        let transport = self.transports.get(key).ok_or(Dropped::UnknownSource)?;
        if transport.srtp.is_none() {
            return self.handshakes.put(path, packet);
        }
        self.take_record(now, path, packet)
    }

    /// One step of one handshake, if any waits.
    pub(super) fn go_on_with_handshake(&mut self, now: Micros) {
        if let Some((path, datagram)) = self.handshakes.take()
            && let Err(reason) = self.take_record(now, path, &datagram)
        {
            self.drop_packet(reason);
        }
    }

    fn take_record(&mut self, now: Micros, path: Path, packet: &[u8]) -> Result<(), Dropped> {
        let key = *self.by_path.get(&path).ok_or(Dropped::UnknownSource)?;
        let transport = self.transports.get_mut(key).ok_or(Dropped::UnknownSource)?;
        // Once there is a session, only its owner is answered: a replayed flight would be answered by a larger one.
        if transport.srtp.is_some() && !transport.ice.is_proven(path) {
            return Err(Dropped::UnknownSource);
        }
        let result = transport.dtls.handle_packet(now, packet);
        self.drain_dtls(now, key, Some(path));
        result.map_err(|end| {
            self.fail_dtls(now, key, end);
            Dropped::Dtls
        })
    }

    /// The DTLS engine gave up. Handshake records bear no proof of who sent them, so this is no reason to end a session
    /// whose media is sealed; one that is not yet begins its handshake anew, a few times.
    pub(super) fn fail_dtls(&mut self, now: Micros, key: TransportKey, end: DtlsEnd) {
        self.tell_failure(key, &end);
        let Some(transport) = self.transports.get_mut(key) else { return };
        if transport.srtp.is_none() && !transport.dtls.renew(&self.dtls, now) {
            self.end_dtls(now, key, end);
        }
    }

    /// Sends what the DTLS engine wants to send, on the path that its peer used; takes its keys.
    pub(super) fn drain_dtls(&mut self, now: Micros, key: TransportKey, path: Option<Path>) {
        let mut scratch = std::mem::take(&mut self.scratch);
        let mut ended = None;
        while let Some(transport) = self.transports.get_mut(key) {
            let to = path.or_else(|| transport.ice.selected());
            match transport.dtls.poll(&mut scratch) {
                Some(DtlsEvent::Packet(record)) => {
                    if let Some(to) = to {
                        self.control.push(to, record);
                    }
                }
                Some(DtlsEvent::Keys(profile, material)) => {
                    self.take_keys(now, key, profile, &material);
                    self.trust_path(now, key, path);
                }
                Some(DtlsEvent::Ended(end)) => {
                    ended = Some(end);
                    break;
                }
                None => break,
            }
        }
        self.scratch = scratch;
        if let Some(end) = ended {
            self.end_dtls(now, key, end);
        } else if let Some(transport) = self.transports.get(key) {
            self.arm(key, transport.dtls.deadline());
        }
    }

    fn take_keys(&mut self, now: Micros, key: TransportKey, profile: SrtpProfile, material: &[u8]) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        let keys = KeyMaterial::split(profile, material, true)
            .and_then(|(inbound, outbound)| Ok((Inbound::new(&inbound)?, Outbound::new(&outbound)?)));
        let Ok((inbound, outbound)) = keys else {
            self.end_dtls(now, key, DtlsEnd::Failed(HandshakeFailure::Protocol, String::new()));
            return;
        };
        transport.srtp = Some(Srtp { profile, inbound, outbound });
        transport.reports = now + std::time::Duration::from_millis(500);
        let reports = transport.reports;
        self.arm(key, reports);
        self.update_state(now, key);
    }

    /// The end of the handshake came on this path. It cannot be replayed from elsewhere, so it proves the path as media does.
    fn trust_path(&mut self, now: Micros, key: TransportKey, path: Option<Path>) {
        if let (Some(transport), Some(path)) = (self.transports.get_mut(key), path) {
            transport.ice.handle_authentic(now, path);
            self.update_state(now, key);
        }
    }

    pub(super) fn end_dtls(&mut self, now: Micros, key: TransportKey, end: DtlsEnd) {
        self.tell_failure(key, &end);
        let reason = match end {
            DtlsEnd::Failed(HandshakeFailure::Fingerprint, _) => LeaveReason::Fingerprint,
            DtlsEnd::Failed(..) => LeaveReason::Handshake,
            DtlsEnd::Closed => LeaveReason::Closed,
        };
        self.remove(now, key, reason);
    }

    /// Counts and tells why a handshake failed, once a reason and transport.
    pub(super) fn tell_failure(&mut self, key: TransportKey, end: &DtlsEnd) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        let DtlsEnd::Failed(reason, detail) = end else { return };
        if transport.srtp.is_some() || !transport.dtls.tell(*reason) {
            return;
        }
        self.totals.handshakes_failed[*reason as usize] += 1;
        self.events.push_back(Event::HandshakeFailed {
            participant: transport.participant,
            reason: *reason,
            detail: detail.clone(),
        });
    }

    fn handle_rtp(&mut self, now: Micros, path: Path, packet: &mut [u8]) -> Result<(), Dropped> {
        let key = *self.by_path.get(&path).ok_or(Dropped::UnknownSource)?;
        let transport = self.transports.get_mut(key).ok_or(Dropped::UnknownSource)?;
        let srtp = transport.srtp.as_mut().ok_or(Dropped::NoKeys)?;
        if !transport.meter.has_room(now) {
            transport.counters.excess += 1;
            return Err(Dropped::TransportExcess);
        }
        let wire_length = packet.len();
        let header = Header::parse(packet)?;
        let (length, index) = srtp.inbound.unprotect_parsed_rtp(&header, packet)?;
        transport.meter.charge(wire_length);
        transport.heard = Some(now);
        let packet = packet.get(..length).ok_or(Dropped::Malformed)?;
        let extensions = header.read_extensions(&transport.extensions, packet);
        self.accept(now, key, path, wire_length, true);
        let Some(transport) = self.transports.get_mut(key) else { return Err(Dropped::UnknownSource) };
        if let Some(sequence) = extensions.transport_cc {
            transport.arrivals.record(sequence, now);
            if let Some(due) = transport.arrivals.next_deadline().filter(|due| *due < transport.feedback) {
                transport.feedback = due;
                self.arm(key, due);
            }
        }
        let binding = self.bind(now, key, &header, &extensions)?;
        let payload = header.payload(packet)?;
        let sealed = Sealed { header: &header, extensions: &extensions, index, wire_length };
        self.receive_media(now, key, binding, sealed, payload)
    }

    /// The publication and layer of a stream: known already, or told by mid, rid and declared SSRCs.
    fn bind(
        &mut self,
        now: Micros,
        key: TransportKey,
        header: &Header,
        extensions: &Extensions,
    ) -> Result<Binding, Dropped> {
        let transport = self.transports.get(key).ok_or(Dropped::UnknownSource)?;
        if let Some(binding) = transport.binding(header.ssrc) {
            return Ok(binding);
        }
        let rid = extensions.repaired_rid.or(extensions.rid);
        for publication_key in &transport.publications {
            let Some(publication) = self.publications.get(*publication_key) else { continue };
            if extensions.mid.is_some_and(|mid| mid.as_bytes() != publication.mid.as_bytes()) {
                continue;
            }
            let Some((_, retransmission)) = publication.codec(header.pt) else { continue };
            let Some(layer) = publication.layer_of(header.ssrc, rid, retransmission) else { continue };
            // Without a mid only a declared SSRC, or being the only one of its kind, tells the publication.
            let declared = publication.layers.get(usize::from(layer)).is_some_and(|layer| {
                [layer.encoding.ssrc, layer.encoding.rtx_ssrc].contains(&Some(header.ssrc))
            });
            let alone = self.is_only_one_with(key, header.pt);
            if extensions.mid.is_none() && !declared && !alone {
                continue;
            }
            let state = publication.layers.get(usize::from(layer));
            if !retransmission && state.is_some_and(|state| !state.yields_to(header.ssrc, now)) {
                return Err(Dropped::Rival);
            }
            let binding = Binding { ssrc: header.ssrc, publication: *publication_key, layer, retransmission };
            self.fan_out(now);
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
        let layer = publication.layers.get_mut(usize::from(binding.layer)).ok_or(Dropped::UnknownSsrc)?;
        if binding.retransmission || layer.ssrc == Some(binding.ssrc) {
            return Ok(binding);
        }
        if layer.start_stream(binding.ssrc) {
            // Numbers of the old stream mean nothing in the new one: every slot enters it anew.
            for slot in &publication.routes {
                if let Some(slot) = self.slots.get_mut(*slot) {
                    slot.restart_stream(binding.layer);
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
        now: Micros,
        owner: TransportKey,
        binding: Binding,
        sealed: Sealed<'_>,
        payload: &[u8],
    ) -> Result<(), Dropped> {
        let Sealed { header, extensions, index, wire_length } = sealed;
        let publication = self.publications.get_mut(binding.publication).ok_or(Dropped::UnknownSsrc)?;
        let agreed = publication.codec(header.pt).filter(|(_, repair)| *repair == binding.retransmission);
        let Some((codec, retransmission)) = agreed.map(|(agreed, repair)| (agreed.codec, repair)) else {
            if !binding.retransmission {
                self.take_number(now, binding, Number::Index(index), header.timestamp);
            }
            return Err(Dropped::UnknownPayloadType);
        };
        let layer = publication.layers.get_mut(usize::from(binding.layer)).ok_or(Dropped::UnknownSsrc)?;
        if !publication.meter.take(wire_length, now) {
            if !retransmission {
                layer.pass_over(now, Number::Index(index));
            }
            return Err(self.exceed(owner));
        }
        if payload.is_empty() {
            // A probe. On the media stream itself it takes a number that no receiver shall miss.
            if !retransmission {
                self.take_number(now, binding, Number::Index(index), header.timestamp);
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
        let (frame, primary_length) = match look_into(codec, payload) {
            Ok(told) => told,
            Err(reason) => {
                self.take_number(now, binding, number, header.timestamp);
                return Err(reason);
            }
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
        };
        let arrival = Arrival { number, meta };
        let sequence = layer.receive(now, &arrival, payload)?;
        let deadline = layer.loss.next_deadline();
        let newest = (!retransmission && sequence == layer.newest_sequence()).then_some(payload);
        let length = payload.len() as u16;
        let packet = Packet { layer: binding.layer, sequence, meta, length, primary_length };
        let (recoded, resized) = publication.learn(&packet, newest);
        if let Some(at) = deadline {
            self.arm(owner, at);
        }
        if recoded || resized {
            self.fan_out(now);
            if recoded {
                self.recode(now, binding.publication);
            }
            self.rearrange(binding.publication);
            self.retarget_all(now, binding.publication);
        }
        self.note_media(now, binding, &packet, extensions)?;
        self.forward(now, binding.publication, packet)
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
    fn take_number(&mut self, now: Micros, binding: Binding, number: Number, timestamp: u32) {
        let layer = self
            .publications
            .get_mut(binding.publication)
            .and_then(|publication| publication.layers.get_mut(usize::from(binding.layer)));
        if let Some(layer) = layer {
            let sequence = layer.receive_nothing(now, number, timestamp);
            self.skip_padding(now, binding, sequence, timestamp);
        }
    }

    /// What a packet tells beside its payload: who speaks, which layers send, whether it may pass at all.
    fn note_media(
        &mut self,
        now: Micros,
        binding: Binding,
        packet: &Packet,
        extensions: &Extensions,
    ) -> Result<(), Dropped> {
        let publication = self.publications.get_mut(binding.publication).ok_or(Dropped::UnknownSsrc)?;
        let permitted = self.transports.get(publication.owner).is_some_and(|owner| owner.permissions.publish);
        if !permitted || publication.muted {
            return Err(Dropped::NotPermitted);
        }
        if publication.kind == MediaKind::Audio
            && let Some(room) = self.rooms.get_mut(publication.room)
        {
            // Of redundant sound only what is new tells how much there is to hear.
            let bytes = usize::from(packet.primary_length);
            room.speaker.observe(binding.publication, extensions.audio_level, bytes, now);
        }
        if publication.note_arrival(packet.layer, &packet.meta.frame, now) {
            self.fan_out(now);
            self.update_live(binding.publication);
        }
        Ok(())
    }

    /// A packet was authentic. If it was sealed by SRTP, which cannot be replayed, media may follow the peer there.
    pub(super) fn accept(&mut self, now: Micros, key: TransportKey, path: Path, length: usize, sealed: bool) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        transport.counters.packets_in += 1;
        transport.counters.bytes_in += length as u64;
        if sealed {
            transport.ice.handle_authentic(now, path);
            // Nearly always it is told already.
            if matches!(&transport.state, TransportState::Connected(told) if *told == path) {
                return;
            }
        }
        self.update_state(now, key);
    }

    /// Tells what the transport's state is now that a packet came; a client that is connected is shown key frames.
    fn update_state(&mut self, now: Micros, key: TransportKey) {
        let Some(transport) = self.transports.get_mut(key) else { return };
        let state = transport.media_path().map_or(TransportState::Connecting, TransportState::Connected);
        if state == transport.state {
            return;
        }
        let began = matches!(transport.state, TransportState::New | TransportState::Connecting);
        self.set_state(key, state);
        if began && state != TransportState::Connecting {
            for slot in self.transports.get(key).map(|transport| transport.slots.clone()).unwrap_or_default()
            {
                self.request_key_frames(now, slot);
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
