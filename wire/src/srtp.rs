//! SRTP and SRTCP (RFC 3711, RFC 7714): packets are sealed and opened in place, with keys made once a transport.
//!
//! [`KeyMaterial::split`] takes what the DTLS handshake exports, [`Inbound`] opens what the client sends and
//! [`Outbound`] seals what it receives. Neither allocates per packet; only a stream's first packet makes state, and
//! only after its seal has proved true.

mod cipher;
mod inbound;
mod key;
mod outbound;
mod replay;
#[cfg(test)]
mod tests;

pub use inbound::Inbound;
pub use key::{InvalidKeys, KeyMaterial};
pub use outbound::Outbound;
pub use replay::ReplayWindow;

/// The greatest packet index of SRTP: 48 bits, rollover counter and sequence number (RFC 3711 §3.3.1).
const MAX_RTP_INDEX: u64 = (1 << 48) - 1;

/// The greatest index of SRTCP: 31 bits (RFC 3711 §3.4).
const MAX_RTCP_INDEX: u32 = (1 << 31) - 1;
