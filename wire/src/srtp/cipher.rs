//! Seals and opens one packet in place under one session key: AES-GCM (RFC 7714) or AES-CM with HMAC-SHA1
//! (RFC 3711 §4).

use super::{InvalidKeys, MAX_RTP_INDEX};
use aws_lc_rs::{
    aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::{AES_128, EncryptingKey, EncryptionContext, UnboundCipherKey},
    constant_time::verify_slices_are_equal,
    hmac,
};
use viva_media::SrtpProfile;

/// Bytes of an RTCP packet that stay readable: the first header and the sender's SSRC (RFC 3711 §3.4).
pub(super) const RTCP_HEADER_LEN: usize = 8;

/// Bytes of the E flag and the index behind an SRTCP packet.
const RTCP_INDEX_LEN: usize = 4;

/// The E flag: the packet is encrypted, not only authenticated.
const ENCRYPTED: u32 = 1 << 31;

const GCM_TAG_LEN: usize = 16;

/// HMAC-SHA1 cut to 80 bits.
const CM_TAG_LEN: usize = 10;

/// The cipher of SRTP or of SRTCP in one direction, with its session keys.
#[derive(Debug)]
pub(super) enum Cipher {
    Gcm(Gcm),
    Cm(Box<Cm>),
}

impl Cipher {
    /// Takes session keys; GCM needs no authentication key.
    pub(super) fn new(
        profile: SrtpProfile,
        key: &[u8],
        salt: &[u8],
        authentication: &[u8],
    ) -> Result<Self, InvalidKeys> {
        match profile {
            SrtpProfile::AeadAes256Gcm => Gcm::new(UnboundKey::new(&AES_256_GCM, key)?, salt).map(Self::Gcm),
            SrtpProfile::AeadAes128Gcm => Gcm::new(UnboundKey::new(&AES_128_GCM, key)?, salt).map(Self::Gcm),
            SrtpProfile::AesCm128HmacSha1_80 => {
                Cm::new(key, salt, authentication).map(|cm| Self::Cm(Box::new(cm)))
            }
        }
    }

    /// Bytes that sealing adds to an RTP packet.
    pub(super) const fn rtp_overhead(&self) -> usize {
        match self {
            Self::Gcm(_) => GCM_TAG_LEN,
            Self::Cm(_) => CM_TAG_LEN,
        }
    }

    /// Bytes that sealing adds to an RTCP packet.
    pub(super) const fn rtcp_overhead(&self) -> usize {
        self.rtp_overhead() + RTCP_INDEX_LEN
    }

    /// Seals an RTP packet whose last bytes are room for the tag; `None` where the lengths do not fit.
    #[inline]
    pub(super) fn seal_rtp(&self, ssrc: u32, index: u64, header_len: usize, packet: &mut [u8]) -> Option<()> {
        match self {
            Self::Gcm(gcm) => gcm.seal_rtp(ssrc, index, header_len, packet),
            Self::Cm(cm) => cm.seal_rtp(ssrc, index, header_len, packet),
        }
    }

    /// Opens an RTP packet; the length of the plain one.
    #[inline]
    pub(super) fn open_rtp(
        &self,
        ssrc: u32,
        index: u64,
        header_len: usize,
        packet: &mut [u8],
    ) -> Option<usize> {
        match self {
            Self::Gcm(gcm) => gcm.open_rtp(ssrc, index, header_len, packet),
            Self::Cm(cm) => cm.open_rtp(ssrc, index, header_len, packet),
        }
    }

    /// Seals an RTCP packet whose last bytes are room for tag and index.
    pub(super) fn seal_rtcp(&self, ssrc: u32, index: u32, packet: &mut [u8]) -> Option<()> {
        match self {
            Self::Gcm(gcm) => gcm.seal_rtcp(ssrc, index, packet),
            Self::Cm(cm) => cm.seal_rtcp(ssrc, index, packet),
        }
    }

    /// The index behind an SRTCP packet, not yet authenticated.
    pub(super) fn rtcp_index(&self, packet: &[u8]) -> Option<u32> {
        let word = match self {
            Self::Gcm(_) => packet.last_chunk()?,
            Self::Cm(_) => packet.split_last_chunk::<CM_TAG_LEN>()?.0.last_chunk()?,
        };
        Some(u32::from_be_bytes(*word) & !ENCRYPTED)
    }

    /// Opens an RTCP packet; the length of the plain one.
    pub(super) fn open_rtcp(&self, ssrc: u32, packet: &mut [u8]) -> Option<usize> {
        match self {
            Self::Gcm(gcm) => gcm.open_rtcp(ssrc, packet),
            Self::Cm(cm) => cm.open_rtcp(ssrc, packet),
        }
    }
}

/// AES in Galois counter mode.
pub(super) struct Gcm {
    key: LessSafeKey,
    /// Its 96 bits, as a number.
    salt: u128,
}

impl Gcm {
    fn new(key: UnboundKey, salt: &[u8]) -> Result<Self, InvalidKeys> {
        let [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11] = salt.try_into().map_err(|_| InvalidKeys)?;
        let salt = u128::from_be_bytes([0, 0, 0, 0, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11]);
        Ok(Self { key: LessSafeKey::new(key), salt })
    }

    /// Two zero bytes, the SSRC and the index, under the salt: for RTP 48 bits of index (RFC 7714 §8.1), for RTCP two
    /// zero bytes and 31 bits (§9.1), which is the same layout.
    #[inline]
    fn nonce(&self, ssrc: u32, index: u64) -> Nonce {
        let counted = u128::from(ssrc) << 48 | u128::from(index & MAX_RTP_INDEX);
        let [_, _, _, _, nonce @ ..] = (counted ^ self.salt).to_be_bytes();
        Nonce::assume_unique_for_key(nonce)
    }

    #[inline]
    fn seal_rtp(&self, ssrc: u32, index: u64, header_len: usize, packet: &mut [u8]) -> Option<()> {
        let (header, rest) = packet.split_at_mut_checked(header_len)?;
        let (payload, tag) = rest.split_last_chunk_mut::<GCM_TAG_LEN>()?;
        self.key.seal_in_place_scatter(self.nonce(ssrc, index), Aad::from(header), payload, &[], tag).ok()
    }

    #[inline]
    fn open_rtp(&self, ssrc: u32, index: u64, header_len: usize, packet: &mut [u8]) -> Option<usize> {
        let (header, rest) = packet.split_at_mut_checked(header_len)?;
        let (payload, tag) = rest.split_last_chunk_mut::<GCM_TAG_LEN>()?;
        let nonce = self.nonce(ssrc, index);
        self.key.open_in_place_separate_tag(nonce, Aad::from(header), tag, payload).ok()?;
        packet.len().checked_sub(GCM_TAG_LEN)
    }

    fn seal_rtcp(&self, ssrc: u32, index: u32, packet: &mut [u8]) -> Option<()> {
        let (header, rest) = packet.split_first_chunk_mut::<RTCP_HEADER_LEN>()?;
        let (rest, word) = rest.split_last_chunk_mut::<RTCP_INDEX_LEN>()?;
        let (payload, tag) = rest.split_last_chunk_mut::<GCM_TAG_LEN>()?;
        *word = (index | ENCRYPTED).to_be_bytes();
        let aad = Aad::from(rtcp_aad(*header, *word));
        self.key.seal_in_place_scatter(self.nonce(ssrc, index.into()), aad, payload, &[], tag).ok()
    }

    fn open_rtcp(&self, ssrc: u32, packet: &mut [u8]) -> Option<usize> {
        let plain_len = packet.len().checked_sub(GCM_TAG_LEN + RTCP_INDEX_LEN)?;
        let word = *packet.last_chunk::<RTCP_INDEX_LEN>()?;
        let index = u32::from_be_bytes(word);
        let nonce = self.nonce(ssrc, (index & !ENCRYPTED).into());
        if index & ENCRYPTED != 0 {
            let (header, rest) = packet.split_first_chunk_mut::<RTCP_HEADER_LEN>()?;
            let (rest, _) = rest.split_last_chunk_mut::<RTCP_INDEX_LEN>()?;
            let (payload, tag) = rest.split_last_chunk_mut::<GCM_TAG_LEN>()?;
            let aad = Aad::from(rtcp_aad(*header, word));
            self.key.open_in_place_separate_tag(nonce, aad, tag, payload).ok()?;
        } else {
            // Only authenticated: what is authenticated is packet and index, between which the tag stands
            // (RFC 7714 §9.3). Changing places with the tag, the index comes to stand where it is needed.
            packet.get_mut(plain_len..)?.rotate_right(RTCP_INDEX_LEN);
            let (authenticated, tag) = packet.split_last_chunk_mut::<GCM_TAG_LEN>()?;
            self.key.open_in_place_separate_tag(nonce, Aad::from(authenticated), tag, &mut []).ok()?;
        }
        Some(plain_len)
    }
}

impl std::fmt::Debug for Gcm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gcm").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What authenticates an encrypted RTCP packet besides its ciphertext (RFC 7714 §9.2).
fn rtcp_aad(header: [u8; RTCP_HEADER_LEN], word: [u8; RTCP_INDEX_LEN]) -> [u8; 12] {
    let ([h0, h1, h2, h3, h4, h5, h6, h7], [w0, w1, w2, w3]) = (header, word);
    [h0, h1, h2, h3, h4, h5, h6, h7, w0, w1, w2, w3]
}

/// AES in counter mode, authenticated by HMAC-SHA1.
pub(super) struct Cm {
    key: EncryptingKey,
    salt: [u8; 14],
    authentication: hmac::Key,
}

impl Cm {
    fn new(key: &[u8], salt: &[u8], authentication: &[u8]) -> Result<Self, InvalidKeys> {
        Ok(Self {
            key: EncryptingKey::ctr(UnboundCipherKey::new(&AES_128, key)?)?,
            salt: salt.try_into().map_err(|_| InvalidKeys)?,
            authentication: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, authentication),
        })
    }

    /// Encrypts or decrypts: the key stream starts from SSRC and index under the salt (RFC 3711 §4.1.1).
    #[inline]
    pub(super) fn apply(&self, ssrc: u32, index: u64, payload: &mut [u8]) -> Option<()> {
        let [s0, s1, s2, s3] = ssrc.to_be_bytes();
        let [_, _, i0, i1, i2, i3, i4, i5] = index.to_be_bytes();
        let mut iv = [0, 0, 0, 0, s0, s1, s2, s3, i0, i1, i2, i3, i4, i5, 0, 0];
        for (byte, salt) in iv.iter_mut().zip(self.salt) {
            *byte ^= salt;
        }
        self.key.less_safe_encrypt(payload, EncryptionContext::Iv128((&iv).into())).ok().map(drop)
    }

    #[inline]
    fn tag(&self, packet: &[u8], behind: &[u8]) -> Option<[u8; CM_TAG_LEN]> {
        let mut context = hmac::Context::with_key(&self.authentication);
        context.update(packet);
        context.update(behind);
        context.sign().as_ref().first_chunk().copied()
    }

    #[inline]
    fn seal_rtp(&self, ssrc: u32, index: u64, header_len: usize, packet: &mut [u8]) -> Option<()> {
        let (plain, tag) = packet.split_last_chunk_mut::<CM_TAG_LEN>()?;
        self.apply(ssrc, index, plain.get_mut(header_len..)?)?;
        *tag = self.tag(plain, &roc(index))?;
        Some(())
    }

    #[inline]
    fn open_rtp(&self, ssrc: u32, index: u64, header_len: usize, packet: &mut [u8]) -> Option<usize> {
        let (sealed, tag) = packet.split_last_chunk_mut::<CM_TAG_LEN>()?;
        verify_slices_are_equal(&self.tag(sealed, &roc(index))?, tag).ok()?;
        self.apply(ssrc, index, sealed.get_mut(header_len..)?)?;
        Some(sealed.len())
    }

    fn seal_rtcp(&self, ssrc: u32, index: u32, packet: &mut [u8]) -> Option<()> {
        let (authenticated, tag) = packet.split_last_chunk_mut::<CM_TAG_LEN>()?;
        let (plain, word) = authenticated.split_last_chunk_mut::<RTCP_INDEX_LEN>()?;
        *word = (index | ENCRYPTED).to_be_bytes();
        self.apply(ssrc, index.into(), plain.get_mut(RTCP_HEADER_LEN..)?)?;
        *tag = self.tag(authenticated, &[])?;
        Some(())
    }

    fn open_rtcp(&self, ssrc: u32, packet: &mut [u8]) -> Option<usize> {
        let (authenticated, tag) = packet.split_last_chunk_mut::<CM_TAG_LEN>()?;
        verify_slices_are_equal(&self.tag(authenticated, &[])?, tag).ok()?;
        let (sealed, word) = authenticated.split_last_chunk_mut::<RTCP_INDEX_LEN>()?;
        let index = u32::from_be_bytes(*word);
        if index & ENCRYPTED != 0 {
            let index = (index & !ENCRYPTED).into();
            self.apply(ssrc, index, sealed.get_mut(RTCP_HEADER_LEN..)?)?;
        }
        Some(sealed.len())
    }
}

impl std::fmt::Debug for Cm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cm").finish_non_exhaustive()
    }
}

/// The rollover counter, which is authenticated behind the packet (RFC 3711 §4.2).
fn roc(index: u64) -> [u8; 4] {
    ((index >> 16) as u32).to_be_bytes()
}
