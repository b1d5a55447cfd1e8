//! Wire formats of media: RTP, RTCP, SRTP, transport-wide feedback, NTP, codec payloads, and what shares one port.
//!
//! Readers borrow the bytes that they read; writers write into the caller's buffer. Nothing here allocates for a packet, knows
//! a room or a clock.

pub mod codec;
pub mod demux;
pub mod dependency;
mod error;
pub mod loss;
#[cfg(test)]
mod noise;
pub mod ntp;
pub mod reception;
pub mod rtcp;
pub mod rtp;
pub mod srtp;
mod time;
pub mod twcc;

pub use error::Error;
pub use time::Micros;
