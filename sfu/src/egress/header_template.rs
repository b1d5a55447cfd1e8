//! The headers of one receiver's packets: outlined at each negotiation, so that a packet only fills in its own numbers.

use super::write::PassedOn;
use viva_media::{Extension, ExtensionMap};
use viva_wire::{
    Micros,
    dependency::MANDATORY,
    rtp::{FIXED_LEN, Fields, HeaderWriter, MAX_ELEMENT, header_len, long_header_len},
};

/// Bytes of the longest outline: the fixed part, profile and length, number and time, padded to whole words.
const OUTLINE: usize = 24;

/// The header of one receiver's packets.
#[derive(Debug)]
pub struct HeaderTemplate {
    /// The header of a packet that passes nothing on.
    outline: [u8; OUTLINE],
    /// Its length.
    len: usize,
    /// Where its elements end and more may follow.
    end: usize,
    /// Where the transport-wide number stands, if that is agreed.
    transport_cc_at: Option<usize>,
    /// Where the absolute send time stands, if that is agreed.
    send_time_at: Option<usize>,
    /// The next transport-wide number.
    transport_cc: u16,
    /// The ids of what some packets pass on.
    extensions: ExtensionMap,
}

impl Default for HeaderTemplate {
    fn default() -> Self {
        Self::new(ExtensionMap::default())
    }
}

impl HeaderTemplate {
    /// Headers with these ids; transport-wide numbers begin at zero.
    pub fn new(extensions: ExtensionMap) -> Self {
        let mut outline = [0; OUTLINE];
        let mut writer = HeaderWriter::resume(&mut outline, FIXED_LEN);
        let mut place = |extension, data: &[u8]| writer.element(extensions.id(extension)?, data);
        let transport_cc_at = place(Extension::TransportWideCc, &[0; 2]);
        let send_time_at = place(Extension::AbsSendTime, &[0; 3]);
        let end = writer.end();
        let len = writer.finish().unwrap_or(FIXED_LEN);
        Self { outline, len, end, transport_cc_at, send_time_at, transport_cc: 0, extensions }
    }

    /// Takes other ids; the transport-wide numbers go on.
    pub fn agree(&mut self, extensions: ExtensionMap) {
        *self = Self { transport_cc: self.transport_cc, ..Self::new(extensions) };
    }

    /// Packets leave now: seconds in 6.18 fixed point, 24 bits.
    pub fn set_send_time(&mut self, now: Micros) {
        /// After which the 24 bits begin anew.
        const ROUND: u64 = 64_000_000;
        let Some(at) = self.send_time_at else { return };
        let [.., high, middle, low] = (((now.0 % ROUND) << 18) / 1_000_000).to_be_bytes();
        if let Some(place) = self.outline.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *place = [high, middle, low];
        }
    }

    /// The transport-wide number of the next packet, where such are agreed.
    #[inline]
    pub const fn next_number(&self) -> u16 {
        self.transport_cc
    }

    /// Bytes of the header of a packet that passes this on.
    #[inline]
    pub fn len(&self, passed_on: &PassedOn) -> usize {
        if passed_on.is_nothing() { self.len } else { self.longer_len(passed_on) }
    }

    fn longer_len(&self, passed_on: &PassedOn) -> usize {
        let own = [self.transport_cc_at.map(|_| 2), self.send_time_at.map(|_| 3)];
        let elements = passed_on.elements().map(|element| {
            let (extension, data) = element?;
            self.extensions.id(extension).map(|_| data.len())
        });
        let descriptor = self.described(passed_on.descriptor_len);
        let elements = own.into_iter().chain(elements).chain([descriptor]).flatten();
        if is_long(descriptor) { long_header_len(elements) } else { header_len(elements) }
    }

    /// Bytes of a dependency descriptor, where that is agreed.
    fn described(&self, len: u8) -> Option<usize> {
        self.extensions.id(Extension::DependencyDescriptor).map(|_| usize::from(len)).filter(|len| *len > 0)
    }

    /// Writes the next packet's header to the start of `packet`, which must have room for the longest outline; its
    /// length.
    #[inline]
    pub fn write(&mut self, packet: &mut [u8], fields: &Fields) -> Option<usize> {
        let header = packet.first_chunk_mut::<OUTLINE>()?;
        *header = self.outline;
        fields.write(header.first_chunk_mut()?);
        if let Some(at) = self.transport_cc_at {
            *header.get_mut(at..)?.first_chunk_mut()? = self.transport_cc.to_be_bytes();
            self.transport_cc = self.transport_cc.wrapping_add(1);
        }
        Some(self.len)
    }

    /// Appends to the header just written what the packet passes on; the header's length. `kept` is what is kept of the packet,
    /// which begins with its dependency descriptor; `number` is that of its frame there.
    #[inline(never)]
    pub fn append(&self, packet: &mut [u8], passed_on: &PassedOn, kept: &[u8], number: u16) -> Option<usize> {
        let descriptor = self.described(passed_on.descriptor_len);
        let mut writer = if is_long(descriptor) {
            self.begin_long(packet)?
        } else {
            HeaderWriter::resume(packet, self.end)
        };
        for (extension, data) in passed_on.elements().into_iter().flatten() {
            if let Some(id) = self.extensions.id(extension) {
                writer.element(id, data)?;
            }
        }
        let mut numbered = None;
        if let Some(len) = descriptor
            && let Some(id) = self.extensions.id(Extension::DependencyDescriptor)
        {
            numbered = writer.element(id, kept.get(..len)?);
        }
        let len = writer.finish()?;
        if let Some(at) = numbered {
            // Flags and template are as they came; the number stands behind them.
            let [high, low] = number.to_be_bytes();
            let mandatory: &mut [u8; MANDATORY] = packet.get_mut(at..)?.first_chunk_mut()?;
            (mandatory[1], mandatory[2]) = (high, low);
        }
        Some(len)
    }

    /// What the outline has, in the form that has room for a long element.
    fn begin_long<'a>(&self, packet: &'a mut [u8]) -> Option<HeaderWriter<'a>> {
        let own = |at: usize| Some(packet.get(at..)?.first_chunk::<3>().copied());
        let cc = self.transport_cc_at.map_or(Some(None), own)?;
        let time = self.send_time_at.map_or(Some(None), own)?;
        let mut writer = HeaderWriter::resume_long(packet);
        if let (Some([high, low, _]), Some(id)) = (cc, self.extensions.id(Extension::TransportWideCc)) {
            writer.element(id, &[high, low])?;
        }
        if let (Some(time), Some(id)) = (time, self.extensions.id(Extension::AbsSendTime)) {
            writer.element(id, &time)?;
        }
        Some(writer)
    }
}

fn is_long(descriptor: Option<usize>) -> bool {
    descriptor.is_some_and(|len| len > MAX_ELEMENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use viva_media::{Pt, Ssrc};
    use viva_wire::rtp::Header;

    const FIELDS: Fields =
        Fields { pt: Pt(96), marker: true, padding: false, sequence: 7, timestamp: 8, ssrc: Ssrc(9) };

    /// All subsets of what a receiver may have agreed to.
    fn maps() -> impl Iterator<Item = ExtensionMap> {
        (0..1 << Extension::ALL.len()).map(|chosen| {
            let mut map = ExtensionMap::default();
            for (id, extension) in (1..).zip(Extension::ALL) {
                if chosen & 1 << extension as usize != 0 {
                    map.insert(id, extension);
                }
            }
            map
        })
    }

    fn write(
        headers: &mut HeaderTemplate,
        packet: &mut [u8],
        passed_on: &PassedOn,
        kept: &[u8],
    ) -> Option<usize> {
        let len = headers.write(packet, &FIELDS)?;
        if passed_on.is_nothing() { Some(len) } else { headers.append(packet, passed_on, kept, 0xabcd) }
    }

    #[test]
    fn a_header_carries_what_is_agreed_and_nothing_else() {
        let everything = PassedOn {
            audio_level: Some(0x85),
            video_orientation: Some(3),
            playout_delay: Some([1, 2, 3]),
            descriptor_len: 0,
        };
        let nothing = PassedOn::default();
        for map in maps() {
            let mut headers = HeaderTemplate::new(map);
            headers.set_send_time(Micros(1_500_000));
            for (number, passed_on) in
                (0..).zip([nothing, everything, PassedOn { audio_level: None, ..everything }])
            {
                let mut packet = [0xff; 64];
                let len = write(&mut headers, &mut packet, &passed_on, &[]).unwrap();
                assert_eq!(len, headers.len(&passed_on));
                let header = Header::parse(&packet[..len]).unwrap();
                assert_eq!((header.header_len, header.marker, header.pt), (len, true, FIELDS.pt));
                assert_eq!((header.sequence, header.timestamp, header.ssrc), (7, 8, FIELDS.ssrc));
                let read = header.read_extensions(&map, &packet);
                let agreed = |extension| map.id(extension).is_some();
                assert_eq!(read.transport_cc, agreed(Extension::TransportWideCc).then_some(number));
                assert_eq!(read.abs_send_time, agreed(Extension::AbsSendTime).then_some(0x06_0000));
                let level = passed_on.audio_level.filter(|_| agreed(Extension::AudioLevel));
                assert_eq!(read.audio_level.map(|level| level.to_byte()), level);
                let orientation = passed_on.video_orientation.filter(|_| agreed(Extension::VideoOrientation));
                assert_eq!(read.video_orientation, orientation);
                let delay = passed_on.playout_delay.filter(|_| agreed(Extension::PlayoutDelay));
                assert_eq!(read.playout_delay, delay);
                assert_eq!((read.mid, read.rid), (None, None));
            }
        }
    }

    #[test]
    fn a_dependency_descriptor_gets_its_number_in_either_form() {
        let mut everything = [0; 40];
        for (byte, value) in everything.iter_mut().zip(1..) {
            *byte = value;
        }
        for map in maps() {
            for (count, len) in (0..).zip([3, 16, 17, 40]) {
                let mut headers = HeaderTemplate::new(map);
                headers.transport_cc = count;
                headers.set_send_time(Micros(1_500_000));
                let passed_on =
                    PassedOn { video_orientation: Some(3), descriptor_len: len as u8, ..PassedOn::default() };
                let mut packet = [0xff; 128];
                let written = write(&mut headers, &mut packet, &passed_on, &everything).unwrap();
                assert_eq!(written, headers.len(&passed_on));
                let header = Header::parse(&packet[..written]).unwrap();
                let read = header.read_extensions(&map, &packet);
                let agreed = |extension| map.id(extension).is_some();
                assert_eq!(read.transport_cc, agreed(Extension::TransportWideCc).then_some(count));
                assert_eq!(read.abs_send_time, agreed(Extension::AbsSendTime).then_some(0x06_0000));
                assert_eq!(read.video_orientation, agreed(Extension::VideoOrientation).then_some(3));
                let mut due = everything[..len].to_vec();
                (due[1], due[2]) = (0xab, 0xcd);
                let id = map.id(Extension::DependencyDescriptor);
                let found = id.and_then(|id| header.extension(&packet, id));
                assert_eq!(found, id.map(|_| &due[..]));
            }
        }
    }

    #[test]
    fn the_send_time_begins_anew_after_64_seconds() {
        let mut map = ExtensionMap::default();
        map.insert(2, Extension::AbsSendTime);
        let mut headers = HeaderTemplate::new(map);
        for micros in [0, 1, 999_999, 1_000_000, 63_999_999, 64_000_000, 86_400_000_001, u64::MAX] {
            headers.set_send_time(Micros(micros));
            let mut packet = [0; 64];
            headers.write(&mut packet, &FIELDS).unwrap();
            let written = Header::parse(&packet).unwrap().read_extensions(&map, &packet).abs_send_time;
            let due = (u128::from(micros) << 18) / 1_000_000 % (1 << 24);
            assert_eq!(written.map(u128::from), Some(due), "{micros}");
        }
    }

    #[test]
    fn the_numbers_go_on_over_a_negotiation() {
        let mut map = ExtensionMap::default();
        map.insert(3, Extension::TransportWideCc);
        let mut headers = HeaderTemplate::new(map);
        for number in 0..4 {
            let mut packet = [0; 64];
            headers.write(&mut packet, &FIELDS).unwrap();
            let read = Header::parse(&packet).unwrap().read_extensions(&map, &packet);
            assert_eq!(read.transport_cc, Some(number));
            map.insert(3 + number as u8, Extension::TransportWideCc);
            headers.agree(map);
        }
    }

    #[test]
    fn a_packet_without_room_is_told() {
        assert_eq!(HeaderTemplate::default().write(&mut [0; OUTLINE - 1], &FIELDS), None);
    }
}
