//! Names of this server, and how it shows the ACME server that they are its own.

use serde::{Deserialize, Deserializer, de};
use std::str::FromStr;

/// A name in DNS, in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain(pub String);

/// The text is none that a certificate could be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write a name as exam.example.edu, without https:// and without *")]
pub struct NoDomain;

impl FromStr for Domain {
    type Err = NoDomain;

    fn from_str(text: &str) -> Result<Self, NoDomain> {
        let text = text.trim_end_matches('.').to_ascii_lowercase();
        let is_label = |label: &str| {
            let inner = label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            (1..=63).contains(&label.len()) && inner && !label.starts_with('-') && !label.ends_with('-')
        };
        let is_address = text.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
        if text.len() > 253 || !text.contains('.') || is_address || !text.split('.').all(is_label) {
            return Err(NoDomain);
        }
        Ok(Self(text))
    }
}

impl<'de> Deserialize<'de> for Domain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// By which questions of the ACME server a name may be shown to be ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum AcmeChallenge {
    /// By either.
    #[serde(rename = "auto")]
    Auto,
    /// Over plain HTTP on port 80.
    #[serde(rename = "http-01")]
    Http,
    /// In a TLS handshake on port 443.
    #[serde(rename = "tls-alpn-01")]
    TlsAlpn,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_addresses_links_and_wildcards() {
        for (text, name) in [("Exam.Example.EDU", "exam.example.edu"), ("a-1.b.cn.", "a-1.b.cn")] {
            assert_eq!(text.parse(), Ok(Domain(name.to_owned())));
        }
        let long = format!("{}.edu", "x".repeat(64));
        for text in [
            "",
            "exam",
            "https://exam.edu",
            "*.exam.edu",
            "192.0.2.1",
            "exam.edu:443",
            "-a.edu",
            "a..edu",
            "考试.edu",
            &long,
        ] {
            assert_eq!(text.parse::<Domain>(), Err(NoDomain), "{text}");
        }
    }
}
