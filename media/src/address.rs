//! Where packets come from and go to.

use serde::{Deserialize, Serialize};
use std::{
    fmt,
    hash::{Hash, Hasher},
    net::SocketAddr,
};

/// What carries the packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// One packet a datagram.
    Udp,
    /// Passive ICE-TCP (RFC 6544), packets framed by RFC 4571.
    Tcp,
}

/// The 5-tuple of a packet: what carries it, our address, the peer's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    /// UDP or TCP.
    pub protocol: Protocol,
    /// Our end: the address that the packet arrived at.
    pub local: SocketAddr,
    /// The peer's end.
    pub remote: SocketAddr,
}

/// By the peer's end alone, in few words: it is what tells paths apart, and every packet is looked up by its path.
impl Hash for Path {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.remote {
            SocketAddr::V4(remote) => {
                state.write_u64(u64::from(remote.ip().to_bits()) << 16 | u64::from(remote.port()));
            }
            SocketAddr::V6(remote) => {
                state.write_u128(remote.ip().to_bits());
                state.write_u16(remote.port());
            }
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = match self.protocol {
            Protocol::Udp => "udp",
            Protocol::Tcp => "tcp",
        };
        write!(f, "{protocol} {} ← {}", self.local, self.remote)
    }
}

/// One of our addresses, offered to the peers as a host candidate (RFC 8839 §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Candidate {
    /// UDP, or passive TCP.
    pub protocol: Protocol,
    /// The address that peers reach us at.
    pub address: SocketAddr,
}
