//! Payloads that look to a forwarder like VP8, H.264 and Opus, and carry a stamp.

use super::layered::Layering;
use crate::sim::stamp::Stamp;
use viva_media::{Codec, Pt};
use viva_peer::numbers;
use viva_wire::codec::red::Red;

/// Bytes of a video packet, nearly: encoders split a frame into packets that differ by a byte.
const VIDEO: usize = 300;

/// Where a video encoder stands.
#[derive(Debug, Clone, Copy)]
pub struct Picture {
    /// VP8's picture id, 15 bits.
    pub id: u16,
    /// VP8's running number of base pictures.
    pub tl0: u8,
    /// Frames since the key frame.
    pub place: u32,
}

impl Picture {
    /// Goes to the next frame: its temporal layer, and how many frames before it is the one that it refers to.
    ///
    /// All but H.264 have three temporal layers in the order 0 2 1 2, as libvpx has.
    pub fn advance(&mut self, key: bool, codec: Codec) -> (u8, u8) {
        self.id = (self.id + 1) & 0x7fff;
        self.place = if key { 0 } else { self.place + 1 };
        let (temporal, depends) = match (codec, self.place % 4) {
            _ if key => (0, 0),
            (Codec::H264(_), _) => (0, 1),
            (_, 0) => (0, 4),
            (_, 2) => (1, 2),
            _ => (2, 1),
        };
        if temporal == 0 {
            self.tl0 = self.tl0.wrapping_add(1);
        }
        (temporal, depends)
    }
}

/// One packet of sound.
pub fn opus(stamp: &Stamp) -> Vec<u8> {
    let mut payload = vec![0x78];
    stamp.write(&mut payload);
    payload.resize(60 + stamp.frame as usize % 5, 0x0a);
    payload
}

/// A packet of sound with the one before it in front (RFC 2198).
pub fn red(before: &[u8], primary: &[u8], age: u16) -> Vec<u8> {
    let Ok(length) = u16::try_from(before.len()) else { return primary.to_vec() };
    let [high, middle, low] = [(age >> 6) as u8, (age << 2) as u8 | (length >> 8) as u8, length as u8];
    let mut payload = vec![0x80 | numbers::OPUS.0, high, middle, low, numbers::OPUS.0];
    payload.extend(before);
    payload.extend(primary);
    payload
}

/// What a packet of sound carries, the newest last.
pub fn sounds(pt: Pt, payload: &[u8]) -> Vec<&[u8]> {
    match Red::parse(payload) {
        Ok(red) if pt == numbers::RED => red.blocks().filter_map(|block| payload.get(block.range)).collect(),
        _ => vec![payload],
    }
}

/// One packet of a picture.
pub fn video(codec: Codec, stamp: &Stamp, picture: Picture, height: u16) -> Vec<u8> {
    let payload = match codec {
        Codec::H264(_) => h264(stamp, height),
        _ => vp8(stamp, picture, height),
    };
    fill(payload, stamp)
}

/// RFC 7741 §4.2 and §4.3.
fn vp8(stamp: &Stamp, picture: Picture, height: u16) -> Vec<u8> {
    let first = stamp.packet == 0;
    let [high, low] = picture.id.to_be_bytes();
    // As libvpx has it, each cycle's first picture of a layer depends on the base layer alone.
    let sync = u8::from(stamp.temporal > 0 && picture.place % 4 < 3) << 5;
    let mut payload =
        vec![0x80 | u8::from(first) << 4, 0xe0, 0x80 | high, low, picture.tl0, stamp.temporal << 6 | sync];
    let width = height / 9 * 16;
    match (first, stamp.key) {
        (true, true) => {
            payload.extend([0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a]);
            payload.extend(width.to_le_bytes());
            payload.extend(height.to_le_bytes());
        }
        (true, false) => payload.extend([0x31; 10]),
        (false, _) => payload.extend([0x54; 10]),
    }
    stamp.write(&mut payload);
    payload
}

/// What a frame of VP9 needs.
#[derive(Debug, Clone, Copy)]
pub struct Layers {
    /// Earlier pictures.
    pub predicted: bool,
    /// The layer below.
    pub on_lower: bool,
    /// How the stream is layered.
    pub layering: Layering,
}

/// RFC 9628 §4.2, without the flexible mode.
pub fn vp9(stamp: &Stamp, picture: Picture, layers: Layers, sizes: &[(u16, u16)]) -> Vec<u8> {
    let (first, last) = (stamp.packet == 0, stamp.packet + 1 == stamp.packets);
    let tells_sizes = stamp.key && first;
    let highest = usize::from(stamp.layer) + 1 == sizes.len();
    let unused_above = highest || layers.predicted && layers.layering == Layering::Key;
    let flags = [
        (7, true),
        (6, layers.predicted),
        (5, true),
        (3, first),
        (2, last),
        (1, tells_sizes),
        (0, unused_above),
    ];
    let flags = flags.iter().fold(0, |flags, (bit, set)| flags | u8::from(*set) << bit);
    let [high, low] = picture.id.to_be_bytes();
    let layer = stamp.temporal << 5 | 0x10 | stamp.layer << 1 | u8::from(layers.on_lower);
    let mut payload = vec![flags, 0x80 | high, low, layer, picture.tl0];
    if tells_sizes {
        payload.push((sizes.len() as u8 - 1) << 5 | 0x10);
        payload.extend(
            sizes.iter().flat_map(|(width, height)| [width.to_be_bytes(), height.to_be_bytes()]).flatten(),
        );
    }
    stamp.write(&mut payload);
    fill(payload, stamp)
}

/// The aggregation header of AV1 (its RTP specification, §4.4), one element a packet.
pub fn av1(stamp: &Stamp) -> Vec<u8> {
    let (first, last) = (stamp.packet == 0, stamp.packet + 1 == stamp.packets);
    let mut payload =
        vec![u8::from(!first) << 7 | u8::from(!last) << 6 | 0x10 | u8::from(stamp.key && first) << 3];
    stamp.write(&mut payload);
    fill(payload, stamp)
}

fn fill(mut payload: Vec<u8>, stamp: &Stamp) -> Vec<u8> {
    let last = stamp.packet + 1 == stamp.packets;
    let length = if last { VIDEO - 40 } else { VIDEO + usize::from(stamp.packet % 2) };
    payload.resize(length.max(payload.len()), 0x0a);
    payload
}

/// RFC 6184: a key frame opens with its parameter sets in a STAP-A, pictures are fragmented.
fn h264(stamp: &Stamp, height: u16) -> Vec<u8> {
    let unit = if stamp.key { 0x65 } else { 0x41 };
    let (first, last) = (stamp.packet == u16::from(stamp.key), stamp.packet + 1 == stamp.packets);
    let mut payload = Vec::new();
    if stamp.key && stamp.packet == 0 {
        payload.push(0x78);
        let mut sei = vec![0x06];
        stamp.write(&mut sei);
        sei.resize(200, 0x0a);
        for unit in [parameter_set(height), vec![0x68, 0xce, 0x3c, 0x80], sei] {
            payload.extend((unit.len() as u16).to_be_bytes());
            payload.extend(unit);
        }
        // The aggregate holds together only as it is: no filling behind it.
        let room = VIDEO - payload.len() - 2;
        payload.extend((room as u16).to_be_bytes());
        payload.push(0x06);
        payload.resize(VIDEO, 0x0a);
        return payload;
    }
    if first && last {
        payload.extend([unit, 0x9a]);
    } else {
        payload.extend([unit & 0x60 | 28, u8::from(first) << 7 | u8::from(last) << 6 | unit & 0x1f, 0x9a]);
    }
    stamp.write(&mut payload);
    payload
}

/// A sequence parameter set of the baseline profile (ITU-T H.264 §7.3.2.1.1).
fn parameter_set(height: u16) -> Vec<u8> {
    let mut bits = Bits(vec![]);
    bits.unsigned(0); // seq_parameter_set_id
    bits.unsigned(0); // log2_max_frame_num_minus4
    bits.unsigned(2); // pic_order_cnt_type
    bits.unsigned(1); // max_num_ref_frames
    bits.put(0, 1);
    bits.unsigned(u32::from(height) / 9 - 1);
    let rows = u32::from(height).div_ceil(16);
    bits.unsigned(rows - 1);
    bits.put(0b11, 2); // frame_mbs_only_flag, direct_8x8_inference_flag
    let surplus = rows * 16 - u32::from(height);
    bits.put(u32::from(surplus > 0), 1);
    if surplus > 0 {
        for crop in [0, 0, 0, surplus / 2] {
            bits.unsigned(crop);
        }
    }
    bits.put(0b01, 2); // no VUI; stop bit
    let mut unit = vec![0x67, 66, 0xe0, 31];
    unit.extend(
        bits.0
            .chunks(8)
            .map(|byte| (0..8).fold(0, |value, bit| value << 1 | byte.get(bit).copied().unwrap_or(0))),
    );
    unit
}

struct Bits(Vec<u8>);

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.0.extend((0..count).rev().map(|bit| (value >> bit & 1) as u8));
    }

    /// Exp-Golomb.
    fn unsigned(&mut self, value: u32) {
        let length = 32 - (value + 1).leading_zeros();
        self.put(0, length - 1);
        self.put(value + 1, length);
    }
}
