//! A TURN server (RFC 8656) whose only peer is this deployment's own media plane, sans-IO.
//!
//! A client behind a firewall that lets nothing but 443 out sends its packets here, wrapped, and they go to the unit of its
//! room as if they had come from a relayed address. That address is a name within the shard and no socket: there is nothing
//! through which a packet could leave for anybody else, so this cannot be an open relay.
//!
//! [`Gate`] answers those who have proven nothing: it keeps no state. Whoever shows credentials of a seat ([`Secret::issue`])
//! gets a [`Grant`], and with it the shard of the room opens an [`Allocation`].

mod allocation;
mod credentials;
mod framing;
mod gate;
mod message;
#[cfg(test)]
mod tests;

pub use crate::{
    allocation::{Allocation, MAX_HEADER, Received, Refused, Wrapping},
    credentials::{Credentials, Secret},
    framing::{MAX_MESSAGE, NotTurn, first_length, padding},
    gate::{Gate, Grant, Greeting},
};
