//! What a modelled browser sends: one track with its encodings, captured on the browser's own clock.

use super::{
    clock::Clock,
    encoder::Encoder,
    layered::{LAYERS, Layering},
    payload::{self, Picture},
};
use crate::sim::stamp::Stamp;
use viva_media::{
    Codec, CodecParameters, Encoding, H264Format, H264Profile, MediaKind, Mid, PublicationId,
    PublicationParameters, SlotParameters, Ssrc,
};
use viva_peer::{Headers, Names, Outgoing, Random, numbers};
use viva_wire::{
    Micros,
    rtp::{Fields, write_original_sequence},
};

/// Packets kept for retransmission.
const HISTORY: usize = 600;

/// H.264 constrained baseline, as browsers offer it.
pub const BASELINE: Codec =
    Codec::H264(H264Format { profile: H264Profile::ConstrainedBaseline, fragments: true });

/// The parameters that modelled browsers agree to for a codec.
pub fn codec_parameters(codec: Codec) -> CodecParameters {
    let (pt, rtx) = match codec {
        Codec::Opus => (numbers::OPUS, None),
        Codec::Red => (numbers::RED, None),
        Codec::Vp8 => (numbers::VP8, Some(numbers::VP8_RTX)),
        Codec::H264(_) => (numbers::H264, Some(numbers::H264_RTX)),
        Codec::Vp9(_) => (numbers::VP9, Some(numbers::VP9_RTX)),
        Codec::Av1(_) => (numbers::AV1, Some(numbers::AV1_RTX)),
    };
    let video = rtx.is_some();
    CodecParameters { codec, pt, rtx, nack: video, pli: video, fir: video }
}

/// A slot that takes those of the codecs that are of its kind; its retransmissions have the SSRC after its own.
pub fn slot(mid: Mid, kind: MediaKind, ssrc: Ssrc, codecs: &[Codec]) -> SlotParameters {
    let codecs = codecs.iter().filter(|codec| codec.kind().media_kind() == kind);
    SlotParameters {
        mid,
        kind,
        ssrc,
        rtx_ssrc: (kind == MediaKind::Video).then_some(Ssrc(ssrc.0 + 1)),
        codecs: codecs.map(|codec| codec_parameters(*codec)).collect(),
    }
}

/// How a track behaves.
#[derive(Debug, Clone, Copy)]
pub struct TrackSpec {
    /// What it is encoded with.
    pub codec: Codec,
    /// Encodings; the largest has 720 rows.
    pub layers: usize,
    /// Frames a second.
    pub rate: u64,
    /// Packets of a frame of the largest encoding.
    pub packets: u16,
    /// Numbers begin shortly before they wrap.
    pub near_wrap: bool,
    /// How it is offered.
    pub offered: Offered,
    /// Its one encoding has three spatial layers.
    pub layering: Option<Layering>,
}

/// How a client offers a track.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offered {
    /// The largest encoding stands first, as OBS has it.
    pub largest_first: bool,
    /// The encodings are a group of SSRCs and have no names.
    pub grouped: bool,
    /// Another codec that it may send.
    pub other: Option<Codec>,
    /// Everything is sent a second time, as a stream that nobody spoke of.
    pub doubled: bool,
    /// Behind every frame comes a packet that nobody can read.
    pub odd: bool,
}

impl Offered {
    /// As browsers have it.
    pub const USUAL: Self =
        Self { largest_first: false, grouped: false, other: None, doubled: false, odd: false };
}

impl TrackSpec {
    /// A camera with three encodings.
    pub const CAMERA: Self = Self {
        codec: Codec::Vp8,
        layers: 3,
        rate: 25,
        packets: 6,
        near_wrap: false,
        offered: Offered::USUAL,
        layering: None,
    };
    /// A camera with three sizes in one stream.
    pub const LAYERED: Self =
        Self { codec: Codec::Vp9(0), layers: 1, layering: Some(Layering::Key), ..Self::CAMERA };
    /// A microphone.
    pub const MICROPHONE: Self = Self { codec: Codec::Opus, layers: 1, rate: 50, packets: 1, ..Self::CAMERA };
}

/// What all tracks of a browser share while they send.
pub struct Wire<'a> {
    /// Now, in the world's time.
    pub now: u64,
    /// The browser's clock.
    pub clock: &'a Clock,
    /// Writes its headers.
    pub headers: &'a mut Headers,
    /// Takes what is sent.
    pub out: &'a mut Vec<Plain>,
}

/// One plain packet on its way out.
pub struct Plain {
    /// Index under which it is sealed.
    pub index: u64,
    /// Bytes of its header.
    pub header_len: usize,
    /// Header and payload.
    pub bytes: Vec<u8>,
}

/// One encoding.
pub struct Layer {
    /// Its stream: of each packet, its payload, and its dependency descriptor if it has one.
    pub out: Outgoing<(Vec<u8>, Vec<u8>)>,
    /// Sending; browsers pause what nobody wants.
    pub active: bool,
    /// The next frame is to be a key frame.
    pub key_wanted: bool,
    /// Key frames sent.
    pub key_frames: u64,
    /// Requests for key frames received.
    pub requests: u64,
    /// Next frame's number.
    pub frame: u32,
    /// Where its encoder stands.
    pub(super) picture: Picture,
    timestamp: u32,
}

/// One track.
pub struct Track {
    /// Its publication.
    pub id: PublicationId,
    /// Its media section.
    pub mid: Mid,
    /// How it behaves.
    pub spec: TrackSpec,
    /// Its encodings, smallest first.
    pub layers: Vec<Layer>,
    /// Speaks now (a microphone), shows something (a camera).
    pub live: bool,
    /// Loudness while it speaks, -dBov.
    pub level: u8,
    /// Tells its level with each packet.
    pub tells_level: bool,
    /// Rows of the largest encoding.
    pub rows: u16,
    /// The highest spatial layer of an only encoding that is sent.
    pub(super) top: u8,
    /// Frames at each of its moments: more than one is a flood.
    pub frames: u64,
    /// Gives its frames the sizes that an encoder at a bitrate gives them; without one all are the same.
    pub encoder: Option<Encoder>,
    /// What it may be encoded with.
    codecs: [Option<Codec>; 2],
    next: u64,
    silent_since: Option<u64>,
    /// The newest sound, which the next packet repeats.
    before: Vec<u8>,
}

impl Track {
    /// A track that begins to send at `now`.
    pub fn new(now: u64, id: PublicationId, mid: Mid, spec: TrackSpec, random: &mut Random) -> Self {
        let layers = (0..spec.layers)
            .map(|layer| {
                let (index, timestamp, picture_id, tl0) = if spec.near_wrap {
                    (65_500, u32::MAX - 40_000, 0x7ff0, 0xf8)
                } else {
                    let random = random.draw();
                    (
                        random & 0x7fff,
                        (random >> 16) as u32,
                        (random >> 48) as u16 & 0x7fff,
                        (random >> 40) as u8,
                    )
                };
                let (ssrc, rtx) = (Ssrc(random.draw() as u32), Ssrc(random.draw() as u32));
                let named = spec.layers > 1 && !spec.offered.grouped;
                let rid = named.then(|| numbers::RIDS[layer].parse().expect("a rid"));
                Layer {
                    out: Outgoing::new(ssrc, rtx, rid, [index, random.draw() & 0x7fff], HISTORY),
                    active: true,
                    key_wanted: true,
                    key_frames: 0,
                    requests: 0,
                    frame: 1,
                    timestamp,
                    picture: Picture { id: picture_id, tl0, place: 0 },
                }
            })
            .collect();
        let codecs = [Some(spec.codec), spec.offered.other];
        Self {
            id,
            mid,
            spec,
            layers,
            live: true,
            level: 20,
            codecs,
            tells_level: true,
            rows: 720,
            top: LAYERS - 1,
            frames: 1,
            encoder: None,
            next: now,
            silent_since: None,
            before: Vec::new(),
        }
    }

    /// Audio or video.
    pub fn kind(&self) -> MediaKind {
        self.spec.codec.kind().media_kind()
    }

    /// The track as the unit is told of it.
    pub fn parameters(&self) -> PublicationParameters {
        let mut encodings: Vec<_> = self
            .layers
            .iter()
            .map(|layer| match layer.out.rid {
                Some(rid) => Encoding { rid: Some(rid), ssrc: None, rtx_ssrc: None },
                None => Encoding {
                    rid: None,
                    ssrc: Some(layer.out.ssrc),
                    rtx_ssrc: (self.kind() == MediaKind::Video).then_some(layer.out.rtx),
                },
            })
            .collect();
        if self.spec.offered.largest_first {
            encodings.reverse();
        }
        let codecs = self.codecs.into_iter().flatten();
        PublicationParameters {
            id: self.id,
            mid: self.mid,
            kind: self.kind(),
            codecs: codecs.map(codec_parameters).collect(),
            encodings,
        }
    }

    /// Sends in another codec from the next frame on, a key frame.
    pub fn switch_codec(&mut self, codec: Codec) {
        self.spec.codec = codec;
        for layer in &mut self.layers {
            layer.key_wanted = true;
            layer.out.forget();
        }
    }

    /// The encoding at a place in the offer.
    pub fn offered_at(&self, place: usize) -> usize {
        if self.spec.offered.largest_first { self.layers.len() - 1 - place } else { place }
    }

    /// Height of an encoding's picture.
    pub fn height(&self, layer: usize) -> u16 {
        self.rows >> (self.layers.len() - 1 - layer)
    }

    /// Captures and packetises what is due.
    pub fn tick(&mut self, wire: &mut Wire<'_>) {
        if wire.now < self.next {
            return;
        }
        self.next = self.next.max(wire.now.saturating_sub(100_000)) + 1_000_000 / self.spec.rate;
        for frame in 0..self.frames {
            // Captured one after the other, so that each has a timestamp of its own.
            let now = wire.now + frame * 40;
            let Wire { clock, headers, out, .. } = &mut *wire;
            self.capture(&mut Wire { now, clock, headers, out });
        }
    }

    fn capture(&mut self, wire: &mut Wire<'_>) {
        if self.kind() == MediaKind::Audio {
            self.sound(wire);
        } else if self.live {
            for layer in 0..self.layers.len() {
                match self.spec.layering {
                    _ if !self.layers[layer].active => {}
                    Some(layering) => self.layered_picture(layering, wire),
                    None => self.picture(layer, wire),
                }
            }
        }
    }

    /// Silence is sent for 200 ms, then one packet each 400 ms (DTX).
    fn sound(&mut self, wire: &mut Wire<'_>) {
        if self.live {
            self.silent_since = None;
        } else {
            let quiet = wire.now - *self.silent_since.get_or_insert(wire.now);
            if quiet > 200_000 && !(quiet / 20_000).is_multiple_of(20) {
                return;
            }
        }
        let level = if self.live { 0x80 | self.level } else { 127 };
        let stamp = Stamp { key: true, packets: 1, ..self.stamp(0, wire.now) };
        let mut payload = payload::opus(&stamp);
        if let Some(encoder) = &mut self.encoder {
            let length = if self.live { encoder.sound() } else { 0 };
            payload.resize(length.max(1 + Stamp::LEN), 0x0a);
        }
        if self.spec.codec == Codec::Red {
            let before = std::mem::replace(&mut self.before, payload.clone());
            payload = payload::red(&before, &payload, (48_000 / self.spec.rate) as u16);
        }
        self.layers[0].frame += 1;
        let first = self.layers[0].out.packets == 0;
        self.send(0, first, &payload, self.tells_level.then_some(level), wire);
    }

    fn picture(&mut self, layer: usize, wire: &mut Wire<'_>) {
        let height = self.height(layer);
        let state = &mut self.layers[layer];
        let key = std::mem::take(&mut state.key_wanted);
        state.key_frames += u64::from(key);
        let (temporal, depends) = state.picture.advance(key, self.spec.codec);
        let usual = (self.spec.packets >> (self.spec.layers - 1 - layer)).max(1);
        let frame =
            self.encoder.as_mut().map(|encoder| encoder.picture(layer, self.spec.rate, key, temporal));
        let packets = frame.map_or(if key { usual * 4 } else { usual }, |frame| frame.packets());
        for packet in 0..packets {
            let stamp = Stamp { packet, packets, key, temporal, depends, ..self.stamp(layer, wire.now) };
            let mut payload = payload::video(self.spec.codec, &stamp, self.layers[layer].picture, height);
            if let Some(frame) = frame {
                payload.resize(frame.length(packet), 0x0a);
            }
            self.send(layer, packet + 1 == packets, &payload, None, wire);
        }
        if self.spec.offered.odd {
            // A descriptor that ends too early; a fragment of the interleaved mode, as RFC 6184 §5.8 has it.
            let payload: &[u8] = match self.spec.codec {
                Codec::H264(_) => &[0x7d, 0x85, 0, 1, 0x88],
                _ => &[0x90, 0xe0],
            };
            self.send(layer, false, payload, None, wire);
        }
        self.layers[layer].frame += 1;
    }

    pub(super) fn stamp(&self, layer: usize, now: u64) -> Stamp {
        Stamp {
            publication: self.id.0,
            layer: layer as u8,
            frame: self.layers[layer].frame,
            packet: 0,
            packets: 0,
            key: false,
            temporal: 0,
            depends: 0,
            shared: false,
            also: 0,
            captured: now,
        }
    }

    fn send(&mut self, layer: usize, marker: bool, payload: &[u8], level: Option<u8>, wire: &mut Wire<'_>) {
        self.send_named(layer, marker, (payload, &[]), level, wire);
    }

    /// Sends a packet that says which frames its own needs.
    pub(super) fn send_described(
        &mut self,
        layer: usize,
        marker: bool,
        payload: &[u8],
        description: &[u8],
        wire: &mut Wire<'_>,
    ) {
        self.send_named(layer, marker, (payload, description), None, wire);
    }

    fn send_named(
        &mut self,
        layer: usize,
        marker: bool,
        (payload, description): (&[u8], &[u8]),
        level: Option<u8>,
        wire: &mut Wire<'_>,
    ) {
        let rate = self.spec.codec.kind().clock_rate();
        let state = &mut self.layers[layer];
        let timestamp = state.timestamp.wrapping_add(wire.clock.ticks(wire.now, rate));
        // Browsers name mid and rid until the other side has heard them.
        let named = state.out.packets < 200;
        let pt = codec_parameters(self.spec.codec).pt;
        let (index, fields) = state.out.next(
            pt,
            marker,
            timestamp,
            payload.len() as u32,
            (payload.to_vec(), description.to_vec()),
        );
        let names = state.out.names(self.mid.as_bytes(), named, level);
        let names = Names { description: Some(description).filter(|bytes| !bytes.is_empty()), ..names };
        let mut send = |fields: &Fields| {
            let bytes = packet(wire.now, fields, &names, wire.headers, payload);
            wire.out.push(Plain { index, header_len: bytes.len() - payload.len(), bytes });
        };
        send(&fields);
        if self.spec.offered.doubled {
            send(&Fields { ssrc: Ssrc(fields.ssrc.0.wrapping_add(1)), ..fields });
        }
    }

    /// Answers a NACK for one number of an encoding (RFC 4588).
    pub fn retransmit(
        &mut self,
        now: u64,
        layer: usize,
        sequence: u16,
        headers: &mut Headers,
    ) -> Option<Plain> {
        let rtx = codec_parameters(self.spec.codec).rtx?;
        let state = &mut self.layers[layer];
        let (index, fields, (payload, description)) = state.out.again(rtx, sequence)?;
        let mut repaired = vec![0; 2];
        write_original_sequence(&mut repaired, sequence)?;
        repaired.extend(payload);
        let names = state.out.names_again(self.mid.as_bytes());
        let names = Names { description: Some(&description[..]).filter(|bytes| !bytes.is_empty()), ..names };
        let bytes = packet(now, &fields, &names, headers, &repaired);
        Some(Plain { index, header_len: bytes.len() - repaired.len(), bytes })
    }

    /// The layer whose stream this is.
    pub fn layer_of(&self, ssrc: Ssrc) -> Option<usize> {
        self.layers.iter().position(|layer| layer.out.ssrc == ssrc)
    }

    /// The numbers of a sender report now; `None` for a silent encoding.
    pub fn sender_info(&self, layer: usize, now: u64, clock: &Clock) -> Option<viva_wire::rtcp::SenderInfo> {
        let state = &self.layers[layer];
        if state.out.packets == 0 || !state.active {
            return None;
        }
        let rate = self.spec.codec.kind().clock_rate();
        Some(state.out.report(clock.ntp(now), state.timestamp.wrapping_add(clock.ticks(now, rate))))
    }
}

fn packet(now: u64, fields: &Fields, names: &Names<'_>, headers: &mut Headers, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 384];
    let length = headers.write(Micros(now), fields, names, &mut bytes).expect("room");
    bytes.truncate(length);
    bytes.extend(payload);
    bytes
}
