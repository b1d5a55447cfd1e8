//! Header extension elements (RFC 8285), and the ones among them that the unit understands.

use viva_media::{Extension, ExtensionMap, MidTag, Rid};

/// What the unit itself reads from the header extension of one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extensions {
    /// Media section (RFC 9143 §15.1).
    pub mid: Option<MidTag>,
    /// Encoding (RFC 8852 §3.1).
    pub rid: Option<Rid>,
    /// On a retransmission: the encoding that it repairs (RFC 8852 §3.2).
    pub repaired_rid: Option<Rid>,
    /// Loudness of the audio in this packet.
    pub audio_level: Option<AudioLevel>,
    /// Transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01).
    pub transport_cc: Option<u16>,
    /// Absolute send time: 24 bits, 6.18 fixed point seconds.
    pub abs_send_time: Option<u32>,
    /// Camera, flip and rotation bits (3GPP TS 26.114 §7.4.5), as on the wire.
    pub video_orientation: Option<u8>,
    /// Least and greatest playout delay, 12 bits of 10 ms each, as on the wire.
    pub playout_delay: Option<[u8; 3]>,
}

impl Extensions {
    /// Sorts the elements into their fields by the negotiated ids. An element of a wrong length or with a text that
    /// does not fit its type is left out; of two with the same meaning the last counts.
    #[inline]
    pub(super) fn read(map: &ExtensionMap, elements: Elements<'_>) -> Self {
        let mut read = Self::default();
        for (id, data) in elements {
            let Some(extension) = map.extension(id) else { continue };
            match extension {
                Extension::Mid => read.mid = MidTag::new(data).ok(),
                Extension::Rid => read.rid = Rid::new(data).ok(),
                Extension::RepairedRid => read.repaired_rid = Rid::new(data).ok(),
                Extension::AudioLevel => read.audio_level = AudioLevel::read(data),
                Extension::TransportWideCc => {
                    read.transport_cc = data.try_into().ok().map(u16::from_be_bytes)
                }
                Extension::AbsSendTime => {
                    read.abs_send_time = match *data {
                        [a, b, c] => Some(u32::from_be_bytes([0, a, b, c])),
                        _ => None,
                    }
                }
                Extension::VideoOrientation => {
                    read.video_orientation = match *data {
                        [orientation] => Some(orientation),
                        _ => None,
                    }
                }
                Extension::PlayoutDelay => read.playout_delay = data.try_into().ok(),
                // Read where it is of use: it may be long.
                Extension::DependencyDescriptor => {}
            }
        }
        read
    }
}

/// Loudness of the audio in one packet (RFC 6464 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudioLevel {
    /// The sender believes that somebody speaks.
    pub voice: bool,
    /// Level in -dBov: 0 is the loudest, 127 is silence.
    pub level: u8,
}

impl AudioLevel {
    /// The element's byte.
    pub const fn to_byte(self) -> u8 {
        (self.voice as u8) << 7 | self.level & 0x7f
    }

    fn read(data: &[u8]) -> Option<Self> {
        match *data {
            [byte] => Some(Self { voice: byte & 0x80 != 0, level: byte & 0x7f }),
            _ => None,
        }
    }
}

/// The elements of one header extension: id and data. What stands behind an element that does not hold together is
/// not read.
#[derive(Debug, Clone, Default)]
pub struct Elements<'a> {
    form: Form,
    rest: &'a [u8],
}

/// How elements are written (RFC 8285 §4.2 and §4.3).
#[derive(Debug, Clone, Copy, Default)]
enum Form {
    #[default]
    OneByte,
    TwoByte,
}

impl<'a> Elements<'a> {
    #[inline]
    pub(super) fn new(profile: u16, data: &'a [u8]) -> Self {
        match profile {
            0xbede => Self { form: Form::OneByte, rest: data },
            // The low four bits are the application's (RFC 8285 §4.3).
            0x1000..=0x100f => Self { form: Form::TwoByte, rest: data },
            _ => Self::default(),
        }
    }

    #[inline]
    fn take(&mut self, len: usize, rest: &'a [u8]) -> Option<&'a [u8]> {
        let (data, rest) = rest.split_at_checked(len)?;
        self.rest = rest;
        Some(data)
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = (u8, &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            // Whatever ends the reading below ends it for good.
            let (&first, rest) = std::mem::take(&mut self.rest).split_first()?;
            match self.form {
                _ if first == 0 => self.rest = rest,
                // Id 15, and id 0 with a length, end the reading of the whole extension (RFC 8285 §4.2).
                Form::OneByte => match first >> 4 {
                    0 | 15 => return None,
                    id => return Some((id, self.take(usize::from(first & 0x0f) + 1, rest)?)),
                },
                Form::TwoByte => {
                    let (&len, rest) = rest.split_first()?;
                    return Some((first, self.take(usize::from(len), rest)?));
                }
            }
        }
    }
}

impl std::iter::FusedIterator for Elements<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(profile: u16, data: &[u8]) -> Vec<(u8, &[u8])> {
        Elements::new(profile, data).collect()
    }

    #[test]
    fn the_one_byte_form_is_read_over_padding() {
        // The layout of RFC 8285 §4.2's figure: lengths 0, 1 and 3 with padding between.
        let data = [0x10, 0xaa, 0x21, 0xbb, 0xbb, 0, 0, 0x33, 1, 2, 3, 4];
        assert_eq!(
            elements(0xbede, &data),
            [(1, &[0xaa][..]), (2, &[0xbb, 0xbb][..]), (3, &[1, 2, 3, 4][..])]
        );
    }

    #[test]
    fn the_two_byte_form_is_read_with_empty_elements() {
        // The layout of RFC 8285 §4.3's figure: lengths 0, 1 and 4 with padding between.
        let data = [1, 0, 2, 1, 0xbb, 0, 200, 4, 1, 2, 3, 4];
        for profile in [0x1000, 0x100f] {
            assert_eq!(elements(profile, &data), [(1, &[][..]), (2, &[0xbb][..]), (200, &[1, 2, 3, 4][..])]);
        }
    }

    #[test]
    fn the_reserved_id_and_padding_with_a_length_end_the_reading() {
        assert_eq!(elements(0xbede, &[0x10, 1, 0xf0, 0, 0x20, 2]), [(1, &[1][..])]);
        assert_eq!(elements(0xbede, &[0x10, 1, 0x01, 0, 0x20, 2]), [(1, &[1][..])]);
    }

    #[test]
    fn an_element_longer_than_the_extension_ends_the_reading() {
        assert_eq!(elements(0xbede, &[0x10, 1, 0x23, 2]), [(1, &[1][..])]);
        assert_eq!(elements(0x1000, &[1, 1, 1, 2, 9, 2]), [(1, &[1][..])]);
        assert_eq!(elements(0x1000, &[1, 1, 1, 2]), [(1, &[1][..])]);
    }

    #[test]
    fn an_unknown_form_has_no_elements() {
        assert_eq!(elements(0x1010, &[0x10, 1, 0, 0]), []);
    }

    #[test]
    fn all_known_extensions_are_read_in_one_pass() {
        let mut map = ExtensionMap::default();
        for (id, extension) in (1..).zip(Extension::ALL) {
            map.insert(id, extension);
        }
        let data = [
            0x10, b'0', 0x20, b'q', 0x30, b'h', 0x40, 0x8a, 0x51, 0x12, 0x34, 0x62, 1, 2, 3, 0x70, 3, 0x82,
            0, 0x10, 1, 0x90, 0xff, 0xe0, 9,
        ];
        let read = Extensions::read(&map, Elements::new(0xbede, &data));
        assert_eq!(
            read,
            Extensions {
                mid: MidTag::new(b"0").ok(),
                rid: Rid::new(b"q").ok(),
                repaired_rid: Rid::new(b"h").ok(),
                audio_level: Some(AudioLevel { voice: true, level: 10 }),
                transport_cc: Some(0x1234),
                abs_send_time: Some(0x01_0203),
                video_orientation: Some(3),
                playout_delay: Some([0, 0x10, 1]),
            }
        );
        assert_eq!(read.audio_level.map(AudioLevel::to_byte), Some(0x8a));
    }

    #[test]
    fn elements_of_a_wrong_length_are_left_out() {
        let mut map = ExtensionMap::default();
        for (id, extension) in (1..).zip(Extension::ALL) {
            map.insert(id, extension);
        }
        let mut data = vec![];
        for id in 3..=8 {
            data.extend([id, 4, 0xff, 0xff, 0xff, 0xff]);
        }
        data.extend([1, 0, 2, 2, b' ', b' ']);
        assert_eq!(Extensions::read(&map, Elements::new(0x1000, &data)), Extensions::default());
    }
}
