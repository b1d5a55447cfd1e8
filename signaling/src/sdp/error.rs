//! Why an offer cannot be answered: the line and the reason.

use super::{MAX_OFFER, MAX_PUBLICATIONS, MAX_SECTIONS, MAX_SLOTS};
use std::fmt;

/// An offer that cannot be answered. The session goes on as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferError {
    /// The line of the offer, counted from 1, where one line is at fault.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: OfferReason,
}

impl OfferError {
    pub(super) const fn at(line: usize, reason: OfferReason) -> Self {
        Self { line: Some(line), reason }
    }

    pub(super) const fn whole(reason: OfferReason) -> Self {
        Self { line: None, reason }
    }
}

impl fmt::Display for OfferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.reason),
            None => self.reason.fmt(f),
        }
    }
}

impl std::error::Error for OfferError {}

/// What is wrong with an offer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OfferReason {
    /// Longer than [`MAX_OFFER`].
    #[error("longer than {MAX_OFFER} bytes")]
    TooLong,
    /// Not `v=0` in the first line.
    #[error("does not begin with v=0")]
    NoVersion,
    /// Not of the form `x=…`.
    #[error("not of the form <letter>=<value>")]
    NoLine,
    /// An attribute or media line that does not parse.
    #[error("{0}")]
    Syntax(String),
    /// An attribute of a value that its form allows but its meaning does not.
    #[error("{0} is not of an allowed form")]
    Value(&'static str),
    /// More of something than the limits allow.
    #[error("more than {1} {0}")]
    TooMany(&'static str, usize),
    /// No media section at all.
    #[error("no media section")]
    NoMedia,
    /// A media section without a mid (RFC 9143 §7.1).
    #[error("media section without a=mid")]
    NoMid,
    /// Two media sections with one mid.
    #[error("a=mid:{0} is used twice")]
    DuplicateMid(String),
    /// No `a=group:BUNDLE` (RFC 9143): one transport is all there is.
    #[error("no a=group:BUNDLE")]
    NoBundle,
    /// A media section that the group does not name.
    #[error("media section {0} is not in a=group:BUNDLE")]
    NotBundled(String),
    /// A media section that is not RTP under the keys of DTLS.
    #[error("media section {0} is not of the form of UDP/TLS/RTP/SAVPF")]
    NotSealed(String),
    /// A media section with no codec that is forwarded.
    #[error("media section {0} has no codec that is forwarded: opus, VP8, H264 (packetization-mode 0 or 1)")]
    NoCodec(String),
    /// A bundled media section without `a=rtcp-mux` (RFC 9143 §9.3).
    #[error("media section without a=rtcp-mux")]
    NoRtcpMux,
    /// No `a=ice-ufrag` or `a=ice-pwd`.
    #[error("no a=ice-ufrag and a=ice-pwd")]
    NoIce,
    /// The offerer is ICE-lite as well: nobody would check connectivity (RFC 8445 §2.5).
    #[error("a=ice-lite on both sides")]
    IceLite,
    /// No fingerprint with SHA-256 (RFC 8122 §5).
    #[error("no a=fingerprint:sha-256")]
    NoFingerprint,
    /// Another certificate than before: that needs a new peer connection.
    #[error("a=fingerprint changed within the session")]
    FingerprintChanged,
    /// The offerer insists on being the DTLS server (RFC 8842 §5): we only are that ourselves.
    #[error("a=setup must be actpass or active (FFmpeg: -whip_flags dtls_active)")]
    Setup,
    /// One extension id for two extensions (RFC 9143 §14.2).
    #[error("extension id {0} stands for two extensions")]
    ExtensionConflict(u16),
    /// Fewer media sections than the offer before (RFC 3264 §8).
    #[error("fewer media sections than before")]
    FewerSections,
    /// A rid that simulcast names and no `a=rid` describes (RFC 8853 §5.2).
    #[error("a=simulcast names a rid without an a=rid:{0}")]
    UnknownRid(String),
    /// Two `a=rid` lines of one name.
    #[error("a=rid:{0} is used twice")]
    DuplicateRid(String),
    /// More publications than [`MAX_PUBLICATIONS`].
    #[error("more than {MAX_PUBLICATIONS} sending media sections")]
    Publications,
    /// More slots than [`MAX_SLOTS`].
    #[error("more than {MAX_SLOTS} receiving media sections")]
    Slots,
    /// All media sections are stopped.
    #[error("nothing in it can be accepted: all media sections are stopped")]
    NothingAcceptable,
    /// More media sections than [`MAX_SECTIONS`].
    #[error("more than {MAX_SECTIONS} media sections")]
    Sections,
}

/// Keeps a foreign text short enough for a message and a log.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut short: String =
        text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
