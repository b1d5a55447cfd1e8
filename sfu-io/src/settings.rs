//! What the plane is started with.

use dimpl::DtlsCertificate;
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

/// What the plane is started with. [`Settings::new`] has the defaults.
#[derive(Clone)]
pub struct Settings {
    /// Threads, at least one. Default: one a core.
    pub shards: usize,
    /// Addresses to bind. A wildcard (`0.0.0.0`, `::`) stands for every address of its family that the host has;
    /// replies leave from the address that was asked. IPv6 sockets take no IPv4. From an explicit address, or
    /// the only one of its family, one system call sends messages to many receivers. Default: both wildcards.
    pub bind: Vec<IpAddr>,
    /// Shard n listens on this port + n, UDP and TCP. 0: ports that the kernel picks.
    pub base_port: u16,
    /// Addresses at which the host is reached from outside (static NAT, one port to the same port), announced
    /// first. Default: none.
    pub public: Vec<IpAddr>,
    /// Announce the bound addresses too when `public` has some of their family. Default: yes, so that peers in
    /// the same network take the short way.
    pub announce_bound: bool,
    /// Listen for passive ICE-TCP (RFC 6544). Default: yes.
    pub tcp: bool,
    /// Bounds for TCP.
    pub tcp_limits: TcpLimits,
    /// `SO_RCVBUF` of a UDP socket, bytes. Default: 4 MiB; the kernel may grant less (`net.core.rmem_max`).
    pub receive_buffer: usize,
    /// `SO_SNDBUF` of a UDP socket, bytes. Default: 4 MiB; the kernel may grant less (`net.core.wmem_max`).
    pub send_buffer: usize,
    /// Use UDP segmentation offload where the kernel has it. Default: yes. Without, every packet is one system
    /// call.
    pub gso: bool,
    /// Pin shard n to the n-th core that the process may use. Default: no.
    pub pin: bool,
    /// Commands that may wait for a shard; one more is refused as busy. Default: 1024.
    pub mailbox: usize,
    /// Events that may wait for the control plane before the shards keep them themselves; with sixteen times as
    /// many in one shard it takes no commands besides those that free something. Default: 4096.
    pub events: usize,
    /// The certificate that every transport shows.
    pub certificate: DtlsCertificate,
    /// Bounds of every unit.
    pub unit: viva_sfu::Limits,
    /// Seed of the units' randomness; must come from a secure source. Every shard derives its own from it.
    pub seed: u64,
}

impl Settings {
    /// The defaults, with what has none.
    pub fn new(certificate: DtlsCertificate, seed: u64) -> Self {
        Self {
            shards: std::thread::available_parallelism().map_or(1, usize::from),
            bind: vec![Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()],
            base_port: 0,
            public: Vec::new(),
            announce_bound: true,
            tcp: true,
            tcp_limits: TcpLimits::default(),
            receive_buffer: 4 << 20,
            send_buffer: 4 << 20,
            gso: true,
            pin: false,
            mailbox: 1024,
            events: 4096,
            certificate,
            unit: viva_sfu::Limits::default(),
            seed,
        }
    }

    /// How many events of one shard may wait.
    pub(crate) const fn event_backlog(&self) -> usize {
        self.events.saturating_mul(16)
    }

    /// The seed of shard `index`: one step of splitmix64 keeps them unlike.
    pub(crate) const fn shard_seed(&self, index: usize) -> u64 {
        let step = (index as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed.wrapping_add(step);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Bounds for the TCP connections of one shard.
#[derive(Debug, Clone, Copy)]
pub struct TcpLimits {
    /// Connections of the shard.
    pub connections: usize,
    /// Connections from one IPv4 address or one IPv6 /64. Whole institutions may sit behind one address.
    pub per_address: usize,
    /// From accepting to the first connectivity check that the unit answered.
    pub first_frame: Duration,
    /// Without a frame for so long a connection is closed; consent checks come every few seconds (RFC 7675).
    pub idle: Duration,
    /// With packets waiting and none taken for so long a connection is closed.
    pub stuck: Duration,
    /// Bytes that may wait for one connection; packets that find no room are dropped whole.
    pub queue: usize,
}

impl Default for TcpLimits {
    fn default() -> Self {
        Self {
            connections: 4096,
            per_address: 256,
            first_frame: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            stuck: Duration::from_secs(10),
            queue: 256 << 10,
        }
    }
}
