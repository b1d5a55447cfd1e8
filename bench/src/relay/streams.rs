//! The relay's TCP: bytes of a connection pass in pieces as large as a packet, each when its turn is.

use super::way::{Way, headers, until};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpSocket, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Semaphore, mpsc},
    time::sleep,
};

/// Connections at a time; further ones wait.
const CONNECTIONS: usize = 32;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 64;
/// After a connection that could not be taken.
const PAUSE: Duration = Duration::from_millis(20);
/// Bytes of a piece: what a packet of Ethernet carries.
const PIECE: usize = 1_448;
/// Bytes of a header of TCP with timestamps.
const HEADER: u64 = 32;
/// Pieces of one way of a connection that are under way at most.
const UNDER_WAY: usize = 1_000;
/// What the kernel may hold of a connection on each side: little, since whatever it holds has passed no queue of ours.
const BUFFER: u32 = 16 << 10;

/// A socket for connections of clients.
pub(super) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket(address)?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Takes connections, and passes on what they carry.
pub(super) async fn run(listener: TcpListener, server: SocketAddr, ways: [Way; 2]) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let Ok((client, _)) = listener.accept().await else {
            // A client that has gone again, or descriptors are scarce: others wait in the kernel meanwhile.
            sleep(PAUSE).await;
            continue;
        };
        let ways = ways.clone();
        tokio::task::spawn_local(async move {
            if let Err(error) = connection(client, server, ways).await {
                tracing::debug!(%error, "a connection ended");
            }
            drop(place);
        });
    }
}

/// One connection. Where one side breaks off, so does the other.
async fn connection(client: TcpStream, server: SocketAddr, [up, down]: [Way; 2]) -> io::Result<()> {
    let own = socket(server)?;
    let server = own.connect(server).await?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
    }
    let headers = headers(server.peer_addr()?, HEADER);
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::try_join!(pass(from_client, to_server, up, headers), pass(from_server, to_client, down, headers))
        .map(drop)
}

/// Passes on all bytes of one way, and its end.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, way: Way, headers: u64) -> io::Result<()> {
    let (under_way, mut arriving) = mpsc::channel::<(u64, Box<[u8]>)>(UNDER_WAY);
    let read = async {
        // The channel ends with this, and what is under way still arrives.
        let under_way = under_way;
        let mut buffer = vec![0; PIECE];
        let mut before = 0;
        loop {
            let length = from.read(&mut buffer).await?;
            let piece = buffer.get(..length).unwrap_or_default();
            if piece.is_empty() {
                return Ok(());
            }
            before = way.carry(length as u64, headers, before).await;
            if under_way.send((before, piece.into())).await.is_err() {
                return Ok(());
            }
        }
    };
    let write = async {
        while let Some((at, piece)) = arriving.recv().await {
            until(at).await;
            to.write_all(&piece).await?;
            way.arrived(piece.len() as u64);
        }
        to.shutdown().await
    };
    tokio::try_join!(read, write).map(drop)
}

fn socket(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_recv_buffer_size(BUFFER)?;
    socket.set_send_buffer_size(BUFFER)?;
    Ok(socket)
}
