//! What a relayed client is connected by, as it is handed over.

use crate::queue::Sink;
use mio::{event::Source, net};
use rustls::ServerConnection;
use std::{
    io::{self, IoSlice, Read, Write},
    net::{SocketAddr, TcpStream, UdpSocket},
};
use viva_media::Carrier;

/// A connection that is handed over whole: nobody else reads from it or writes to it any more.
#[derive(Debug)]
pub struct Link(Kind);

#[derive(Debug)]
enum Kind {
    /// With the client's address: of what came before the socket was connected, some may be from others.
    Datagrams(net::UdpSocket, SocketAddr),
    Stream(net::TcpStream),
    Tls(net::TcpStream, Box<ServerConnection>),
}

/// What one look into a link brought.
pub(super) enum Look {
    /// So many bytes, and there may be more.
    Bytes(usize),
    /// Nothing for now.
    Dry,
    /// Nothing ever again.
    Closed,
}

impl Link {
    /// A UDP socket that is connected to its client.
    ///
    /// # Errors
    /// It cannot be set to return at once.
    pub fn datagrams(socket: UdpSocket) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        let client = socket.peer_addr()?;
        Ok(Self(Kind::Datagrams(net::UdpSocket::from_std(socket), client)))
    }

    /// A TCP connection, with its TLS session where that is spoken in it.
    ///
    /// # Errors
    /// It cannot be set to return at once.
    pub fn stream(socket: TcpStream, tls: Option<Box<ServerConnection>>) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        crate::tcp::prepare(&socket);
        let socket = net::TcpStream::from_std(socket);
        Ok(Self(match tls {
            Some(tls) => Kind::Tls(socket, tls),
            None => Kind::Stream(socket),
        }))
    }

    /// What carries its packets.
    pub(super) const fn carrier(&self) -> Carrier {
        match self.0 {
            Kind::Datagrams(..) => Carrier::TurnUdp,
            Kind::Stream(_) => Carrier::TurnTcp,
            Kind::Tls(..) => Carrier::TurnTls,
        }
    }

    /// What the kernel watches.
    pub(super) fn source(&mut self) -> &mut dyn Source {
        match &mut self.0 {
            Kind::Datagrams(socket, _) => socket,
            Kind::Stream(socket) | Kind::Tls(socket, _) => socket,
        }
    }

    /// One datagram, or what is there of a stream.
    pub(super) fn read(&mut self, into: &mut [u8]) -> Look {
        let outcome = match &mut self.0 {
            Kind::Datagrams(socket, client) => {
                return match socket.recv_from(into) {
                    Ok((count, from)) if from == *client => Look::Bytes(count),
                    // Another datagram may be good: this one is a stranger's, or one of ours was refused on its way.
                    Ok(_) => Look::Bytes(0),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => Look::Dry,
                    Err(_) => Look::Bytes(0),
                };
            }
            Kind::Stream(socket) => socket.read(into),
            Kind::Tls(socket, tls) => read_tls(socket, tls, into),
        };
        match outcome {
            Ok(0) => Look::Closed,
            Ok(count) => Look::Bytes(count),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Look::Dry,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Look::Bytes(0),
            Err(_) => Look::Closed,
        }
    }

    /// Sends one datagram; false: the kernel has no room for it.
    ///
    /// # Errors
    /// It is no link of datagrams.
    pub(super) fn send(&self, datagram: &[u8]) -> io::Result<bool> {
        let Kind::Datagrams(socket, _) = &self.0 else { return Err(io::ErrorKind::Unsupported.into()) };
        match socket.send(datagram) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
            // Of an earlier datagram, by ICMP; the client is gone when it refreshes no more.
            Err(_) => Ok(true),
        }
    }

    /// Says something to who is not let in; whether it arrives does not matter.
    pub(super) fn say_last(&mut self, message: &[u8]) {
        let _ = match &self.0 {
            Kind::Datagrams(..) => self.send(message).map(drop),
            Kind::Stream(_) | Kind::Tls(..) => self.write([message, &[]]).map(drop),
        };
    }
}

impl Sink for Link {
    fn holds(&self) -> bool {
        matches!(&self.0, Kind::Tls(_, tls) if tls.wants_write())
    }

    /// What TLS has sealed leaves first.
    fn write(&mut self, [front, back]: [&[u8]; 2]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::Datagrams(..) => Ok(front.len() + back.len()),
            Kind::Stream(socket) => socket.write_vectored(&[IoSlice::new(front), IoSlice::new(back)]),
            Kind::Tls(socket, tls) => {
                while tls.wants_write() {
                    if tls.write_tls(socket)? == 0 {
                        return Err(io::ErrorKind::WriteZero.into());
                    }
                }
                if front.is_empty() && back.is_empty() {
                    return Ok(0);
                }
                let room = RECORD.saturating_sub(front.len().min(RECORD));
                let front = front.get(..RECORD).unwrap_or(front);
                let back = back.get(..room).unwrap_or(back);
                let count = tls.writer().write_vectored(&[IoSlice::new(front), IoSlice::new(back)])?;
                match tls.write_tls(socket) {
                    Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(error),
                    _ => Ok(count),
                }
            }
        }
    }
}

/// What is sealed at once: the longest record of TLS.
const RECORD: usize = 16 << 10;

/// Records without anything in them that are read in one look.
const EMPTY: usize = 8;

fn read_tls(socket: &mut net::TcpStream, tls: &mut ServerConnection, into: &mut [u8]) -> io::Result<usize> {
    for _ in 0..EMPTY {
        match tls.reader().read(into) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            outcome => return outcome,
        }
        if tls.read_tls(socket)? == 0 {
            return Ok(0);
        }
        tls.process_new_packets().map_err(io::Error::other)?;
    }
    Err(io::ErrorKind::Interrupted.into())
}
