//! Seals what we send to one client.

use super::{InvalidKeys, KeyMaterial, MAX_RTCP_INDEX, MAX_RTP_INDEX, cipher::Cipher};
use crate::Error;

/// The sealing side of one transport.
#[derive(Debug)]
pub struct Outbound {
    pub(super) rtp: Cipher,
    pub(super) rtcp: Cipher,
    /// The index of the next RTCP packet, of whichever SSRC. RFC 3711 §3.2.3 counts each SSRC for itself from zero; one
    /// count for all gives each SSRC a rising one with gaps, which no receiver can tell from loss, and no pair of
    /// SSRC and index twice, which is what the cipher needs.
    pub(super) next_rtcp_index: u32,
}

impl Outbound {
    /// The most bytes that sealing adds to a packet of any kind under any profile.
    pub const MAX_OVERHEAD: usize = 20;

    /// Takes the master keys of our direction.
    pub fn new(material: &KeyMaterial) -> Result<Self, InvalidKeys> {
        let (rtp, rtcp) = material.ciphers()?;
        Ok(Self { rtp, rtcp, next_rtcp_index: 0 })
    }

    /// Bytes that [`Self::protect_rtp`] adds.
    pub const fn rtp_overhead(&self) -> usize {
        self.rtp.rtp_overhead()
    }

    /// Bytes that [`Self::protect_rtcp`] adds.
    pub const fn rtcp_overhead(&self) -> usize {
        self.rtcp.rtcp_overhead()
    }

    /// Seals the first `plain_len` bytes of `packet` in place; the length of the sealed packet, which is
    /// [`Self::rtp_overhead`] more.
    ///
    /// `index` is the rollover counter over the packet's own sequence number; the caller never gives one twice for an
    /// SSRC with different packets. `header_len` bytes stay readable. An index above 48 bits or other than the
    /// packet's, or a packet without room, is [`Error::Seal`].
    #[inline]
    pub fn protect_rtp(
        &self,
        index: u64,
        header_len: usize,
        packet: &mut [u8],
        plain_len: usize,
    ) -> Result<usize, Error> {
        let sealed_len = plain_len.saturating_add(self.rtp_overhead());
        let packet = packet.get_mut(..sealed_len).ok_or(Error::Seal)?;
        let Some(&[_, _, q0, q1, _, _, _, _, s0, s1, s2, s3]) = packet.first_chunk() else {
            return Err(Error::Seal);
        };
        if index > MAX_RTP_INDEX || index as u16 != u16::from_be_bytes([q0, q1]) {
            return Err(Error::Seal);
        }
        let ssrc = u32::from_be_bytes([s0, s1, s2, s3]);
        self.rtp.seal_rtp(ssrc, index, header_len, packet).ok_or(Error::Seal)?;
        Ok(sealed_len)
    }

    /// Seals the first `plain_len` bytes of `packet`, a compound RTCP packet, in place; the length of the sealed
    /// packet, which is [`Self::rtcp_overhead`] more.
    ///
    /// After 2^31 packets, or for a packet without header or room, it is [`Error::Seal`].
    pub fn protect_rtcp(&mut self, packet: &mut [u8], plain_len: usize) -> Result<usize, Error> {
        let sealed_len = plain_len.saturating_add(self.rtcp_overhead());
        let packet = packet.get_mut(..sealed_len).ok_or(Error::Seal)?;
        let Some(&[_, _, _, _, s0, s1, s2, s3]) = packet.first_chunk() else { return Err(Error::Seal) };
        let index = self.next_rtcp_index;
        if index > MAX_RTCP_INDEX {
            return Err(Error::Seal);
        }
        let ssrc = u32::from_be_bytes([s0, s1, s2, s3]);
        self.rtcp.seal_rtcp(ssrc, index, packet).ok_or(Error::Seal)?;
        self.next_rtcp_index = index + 1;
        Ok(sealed_len)
    }
}
