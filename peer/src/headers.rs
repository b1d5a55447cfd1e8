//! Headers of what a client sends: fields, header extensions, and the numbers that run over all streams.

use viva_media::{Extension, ExtensionMap};
use viva_wire::{
    Micros,
    rtp::{Fields, HeaderWriter, MAX_ELEMENT},
};

/// What a packet says of its stream beside the fields of its header.
#[derive(Debug, Clone, Copy, Default)]
pub struct Names<'a> {
    /// Its media section.
    pub mid: Option<&'a [u8]>,
    /// Its encoding, as a rid or a repaired one.
    pub rid: Option<(Extension, &'a [u8])>,
    /// Its loudness as on the wire (RFC 6464 §3).
    pub level: Option<u8>,
    /// Which frames its frame needs.
    pub description: Option<&'a [u8]>,
}

/// Writes the headers of one client.
#[derive(Debug)]
pub struct Headers {
    map: ExtensionMap,
    transport_cc: u16,
}

impl Headers {
    /// A client with these header extensions, whose transport-wide numbers begin at `transport_cc`.
    pub const fn new(map: ExtensionMap, transport_cc: u16) -> Self {
        Self { map, transport_cc }
    }

    /// What both sides agreed on.
    pub const fn map(&self) -> &ExtensionMap {
        &self.map
    }

    /// Writes a header to the start of `buffer`; its bytes, or `None` where it does not fit.
    pub fn write(
        &mut self,
        now: Micros,
        fields: &Fields,
        names: &Names<'_>,
        buffer: &mut [u8],
    ) -> Option<usize> {
        let writer = HeaderWriter::new(buffer, fields)?;
        let long = names.description.is_some_and(|description| description.len() > MAX_ELEMENT);
        let mut writer = if long { HeaderWriter::resume_long(buffer) } else { writer };
        let mut element = |extension, data: &[u8]| match self.map.id(extension) {
            Some(id) => writer.element(id, data).map(drop),
            None => Some(()),
        };
        if let Some(mid) = names.mid {
            element(Extension::Mid, mid)?;
        }
        if let Some((extension, rid)) = names.rid {
            element(extension, rid)?;
        }
        if let Some(level) = names.level {
            element(Extension::AudioLevel, &[level])?;
        }
        if let Some(description) = names.description {
            element(Extension::DependencyDescriptor, description)?;
        }
        // 24 bits of seconds, 18 of them behind the point (draft-alvestrand-rmcat-remb-03 §4).
        let ticks = ((u128::from(now.0) << 18) / 1_000_000) as u32;
        element(Extension::AbsSendTime, &ticks.to_be_bytes()[1..])?;
        element(Extension::TransportWideCc, &self.transport_cc.to_be_bytes())?;
        self.transport_cc = self.transport_cc.wrapping_add(1);
        writer.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers;
    use viva_media::Ssrc;
    use viva_wire::rtp::Header;

    #[test]
    fn what_is_agreed_on_is_written_and_nothing_else() {
        let fields = Fields {
            pt: numbers::VP8,
            marker: true,
            padding: false,
            sequence: 7,
            timestamp: 9,
            ssrc: Ssrc(5),
        };
        let names =
            Names { mid: Some(b"v"), rid: Some((Extension::Rid, b"q")), level: Some(20), description: None };
        let all = numbers::extensions(&numbers::EXTENSIONS.map(|(_, extension)| extension));
        let few = numbers::extensions(&[Extension::TransportWideCc]);
        for (map, elements) in [(all, 5), (few, 1)] {
            let mut headers = Headers::new(map, u16::MAX);
            for number in [u16::MAX, 0] {
                let mut packet = [0; 80];
                let length = headers.write(Micros(1_000_000), &fields, &names, &mut packet).unwrap();
                let header = Header::parse(&packet[..length]).unwrap();
                let read = header.read_extensions(&map, &packet[..length]);
                assert_eq!(read.transport_cc, Some(number));
                assert_eq!(read.mid.is_some(), elements == 5);
                assert_eq!(read.rid.is_some(), elements == 5);
                assert_eq!((header.pt, header.sequence, header.marker), (numbers::VP8, 7, true));
            }
        }
    }
}
