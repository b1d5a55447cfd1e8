//! What a JPEG says of itself before it is decoded: its size, whether it comes in several scans, whether it comes to its end.
//!
//! The decoder fills what is missing at the end of a file with grey and says nothing; and how much memory it takes depends
//! on the kind of the file. ITU-T T.81, annex B.

use crate::picture::PictureFault;

/// What the markers before the first scan say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub width: u32,
    pub height: u32,
    /// Whether the decoder has to keep all coefficients until the last scan.
    pub scans: bool,
}

/// Markers: table B.1.
const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;
const BASELINE: u8 = 0xc0;
const EXTENDED: u8 = 0xc1;
const PROGRESSIVE: u8 = 0xc2;

impl Header {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, PictureFault> {
        let mut rest = bytes.strip_prefix(&[0xff, 0xd8]).ok_or(PictureFault::UnknownFormat)?;
        let mut frame = None;
        let scan = loop {
            let (marker, segment, after) = next(rest)?;
            rest = after;
            match marker {
                BASELINE | EXTENDED | PROGRESSIVE => {
                    let found = Frame::read(marker, segment).ok_or(PictureFault::Damaged)?;
                    if frame.replace(found).is_some() {
                        return Err(PictureFault::Damaged);
                    }
                }
                // Lossless, hierarchical, arithmetic.
                0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return Err(PictureFault::Unsupported),
                END_OF_IMAGE => return Err(PictureFault::Damaged),
                START_OF_SCAN => break segment,
                _ => {}
            }
        };
        // Within a scan 0xff is followed by 0x00 or the number of a restart: this is the end and nothing else.
        if !rest.windows(2).any(|pair| pair == [0xff, END_OF_IMAGE]) {
            return Err(PictureFault::Truncated);
        }
        let Frame { width, height, components, progressive } = frame.ok_or(PictureFault::Damaged)?;
        let scans = progressive || scan.first().is_none_or(|in_scan| *in_scan < components);
        Ok(Self { width, height, scans })
    }
}

struct Frame {
    width: u32,
    height: u32,
    components: u8,
    progressive: bool,
}

impl Frame {
    /// B.2.2: precision, height, width, number of components.
    fn read(marker: u8, segment: &[u8]) -> Option<Self> {
        let [_, h0, h1, w0, w1, components] = *segment.first_chunk::<6>()?;
        Some(Self {
            width: u16::from_be_bytes([w0, w1]).into(),
            height: u16::from_be_bytes([h0, h1]).into(),
            components,
            progressive: marker == PROGRESSIVE,
        })
    }
}

/// The next marker, what it holds, and what comes after it.
fn next(bytes: &[u8]) -> Result<(u8, &[u8], &[u8]), PictureFault> {
    // Some writers leave bytes between segments; decoders step over them.
    let at = bytes.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff));
    let [marker, rest @ ..] = &bytes[at.ok_or(PictureFault::Truncated)? + 1..] else {
        return Err(PictureFault::Truncated);
    };
    if matches!(marker, 0x01 | 0xd0..=0xd9) {
        return Ok((*marker, &[], rest));
    }
    let length = rest.first_chunk::<2>().map(|length| usize::from(u16::from_be_bytes(*length)));
    let segment =
        rest.get(2..length.ok_or(PictureFault::Truncated)?.max(2)).ok_or(PictureFault::Truncated)?;
    Ok((*marker, segment, &rest[2 + segment.len()..]))
}
