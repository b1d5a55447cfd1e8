//! Workloads of single steps: sealing, opening, choosing and renumbering, the way out, feedback on arrivals.

use super::parameters::{RECEIVED, extensions};
use super::{
    camera::{Camera, FRAME, INTERVAL, PAYLOAD},
    task::Task,
    unit::expect,
};
use std::{error::Error, hint::black_box, time::Duration};
use viva_media::{Codec, CodecKind, LayerIndex, MediaKind, SrtpProfile, Ssrc};
use viva_peer::numbers::VP8;
use viva_sfu::parts::{
    Cached, Decision, HeaderTemplate, Incoming, LayerKey, Munger, PacketCache, PassedOn, PublicationKey,
    Queue, Queued, Seal, Selector, Source, Target, next_run, write_packet,
};
use viva_wire::{
    Micros,
    codec::{Frame, inspect},
    srtp::{Inbound, KeyMaterial, Outbound},
    twcc::Recorder,
};

/// Bytes of a packet before its seal.
const PLAIN: usize = 1200;

/// Bytes of its header.
const HEADER: usize = 12;

/// Packets in one round of sealing or opening.
const BATCH: usize = 100;

/// Frames in one round of what works by frames.
const FRAMES: usize = 10;

/// Seals 1,200 bytes by AES-256 in GCM.
pub struct Protect {
    outbound: Outbound,
    packets: Vec<Vec<u8>>,
    sealed: u64,
}

impl Task for Protect {
    fn new(rounds: u32) -> Result<Self, Box<dyn Error>> {
        let packets = (0..rounds as usize * BATCH).map(plain).collect();
        Ok(Self { outbound: keys()?.1, packets, sealed: 0 })
    }

    fn run(&mut self) {
        for (packet, index) in self.packets.iter_mut().zip(0..) {
            self.sealed += u64::from(self.outbound.protect_rtp(index, HEADER, packet, PLAIN).is_ok());
        }
    }

    fn done(&mut self) -> Result<u64, Box<dyn Error>> {
        expect(self.sealed, self.packets.len())
    }
}

/// Opens what was sealed so.
pub struct Unprotect {
    inbound: Inbound,
    packets: Vec<Vec<u8>>,
    opened: u64,
}

impl Task for Unprotect {
    fn new(rounds: u32) -> Result<Self, Box<dyn Error>> {
        let mut protect = Protect::new(rounds)?;
        protect.run();
        protect.done()?;
        let mut packets = protect.packets;
        let mut inbound = keys()?.0;
        // The stream takes its place.
        let mut first = packets.remove(0);
        inbound.unprotect_rtp(&mut first)?;
        Ok(Self { inbound, packets, opened: 0 })
    }

    fn run(&mut self) {
        for packet in &mut self.packets {
            self.opened += u64::from(self.inbound.unprotect_rtp(packet).is_ok());
        }
    }

    fn done(&mut self) -> Result<u64, Box<dyn Error>> {
        expect(self.opened, self.packets.len())
    }
}

/// Decides on the packets of one layer and gives them the numbers of a slot.
pub struct SelectAndMunge {
    selector: Selector,
    munger: Munger<LayerKey>,
    layer: LayerKey,
    packet: Incoming,
    frames: usize,
    forwarded: u64,
}

impl Task for SelectAndMunge {
    fn new(rounds: u32) -> Result<Self, Box<dyn Error>> {
        let mut selector = Selector::new(Duration::from_millis(300));
        selector.set_target(Some(Target { layer: LayerIndex::FIRST, temporal: Target::ALL }));
        let mut munger = Munger::new(MediaKind::Video, 1);
        let layer = (PublicationKey::default(), LayerIndex::FIRST);
        let packet = Incoming { sequence: 1000, timestamp: 0, marker: false, frame: frame(true)? };
        if selector.decide(LayerIndex::FIRST, &packet) != Decision::Switch {
            return Err("a key frame is not entered".into());
        }
        munger.switch(layer, &packet, 0);
        let packet = Incoming { frame: frame(false)?, ..packet };
        Ok(Self { selector, munger, layer, packet, frames: rounds as usize * FRAMES, forwarded: 0 })
    }

    fn run(&mut self) {
        for _ in 0..self.frames {
            self.packet.timestamp = self.packet.timestamp.wrapping_add(3000);
            for index in 0..FRAME {
                self.packet.sequence += 1;
                self.packet.marker = index + 1 == FRAME;
                let packet = black_box(&self.packet);
                if self.selector.decide(LayerIndex::FIRST, packet) == Decision::Forward {
                    let munged = self.munger.forward(self.layer, packet);
                    self.forwarded += u64::from(black_box(munged).is_ok());
                }
            }
        }
    }

    fn done(&mut self) -> Result<u64, Box<dyn Error>> {
        expect(self.forwarded, self.frames * FRAME)
    }
}

/// From a receiver's queue to sealed packets in runs.
pub struct Egress {
    queue: Queue,
    cache: PacketCache,
    outbound: Outbound,
    headers: HeaderTemplate,
    arena: Vec<u8>,
    sequence: u64,
    frames: usize,
    written: u64,
}

impl Task for Egress {
    fn new(rounds: u32) -> Result<Self, Box<dyn Error>> {
        let mut cache = PacketCache::new(512, 512 * 1024);
        let camera = Camera::new(PAYLOAD);
        for index in 0..FRAME {
            let cached = Cached {
                timestamp: 0,
                marker: index + 1 == FRAME,
                codec: Codec::Vp8,
                frame: frame(index == 0)?,
                arrived: Micros(0),
                audio_level: None,
                video_orientation: None,
                playout_delay: None,
                descriptor_len: 0,
            };
            cache.insert(index as u64, cached, &camera.payload(index, true));
        }
        let outbound = keys()?.1;
        let arena = vec![0; 1 << 16];
        let mut workload = Self {
            queue: Queue::default(),
            cache,
            outbound,
            headers: HeaderTemplate::new(extensions()),
            arena,
            sequence: 0,
            frames: rounds as usize * FRAMES,
            written: 0,
        };
        // The queue takes its memory.
        workload.frame();
        Ok(workload)
    }

    fn run(&mut self) {
        for _ in 0..self.frames {
            self.written += self.frame();
        }
    }

    fn done(&mut self) -> Result<u64, Box<dyn Error>> {
        expect(self.written, self.frames * FRAME)
    }
}

impl Egress {
    /// One frame to one receiver; how many packets were written.
    fn frame(&mut self) -> u64 {
        for index in 0..FRAME as u64 {
            if let Some(queued) = self.queued(index) {
                self.queue.push(queued);
            }
        }
        let mut packets = 0;
        while let Some(run) = next_run(self.queue.waiting(), self.outbound.rtp_overhead()) {
            let mut at = 0;
            self.headers.set_send_time(Micros(1_000_000));
            let mut seal = Seal { srtp: &self.outbound, headers: &mut self.headers };
            for packet in &self.queue.waiting()[..run.packets] {
                let content = packet.source.and_then(|source| self.cache.find(source.sequence));
                let Some(buffer) = self.arena.get_mut(at..) else { break };
                let padded = usize::from(run.segment);
                if let Ok(length) = write_packet(buffer, packet, content, padded, &mut seal) {
                    at += length;
                    packets += 1;
                }
            }
            self.queue.advance(run.packets);
        }
        packets
    }

    fn queued(&mut self, index: u64) -> Option<Queued> {
        let (cached, payload) = self.cache.find(index)?;
        let header = self.headers.len(&PassedOn::of(cached));
        self.sequence += 1;
        Some(Queued {
            class: 1,
            order: 0,
            ssrc: RECEIVED,
            pt: VP8,
            marker: cached.marker,
            sequence: self.sequence,
            timestamp: cached.timestamp,
            picture_id: 1,
            tl0_picture_index: 1,
            frame_number: 0,
            original: None,
            primary_only: false,
            source: Some(Source {
                publication: PublicationKey::default(),
                layer: LayerIndex::FIRST,
                sequence: index,
            }),
            length: (header + payload.len()) as u16,
        })
    }
}

/// Remembers when packets came, and tells their sender.
#[derive(Default)]
pub struct Twcc {
    recorder: Recorder,
    now: Micros,
    sequence: u16,
    frames: usize,
    recorded: u64,
    feedbacks: usize,
}

impl Task for Twcc {
    fn new(rounds: u32) -> Result<Self, Box<dyn Error>> {
        let mut workload = Self { frames: rounds as usize * FRAMES, ..Self::default() };
        // The window takes its memory.
        for _ in 0..500 {
            workload.frame();
        }
        (workload.recorded, workload.feedbacks) = (0, 0);
        Ok(workload)
    }

    fn run(&mut self) {
        for _ in 0..self.frames {
            self.frame();
        }
    }

    fn done(&mut self) -> Result<u64, Box<dyn Error>> {
        // One feedback for three or four frames, a tenth of a second.
        expect((self.feedbacks >= self.frames / 4).into(), 1)?;
        Ok(self.recorded)
    }
}

impl Twcc {
    /// A frame arrives, and feedback goes if it is due. Each fiftieth packet is lost.
    fn frame(&mut self) {
        self.now.0 += INTERVAL;
        for index in 0..FRAME as u64 {
            self.sequence = self.sequence.wrapping_add(1);
            if !self.sequence.is_multiple_of(50) {
                self.recorded +=
                    u64::from(self.recorder.record(self.sequence, Micros(self.now.0 + index * 300)));
            }
        }
        let mut buffer = [0; 1200];
        let now = self.now + Duration::from_millis(5);
        while let Some(length) = self.recorder.feedback(now, Ssrc(1), Ssrc(2), &mut buffer) {
            black_box(buffer.get(..length));
            self.feedbacks += 1;
        }
    }
}

/// Both ends of one direction under fixed keys.
fn keys() -> Result<(Inbound, Outbound), Box<dyn Error>> {
    let profile = SrtpProfile::AeadAes256Gcm;
    let exported: Vec<u8> = (0..).take(KeyMaterial::exported_len(profile)).collect();
    let (client, _) = KeyMaterial::split(profile, &exported, true)?;
    Ok((Inbound::new(&client)?, Outbound::new(&client)?))
}

/// A packet without extensions and with room for its seal.
fn plain(sequence: usize) -> Vec<u8> {
    let mut packet = vec![0; PLAIN + Outbound::MAX_OVERHEAD];
    let [.., high, low] = sequence.to_be_bytes();
    packet[..HEADER].copy_from_slice(&[0x80, VP8.0, high, low, 0, 0, 0, 0, 0, 0, 0, 9]);
    packet.truncate(PLAIN + 16);
    packet
}

/// What the first packet of a frame tells.
fn frame(key: bool) -> Result<Frame, Box<dyn Error>> {
    Ok(inspect(CodecKind::Vp8, &Camera::new(PAYLOAD).payload(0, key))?)
}
