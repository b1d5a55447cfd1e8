//! Media that proves where it comes from: each packet names its sender, encoding, frame and place, and is filled from
//! them, so that a receiver can tell whether it got what was sent.

/// Packets of one picture; each is a byte longer than the one before, as a browser's are.
const PARTS: u8 = 3;
/// Bytes of filling in the smallest packet of a picture, and in each of sound.
const PICTURE_FILL: usize = 900;
const SOUND_FILL: usize = 60;
const MAGIC: [u8; 4] = *b"VIVA";
const STAMP: usize = MAGIC.len() + 8;
/// What precedes the stamp of sound: an Opus TOC byte (RFC 6716 §3.1): CELT, full band, 20 ms, mono, one frame.
const TOC: u8 = 0xf8;

/// What a packet says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Names the sender.
    pub sender: u8,
    /// Which encoding of a picture, from 0.
    pub encoding: u8,
    /// Counts pictures, or packets of sound.
    pub frame: u32,
    /// Which packet of its picture.
    pub part: u8,
    /// Begins or continues a key frame; always true for sound.
    pub key: bool,
}

/// A packet to send.
pub struct Packet {
    /// The payload.
    pub payload: Vec<u8>,
    /// The last of its picture.
    pub marker: bool,
    /// The sequence number, not cut to 16 bits.
    pub number: u64,
    /// In units of the codec's clock.
    pub timestamp: u32,
}

/// A source of pictures or sound.
#[derive(Debug, Clone)]
pub struct Source {
    video: bool,
    sender: u8,
    encoding: u8,
    frame: u32,
    number: u64,
    key_due: bool,
}

impl Source {
    /// Pictures of one encoding, 100 a second.
    pub fn camera(sender: u8, encoding: u8) -> Self {
        // Just before the sequence number's wrap, so that every test passes it.
        Self { video: true, sender, encoding, frame: 0, number: 65_500, key_due: true }
    }

    /// Sound, a packet each 10 ms.
    pub fn microphone(sender: u8) -> Self {
        Self { video: false, sender, encoding: 0, frame: 0, number: 65_530, key_due: true }
    }

    /// The next picture shall be a key frame.
    pub fn refresh(&mut self) {
        self.key_due = true;
    }

    /// The packets of the next picture, or the next packet of sound.
    pub fn next(&mut self) -> Vec<Packet> {
        let key = std::mem::take(&mut self.key_due) || !self.video;
        let (parts, ticks) = if self.video { (PARTS, 900) } else { (1, 480) };
        let frame = self.frame;
        self.frame += 1;
        (0..parts)
            .map(|part| {
                let stamp = Stamp { sender: self.sender, encoding: self.encoding, frame, part, key };
                let number = self.number;
                self.number += 1;
                Packet {
                    payload: if self.video { picture(stamp) } else { sound(stamp) },
                    marker: self.video && part + 1 == parts,
                    number,
                    timestamp: frame.wrapping_mul(ticks).wrapping_add(u32::MAX - 10 * ticks),
                }
            })
            .collect()
    }
}

/// A packet of VP8 (RFC 7741 §4.2) with picture id, TL0PICIDX and temporal id.
fn picture(stamp: Stamp) -> Vec<u8> {
    let [_, _, high, low] = stamp.frame.to_be_bytes();
    let start = if stamp.part == 0 { 0x10 } else { 0 };
    let mut payload = vec![0x80 | start, 0xe0, 0x80 | high, low, low, 0x20];
    if stamp.part == 0 {
        // The frame tag (RFC 6386 §9.1): the lowest bit is clear on key frames, which have their size besides.
        payload.extend([u8::from(!stamp.key) | 0x10, 0, 0]);
        if stamp.key {
            let width = 320u16 << stamp.encoding;
            let height = 180u16 << stamp.encoding;
            payload.extend([0x9d, 0x01, 0x2a]);
            payload.extend(width.to_le_bytes());
            payload.extend(height.to_le_bytes());
        }
    }
    filled(payload, stamp, PICTURE_FILL + usize::from(stamp.part))
}

fn sound(stamp: Stamp) -> Vec<u8> {
    filled(vec![TOC], stamp, SOUND_FILL)
}

fn filled(mut payload: Vec<u8>, stamp: Stamp, length: usize) -> Vec<u8> {
    payload.extend(MAGIC);
    payload.extend([stamp.sender, stamp.encoding, stamp.part, u8::from(stamp.key)]);
    payload.extend(stamp.frame.to_be_bytes());
    payload.extend(filling(stamp, length));
    payload
}

fn filling(stamp: Stamp, length: usize) -> impl Iterator<Item = u8> {
    let seed = stamp.frame.wrapping_mul(31) ^ u32::from(stamp.part) << 8 ^ u32::from(stamp.sender);
    (0..length as u32).map(move |at| (seed.wrapping_add(at).wrapping_mul(0x9e37_79b1) >> 24) as u8)
}

/// Reads a payload back; every byte must be as it was sent, but those of the descriptor, which a forwarder rewrites.
pub fn read(video: bool, payload: &[u8]) -> Result<Stamp, String> {
    let rest = if video { vp8_body(payload) } else { payload.strip_prefix(&[TOC]) };
    let rest = rest.ok_or_else(|| format!("no payload of ours: {:02x?}", payload.get(..16)))?;
    let (head, fill) = rest.split_at_checked(STAMP).ok_or("too short for a stamp")?;
    let [m0, m1, m2, m3, sender, encoding, part, key, f0, f1, f2, f3] = *head else {
        return Err("too short for a stamp".into());
    };
    if [m0, m1, m2, m3] != MAGIC {
        return Err(format!("no stamp: {head:02x?}"));
    }
    let frame = u32::from_be_bytes([f0, f1, f2, f3]);
    let stamp = Stamp { sender, encoding, frame, part, key: key == 1 };
    let length = if video { PICTURE_FILL + usize::from(part) } else { SOUND_FILL };
    if fill.len() != length {
        return Err(format!("{stamp:?} has {} bytes of filling, not {length}", fill.len()));
    }
    if filling(stamp, length).eq(fill.iter().copied()) {
        Ok(stamp)
    } else {
        Err(format!("{stamp:?} was altered"))
    }
}

/// What follows descriptor, frame tag and size.
fn vp8_body(payload: &[u8]) -> Option<&[u8]> {
    let (&[first, present, picture, ..], rest) = (payload, payload.get(3..)?) else { return None };
    if first & 0x80 == 0 || present & 0xe0 != 0xe0 {
        return None;
    }
    let id_rest = usize::from(picture & 0x80 != 0);
    let body = rest.get(id_rest + 2..)?;
    if first & 0x10 == 0 {
        return Some(body);
    }
    let key = body.first()? & 1 == 0;
    body.get(if key { 10 } else { 3 }..)
}
