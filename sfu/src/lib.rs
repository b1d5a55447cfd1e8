//! The selective forwarding unit, sans-IO.
//!
//! Drive it so: hand in what arrived with [`Sfu::handle_packet`], what the control plane wants with
//! [`Sfu::handle_command`], the passing of time with [`Sfu::handle_timeout`]; after each batch drain
//! [`Sfu::poll_output`] until [`Output::Timeout`]. Nothing here reads a clock, a socket or a random source.

pub mod api;
pub mod cache;
pub mod codec;
pub mod demux;
pub mod dropped;
pub mod dtls;
pub mod egress;
pub mod failure;
pub mod ice;
pub mod key;
pub mod loss;
pub mod meter;
pub mod munger;
#[cfg(test)]
mod noise;
pub mod ntp;
mod publication;
pub mod rate;
pub mod reception;
mod room;
pub mod rtcp;
pub mod rtp;
pub mod selector;
mod slot;
pub mod speaker;
pub mod srtp;
pub mod throttle;
pub mod time;
pub mod timeline;
mod transport;
pub mod twcc;
mod unit;
pub mod wheel;

pub use api::*;
pub use dropped::Dropped;
pub use failure::HandshakeFailure;
pub use meter::Allowance;
pub use time::Micros;
pub use unit::Sfu;
