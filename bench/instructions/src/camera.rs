//! A camera's packets: VP8 in frames of six packets, with the header extensions that browsers write.

use super::parameters::{PUBLISHED, extensions};
use std::error::Error;
use viva_media::{Extension, ExtensionMap};
use viva_peer::numbers::VP8;
use viva_wire::{
    rtp::{Fields, HeaderWriter},
    srtp::Outbound,
};

/// Packets of a frame.
pub const FRAME: usize = 6;

/// Microseconds between two frames.
pub const INTERVAL: u64 = 33_333;

/// Bytes of a packet's payload; those of one frame differ by a byte, as Chromium's do.
pub const PAYLOAD: usize = 1100;

/// Bytes of a small one, whose seal costs so little that everything else shows.
pub const SMALL: usize = 100;

/// Writes frames, one after the other.
pub struct Camera {
    extensions: ExtensionMap,
    /// Bytes of a payload.
    size: usize,
    sequence: u64,
    frame: u32,
}

impl Camera {
    /// A camera that has sent nothing.
    pub fn new(size: usize) -> Self {
        Self { extensions: extensions(), size, sequence: 1, frame: 0 }
    }

    /// The payload of a packet of the next frame.
    pub fn payload(&self, index: usize, key: bool) -> Vec<u8> {
        let mut payload = vec![0x55; self.size - index % 2];
        let start = if index == 0 { 0x90 } else { 0x80 };
        // A 15-bit picture id, TL0PICIDX, one temporal layer (RFC 7741 §4.2).
        let [_, _, high, low] = self.frame.to_be_bytes();
        payload[..6].copy_from_slice(&[start, 0xe0, 0x80 | high, low, low, 0]);
        if index == 0 {
            // The payload header, and of a key frame the start code and 1280×720 (RFC 6386 §9.1).
            let bits = [u8::from(!key), 0, 0, 0x9d, 1, 0x2a, 0, 5, 0xd0, 2];
            payload[6..16].copy_from_slice(&bits);
        }
        payload
    }

    /// The next frame, sealed.
    pub fn frame(&mut self, outbound: &Outbound, key: bool) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
        let frame = (0..FRAME).map(|index| self.packet(outbound, index, key)).collect();
        self.frame += 1;
        frame
    }

    fn packet(&mut self, outbound: &Outbound, index: usize, key: bool) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut packet = vec![0; 1500];
        let fields = Fields {
            pt: VP8,
            marker: index + 1 == FRAME,
            padding: false,
            sequence: self.sequence as u16,
            timestamp: self.frame * 3000,
            ssrc: PUBLISHED,
        };
        let header = self.header(&mut packet, &fields).ok_or("no room for a header")?;
        let payload = self.payload(index, key);
        let length = payload.len();
        packet[header..header + length].copy_from_slice(&payload);
        let sealed = outbound.protect_rtp(self.sequence, header, &mut packet, header + length)?;
        packet.truncate(sealed);
        self.sequence += 1;
        Ok(packet)
    }

    fn header(&self, packet: &mut [u8], fields: &Fields) -> Option<usize> {
        let mut writer = HeaderWriter::new(packet, fields)?;
        if let Some(id) = self.extensions.id(Extension::AbsSendTime) {
            writer.element(id, &[0; 3])?;
        }
        if let Some(id) = self.extensions.id(Extension::TransportWideCc) {
            writer.element(id, &fields.sequence.to_be_bytes())?;
        }
        writer.finish()
    }
}
