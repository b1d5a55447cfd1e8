//! From what the handshake exports to the keys of the session (RFC 5764 §4.2, RFC 3711 §4.3).

use super::cipher::Cipher;
use aws_lc_rs::{
    cipher::{AES_128, AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey},
    error::Unspecified,
};
use std::fmt;
use viva_media::SrtpProfile;

/// Keys that do not fit their profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the exported keys do not fit the SRTP profile")]
pub struct InvalidKeys;

impl From<Unspecified> for InvalidKeys {
    fn from(_: Unspecified) -> Self {
        Self
    }
}

/// Master key and master salt of one direction.
#[derive(Clone)]
pub struct KeyMaterial {
    profile: SrtpProfile,
    key: Vec<u8>,
    salt: Vec<u8>,
}

impl KeyMaterial {
    /// Splits the keying material that DTLS exports into that of the packets we receive and that of the packets we
    /// send. It is the client's key, the server's key, the client's salt, the server's salt (RFC 5764 §4.2).
    pub fn split(
        profile: SrtpProfile,
        exported: &[u8],
        we_are_server: bool,
    ) -> Result<(Self, Self), InvalidKeys> {
        let (key_len, salt_len) = (key_len(profile), salt_len(profile));
        if exported.len() != Self::exported_len(profile) {
            return Err(InvalidKeys);
        }
        let (keys, salts) = exported.split_at(2 * key_len);
        let (client_key, server_key) = keys.split_at(key_len);
        let (client_salt, server_salt) = salts.split_at(salt_len);
        let of = |key: &[u8], salt: &[u8]| Self { profile, key: key.to_vec(), salt: salt.to_vec() };
        let (client, server) = (of(client_key, client_salt), of(server_key, server_salt));
        Ok(if we_are_server { (client, server) } else { (server, client) })
    }

    /// Bytes to ask of the DTLS exporter.
    pub const fn exported_len(profile: SrtpProfile) -> usize {
        2 * (key_len(profile) + salt_len(profile))
    }

    /// The ciphers of SRTP and SRTCP, with their session keys.
    pub(super) fn ciphers(&self) -> Result<(Cipher, Cipher), InvalidKeys> {
        let prf = Prf::new(&self.key, &self.salt)?;
        Ok((self.cipher(&prf, 0)?, self.cipher(&prf, 3)?))
    }

    /// The labels of encryption, authentication and salt follow each other (RFC 3711 §4.3.1 and §4.3.2).
    fn cipher(&self, prf: &Prf, label: u8) -> Result<Cipher, InvalidKeys> {
        let key = prf.derive::<32>(label)?;
        let authentication = prf.derive::<20>(label + 1)?;
        let salt = prf.derive::<14>(label + 2)?;
        let key = key.get(..self.key.len()).ok_or(InvalidKeys)?;
        let salt = salt.get(..self.salt.len()).ok_or(InvalidKeys)?;
        Cipher::new(self.profile, key, salt, &authentication)
    }
}

impl fmt::Debug for KeyMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyMaterial").field("profile", &self.profile).finish_non_exhaustive()
    }
}

const fn key_len(profile: SrtpProfile) -> usize {
    match profile {
        SrtpProfile::AeadAes256Gcm => 32,
        SrtpProfile::AeadAes128Gcm | SrtpProfile::AesCm128HmacSha1_80 => 16,
    }
}

const fn salt_len(profile: SrtpProfile) -> usize {
    match profile {
        SrtpProfile::AeadAes256Gcm | SrtpProfile::AeadAes128Gcm => 12,
        SrtpProfile::AesCm128HmacSha1_80 => 14,
    }
}

/// The pseudo-random function that makes session keys: AES in counter mode under the master key (RFC 3711 §4.3.3,
/// for 256 bits RFC 6188 §3).
pub(super) struct Prf {
    key: EncryptingKey,
    salt: [u8; 14],
}

impl Prf {
    pub(super) fn new(key: &[u8], salt: &[u8]) -> Result<Self, InvalidKeys> {
        let algorithm = if key.len() == 32 { &AES_256 } else { &AES_128 };
        let key = EncryptingKey::ctr(UnboundCipherKey::new(algorithm, key)?)?;
        // The 12 bytes of the AEAD profiles are filled up with zeros on the right (RFC 7714 §11).
        let mut padded = [0; 14];
        padded.get_mut(..salt.len()).ok_or(InvalidKeys)?.copy_from_slice(salt);
        Ok(Self { key, salt: padded })
    }

    /// The first `N` bytes under this label. Keys are derived once (a key derivation rate of zero), so the label is
    /// all that is added to the salt.
    pub(super) fn derive<const N: usize>(&self, label: u8) -> Result<[u8; N], InvalidKeys> {
        let [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13] = self.salt;
        let iv = [s0, s1, s2, s3, s4, s5, s6, s7 ^ label, s8, s9, s10, s11, s12, s13, 0, 0];
        let mut out = [0; N];
        self.key.less_safe_encrypt(&mut out, EncryptionContext::Iv128((&iv).into()))?;
        Ok(out)
    }
}
