//! The selective forwarding unit, sans-IO.
//!
//! Drive it so: hand in what arrived with [`Sfu::handle_packet`], what the control plane wants with
//! [`Sfu::handle_command`], the passing of time with [`Sfu::handle_timeout`]; after each batch drain
//! [`Sfu::poll_output`] until [`Output::Timeout`]. Nothing here reads a clock, a socket or a random source.

mod allocator;
mod api;
mod arrived;
mod bandwidth;
mod cache;
mod dropped;
mod dtls;
mod egress;
mod failure;
mod ice;
mod key;
mod line;
mod meter;
mod munger;
#[cfg(test)]
#[path = "../../wire/src/noise.rs"]
mod noise;
mod pacer;
mod publication;
mod rate;
mod receiver;
mod room;
mod selector;
mod shared;
mod slot;
mod speaker;
mod subscription;
mod throttle;
mod timeline;
mod transport;
mod unit;
mod wheel;

pub use api::*;
pub use dropped::Dropped;
pub use failure::HandshakeFailure;
pub use meter::Allowance;

pub use unit::Sfu;
pub use viva_wire::Micros;

/// Parts of the unit, for the harness that counts the instructions of single steps and for fuzzing. No API.
#[doc(hidden)]
pub mod parts {
    pub use crate::{
        cache::{Cached, PacketCache},
        egress::{HeaderTemplate, PassedOn, Queue, Queued, Seal, Source, next_run, write_packet},
        ice::{Check, Ice, MAX_ANSWER},
        key::{LayerKey, PublicationKey},
        munger::{Incoming, Munger},
        selector::{Decision, Selector, Target},
    };
}
