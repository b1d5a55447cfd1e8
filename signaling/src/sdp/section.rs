//! What an offer says, attribute by attribute, before any decision.

use std::collections::BTreeMap;
use viva_media::{Extension, Fingerprint, MediaKind, Mid, Rid, Ssrc};

/// A whole offer.
#[derive(Debug, Default)]
pub(super) struct Offer {
    /// The mids of `a=group:BUNDLE`.
    pub bundle: Option<Vec<String>>,
    /// Attributes that stand for every section which does not say otherwise.
    pub session: Shared,
    /// The line of `a=ice-lite`.
    pub ice_lite: Option<usize>,
    /// The media sections in order.
    pub sections: Vec<Section>,
}

/// Attributes of a transport, and others that may stand at either level.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub ufrag: Option<(usize, String)>,
    pub pwd: Option<(usize, String)>,
    pub fingerprint: Option<(usize, Fingerprint)>,
    pub setup: Option<(usize, Setup)>,
    pub direction: Option<Direction>,
    pub rtcp_mux: bool,
    pub rtcp_rsize: bool,
    /// `a=extmap-allow-mixed`: the two-byte form of header extensions too (RFC 8285 §6).
    pub mixed: bool,
    pub extensions: Vec<OfferedExtension>,
}

/// Who opens the DTLS connection (RFC 8842).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setup {
    Active,
    ActPass,
    Passive,
    HoldConn,
}

/// Which way media flows, seen from whoever says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Direction {
    pub send: bool,
    pub receive: bool,
}

impl Direction {
    pub const BOTH: Self = Self { send: true, receive: true };

    /// The attribute's name.
    pub const fn name(self) -> &'static str {
        match (self.send, self.receive) {
            (true, true) => "sendrecv",
            (true, false) => "sendonly",
            (false, true) => "recvonly",
            (false, false) => "inactive",
        }
    }

    /// The same, seen from the other side.
    pub const fn reversed(self) -> Self {
        Self { send: self.receive, receive: self.send }
    }
}

/// One media section.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// The line of `m=`.
    pub line: usize,
    /// Media, protocol and formats as they stand in `m=`, for a section that is declined.
    pub media: String,
    pub protocol: String,
    pub formats: String,
    /// Audio or video over DTLS-SRTP; anything else is declined.
    pub kind: Option<MediaKind>,
    pub port: u32,
    pub bundle_only: bool,
    pub payload_types: Vec<u8>,
    pub mid: Option<Mid>,
    pub shared: Shared,
    pub payloads: BTreeMap<u8, Payload>,
    /// Feedback for every payload type (`a=rtcp-fb:*`).
    pub feedback: Feedback,
    pub rids: Vec<OfferedRid>,
    /// `a=simulcast:send`: its line and the alternatives of each encoding.
    pub simulcast: Option<(usize, Vec<Vec<Rid>>)>,
    /// The first `a=ssrc`.
    pub ssrc: Option<Ssrc>,
    /// `a=ssrc-group:FID`: streams and their retransmissions.
    pub fids: Vec<(Ssrc, Ssrc)>,
    /// `a=ssrc-group:SIM`: the encodings of simulcast without rids.
    pub sim: Vec<Ssrc>,
}

/// What is said of a payload type.
#[derive(Debug, Default)]
pub(super) struct Payload {
    pub name: String,
    pub clock: u32,
    pub channels: Option<u32>,
    pub fmtp: Option<String>,
    pub feedback: Feedback,
}

/// Feedback messages (RFC 4585, RFC 5104) that matter here.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Feedback {
    pub nack: bool,
    pub pli: bool,
    pub fir: bool,
    pub transport_cc: bool,
    /// RFC 8888 §6: of all payload types, since packets are told of by stream.
    pub ccfb: bool,
}

impl Feedback {
    pub const fn or(self, other: Self) -> Self {
        Self {
            nack: self.nack || other.nack,
            pli: self.pli || other.pli,
            fir: self.fir || other.fir,
            transport_cc: self.transport_cc || other.transport_cc,
            ccfb: self.ccfb || other.ccfb,
        }
    }
}

/// A header extension (RFC 8285), known to us or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OfferedExtension {
    pub line: usize,
    pub id: u16,
    pub uri: String,
    pub extension: Option<Extension>,
    pub direction: Option<Direction>,
}

/// An encoding that the client would send (RFC 8851).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OfferedRid {
    pub rid: Rid,
    /// Restricted to these payload types, unless empty.
    pub payload_types: Vec<u16>,
    /// The other restrictions, as they stand in an answer.
    pub restrictions: String,
    /// Largest picture in pixels, where the restrictions tell.
    pub area: Option<u64>,
}
