//! What the driver shall do next: send, tell, close, wait.

use super::Sfu;
use crate::{
    api::{Message, Output, Transmits},
    cache::{Cached, PacketCache},
    dropped::Dropped,
    egress::{self, MAX_RUN_BYTES, Queued, Run, Seal, SealedSound, Source},
    key::{LayerKey, MemberKey, PublicationKey},
    line::{Lengths, Line},
    publication::Publication,
    receiver::Receiver,
    shared::TimerKey,
};
use slotmap::SlotMap;
use viva_media::{Carrier, Path, Ssrc};
use viva_wire::Micros;

/// The most messages that are handed over at once.
pub(super) const MESSAGES: usize = 64;

/// One run, sealed, with some room for the last packet's seal.
const RUN: usize = MAX_RUN_BYTES + 2048;

/// Room for that many messages of usual length.
pub(super) const ARENA: usize = 4 * RUN;

/// One DTLS record or RTCP packet.
pub(super) const SCRATCH: usize = 2048;

impl Sfu {
    /// The next thing to do. Drain it until [`Output::Timeout`] after every batch of packets and commands.
    pub fn poll_output(&mut self, now: Micros) -> Output<'_> {
        self.fan_out(now);
        // Borrowed results cannot be returned from a branch that is also left, hence the order: first what is written
        // into our own buffers, then what is handed over.
        self.write_messages(now);
        if !self.messages.is_empty() {
            return Output::Transmit(Transmits::new(&self.arena, &self.messages));
        }
        if let Some(event) = self.shared.events.pop_front() {
            return Output::Event(event);
        }
        while let Some(path) = self.shared.closing.pop_front() {
            // A good check may have come behind the bad frame for which it was to be closed.
            if !self.shared.index.by_path.contains_key(&path) {
                return Output::Close(path);
            }
        }
        let next = self.shared.wheel.next().unwrap_or(Micros::NEVER);
        Output::Timeout(if self.handshakes.is_empty() { next } else { now })
    }

    /// Writes the next messages into the arena, one behind the other, as long as there is room for one more run.
    fn write_messages(&mut self, now: Micros) {
        self.messages.clear();
        let mut start = 0;
        while self.messages.len() < MESSAGES && start + RUN <= ARENA {
            let Some(message) = self.write_message(now, start) else { return };
            start = message.end;
            self.messages.push(message);
        }
    }

    /// Writes the next message: a single control packet, or a run of media to one receiver.
    fn write_message(&mut self, now: Micros, start: usize) -> Option<Message> {
        if let Some((path, packet)) = self.shared.control.pop() {
            let (length, end) = (packet.len(), start + packet.len());
            self.arena.get_mut(start..end)?.copy_from_slice(packet);
            self.count_sent(1, length);
            return Some(Message { path, start, end, segment: length });
        }
        while let Some(key) = self.shared.sending.front().copied() {
            match self.write_media(now, key, start) {
                Some(Media::Message(path, written)) => {
                    let Written { packets, length, segment, .. } = written;
                    self.count_sent(packets, length);
                    return Some(Message { path, start, end: start + length, segment });
                }
                Some(Media::Held(until)) => self.hold(key, until),
                None => self.give_up(key),
            }
            self.shared.sending.pop_front();
        }
        None
    }

    /// Pictures wait until the receiver's line takes them.
    fn hold(&mut self, key: MemberKey, until: Micros) {
        let Some(receiver) = self.receiver_mut(key) else { return };
        receiver.queued = false;
        receiver.queue.hold();
        let mut timer = receiver.line_timer;
        self.shared.wheel.schedule(&mut timer, TimerKey::Line(key), until);
        if let Some(receiver) = self.receiver_mut(key) {
            receiver.line_timer = timer;
        }
    }

    /// Nothing more leaves for the receiver, or nothing can.
    fn give_up(&mut self, key: MemberKey) {
        let Some(receiver) = self.receiver_mut(key) else { return };
        receiver.queued = false;
        let lost = receiver.queue.clear();
        self.shared.totals.dropped[Dropped::NotConnected as usize] += lost as u64;
    }

    fn receiver_mut(&mut self, key: MemberKey) -> Option<&mut Receiver> {
        let room = self.rooms.get_mut(key.room)?;
        room.transports.get_mut(key.transport).map(|transport| &mut transport.receiver)
    }

    fn write_media(&mut self, now: Micros, key: MemberKey, start: usize) -> Option<Media> {
        let room = self.rooms.get_mut(key.room)?;
        let transport = room.transports.get_mut(key.transport)?;
        let path = transport.media_path()?;
        let outbound = &transport.srtp.as_ref()?.outbound;
        let Receiver { queue, queued, headers, line, sealed_sound, .. } = &mut transport.receiver;
        headers.set_send_time(now);
        let pace = line.as_ref().and_then(|line| line.pace(queue.bytes()));
        while !queue.is_empty() {
            // Pictures wait until the line takes them; sound never does.
            let room_left = pace.zip(line.as_ref()).map(|(rate, line)| line.pacer.room(now, rate));
            let held = room_left == Some(0);
            let waiting = if held { queue.waiting_sound() } else { queue.waiting() };
            let Some(mut run) = egress::next_run(waiting, outbound.rtp_overhead()) else {
                return line.as_ref().filter(|_| held).map(|line| Media::Held(line.pacer.next()));
            };
            if let Some(room_left) = room_left.filter(|_| !held) {
                run.shorten(room_left);
            }
            if path.carrier == Carrier::Tcp {
                // A stream has no segments: the driver frames each packet on its own.
                run.packets = run.packets.min(1);
                run.short_tail = false;
                run.segment = waiting.first()?.length;
            }
            let first = headers.next_number();
            let is_sound = waiting.first()?.class == egress::SOUND;
            let mut writer = RunWriter {
                publications: &room.publications,
                source: None,
                seal: Seal { srtp: outbound, headers },
                arena: self.arena.get_mut(start..)?,
                dropped: &mut self.shared.totals.dropped,
            };
            let written = writer.write(&run, &waiting[..run.packets]);
            let sent = Sent { now, path, first, written: &written, packets: &waiting[..written.taken] };
            let left = line.as_mut().filter(|_| written.packets > 0).map_or(0, |line| sent.note(line));
            if let Some(sound) = sealed_sound.as_mut().filter(|_| is_sound && path.carrier == Carrier::Udp) {
                sent.keep(sound, self.arena.get(start..).unwrap_or_default());
            }
            if held {
                queue.advance_sound(written.taken);
            } else {
                queue.advance(written.taken);
            }
            if written.packets > 0 {
                if queue.is_empty() {
                    // Known here, so that nobody fetches it again only to find that nothing waits.
                    *queued = false;
                    self.shared.sending.pop_front();
                }
                transport.counters.packets_out += written.packets;
                transport.counters.bytes_out += written.length as u64;
                if let Some((line, rate)) = line.as_mut().zip(pace.filter(|_| !is_sound)) {
                    line.pacer.sent(now, left, rate);
                }
                return Some(Media::Message(path, written));
            }
        }
        None
    }

    const fn count_sent(&mut self, packets: u64, bytes: usize) {
        self.shared.totals.transmits += 1;
        self.shared.totals.packets_out += packets;
        self.shared.totals.bytes_out += bytes as u64;
    }
}

/// What there is to be sent to one receiver.
enum Media {
    /// A message in the arena.
    Message(Path, Written),
    /// Nothing until then: pictures wait for the line.
    Held(Micros),
}

/// A run that has been written.
struct Sent<'a> {
    now: Micros,
    path: Path,
    /// Its first transport-wide number.
    first: u16,
    written: &'a Written,
    packets: &'a [Queued],
}

impl Sent<'_> {
    /// Tells a line what has left; its bytes on the wire.
    fn note(&self, line: &mut Line) -> u64 {
        let wire = wire_overhead(self.path);
        let Written { packets, length, segment, .. } = *self.written;
        let length = length as u64 + packets * wire;
        let names = || self.names();
        line.sent(self.now, self.first, names, Lengths { packets, segment: segment as u64 + wire, length });
        length
    }

    /// Keeps sound as it was sealed.
    fn keep(&self, sound: &mut SealedSound, arena: &[u8]) {
        let sealed = arena.get(..self.written.length).unwrap_or_default().chunks(self.written.segment.max(1));
        for ((ssrc, sequence), packet) in self.names().zip(sealed) {
            sound.keep(self.now, ssrc, sequence, packet);
        }
    }

    /// Stream and number of each packet. Where one was dropped, it is not known which ones were written.
    fn names(&self) -> impl Iterator<Item = (Ssrc, u16)> {
        let known = self.packets.len() as u64 == self.written.packets;
        let packets = if known { self.packets } else { &[] };
        packets.iter().map(|packet| (packet.ssrc, packet.sequence as u16))
    }
}

/// Bytes that one packet takes on the line beside itself: headers of IP and UDP, or of IP and TCP with its framing;
/// by TURN, a channel's number and length too, and its share of a record of TLS.
const fn wire_overhead(path: Path) -> u64 {
    let ip = if path.remote.is_ipv4() { 20 } else { 40 };
    match path.carrier {
        Carrier::Udp => ip + 8,
        Carrier::Tcp => ip + 34,
        Carrier::TurnUdp => ip + 12,
        Carrier::TurnTcp => ip + 38,
        Carrier::TurnTls => ip + 60,
    }
}

/// What was written of a run.
#[derive(Default)]
struct Written {
    /// Packets in the arena.
    packets: u64,
    /// Their bytes.
    length: usize,
    /// Bytes of each but the last.
    segment: usize,
    /// Packets of the queue that are dealt with: written, or dropped.
    taken: usize,
}

/// Writes the packets of one run one behind the other.
struct RunWriter<'a> {
    publications: &'a SlotMap<PublicationKey, Publication>,
    /// Where the newest packet came from: nearly always the same layer as the next one.
    source: Option<(LayerKey, &'a PacketCache)>,
    seal: Seal<'a>,
    arena: &'a mut [u8],
    dropped: &'a mut [u64; Dropped::COUNT],
}

impl<'a> RunWriter<'a> {
    fn write(&mut self, run: &Run, packets: &[Queued]) -> Written {
        let mut written = Written::default();
        for (index, packet) in packets.iter().enumerate() {
            let is_tail = run.short_tail && index + 1 == packets.len();
            let padded = if is_tail { packet.length } else { run.segment };
            match self.write_one(written.length, packet, usize::from(padded)) {
                Ok(length) => {
                    written.segment = written.segment.max(length);
                    written.length += length;
                    written.packets += 1;
                }
                Err(reason) => self.dropped[reason as usize] += 1,
            }
            written.taken += 1;
        }
        written
    }

    fn write_one(&mut self, at: usize, packet: &Queued, padded: usize) -> Result<usize, Dropped> {
        let content = match packet.source {
            // Overwritten meanwhile, or its publisher left in the same batch.
            Some(source) => Some(self.find(&source).ok_or(Dropped::OldSequence)?),
            None => None,
        };
        let buffer = self.arena.get_mut(at..).ok_or(Dropped::Seal)?;
        egress::write_packet(buffer, packet, content, padded, &mut self.seal)
    }

    fn find(&mut self, source: &Source) -> Option<(&'a Cached, &'a [u8])> {
        let layer = (source.publication, source.layer);
        let cache = match self.source {
            Some((known, cache)) if known == layer => cache,
            _ => {
                let publication = self.publications.get(source.publication)?;
                &publication.layer(source.layer)?.cache
            }
        };
        self.source = Some((layer, cache));
        cache.find(source.sequence)
    }
}
