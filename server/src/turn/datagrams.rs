//! TURN by datagrams: first messages are answered here; who is admitted gets a socket of its own, for its shard.

use super::{Door, Welcome};
use crate::{clock::unix_time, plane::Link, stop::Stop};
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use socket2::{Domain, Socket, Type};
use std::{
    io::{self, IoSliceMut},
    net::SocketAddr,
};
use tokio::{io::Interest, net::UdpSocket};

/// The longest first message: what is longer is cut, and so refused.
const LONGEST: usize = 2048;

/// A socket at which first messages arrive.
#[derive(Debug)]
pub struct Datagrams {
    socket: UdpSocket,
    state: UdpSocketState,
    local: SocketAddr,
}

/// A socket that others of ours may share the port with.
pub(super) fn socket(address: SocketAddr, kind: Type) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), kind, None)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    if kind == Type::STREAM {
        socket.set_reuse_address(true)?;
    }
    socket.set_nonblocking(true)?;
    if kind == Type::DGRAM {
        // Whether somebody else has the port is asked once, without sharing.
        let alone = Socket::new(Domain::for_address(address), kind, None)?;
        if address.is_ipv6() {
            alone.set_only_v6(true)?;
        }
        alone.bind(&address.into())?;
        drop(alone);
        socket.set_reuse_port(true)?;
    }
    socket.bind(&address.into())?;
    Ok(socket)
}

impl Datagrams {
    pub(super) fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = socket(address, Type::DGRAM)?;
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        let socket = UdpSocket::from_std(socket.into())?;
        let local = socket.local_addr()?;
        Ok(Self { socket, state, local })
    }

    /// Answers until the server stops.
    pub async fn serve(self, door: Door, mut stop: Stop) {
        let mut arena = vec![0; LONGEST * BATCH_SIZE];
        let mut metas = [RecvMeta::default(); BATCH_SIZE];
        loop {
            let received = tokio::select! {
                () = stop.stopped() => return,
                received = self.receive(&mut arena, &mut metas) => received,
            };
            // An error is that of one datagram; the next may be good.
            let Ok(count) = received else { continue };
            for (message, meta) in arena.chunks_mut(LONGEST).zip(&metas).take(count) {
                let Some(message) = message.get(..meta.len.min(meta.stride)) else { continue };
                self.handle(&door, message, meta);
            }
        }
    }

    async fn receive(&self, arena: &mut [u8], metas: &mut [RecvMeta; BATCH_SIZE]) -> io::Result<usize> {
        let mut slots = arena.chunks_mut(LONGEST);
        let mut slices: [_; BATCH_SIZE] =
            std::array::from_fn(|_| IoSliceMut::new(slots.next().unwrap_or_default()));
        self.socket
            .async_io(Interest::READABLE, || {
                self.state.recv(UdpSockRef::from(&self.socket), &mut slices, metas)
            })
            .await
    }

    fn handle(&self, door: &Door, message: &[u8], meta: &RecvMeta) {
        let from = meta.addr;
        if from.port() == 0 {
            return;
        }
        if door.0.datagrams.take(from.ip().to_canonical(), unix_time()).is_err() {
            return door.0.metrics.turn_refused("too_often");
        }
        match door.greet(from, message) {
            Welcome::Answer(answer) => {
                let (contents, src_ip) = (&answer[..], meta.dst_ip);
                let answer = Transmit { destination: from, ecn: None, contents, segment_size: None, src_ip };
                // The client asks again where it is lost.
                let _ = self.state.try_send(UdpSockRef::from(&self.socket), &answer);
            }
            Welcome::Admitted(grant, shard, permit) => match self.apart(meta).and_then(Link::datagrams) {
                Ok(link) => door.hand_over((*grant, shard), Vec::new(), link, permit),
                Err(error) => {
                    door.0.metrics.turn_refused("busy");
                    tracing::debug!(%error, "a client of TURN gets no socket");
                }
            },
            Welcome::Nothing => {}
        }
    }

    /// A socket for this client alone: the kernel gives it what comes from there.
    fn apart(&self, meta: &RecvMeta) -> io::Result<std::net::UdpSocket> {
        let ip = meta.dst_ip.filter(|_| self.local.ip().is_unspecified()).unwrap_or(self.local.ip());
        let address = SocketAddr::new(ip, self.local.port());
        let socket = Socket::new(Domain::for_address(address), Type::DGRAM, None)?;
        if address.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        socket.set_reuse_port(true)?;
        socket.bind(&address.into())?;
        socket.connect(&meta.addr.into())?;
        Ok(socket.into())
    }
}
