//! A client of TURN at a port that it shares with the pages: proven here, then handed over with its connection.

use super::connection::{Guest, Watched};
use crate::{plane::Link, turn::Door};
use std::io;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// Over TCP.
pub async fn plain(mut stream: Watched<TcpStream>, mut guest: Guest, door: &Door) {
    let remote = guest.remote;
    let admitted = guest.during(door.converse(&mut stream, remote)).await;
    if let Some(Ok(Some(admitted))) = admitted {
        give(guest, link(stream, None), |link, held| admitted.hand_over(link, held));
    }
}

/// Within TLS.
pub async fn within_tls(mut stream: TlsStream<Watched<TcpStream>>, mut guest: Guest, door: &Door) {
    let remote = guest.remote;
    let admitted = guest.during(door.converse(&mut stream, remote)).await;
    if let Some(Ok(Some(admitted))) = admitted {
        let (stream, session) = stream.into_inner();
        give(guest, link(stream, Some(Box::new(session))), |link, held| admitted.hand_over(link, held));
    }
}

/// From now on the connection has times of its own, as a WebSocket has; it keeps its place among all.
fn give(guest: Guest, link: io::Result<Link>, hand_over: impl FnOnce(Link, Box<dyn std::any::Any + Send>)) {
    guest.ticket.watch.upgraded();
    match link {
        Ok(link) => hand_over(link, Box::new(guest.ticket)),
        Err(error) => tracing::debug!(%error, remote = %guest.remote, "a connection cannot be handed over"),
    }
}

fn link(
    stream: Watched<TcpStream>,
    session: Option<Box<tokio_rustls::rustls::ServerConnection>>,
) -> io::Result<Link> {
    Link::stream(stream.stream.into_std()?, session)
}
