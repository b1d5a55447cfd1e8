//! What two transports must know of each other: ICE credentials, certificate fingerprint, SRTP profile.

use serde::{Deserialize, Serialize};
use std::fmt;

/// ICE user fragment and password of one side (RFC 8445 §5.3: at least 4 and 22 characters).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceCredentials {
    /// `a=ice-ufrag`: says which transport a check means.
    pub ufrag: String,
    /// `a=ice-pwd`: the key of the checks' integrity.
    pub pwd: String,
}

impl fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IceCredentials({})", self.ufrag)
    }
}

/// SHA-256 of a certificate in DER (RFC 8122 §5).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    /// Upper-case pairs of hexadecimal digits with colons between, as in `a=fingerprint`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// How a transport seals its media (RFC 7714 §14.2, RFC 5764 §4.1.2), best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SrtpProfile {
    /// AEAD_AES_256_GCM of RFC 7714.
    AeadAes256Gcm,
    /// AEAD_AES_128_GCM of RFC 7714.
    AeadAes128Gcm,
    /// AES_CM_128_HMAC_SHA1_80, for those who have nothing better.
    AesCm128HmacSha1_80,
}

impl SrtpProfile {
    /// The name in the IANA registry.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AeadAes256Gcm => "AEAD_AES_256_GCM",
            Self::AeadAes128Gcm => "AEAD_AES_128_GCM",
            Self::AesCm128HmacSha1_80 => "AES_CM_128_HMAC_SHA1_80",
        }
    }
}
