//! One way through TURN to its end: an allocation, a channel to the media, a check of ICE there and its answer back.

use super::visit::Visit;
use crate::random;
use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket},
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};
use viva_peer::{TurnClient, TurnNews, tls_of_any_server};
use viva_turn::first_length;

/// What carries it to the server.
#[derive(Debug, Clone)]
pub enum Transport {
    Udp,
    Tcp,
    /// With the name that is asked for in the handshake.
    Tls(ServerName<'static>),
}

/// A door of TURN.
#[derive(Debug, Clone)]
pub struct Way {
    /// Where it is on this machine.
    pub at: SocketAddr,
    /// By what.
    pub transport: Transport,
}

impl Way {
    /// How it is called in a finding.
    pub fn name(&self) -> String {
        let transport = match self.transport {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
            Transport::Tls(_) => "TLS",
        };
        format!("{transport} at {}", self.at.port())
    }

    /// Goes it to its end.
    ///
    /// # Errors
    /// Nobody answers, or the server refuses.
    pub async fn go(&self, visit: &Visit) -> io::Result<()> {
        let mut carrier = self.open().await?;
        let seed = u64::from_le_bytes(random::bytes());
        let mut turn = TurnClient::new(&visit.username, &visit.password, seed).towards(visit.media.ip());
        carrier.send(&turn.allocate()).await?;
        loop {
            match turn.handle(&carrier.next().await?) {
                TurnNews::Send(request) => carrier.send(&request).await?,
                TurnNews::Allocated(_) => carrier.send(&turn.bind(visit.media)).await?,
                TurnNews::Granted => break,
                TurnNews::Refused(code) => return Err(io::Error::other(format!("it refuses ({code})"))),
                _ => {}
            }
        }
        let (id, mut wrapped) = (random::bytes(), Vec::new());
        let in_stream = matches!(carrier, Carrier::Stream(..));
        TurnClient::wrap(&visit.ice.request(id), in_stream, &mut wrapped);
        carrier.send(&wrapped).await?;
        loop {
            let message = carrier.next().await?;
            // The answer names the relayed address: it went by no other way.
            if let TurnNews::Packet(range) = turn.handle(&message)
                && let (Some(packet), Some(relayed)) = (message.get(range), turn.relayed())
                && visit.ice.is_answered(id, packet, relayed)
            {
                break;
            }
        }
        carrier.send(&turn.refresh(0)).await
    }

    async fn open(&self) -> io::Result<Carrier> {
        if matches!(self.transport, Transport::Udp) {
            let any =
                if self.at.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
            let socket = UdpSocket::bind(SocketAddr::new(any, 0)).await?;
            socket.connect(self.at).await?;
            return Ok(Carrier::Datagrams(socket));
        }
        let stream = TcpStream::connect(self.at).await?;
        let stream: Box<dyn Stream> = match &self.transport {
            Transport::Tls(name) => {
                let connector = TlsConnector::from(Arc::new(tls_of_any_server().map_err(io::Error::other)?));
                Box::new(connector.connect(name.clone(), stream).await?)
            }
            _ => Box::new(stream),
        };
        Ok(Carrier::Stream(stream, Vec::new()))
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

enum Carrier {
    Datagrams(UdpSocket),
    /// With what has come and is not read yet.
    Stream(Box<dyn Stream>, Vec<u8>),
}

impl Carrier {
    async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        match self {
            Self::Datagrams(socket) => socket.send(message).await.map(drop),
            Self::Stream(stream, _) => {
                stream.write_all(message).await?;
                stream.flush().await
            }
        }
    }

    /// The next whole message.
    async fn next(&mut self) -> io::Result<Vec<u8>> {
        match self {
            Self::Datagrams(socket) => {
                let mut message = vec![0; 2048];
                let length = socket.recv(&mut message).await?;
                message.truncate(length);
                Ok(message)
            }
            Self::Stream(stream, inbox) => loop {
                let length =
                    first_length(inbox).map_err(|_| io::Error::other("something else answers there"))?;
                if let Some(length) = length
                    && inbox.len() >= length
                {
                    return Ok(inbox.drain(..length).collect());
                }
                if stream.read_buf(inbox).await? == 0 {
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it closes the connection"));
                }
            },
        }
    }
}
