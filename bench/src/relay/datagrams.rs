//! The relay's UDP: each client has a socket of its own towards the server.

use super::way::{Exit, Way, headers, now};
use std::{
    cell::RefCell,
    collections::HashMap,
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    rc::Rc,
};
use tokio::{net::UdpSocket, task::AbortHandle};

/// Clients at a time; one more and whoever was silent the longest is forgotten.
const CLIENTS: usize = 256;
/// Bytes of the largest datagram.
const LARGEST: usize = 65_536;
/// What the kernel may hold of what comes.
const BUFFER: usize = 4 << 20;
/// Bytes of a header of UDP.
const HEADER: u64 = 8;

/// The clients, and the sockets between them and the server.
pub(super) struct Datagrams {
    socket: Rc<UdpSocket>,
    server: SocketAddr,
    ways: [Way; 2],
    clients: RefCell<HashMap<SocketAddr, Client>>,
}

struct Client {
    /// Its socket towards the server.
    exit: Exit,
    /// When something last came from it.
    heard: u64,
    /// What reads from that socket.
    reader: AbortHandle,
}

impl Drop for Client {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Datagrams {
    pub(super) fn new(socket: UdpSocket, server: SocketAddr, ways: [Way; 2]) -> Self {
        Self { socket: Rc::new(socket), server, ways, clients: RefCell::default() }
    }

    /// Takes from clients, and delivers both ways.
    pub(super) async fn run(&self) {
        let [up, down] = &self.ways;
        tokio::join!(up.deliver(), down.deliver(), self.receive());
    }

    async fn receive(&self) {
        let mut buffer = vec![0; LARGEST];
        let headers = headers(self.server, HEADER);
        loop {
            // An error tells of a client that has gone.
            let Ok((length, from)) = self.socket.recv_from(&mut buffer).await else { continue };
            match self.exit(from) {
                Ok(exit) => self.ways[0].send(buffer.get(..length).unwrap_or_default(), headers, &exit),
                Err(error) => tracing::warn!(%error, "no socket for a client"),
            }
        }
    }

    /// The socket of a client towards the server; one that is new gets one.
    fn exit(&self, from: SocketAddr) -> io::Result<Exit> {
        let mut clients = self.clients.borrow_mut();
        if let Some(client) = clients.get_mut(&from) {
            client.heard = now();
            return Ok(client.exit.clone());
        }
        if clients.len() >= CLIENTS {
            let silent = clients.iter().min_by_key(|(_, client)| client.heard).map(|(from, _)| *from);
            silent.and_then(|silent| clients.remove(&silent));
        }
        let own = socket(any_port(self.server))?;
        let own = Rc::new(own);
        let reader = tokio::task::spawn_local(answer(
            Rc::clone(&own),
            self.server,
            self.ways[1].clone(),
            Exit { socket: Rc::clone(&self.socket), to: Some(from) },
        ));
        let exit = Exit { socket: own, to: Some(self.server) };
        clients.insert(from, Client { exit: exit.clone(), heard: now(), reader: reader.abort_handle() });
        Ok(exit)
    }
}

/// Takes what the server sends to one client.
async fn answer(socket: Rc<UdpSocket>, server: SocketAddr, way: Way, exit: Exit) {
    let mut buffer = vec![0; LARGEST];
    let headers = headers(server, HEADER);
    loop {
        match socket.recv_from(&mut buffer).await {
            Ok((length, from)) if from == server => {
                way.send(buffer.get(..length).unwrap_or_default(), headers, &exit);
            }
            // Of strangers, or word that the server is not there.
            Ok(_) | Err(_) => {}
        }
    }
}

/// A socket that holds what comes while others are served.
pub(super) fn socket(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = std::net::UdpSocket::bind(address)?;
    socket.set_nonblocking(true)?;
    // Without the right to it, as much as is permitted.
    if rustix::net::sockopt::set_socket_recv_buffer_size_force(&socket, BUFFER).is_err() {
        rustix::net::sockopt::set_socket_recv_buffer_size(&socket, BUFFER)?;
    }
    UdpSocket::from_std(socket)
}

/// The address by which a socket takes any port and any interface towards another one.
fn any_port(towards: SocketAddr) -> SocketAddr {
    let address = if towards.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    SocketAddr::new(address, 0)
}
