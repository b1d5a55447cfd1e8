//! A UDP socket that receives in batches and sends runs.

use crate::stats::IoStats;
use mio::net::UdpSocket;
use nix::sys::socket::{setsockopt, sockopt};
use quinn_udp::{BATCH_SIZE, RecvMeta, UdpSockRef, UdpSocketState};
use rustix::event::{PollFd, PollFlags, Timespec};
use socket2::{Domain, Socket, Type};
use std::{
    io::{self, IoSliceMut},
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};
use viva_media::{Path, Protocol};
use viva_sfu::Transmit;

/// One bound UDP socket.
pub(crate) struct UdpEndpoint {
    socket: UdpSocket,
    state: UdpSocketState,
    local: SocketAddr,
    /// Segments that one send call may have; 1 without segmentation offload.
    max_segments: usize,
    /// May there be something to read? Edge-triggered: true until a read would block.
    pub(crate) readable: bool,
}

impl UdpEndpoint {
    /// The largest UDP payload over IPv4, in bytes.
    const MAX_PAYLOAD: usize = 65_507;

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
        Ok(Self { socket, state, local, max_segments, readable: true })
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

    /// Sends all packets of `transmit`: in runs of one call each where the kernel can, else one by one.
    pub(crate) fn send(&mut self, transmit: &Transmit<'_>, patience: &mut Patience, stats: &mut IoStats) {
        let segment = transmit.segment.min(transmit.bytes.len());
        if segment == 0 {
            return;
        }
        let segments = self.max_segments.min(Self::MAX_PAYLOAD / segment).max(1);
        for run in transmit.bytes.chunks(segment * segments) {
            let count = run.len().div_ceil(segment) as u64;
            match self.send_message(run, segment, &transmit.path, patience, stats) {
                Ok(()) => {
                    stats.datagrams_out += count;
                    if count > 1 {
                        stats.gso_runs += 1;
                        stats.gso_run_segments += count;
                    }
                }
                Err(error) if count > 1 && is_gso_error(&error) => {
                    self.send_one_by_one(run, segment, &transmit.path, patience, stats);
                }
                Err(error) => count_failure(&error, count, stats),
            }
        }
    }

    /// What the kernel refused as a run. If every packet of it passes alone, it is the run that is not supported,
    /// and no more are tried on this socket; if not, the path is to blame.
    fn send_one_by_one(
        &mut self,
        run: &[u8],
        segment: usize,
        path: &Path,
        patience: &mut Patience,
        stats: &mut IoStats,
    ) {
        let mut all_passed = true;
        for packet in run.chunks(segment) {
            match self.send_message(packet, segment, path, patience, stats) {
                Ok(()) => stats.datagrams_out += 1,
                Err(error) => {
                    all_passed = false;
                    count_failure(&error, 1, stats);
                }
            }
        }
        if all_passed {
            self.max_segments = 1;
            tracing::warn!(
                socket = %self.local,
                "the kernel refuses UDP segmentation offload; one system call a packet from now on"
            );
        }
    }

    fn send_message(
        &self,
        contents: &[u8],
        segment: usize,
        path: &Path,
        patience: &mut Patience,
        stats: &mut IoStats,
    ) -> io::Result<()> {
        let src_ip: Option<IpAddr> = self.local.ip().is_unspecified().then(|| path.local.ip());
        let message = quinn_udp::Transmit {
            destination: path.remote,
            ecn: None,
            contents,
            segment_size: (contents.len() > segment).then_some(segment),
            src_ip,
        };
        loop {
            stats.send_calls += 1;
            match self.state.try_send(UdpSockRef::from(&self.socket), &message) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && patience.is_left() => {
                    stats.send_waits += 1;
                    patience.wait_for_room(&self.socket);
                }
                done => return done,
            }
        }
    }
}

/// How long a shard may wait for room in full send buffers, in one batch.
///
/// A burst, say a key frame to a hundred receivers, may be more than the send buffer holds while the interface
/// empties it within milliseconds; dropping would cost every receiver a retransmission. But media is real time,
/// and what is not sent now delays what is being received: so the wait is bounded for the batch as a whole, and
/// what finds no room after it is dropped and counted.
pub(crate) struct Patience {
    left: Duration,
}

impl Patience {
    const PER_BATCH: Duration = Duration::from_millis(5);

    pub(crate) const fn of_one_batch() -> Self {
        Self { left: Self::PER_BATCH }
    }

    const fn is_left(&self) -> bool {
        !self.left.is_zero()
    }

    /// Waits at most what is left, and at least so long that patience ends some time.
    fn wait_for_room(&mut self, socket: &UdpSocket) {
        let begin = Instant::now();
        let limit = Timespec { tv_sec: 0, tv_nsec: i64::from(self.left.subsec_nanos()) };
        // An error here, an interruption perhaps, shows again in the send that follows.
        let _ = rustix::event::poll(&mut [PollFd::new(socket, PollFlags::OUT)], Some(&limit));
        self.left = self.left.saturating_sub(begin.elapsed().max(Duration::from_micros(50)));
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
            let path = Path { protocol: Protocol::Udp, local, remote: meta.addr };
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

/// EIO and EINVAL are what the kernel says to segments that it cannot make.
fn is_gso_error(error: &io::Error) -> bool {
    let errno = rustix::io::Errno::from_io_error(error);
    matches!(errno, Some(rustix::io::Errno::IO | rustix::io::Errno::INVAL))
}

fn count_failure(error: &io::Error, packets: u64, stats: &mut IoStats) {
    if error.kind() == io::ErrorKind::WouldBlock {
        stats.would_block_drops += packets;
    } else {
        stats.send_errors += packets;
        tracing::trace!(%error, "a UDP packet was not sent");
    }
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
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, UdpSocket as Client};

    const SEGMENT: usize = 100;

    fn endpoint() -> UdpEndpoint {
        UdpEndpoint::bind((Ipv4Addr::LOCALHOST, 0).into(), 1 << 20, 1 << 20, true).expect("binds")
    }

    fn client() -> Client {
        let client = Client::bind((Ipv4Addr::LOCALHOST, 0)).expect("binds");
        client.set_read_timeout(Some(Duration::from_secs(10))).expect("a bound");
        client
    }

    fn send(endpoint: &mut UdpEndpoint, remote: SocketAddr, bytes: &[u8]) -> IoStats {
        let mut stats = IoStats::default();
        let path = Path { protocol: Protocol::Udp, local: endpoint.local(), remote };
        let transmit = Transmit { path, bytes, segment: SEGMENT };
        endpoint.send(&transmit, &mut Patience::of_one_batch(), &mut stats);
        stats
    }

    fn numbered(packets: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..packets).flat_map(|packet| [packet as u8; SEGMENT]).collect();
        bytes.truncate(bytes.len() - 1);
        bytes
    }

    fn received(client: &Client, packets: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut buffer = [0; 2 * SEGMENT];
        for _ in 0..packets {
            let count = client.recv(&mut buffer).expect("a packet");
            bytes.extend(&buffer[..count]);
        }
        bytes
    }

    #[test]
    fn a_run_that_the_kernel_refuses_leaves_packet_by_packet_and_ends_the_trying() {
        let (mut endpoint, client) = (endpoint(), client());
        // More segments than any kernel takes in one call, which fails just as a lack of offload does.
        endpoint.max_segments = 1000;
        let bytes = numbered(200);
        let stats = send(&mut endpoint, client.local_addr().expect("bound"), &bytes);
        assert_eq!((stats.datagrams_out, stats.send_errors, stats.gso_runs), (200, 0, 0));
        assert!(!endpoint.gso());
        assert_eq!(received(&client, 200), bytes);
        let stats = send(&mut endpoint, client.local_addr().expect("bound"), &bytes);
        assert_eq!((stats.datagrams_out, stats.send_calls), (200, 200));
        assert_eq!(received(&client, 200), bytes);
    }

    #[test]
    fn a_path_that_takes_no_packet_at_all_does_not_end_offload_for_the_others() {
        let (mut endpoint, client) = (endpoint(), client());
        let before = endpoint.gso();
        let stats = send(&mut endpoint, (Ipv4Addr::LOCALHOST, 0).into(), &numbered(10));
        assert_eq!((stats.datagrams_out, stats.send_errors), (0, 10));
        assert_eq!(endpoint.gso(), before);
        let bytes = numbered(10);
        let stats = send(&mut endpoint, client.local_addr().expect("bound"), &bytes);
        assert_eq!((stats.datagrams_out, stats.send_errors), (10, 0));
        assert_eq!(received(&client, 10), bytes);
    }

    #[test]
    fn patience_ends_even_where_the_kernel_claims_that_there_is_room() {
        let endpoint = endpoint();
        let mut patience = Patience::of_one_batch();
        let waits = (0..1000).take_while(|_| {
            patience.wait_for_room(&endpoint.socket);
            patience.is_left()
        });
        assert!(waits.count() < 1000);
    }
}
