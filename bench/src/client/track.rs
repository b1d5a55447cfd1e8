//! What a load client plays: a recorded trace as RTP, with the key frames and repairs that it is asked for.

use super::stamp::{self, Stamp};
use crate::{
    line::Line,
    sdp::Kind,
    trace::{Frame, Trace},
};
use std::{collections::VecDeque, sync::Arc};
use viva_media::{Rid, Ssrc};
use viva_peer::{
    Headers, Names, Outgoing,
    numbers::{OPUS, RIDS, VP8, VP8_RTX},
};
use viva_wire::{
    Micros,
    ntp::NtpClock,
    rtcp::SenderInfo,
    rtp::{Fields, write_original_sequence},
    srtp::Outbound,
};

/// Packets that can be sent again.
const HISTORY: usize = 256;
/// Mid and rid are named in so many packets even if nobody has heard them; until a report comes in all.
const NAMED: u32 = 3000;

/// Where a track's packets go.
pub struct Wire<'a, 'b> {
    /// Now, in microseconds.
    pub now: u64,
    /// Writes headers.
    pub headers: &'a mut Headers,
    pub outbound: &'a Outbound,
    pub line: &'a mut Line<'b>,
}

/// A recorded trace, played as somebody's camera or microphone.
pub struct Track {
    /// Its media section.
    pub mid: String,
    kind: Kind,
    trace: Arc<Trace>,
    layers: Vec<Layer>,
    /// When the running round began, in microseconds; `None` before the first.
    round: Option<u64>,
    /// The next frame of the round.
    next: usize,
    /// Packets of frames that began, by time.
    pending: VecDeque<Pending>,
    /// RFC 6464, as on the wire.
    level: u8,
}

/// One encoding of the track, with the numbers that it has come to.
struct Layer {
    out: Outgoing<(Body, Stamp)>,
    stream: u32,
    timestamp: u32,
    picture: u16,
    tl0: u8,
    key_wanted: bool,
    /// Somebody receives it.
    wanted: bool,
    /// The other side named its SSRC: mid and rid need not be named any more.
    heard: bool,
}

/// A packet that is due at some time.
#[derive(Clone, Copy)]
struct Pending {
    at: u64,
    layer: usize,
    body: Body,
}

/// What a packet consists of.
#[derive(Clone, Copy)]
struct Body {
    size: u16,
    marker: bool,
    timestamp: u32,
    /// The VP8 payload descriptor (RFC 7741 §4.2) and, in a frame's first packet, the first bytes of the frame.
    descriptor: [u8; 16],
    length: u8,
}

impl Track {
    /// A track of a media section. `seed` makes streams distinct, and begins the trace elsewhere in each track.
    pub fn new(mid: &str, kind: Kind, trace: Arc<Trace>, seed: u32, ssrc: Ssrc) -> Self {
        let simulcast = trace.layers() > 1;
        let layers = (0..trace.layers()).map(|layer| {
            let index = layer as u32;
            let (ssrc, rtx) = (Ssrc(ssrc.0 + 2 * index), Ssrc(ssrc.0 + 2 * index + 1));
            let rid = RIDS.get(layer).filter(|_| simulcast).and_then(|rid| rid.parse().ok());
            let first = [u64::from(seed % 30_000) + 1, 1];
            let memory = if kind == Kind::Video { HISTORY } else { 0 };
            Layer {
                out: Outgoing::new(ssrc, rtx, rid, first, memory),
                stream: seed.wrapping_mul(4).wrapping_add(index),
                timestamp: seed.wrapping_mul(2_654_435_761),
                picture: (seed % 20_000) as u16,
                tl0: seed as u8,
                key_wanted: true,
                wanted: true,
                heard: false,
            }
        });
        let layers = layers.collect();
        let next = seed as usize * 7 % trace.frames.len().max(1);
        let (mid, pending) = (mid.to_owned(), VecDeque::new());
        Self { mid, kind, trace, layers, round: None, next, pending, level: 0x80 | 20 }
    }

    /// How loud a microphone is, in -dBov.
    pub fn set_level(&mut self, level: u8) {
        self.level = if level < 60 { 0x80 | level } else { level.min(127) };
    }

    pub(super) fn due(&self) -> u64 {
        let next = match (self.round, self.trace.frames.get(self.next)) {
            (Some(round), Some(frame)) => round + frame.at,
            _ => 0,
        };
        self.pending.front().map_or(next, |pending| pending.at.min(next))
    }

    /// Sends what is due.
    pub(super) fn play(&mut self, now: u64, wire: &mut Wire<'_, '_>) {
        let trace = Arc::clone(&self.trace);
        let mut round =
            *self.round.get_or_insert_with(|| now - trace.frames.get(self.next).map_or(0, |frame| frame.at));
        while let Some(frame) = trace.frames.get(self.next) {
            if round + frame.at > now {
                break;
            }
            self.begin(round, frame, &trace);
            self.next += 1;
            if self.next == trace.frames.len() {
                self.next = 0;
                round += trace.duration;
                self.round = Some(round);
            }
        }
        while let Some(pending) = self.pending.front().copied().filter(|pending| pending.at <= now) {
            self.pending.pop_front();
            self.send(now, &pending, wire);
        }
    }

    /// The person has left the room for a while: the trace stands still.
    pub(super) fn pause(&mut self, _now: u64) {
        self.round = None;
        self.pending.clear();
    }

    /// A frame begins: its packets are due at their times.
    fn begin(&mut self, round: u64, frame: &Frame, trace: &Trace) {
        let Some(layer) = self.layers.get_mut(frame.layer) else { return };
        if !layer.wanted {
            return;
        }
        let instead = (layer.key_wanted && !frame.key)
            .then(|| trace.key_frames.get(frame.layer).and_then(|key| trace.frames.get(*key)))
            .flatten();
        let key = frame.key || instead.is_some();
        let temporal = if key { 0 } else { frame.temporal };
        layer.key_wanted &= !key;
        let clock = match self.kind {
            Kind::Audio => 48,
            Kind::Video => 90,
        };
        let start = round + frame.at;
        let timestamp = layer.timestamp.wrapping_add((start * clock / 1000) as u32);
        if self.kind == Kind::Video {
            layer.picture = layer.picture.wrapping_add(1) & 0x7fff;
            layer.tl0 = layer.tl0.wrapping_add(u8::from(temporal == 0));
        }
        let shown = instead.unwrap_or(frame);
        let packets = trace.packets.get(shown.packets.clone()).unwrap_or_default();
        for (index, packet) in packets.iter().enumerate() {
            let (first, marker) = (index == 0, index + 1 == packets.len());
            let (descriptor, length) = match self.kind {
                Kind::Audio => ([0; 16], 0),
                Kind::Video => layer.descriptor(first, key, temporal, frame.sync || key),
            };
            let size = packet.size.max((stamp::LENGTH + 16) as u16);
            let body = Body { size, marker, timestamp, descriptor, length };
            let at = start + (packet.at - shown.at);
            let place = self.pending.partition_point(|pending| pending.at <= at);
            self.pending.insert(place, Pending { at, layer: frame.layer, body });
        }
    }

    fn send(&mut self, now: u64, pending: &Pending, wire: &mut Wire<'_, '_>) {
        let level = (self.kind == Kind::Audio).then_some(self.level);
        let Some(layer) = self.layers.get_mut(pending.layer) else { return };
        let stamp = Stamp { stream: layer.stream, count: layer.out.packets, sent: now };
        let named = !layer.heard && layer.out.packets < NAMED;
        let (pt, body) = (if self.kind == Kind::Audio { OPUS } else { VP8 }, pending.body);
        let octets = u32::from(body.size);
        let (index, fields) = layer.out.next(pt, body.marker, body.timestamp, octets, (body, stamp));
        let names = layer.out.names(self.mid.as_bytes(), named, level);
        // A packet that does not fit is not sent, which the receivers notice.
        let _ = write(wire, index, &fields, &names, None, &body, stamp);
    }

    /// Answers a NACK for one number (RFC 4588).
    pub(super) fn retransmit(&mut self, media: Ssrc, sequence: u16, wire: &mut Wire<'_, '_>) {
        let Some(layer) = self.layers.iter_mut().find(|layer| layer.out.ssrc == media) else { return };
        let Some((index, fields, (body, stamp))) = layer.out.again(VP8_RTX, sequence) else { return };
        let names = layer.out.names_again(self.mid.as_bytes());
        let _ = write(wire, index, &fields, &names, Some(sequence), &body, stamp);
    }

    pub(super) fn want_key_frame(&mut self, media: Ssrc) {
        for layer in self.layers.iter_mut().filter(|layer| layer.out.ssrc == media) {
            layer.key_wanted = true;
        }
    }

    /// A report names this stream.
    pub(super) fn heard(&mut self, about: Ssrc) {
        for layer in self.layers.iter_mut().filter(|layer| layer.out.ssrc == about) {
            layer.heard = true;
        }
    }

    /// The encodings that somebody receives; those that begin anew begin with a key frame.
    pub(super) fn wanted(&mut self, rids: &[String], any: bool) {
        for layer in &mut self.layers {
            let rid = layer.out.rid.as_ref();
            let wanted = rid.map_or(any, |rid| rids.iter().any(|wanted| wanted == rid.as_str()));
            layer.key_wanted |= wanted && !layer.wanted;
            layer.wanted = wanted;
        }
    }

    /// What sender reports say now.
    pub(super) fn sender_infos(&self, now: u64) -> impl Iterator<Item = SenderInfo> + '_ {
        let clock = if self.kind == Kind::Audio { 48 } else { 90 };
        let ntp = NtpClock::new(std::time::Duration::ZERO).ntp(Micros(now));
        let sending = self.layers.iter().filter(|layer| layer.out.packets > 0 && layer.wanted);
        sending.map(move |layer| {
            layer.out.report(ntp, layer.timestamp.wrapping_add((now * clock / 1000) as u32))
        })
    }
}

impl Layer {
    /// The payload descriptor with a 15-bit picture id, TL0PICIDX and temporal layer, and the first bytes of a frame.
    fn descriptor(&self, first: bool, key: bool, temporal: u8, sync: bool) -> ([u8; 16], u8) {
        let mut bytes = [0; 16];
        bytes[0] = 0x80 | if first { 0x10 } else { 0 } | if temporal > 0 { 0x20 } else { 0 };
        bytes[1] = 0xe0;
        bytes[2] = 0x80 | (self.picture >> 8) as u8;
        bytes[3] = self.picture as u8;
        bytes[4] = self.tl0;
        bytes[5] = temporal << 6 | u8::from(sync) << 5;
        if !first {
            return (bytes, 6);
        }
        if !key {
            bytes[6] = 1;
            return (bytes, 9);
        }
        // RFC 6386 §9.1: a key frame has a start code and its size.
        let rows: u16 = match self.out.rid.as_ref().map(Rid::as_str) {
            Some("q") => 180,
            Some("h") => 360,
            _ => 720,
        };
        let [low, high] = (rows * 16 / 9).to_le_bytes();
        let [rows_low, rows_high] = rows.to_le_bytes();
        bytes[6..16].copy_from_slice(&[0x10, 0, 0, 0x9d, 0x01, 0x2a, low, high, rows_low, rows_high]);
        (bytes, 16)
    }
}

fn write(
    wire: &mut Wire<'_, '_>,
    index: u64,
    fields: &Fields,
    names: &Names<'_>,
    original: Option<u16>,
    body: &Body,
    stamp: Stamp,
) -> Option<()> {
    let mut packet = [0; 1600];
    let header = wire.headers.write(Micros(wire.now), fields, names, &mut packet)?;
    let mut start = header;
    if let Some(original) = original {
        start += write_original_sequence(packet.get_mut(start..)?, original)?;
    }
    let end = start + usize::from(body.size);
    let payload = packet.get_mut(start..end)?;
    let length = usize::from(body.length);
    payload.get_mut(..length)?.copy_from_slice(body.descriptor.get(..length)?);
    stamp.write(payload);
    let sealed = wire.outbound.protect_rtp(index, header, &mut packet, end).ok()?;
    wire.line.tally.sent += 1;
    wire.line.send_media(packet.get(..sealed)?);
    Some(())
}
