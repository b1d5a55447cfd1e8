//! The detour of a client by TURN: what it sends to a port of ours goes into an allocation, and what comes out of that, back.
//!
//! The client knows nothing of it, so that the same load is played with and without; what the detour itself costs is paid by the
//! load's cores.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket},
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};
use viva_peer::{TurnClient, TurnNews, tls_of_any_server};
use viva_signaling::message::IceServer;
use viva_turn::first_length;

/// What a client reaches the server's doors by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detour {
    Udp,
    Tcp,
    Tls,
}

/// Whatever carries a stream.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Detour {
    /// Its name beside the server's.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Udp => "TURN/UDP",
            Self::Tcp => "TURN/TCP",
            Self::Tls => "TURN/TLS",
        }
    }

    const fn mark(self) -> (&'static str, &'static str) {
        match self {
            Self::Udp => ("turn:", "transport=udp"),
            Self::Tcp => ("turn:", "transport=tcp"),
            Self::Tls => ("turns:", "transport=tcp"),
        }
    }

    /// Opens an allocation for `peer`; gives the port through which it is reached.
    ///
    /// # Errors
    /// Where the server does not offer it, or refuses.
    pub async fn open(
        self,
        ice: &[IceServer],
        server: Ipv4Addr,
        peer: SocketAddr,
    ) -> Result<SocketAddr, String> {
        let ice = ice.first().ok_or("the server does not speak TURN")?;
        let (scheme, transport) = self.mark();
        let mut urls = ice.urls.iter().filter(|url| url.starts_with(scheme) && url.ends_with(transport));
        let url = urls.next().ok_or("the server does not speak this kind of TURN")?;
        let port = url.split(['?', ':']).nth(2).and_then(|port| port.parse().ok());
        let at = SocketAddr::from((server, port.ok_or("a URL of TURN without its port")?));
        let turn = TurnClient::new(&ice.username, &ice.credential, u64::from(peer.port()));
        let local = UdpSocket::bind((server, 0)).await.map_err(|error| error.to_string())?;
        let address = local.local_addr().map_err(|error| error.to_string())?;
        let opened = async {
            match self {
                Self::Udp => by_datagrams(at, turn, peer, local).await,
                Self::Tcp => by_stream(plain(at).await?, turn, peer, local).await,
                Self::Tls => by_stream(encrypted(at).await?, turn, peer, local).await,
            }
        };
        opened.await.map_err(|error| format!("{}: {error}", self.name()))?;
        Ok(address)
    }
}

async fn plain(at: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(at).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A connection to the server that this run has started.
pub async fn encrypted(at: SocketAddr) -> io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
    let connector = TlsConnector::from(Arc::new(tls_of_any_server().map_err(io::Error::other)?));
    connector.connect(ServerName::from(at.ip()), plain(at).await?).await
}

async fn by_stream(
    mut stream: impl Stream + 'static,
    mut turn: TurnClient,
    peer: SocketAddr,
    local: UdpSocket,
) -> io::Result<()> {
    let mut inbox = Vec::with_capacity(1 << 16);
    let request = turn.allocate();
    stream.write_all(&request).await?;
    loop {
        let message = next(&mut stream, &mut inbox).await?;
        match turn.handle(&message) {
            TurnNews::Send(request) => stream.write_all(&request).await?,
            TurnNews::Allocated(_) => stream.write_all(&turn.bind(peer)).await?,
            TurnNews::Granted => break,
            news => return Err(io::Error::other(format!("{news:?}"))),
        }
    }
    tokio::spawn(async move {
        // It ends with the client or the server.
        let _ = carry(stream, turn, inbox, local).await;
    });
    Ok(())
}

async fn next(stream: &mut impl Stream, inbox: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    loop {
        if let Some(length) = first_length(inbox).map_err(|_| io::Error::other("no TURN"))?
            && inbox.len() >= length
        {
            return Ok(inbox.drain(..length).collect());
        }
        if stream.read_buf(inbox).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

async fn carry(
    stream: impl Stream,
    mut turn: TurnClient,
    mut inbox: Vec<u8>,
    local: UdpSocket,
) -> io::Result<()> {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let (mut packet, mut message) = (vec![0; 2048], Vec::new());
    let mut client = None;
    loop {
        tokio::select! {
            received = local.recv_from(&mut packet) => {
                let (count, from) = received?;
                client = Some(from);
                message.clear();
                TurnClient::wrap(packet.get(..count).unwrap_or_default(), true, &mut message);
                writer.write_all(&message).await?;
            }
            read = reader.read_buf(&mut inbox) => {
                if read? == 0 {
                    return Ok(());
                }
                let mut taken = 0;
                while let Ok(Some(length)) = first_length(&inbox[taken..]) {
                    let Some(whole) = inbox.get(taken..taken + length) else { break };
                    if let (TurnNews::Packet(range), Some(client)) = (turn.handle(whole), client) {
                        local.send_to(whole.get(range).unwrap_or_default(), client).await?;
                    }
                    taken += length;
                }
                inbox.drain(..taken);
            }
        }
    }
}

async fn by_datagrams(
    at: SocketAddr,
    mut turn: TurnClient,
    peer: SocketAddr,
    local: UdpSocket,
) -> io::Result<()> {
    let socket = UdpSocket::bind((local.local_addr()?.ip(), 0)).await?;
    socket.connect(at).await?;
    let mut buffer = vec![0; 2048];
    socket.send(&turn.allocate()).await?;
    loop {
        let count = socket.recv(&mut buffer).await?;
        match turn.handle(buffer.get(..count).unwrap_or_default()) {
            TurnNews::Send(request) => socket.send(&request).await?,
            TurnNews::Allocated(_) => socket.send(&turn.bind(peer)).await?,
            TurnNews::Granted => break,
            news => return Err(io::Error::other(format!("{news:?}"))),
        };
    }
    tokio::spawn(async move {
        let (mut message, mut client, mut answer) = (Vec::new(), None, vec![0; 2048]);
        loop {
            tokio::select! {
                Ok((count, from)) = local.recv_from(&mut buffer) => {
                    client = Some(from);
                    message.clear();
                    TurnClient::wrap(buffer.get(..count).unwrap_or_default(), false, &mut message);
                    let _ = socket.send(&message).await;
                }
                Ok(count) = socket.recv(&mut answer) => {
                    let whole = answer.get(..count).unwrap_or_default();
                    if let (TurnNews::Packet(range), Some(client)) = (turn.handle(whole), client) {
                        let _ = local.send_to(whole.get(range).unwrap_or_default(), client).await;
                    }
                }
                else => return,
            }
        }
    });
    Ok(())
}
