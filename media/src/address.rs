//! Where packets come from and go to.

use serde::{Deserialize, Serialize};
use std::{
    fmt,
    hash::{Hash, Hasher},
    net::SocketAddr,
};

/// How a candidate of ours is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// One packet a datagram.
    Udp,
    /// Passive ICE-TCP (RFC 6544), packets framed by RFC 4571.
    Tcp,
}

/// What carries the packets of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// One packet a datagram.
    Udp,
    /// Passive ICE-TCP (RFC 6544), packets framed by RFC 4571.
    Tcp,
    /// A TURN allocation (RFC 8656) that its client reaches over UDP.
    TurnUdp,
    /// The same over TCP.
    TurnTcp,
    /// The same over TLS.
    TurnTls,
}

impl Carrier {
    /// Its name in logs, metrics and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
            Self::TurnUdp => "turn/udp",
            Self::TurnTcp => "turn/tcp",
            Self::TurnTls => "turn/tls",
        }
    }

    /// Does it come by a TURN allocation?
    pub const fn is_relayed(self) -> bool {
        matches!(self, Self::TurnUdp | Self::TurnTcp | Self::TurnTls)
    }
}

impl From<Protocol> for Carrier {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Udp => Self::Udp,
            Protocol::Tcp => Self::Tcp,
        }
    }
}

/// The 5-tuple of a packet: what carries it, our address, the peer's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    /// UDP, TCP, or TURN over one of them.
    pub carrier: Carrier,
    /// Our end: the address that the packet arrived at.
    pub local: SocketAddr,
    /// The peer's end; of a relayed path, the relayed address.
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
        write!(f, "{} {} ← {}", self.carrier.name(), self.local, self.remote)
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
