//! Drives the unit over UDP, TCP and TURN, one shard a core.
//!
//! [`MediaPlane::start`] binds the sockets and starts one thread a shard, each with a [`viva_sfu::Sfu`] of its
//! own. A room lives on one shard ([`MediaPlane::place`]); what concerns it is told to that [`Shard`] as commands
//! through a bounded mailbox, and what the units tell comes out of one bounded channel, [`Events`].
//! Packets never leave the thread that they arrived on.

mod address;
mod backlog;
mod clock;
mod core;
mod mailbox;
mod pace;
mod placement;
mod plan;
mod plane;
mod queue;
mod relay;
mod settings;
mod shard;
mod stats;
mod tcp;
mod udp;
mod worker;

#[cfg(test)]
mod tests;

pub use crate::{
    backlog::{Events, PlaneEvent},
    core::Core,
    mailbox::CommandError,
    plane::{MediaPlane, NoShard, lacks_family},
    relay::{Arrival, Link},
    settings::{Settings, TcpLimits},
    shard::{Load, Shard},
    stats::{Histogram, IoStats, ShardStats},
};
