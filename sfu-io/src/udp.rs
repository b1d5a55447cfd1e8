//! A UDP socket that receives in batches and sends runs.

mod call;
mod patience;
mod send;

pub(crate) use self::patience::Patience;
use crate::stats::IoStats;
use mio::net::UdpSocket;
use nix::sys::socket::{setsockopt, sockopt};
use quinn_udp::{BATCH_SIZE, RecvMeta, UdpSockRef, UdpSocketState};
use socket2::{Domain, Socket, Type};
use std::{
    io::{self, IoSliceMut},
    net::{IpAddr, SocketAddr},
};
use viva_media::{Carrier, Path};

/// One bound UDP socket.
pub(crate) struct UdpEndpoint {
    socket: UdpSocket,
    state: UdpSocketState,
    local: SocketAddr,
    /// From where leaves what does not say so, where that is known.
    source: Option<IpAddr>,
    /// Segments that one send call may have; 1 without segmentation offload.
    max_segments: usize,
    /// Into packets of so many bytes the kernel cuts what is longer (`UDP_SEGMENT`); 0: into none.
    cut: usize,
    /// May there be something to read? Edge-triggered: true until a read would block.
    pub(crate) readable: bool,
}

impl UdpEndpoint {
    /// Binds to `address`; buffers in bytes, as large as the kernel grants.
    ///
    /// # Errors
    /// Of the system calls.
    pub(crate) fn bind(address: SocketAddr, receive: usize, send: usize, gso: bool) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::DGRAM, None)?;
        if address.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        grow_buffers(&socket, receive, send)?;
        socket.bind(&address.into())?;
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        leave_out_unread(&socket, address)?;
        let max_segments = if gso { state.max_gso_segments() } else { 1 };
        let socket = UdpSocket::from_std(socket.into());
        let local = socket.local_addr()?;
        Ok(Self { socket, state, local, source: None, max_segments, cut: 0, readable: true })
    }

    /// Says from where leaves what does not say so.
    pub(crate) const fn with_source(mut self, source: Option<IpAddr>) -> Self {
        self.source = source;
        self
    }

    pub(crate) const fn local(&self) -> SocketAddr {
        self.local
    }

    pub(crate) const fn socket(&mut self) -> &mut UdpSocket {
        &mut self.socket
    }

    pub(crate) const fn gso(&self) -> bool {
        self.max_segments > 1
    }

    /// Do packets of this path leave from here?
    pub(crate) fn serves(&self, path: &Path) -> bool {
        let address = self.local.ip();
        let wildcard = address.is_unspecified() && self.local.is_ipv4() == path.local.is_ipv4();
        self.local.port() == path.local.port() && (wildcard || address == path.local.ip())
    }

    /// Reads one batch and says how many messages of it are new. Sets `readable` to whether there may be more: a batch
    /// that is not full has emptied the queue, and what comes after it brings a new edge.
    pub(crate) fn receive(&mut self, batch: &mut Batch, stats: &mut IoStats) -> usize {
        stats.receive_calls += 1;
        match batch.fill(&self.state, &self.socket) {
            Ok(count) => {
                stats.receive_batches += 1;
                self.readable = count == BATCH_SIZE;
                count
            }
            Err(error) => {
                // After another error than an empty queue the next datagram's edge tries again.
                self.readable = false;
                stats.receive_errors += u64::from(error.kind() != io::ErrorKind::WouldBlock);
                0
            }
        }
    }
}

/// Room for one batch of received messages, and what is known about each.
pub(crate) struct Batch {
    arena: Vec<u8>,
    metas: [RecvMeta; BATCH_SIZE],
}

impl Batch {
    /// One message: up to 64 KiB, as merged by the kernel. The odd 21 cache lines keep the first bytes of the
    /// messages from all falling into the same cache set.
    const SLOT: usize = 65_536 + 21 * 64;

    pub(crate) fn new() -> Self {
        Self { arena: vec![0; Self::SLOT * BATCH_SIZE], metas: [RecvMeta::default(); BATCH_SIZE] }
    }

    /// Hands out every datagram of the newest `count` messages. Datagrams from port 0 are dropped: nobody can
    /// answer them, and trying fails with the error that also means lack of segmentation offload.
    pub(crate) fn for_each(
        &mut self,
        count: usize,
        local: SocketAddr,
        stats: &mut IoStats,
        mut handle: impl FnMut(Path, &mut [u8]),
    ) {
        for (slot, meta) in self.arena.chunks_exact_mut(Self::SLOT).zip(&self.metas).take(count) {
            let Some(message) = slot.get_mut(..meta.len) else { continue };
            if meta.addr.port() == 0 {
                stats.port_zero += 1;
                continue;
            }
            let ip = meta.dst_ip.filter(|_| local.ip().is_unspecified()).unwrap_or(local.ip());
            let local = SocketAddr::new(ip, local.port());
            let path = Path { carrier: Carrier::Udp, local, remote: meta.addr };
            if message.is_empty() {
                stats.datagrams_in += 1;
                handle(path, message);
            }
            for packet in message.chunks_mut(meta.stride.max(1)) {
                stats.datagrams_in += 1;
                handle(path, packet);
            }
        }
    }

    fn fill(&mut self, state: &UdpSocketState, socket: &UdpSocket) -> io::Result<usize> {
        let mut slots = self.arena.chunks_exact_mut(Self::SLOT);
        let mut slices: [_; BATCH_SIZE] =
            std::array::from_fn(|_| IoSliceMut::new(slots.next().unwrap_or_default()));
        state.recv(UdpSockRef::from(socket), &mut slices, &mut self.metas)
    }
}

/// Switches off what the kernel would write beside every datagram and nobody reads: its time, its congestion marks, and
/// where there is only one, the address that it came to.
fn leave_out_unread(socket: &Socket, address: SocketAddr) -> io::Result<()> {
    setsockopt(socket, sockopt::ReceiveTimestampns, &false)?;
    if address.is_ipv4() {
        socket.set_recv_tos_v4(false)?;
        setsockopt(socket, sockopt::Ipv4PacketInfo, &address.ip().is_unspecified())?;
    } else {
        socket.set_recv_tclass_v6(false)?;
        setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &address.ip().is_unspecified())?;
    }
    Ok(())
}

/// With the capability to do so beyond the system's limit, else up to it.
fn grow_buffers(socket: &Socket, receive: usize, send: usize) -> io::Result<()> {
    if rustix::net::sockopt::set_socket_recv_buffer_size_force(socket, receive).is_err() {
        socket.set_recv_buffer_size(receive)?;
    }
    if rustix::net::sockopt::set_socket_send_buffer_size_force(socket, send).is_err() {
        socket.set_send_buffer_size(send)?;
    }
    // The kernel doubles what it is asked for, to make room for its own book-keeping (socket(7)).
    let granted = (socket.recv_buffer_size()? / 2, socket.send_buffer_size()? / 2);
    if granted.0 < receive || granted.1 < send {
        tracing::warn!(
            receive = granted.0,
            send = granted.1,
            "UDP buffers are smaller than wanted; raise net.core.rmem_max and net.core.wmem_max"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests;
