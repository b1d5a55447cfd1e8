//! Redundant audio (RFC 2198): older frames ride along; the primary one, last in the packet, can be taken out.

use super::Frame;
use crate::Error;
use std::ops::Range;

/// More redundant blocks than anybody sends; keeps the headers below 256 bytes.
const MAX_REDUNDANT: usize = 32;

/// A payload whose block headers have been checked against its length.
#[derive(Debug, Clone, Copy)]
pub struct Red<'a> {
    payload: &'a [u8],
    /// Bytes of all block headers.
    headers: usize,
}

/// One block of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The payload type of the codec inside.
    pub pt: u8,
    /// How much older than the packet's timestamp, in RTP timestamp units; 0 for the primary block.
    pub age: u16,
    /// Where in the payload its bytes stand; may be empty.
    pub range: Range<usize>,
}

impl<'a> Red<'a> {
    /// Checks that the blocks fit.
    ///
    /// # Errors
    /// [`Error::Descriptor`] if the headers do not end, or promise more bytes than there are.
    pub fn parse(payload: &'a [u8]) -> Result<Self, Error> {
        let mut rest = payload;
        let mut redundant = 0usize;
        for _ in 0..=MAX_REDUNDANT {
            match rest {
                [first, ..] if first & 0x80 == 0 => {
                    let headers = payload.len() - rest.len() + 1;
                    if headers + redundant > payload.len() {
                        return Err(Error::Descriptor);
                    }
                    return Ok(Self { payload, headers });
                }
                [_, _, high, low, tail @ ..] => {
                    redundant += block_length(*high, *low);
                    rest = tail;
                }
                _ => break,
            }
        }
        Err(Error::Descriptor)
    }

    /// All blocks, in the order of the packet: the oldest first as a rule, the primary last.
    pub fn blocks(&self) -> impl Iterator<Item = Block> + 'a {
        let Self { payload, headers } = *self;
        let mut header = payload.get(..headers).unwrap_or_default();
        let mut start = headers;
        std::iter::from_fn(move || match header {
            [first, high, middle, low, tail @ ..] if first & 0x80 != 0 => {
                let range = start..start + block_length(*middle, *low);
                (header, start) = (tail, range.end);
                let age = u16::from(*high) << 6 | u16::from(*middle) >> 2;
                Some(Block { pt: first & 0x7f, age, range })
            }
            [pt] => {
                header = &[];
                Some(Block { pt: *pt, age: 0, range: start..payload.len() })
            }
            _ => None,
        })
    }

    /// The newest frame: what a receiver without RED needs. Its bytes may be none.
    pub fn primary(&self) -> Block {
        self.blocks().last().unwrap_or(Block { pt: 0, age: 0, range: 0..0 })
    }
}

/// The 10-bit block length that ends a redundant block's header.
fn block_length(high: u8, low: u8) -> usize {
    usize::from(high & 0x03) << 8 | usize::from(low)
}

pub(super) fn inspect(payload: &[u8]) -> Result<Frame, Error> {
    let red = Red::parse(payload)?;
    let descriptor_len = u8::try_from(red.headers).map_err(|_| Error::Descriptor)?;
    Ok(Frame { starts_frame: true, key_frame: true, descriptor_len, ..Frame::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two redundant blocks of 3 and 2 bytes, 1920 and 960 units old, before a primary of 4.
    const TWO_OLDER: &[u8] =
        &[0x80 | 111, 0x1e, 0x00, 0x03, 0x80 | 111, 0x0f, 0x00, 0x02, 111, 1, 2, 3, 4, 5, 6, 7, 8, 9];

    #[test]
    fn the_primary_block_is_found_behind_the_older_ones() {
        let red = Red::parse(TWO_OLDER).unwrap();
        let blocks: Vec<_> = red.blocks().collect();
        assert_eq!(
            blocks,
            [
                Block { pt: 111, age: 1920, range: 9..12 },
                Block { pt: 111, age: 960, range: 12..14 },
                Block { pt: 111, age: 0, range: 14..18 },
            ]
        );
        assert_eq!(red.primary(), blocks[2]);
        assert_eq!(inspect(TWO_OLDER).map(|frame| frame.descriptor_len), Ok(9));
    }

    #[test]
    fn a_lone_primary_block_needs_one_byte_of_header() {
        let red = Red::parse(&[96, 0xaa, 0xbb]).unwrap();
        assert_eq!(red.primary(), Block { pt: 96, age: 0, range: 1..3 });
        assert_eq!(Red::parse(&[96]).unwrap().primary().range, 1..1);
    }

    #[test]
    fn the_largest_block_length_is_ten_bits() {
        let mut payload = vec![0x80 | 5, 0xff, 0xff, 0xff, 6];
        payload.extend_from_slice(&[0; 1024]);
        let blocks: Vec<_> = Red::parse(&payload).unwrap().blocks().collect();
        assert_eq!(blocks[0], Block { pt: 5, age: 0x3fff, range: 5..1028 });
        assert_eq!(blocks[1].range, 1028..1029);
    }

    #[test]
    fn truncated_and_endless_headers_are_refused() {
        for len in 0..14 {
            assert_eq!(Red::parse(&TWO_OLDER[..len]).err(), Some(Error::Descriptor), "{len}");
        }
        assert!(Red::parse(&TWO_OLDER[..14]).is_ok());
        let endless = [0x80u8 | 111; 1200];
        assert!(Red::parse(&endless).is_err());
        let mut many = Vec::new();
        for _ in 0..MAX_REDUNDANT {
            many.extend_from_slice(&[0xff, 0, 0, 0]);
        }
        many.extend_from_slice(&[1, 2]);
        assert_eq!(Red::parse(&many).map(|red| red.blocks().count()), Ok(MAX_REDUNDANT + 1));
        many.splice(0..0, [0xff, 0, 0, 0]);
        assert!(Red::parse(&many).is_err());
    }
}
