//! Typed parameters that cross from the negotiation to the forwarding: no SDP beyond this point.

use crate::{Codec, ExtensionMap, Fingerprint, IceCredentials, MediaKind, Mid, Pt, PublicationId, Rid, Ssrc};

/// How the unit and one client find, recognise and trust each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportParameters {
    /// Our credentials for this client.
    pub local: IceCredentials,
    /// The client's credentials.
    pub remote: IceCredentials,
    /// The client's certificate; any other closes the transport.
    pub fingerprint: Fingerprint,
}

/// All that one client sends and receives, as agreed by its newest offer and our answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MediaParameters {
    /// The ids of header extensions, the same for every media section of the transport (RFC 8843 §7.1.4).
    pub extensions: ExtensionMap,
    /// The client tells of each packet by stream and sequence number (RFC 8888): where it has no transport-wide numbers.
    pub congestion_feedback: bool,
    /// What the client sends.
    pub publications: Vec<PublicationParameters>,
    /// What the client can receive at once.
    pub slots: Vec<SlotParameters>,
}

/// One codec of a media section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodecParameters {
    /// The codec with what both ends agreed on for it.
    pub codec: Codec,
    /// Its payload type.
    pub pt: Pt,
    /// The payload type of its retransmissions (RFC 4588), if agreed.
    pub rtx: Option<Pt>,
    /// Generic NACK agreed (RFC 4585 §6.2.1).
    pub nack: bool,
    /// Picture loss indication agreed (RFC 4585 §6.3.1).
    pub pli: bool,
    /// Full intra request agreed (RFC 5104 §4.3.1).
    pub fir: bool,
}

/// One encoding of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Encoding {
    /// Its rid, when the client names encodings so (RFC 8851).
    pub rid: Option<Rid>,
    /// Its SSRC, when the client declares it (RFC 5576).
    pub ssrc: Option<Ssrc>,
    /// The SSRC of its retransmissions, when the client declares it (`a=ssrc-group:FID`).
    pub rtx_ssrc: Option<Ssrc>,
}

/// One track that a client sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationParameters {
    /// Its id, unique across nodes.
    pub id: PublicationId,
    /// The media section that carries it.
    pub mid: Mid,
    /// Audio or video.
    pub kind: MediaKind,
    /// The codecs that the client may use, by the client's preference.
    pub codecs: Vec<CodecParameters>,
    /// The encodings, from the smallest picture to the largest; exactly one where there is no simulcast.
    pub encodings: Vec<Encoding>,
}

/// One place in which a client receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotParameters {
    /// The media section that carries it.
    pub mid: Mid,
    /// Audio or video.
    pub kind: MediaKind,
    /// The stream's SSRC, for as long as the slot lives.
    pub ssrc: Ssrc,
    /// The SSRC of its retransmissions, where a codec has them.
    pub rtx_ssrc: Option<Ssrc>,
    /// The codecs that the client can decode here, by the client's preference.
    pub codecs: Vec<CodecParameters>,
}
