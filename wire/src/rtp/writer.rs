//! Writes RTP headers with extension elements (RFC 3550 §5.1, RFC 8285 §4.2 and §4.3).

use super::FIXED_LEN;
use viva_media::{Pt, Ssrc};

/// Bytes before the first element: profile and length (RFC 3550 §5.3.1).
const EXTENSION_LEN: usize = 4;

/// The first octet's bit for an extension behind the fixed part.
const EXTENDED: u8 = 0x10;

/// The longest data of an element in the one-byte form.
pub const MAX_ELEMENT: usize = 16;

/// What the fixed part of a header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields {
    /// The payload type, as agreed in SDP.
    pub pt: Pt,
    /// The profile's marker, as in [`super::Header::marker`].
    pub marker: bool,
    /// The packet ends in padding ([`super::fill_padding`]).
    pub padding: bool,
    /// The sequence number; it wraps at 16 bits.
    pub sequence: u16,
    /// Media time in ticks of the codec's clock.
    pub timestamp: u32,
    /// The stream that the packet belongs to.
    pub ssrc: Ssrc,
}

impl Fields {
    /// Writes the fixed part of a header without contributing sources; whether an extension follows stays as it was.
    #[inline]
    pub const fn write(&self, fixed: &mut [u8; FIXED_LEN]) {
        let [s0, s1] = self.sequence.to_be_bytes();
        let [t0, t1, t2, t3] = self.timestamp.to_be_bytes();
        let [c0, c1, c2, c3] = self.ssrc.0.to_be_bytes();
        let first = 0x80 | (self.padding as u8) << 5 | fixed[0] & EXTENDED;
        let second = (self.marker as u8) << 7 | self.pt.0 & 0x7f;
        *fixed = [first, second, s0, s1, t0, t1, t2, t3, c0, c1, c2, c3];
    }
}

/// Bytes of a header with elements of these lengths.
pub fn header_len(elements: impl IntoIterator<Item = usize>) -> usize {
    match elements.into_iter().map(|len| len + 1).sum::<usize>() {
        0 => FIXED_LEN,
        sum => FIXED_LEN + EXTENSION_LEN + sum.next_multiple_of(4),
    }
}

/// Bytes of a header with elements of these lengths in the two-byte form.
pub fn long_header_len(elements: impl IntoIterator<Item = usize>) -> usize {
    let sum = elements.into_iter().map(|len| len + 2).sum::<usize>();
    FIXED_LEN + EXTENSION_LEN + sum.next_multiple_of(4)
}

/// The most bytes that a header with so many elements can have.
pub const fn max_header_len(elements: usize) -> usize {
    if elements == 0 {
        return FIXED_LEN;
    }
    FIXED_LEN + EXTENSION_LEN + (elements * (MAX_ELEMENT + 1)).next_multiple_of(4)
}

/// Writes one header into a buffer: the fixed part, then any number of elements, then [`Self::finish`].
///
/// ```
/// # use viva_sfu::rtp::{Fields, HeaderWriter};
/// # use viva_media::{Pt, Ssrc};
/// let mut packet = [0; 1500];
/// let fields =
///     Fields { pt: Pt(96), marker: false, padding: false, sequence: 1, timestamp: 2, ssrc: Ssrc(3) };
/// let mut writer = HeaderWriter::new(&mut packet, &fields).unwrap();
/// let transport_cc = writer.element(5, &[0, 0]).unwrap();
/// let header_len = writer.finish().unwrap();
/// // Later, once the order of sending is settled:
/// packet[transport_cc..transport_cc + 2].copy_from_slice(&7u16.to_be_bytes());
/// # assert_eq!((transport_cc, header_len), (17, 20));
/// ```
#[derive(Debug)]
pub struct HeaderWriter<'a> {
    packet: &'a mut [u8],
    len: usize,
    /// Elements of the two-byte form.
    long: bool,
}

impl<'a> HeaderWriter<'a> {
    /// Writes the fixed part at the start of `packet`; `None` where it has no room.
    #[inline]
    pub fn new(packet: &'a mut [u8], fields: &Fields) -> Option<Self> {
        let fixed = packet.first_chunk_mut()?;
        *fixed = [0; FIXED_LEN];
        fields.write(fixed);
        Some(Self { packet, len: FIXED_LEN, long: false })
    }

    /// Goes on with a header whose elements end at `len`, not padded yet; [`FIXED_LEN`] where there is none.
    #[inline]
    pub const fn resume(packet: &'a mut [u8], len: usize) -> Self {
        Self { packet, len, long: false }
    }

    /// Goes on behind the fixed part with elements of the two-byte form, whatever stands there: for those that are too long for
    /// the other.
    pub const fn resume_long(packet: &'a mut [u8]) -> Self {
        Self { packet, len: FIXED_LEN, long: true }
    }

    /// Where the elements end so far.
    #[inline]
    pub const fn end(&self) -> usize {
        self.len
    }

    /// Appends an element with id 1 to 14 and 1 to 16 bytes of data, in the two-byte form 1 to 255; where its data begin in
    /// the packet, so that they can be overwritten later. `None` where the form cannot carry it or there is no room: the
    /// header is then as before.
    #[inline]
    pub fn element(&mut self, id: u8, data: &[u8]) -> Option<usize> {
        if self.long {
            return self.long_element(id, data);
        }
        if !(1..=14).contains(&id) || !(1..=MAX_ELEMENT).contains(&data.len()) {
            return None;
        }
        let at = if self.len == FIXED_LEN { FIXED_LEN + EXTENSION_LEN } else { self.len };
        let (first, room) = self.packet.get_mut(at..)?.split_first_mut()?;
        room.get_mut(..data.len())?.copy_from_slice(data);
        *first = id << 4 | (data.len() as u8 - 1);
        self.len = at + 1 + data.len();
        Some(at + 1)
    }

    fn long_element(&mut self, id: u8, data: &[u8]) -> Option<usize> {
        let len = u8::try_from(data.len()).ok().filter(|len| *len > 0 && (1..=14).contains(&id))?;
        let at = if self.len == FIXED_LEN { FIXED_LEN + EXTENSION_LEN } else { self.len };
        let place = self.packet.get_mut(at..at + 2 + data.len())?;
        let (head, room) = place.split_first_chunk_mut()?;
        *head = [id, len];
        room.copy_from_slice(data);
        self.len = at + 2 + data.len();
        Some(at + 2)
    }

    /// Pads the elements to whole words, writes their length and sets the extension flag; the header's length. `None`
    /// where the padding has no room.
    #[inline]
    pub fn finish(self) -> Option<usize> {
        if self.len == FIXED_LEN {
            return Some(FIXED_LEN);
        }
        let end = self.len.next_multiple_of(4);
        self.packet.get_mut(self.len..end)?.fill(0);
        let words = u16::try_from((end - FIXED_LEN - EXTENSION_LEN) / 4).ok()?;
        let [l0, l1] = words.to_be_bytes();
        let [p0, p1] = if self.long { [0x10, 0x00] } else { [0xbe, 0xde] };
        *self.packet.get_mut(FIXED_LEN..)?.first_chunk_mut()? = [p0, p1, l0, l1];
        *self.packet.first_mut()? |= EXTENDED;
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rtp::Header;

    const FIELDS: Fields = Fields {
        pt: Pt(111),
        marker: true,
        padding: true,
        sequence: 0xfffe,
        timestamp: 0x8000_0001,
        ssrc: Ssrc(0xcafe_f00d),
    };

    fn write(packet: &mut [u8], elements: &[(u8, &[u8])]) -> Option<usize> {
        let mut writer = HeaderWriter::new(packet, &FIELDS)?;
        for (id, data) in elements {
            writer.element(*id, data)?;
        }
        writer.finish()
    }

    #[test]
    fn what_is_written_is_read() {
        let elements: [(u8, &[u8]); 3] = [(1, b"0"), (14, &[9; 16]), (7, &[1, 2, 3])];
        for count in 0..=3 {
            let mut packet = [0xff; 64];
            let elements = &elements[..count];
            let len = write(&mut packet, elements).unwrap();
            assert_eq!(len, header_len(elements.iter().map(|(_, data)| data.len())));
            assert!(len <= max_header_len(count));
            let header = Header::parse(&packet[..len]).unwrap();
            assert_eq!((header.pt, header.marker, header.has_padding), (FIELDS.pt, true, true));
            assert_eq!((header.sequence, header.timestamp), (FIELDS.sequence, FIELDS.timestamp));
            assert_eq!((header.ssrc, header.header_len), (FIELDS.ssrc, len));
            assert_eq!(header.extensions(&packet).collect::<Vec<_>>(), elements);
        }
    }

    #[test]
    fn long_elements_are_written_in_the_other_form() {
        let elements: [(u8, &[u8]); 3] = [(1, b"0"), (14, &[9; 200]), (7, &[1, 2, 3])];
        let mut packet = [0xff; 256];
        HeaderWriter::new(&mut packet, &FIELDS).unwrap();
        let mut writer = HeaderWriter::resume_long(&mut packet);
        assert_eq!(writer.element(15, b"x").or(writer.element(1, b"")), None);
        for (id, data) in elements {
            assert!(writer.element(id, data).is_some());
        }
        assert_eq!(writer.element(2, &[0; 40]), None, "no room");
        let len = writer.finish().unwrap();
        assert_eq!(len, long_header_len(elements.map(|(_, data)| data.len())));
        let header = Header::parse(&packet[..len]).unwrap();
        assert_eq!((header.pt, header.header_len), (FIELDS.pt, len));
        assert_eq!(header.extensions(&packet).collect::<Vec<_>>(), elements);
    }

    #[test]
    fn too_small_a_buffer_is_told() {
        let elements: [(u8, &[u8]); 2] = [(1, b"0"), (2, &[9; 3])];
        let len = header_len([1, 3]);
        for room in 0..len {
            assert_eq!(write(&mut vec![0; room], &elements), None, "{room}");
        }
        assert_eq!(write(&mut vec![0; len], &elements), Some(len));
    }

    #[test]
    fn an_element_that_the_form_cannot_carry_leaves_the_header_as_before() {
        let mut packet = [0; 64];
        let mut writer = HeaderWriter::new(&mut packet, &FIELDS).unwrap();
        for (id, data) in [(0, &[1][..]), (15, &[1]), (1, &[]), (1, &[0; 17])] {
            assert_eq!(writer.element(id, data), None);
        }
        assert_eq!(writer.element(3, &[1]), Some(17));
        assert_eq!(writer.element(4, &[0; 17]), None);
        assert_eq!(writer.element(5, &[2]), Some(19));
        let len = writer.finish().unwrap();
        let header = Header::parse(&packet[..len]).unwrap();
        assert_eq!(header.extensions(&packet).collect::<Vec<_>>(), [(3, &[1][..]), (5, &[2])]);
    }
}
