//! What can be wrong with a packet by itself, whoever sent it.

/// Why a packet cannot be read, opened or sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// RTP or RTCP whose header does not hold together.
    #[error("malformed")]
    Malformed,
    /// The seal is broken: forged, or damaged on the way.
    #[error("not authentic")]
    Authentication,
    /// Seen before, or too old to tell (RFC 3711 §3.3.2).
    #[error("replayed")]
    Replayed,
    /// More SSRCs than one SRTP context keeps.
    #[error("too many SSRCs")]
    TooManySsrcs,
    /// A codec descriptor that does not hold together.
    #[error("malformed codec descriptor")]
    Descriptor,
    /// A retransmission that is too short to name its original (RFC 4588 §4).
    #[error("no retransmission")]
    Retransmission,
    /// Could not be sealed: a counter has run out.
    #[error("cannot be sealed")]
    Seal,
}
