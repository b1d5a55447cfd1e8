//! The header of a received RTP packet, read once into a small value (RFC 3550 §5.1).

use super::{Elements, Extensions, FIXED_LEN};
use crate::Error;
use viva_media::{ExtensionMap, Pt, Ssrc};

/// The header of one RTP packet, sealed or plain: SRTP leaves it readable (RFC 3711 §3.1).
///
/// It keeps no borrow; hand the same packet to its methods again. With another packet they give nonsense or
/// [`Error::Malformed`], but never panic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The payload type, as agreed in SDP.
    pub pt: Pt,
    /// The profile's marker: for video the last packet of a frame, for audio the first of a talk spurt.
    pub marker: bool,
    /// The payload ends in padding; [`Self::payload`] takes it off.
    pub has_padding: bool,
    /// The sequence number; it wraps at 16 bits.
    pub sequence: u16,
    /// Media time in ticks of the codec's clock.
    pub timestamp: u32,
    /// The stream that the packet belongs to.
    pub ssrc: Ssrc,
    /// Bytes of fixed header, contributing sources and extension: the payload starts here.
    pub header_len: usize,
    /// The extension's 16 profile bits, where there is one (RFC 3550 §5.3.1).
    extension_profile: Option<u16>,
    /// Where the extension's data begin.
    extension_start: usize,
}

impl Header {
    /// Reads and bounds-checks the header. Anything that does not hold together is [`Error::Malformed`].
    #[inline]
    pub fn parse(packet: &[u8]) -> Result<Self, Error> {
        let &[first, second, s0, s1, t0, t1, t2, t3, c0, c1, c2, c3] =
            packet.first_chunk::<FIXED_LEN>().ok_or(Error::Malformed)?;
        if first >> 6 != 2 {
            return Err(Error::Malformed);
        }
        let mut header_len = FIXED_LEN + 4 * usize::from(first & 0x0f);
        let mut extension_profile = None;
        let mut extension_start = header_len;
        if first & 0x10 != 0 {
            let &[p0, p1, l0, l1] =
                packet.get(header_len..).and_then(<[u8]>::first_chunk).ok_or(Error::Malformed)?;
            extension_profile = Some(u16::from_be_bytes([p0, p1]));
            extension_start = header_len + 4;
            header_len = extension_start + 4 * usize::from(u16::from_be_bytes([l0, l1]));
        }
        if header_len > packet.len() {
            return Err(Error::Malformed);
        }
        Ok(Self {
            pt: Pt(second & 0x7f),
            marker: second & 0x80 != 0,
            has_padding: first & 0x20 != 0,
            sequence: u16::from_be_bytes([s0, s1]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            ssrc: Ssrc(u32::from_be_bytes([c0, c1, c2, c3])),
            header_len,
            extension_profile,
            extension_start,
        })
    }

    /// The payload of the plain packet, without padding; empty for a packet that is padding alone.
    ///
    /// Padding that claims no byte, or more than there are, is [`Error::Malformed`].
    #[inline]
    pub fn payload<'a>(&self, packet: &'a [u8]) -> Result<&'a [u8], Error> {
        let payload = packet.get(self.header_len..).ok_or(Error::Malformed)?;
        if !self.has_padding {
            return Ok(payload);
        }
        let padding = payload.last().copied().map_or(0, usize::from);
        if padding == 0 {
            return Err(Error::Malformed);
        }
        payload.len().checked_sub(padding).and_then(|len| payload.get(..len)).ok_or(Error::Malformed)
    }

    /// The elements of the header extension (RFC 8285), in their order on the wire; none where there is no
    /// extension or one of an unknown form.
    #[inline]
    pub fn extensions<'a>(&self, packet: &'a [u8]) -> Elements<'a> {
        match self.extension_profile {
            Some(profile) => {
                Elements::new(profile, packet.get(self.extension_start..self.header_len).unwrap_or_default())
            }
            None => Elements::default(),
        }
    }

    /// The data of the first element with this id.
    pub fn extension<'a>(&self, packet: &'a [u8], id: u8) -> Option<&'a [u8]> {
        self.extensions(packet).find_map(|(found, data)| (found == id).then_some(data))
    }

    /// All extensions that the unit itself acts on, in one pass.
    #[inline]
    pub fn read_extensions(&self, map: &ExtensionMap, packet: &[u8]) -> Extensions {
        Extensions::read(map, self.extensions(packet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::Noise;

    /// Two contributing sources, an extension of one word, three bytes of payload, two of padding.
    const PACKET: [u8; 33] = [
        0xb2, 0xe0, 0x12, 0x34, 0xde, 0xad, 0xbe, 0xef, 0x01, 0x02, 0x03, 0x04, // fixed
        0, 0, 0, 1, 0, 0, 0, 2, // CSRC
        0xbe, 0xde, 0, 1, 0x10, 0xff, 0, 0, // extension
        7, 8, 9, 0, 2, // payload and padding
    ];

    #[test]
    fn all_fields_are_read() {
        let header = Header::parse(&PACKET).unwrap();
        assert_eq!((header.pt, header.marker, header.has_padding), (Pt(96), true, true));
        assert_eq!(
            (header.sequence, header.timestamp, header.ssrc),
            (0x1234, 0xdead_beef, Ssrc(0x0102_0304))
        );
        assert_eq!(header.header_len, 28);
        assert_eq!(header.payload(&PACKET), Ok(&[7, 8, 9][..]));
        assert_eq!(header.extensions(&PACKET).collect::<Vec<_>>(), [(1, &[0xff][..])]);
        assert_eq!(header.extension(&PACKET, 1), Some(&[0xff][..]));
        assert_eq!(header.extension(&PACKET, 2), None);
    }

    #[test]
    fn a_packet_cut_within_its_header_is_malformed() {
        for len in 0..28 {
            assert_eq!(Header::parse(&PACKET[..len]), Err(Error::Malformed), "{len}");
        }
        assert!(Header::parse(&PACKET[..28]).is_ok());
    }

    #[test]
    fn another_version_is_malformed() {
        for version in [0u8, 1, 3] {
            let mut packet = PACKET;
            packet[0] = packet[0] & 0x3f | version << 6;
            assert_eq!(Header::parse(&packet), Err(Error::Malformed));
        }
    }

    #[test]
    fn padding_must_fit_into_the_payload() {
        let mut packet = PACKET;
        let header = Header::parse(&packet).unwrap();
        for (count, expected) in [(0, None), (1, Some(4)), (5, Some(0)), (6, None), (255, None)] {
            packet[32] = count;
            assert_eq!(header.payload(&packet).ok().map(<[u8]>::len), expected, "{count}");
        }
        assert_eq!(header.payload(&packet[..28]), Err(Error::Malformed));
        assert_eq!(header.payload(&packet[..20]), Err(Error::Malformed));
    }

    #[test]
    fn random_bytes_are_read_within_their_bounds() {
        let mut map = ExtensionMap::default();
        for (id, extension) in (1..).zip(viva_media::Extension::ALL) {
            map.insert(id, extension);
        }
        let mut noise = Noise::new(1);
        let mut read = 0;
        for _ in 0..20_000 {
            let mut next = || noise.below(256) as u8;
            let mut packet: Vec<u8> = (0..next()).map(|_| next()).collect();
            if let [first, .., _] = &mut packet[..] {
                *first = 0x90 | next() & 0x20;
            }
            // A short extension of either form, so that the elements get read.
            if let Some(extension) = packet.get_mut(12..16) {
                let profile = if next() < 128 { [0xbe, 0xde] } else { [0x10, 0x00] };
                extension.copy_from_slice(&[profile[0], profile[1], 0, next() % 16]);
            }
            let Ok(header) = Header::parse(&packet) else { continue };
            header.read_extensions(&map, &packet);
            let elements: usize = header.extensions(&packet).map(|(_, data)| data.len() + 1).sum();
            assert!(elements <= header.header_len - 16);
            if let Ok(payload) = header.payload(&packet) {
                assert!(payload.len() <= packet.len() - header.header_len);
            }
            read += 1;
        }
        assert!(read > 10_000, "{read}");
    }
}
