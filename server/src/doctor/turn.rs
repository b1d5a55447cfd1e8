//! TURN: is it spoken, and does each of its doors answer?

use super::{Check, Finding, ports::Running, stun};
use crate::{settings::Settings, turn::addresses};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(2);
/// A question of STUN that everybody is answered (RFC 8489 §5), and how its answer begins.
const QUESTION: [u8; 20] =
    [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, b'v', b'i', b'v', b'a', b' ', b'd', b'o', b'c', b't', b'o', b'r', 0];
const ANSWER: [u8; 2] = [1, 1];

/// The doors of TURN: asked where a server runs, else looked at whether they are free.
pub async fn doors(settings: &Settings, running: &Running) -> Vec<Finding> {
    let (port, tls) = (settings.turn_port, settings.turn_tls_port);
    if port == 0 && !settings.speaks_tls() {
        let detail = "TURN is not spoken: whom a firewall lets only 443 through hears nothing";
        let remedy = "set `turn_port` (3478), or let viva speak HTTPS itself: deploy/README.md, “TURN”";
        return vec![Finding::warning(Check::Turn, detail, remedy)];
    }
    let mut doors = Vec::new();
    for (port, has_datagrams) in [(port, true), (tls, false)].into_iter().filter(|(port, _)| *port > 0) {
        // One address stands for all: they are bound together.
        let Some(address) = addresses(settings, port).into_iter().next() else { continue };
        let outcome = if matches!(running, Running::Nowhere) {
            TcpListener::bind(address).await.map(drop)
        } else {
            asked(here(address), has_datagrams).await
        };
        if let Err(error) = outcome {
            let detail = format!("port {port}: {error}");
            return vec![Finding::wrong(
                Check::Turn,
                detail,
                format!("see who has it: ss -lpn sport = :{port}"),
            )];
        }
        doors.push(port.to_string());
    }
    if settings.speaks_tls() {
        doors.push(format!("{} beside the pages", settings.listen.port()));
    }
    vec![Finding::ok(Check::Turn, format!("TURN has the ports {}", doors.join(", ")))]
}

/// Does it answer over UDP and TCP; where TLS is spoken, does it take connections?
async fn asked(door: SocketAddr, has_datagrams: bool) -> io::Result<()> {
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, "it does not answer");
    let mut stream = timeout(PATIENCE, TcpStream::connect(door)).await.map_err(late)??;
    if !has_datagrams {
        return Ok(());
    }
    stream.write_all(&QUESTION).await?;
    let mut answer = [0; 2];
    timeout(PATIENCE, stream.read_exact(&mut answer)).await.map_err(late)??;
    if answer != ANSWER {
        return Err(io::Error::other("something else answers there"));
    }
    stun::seen_by(door).await.map(drop)
}

/// Where one reaches on this machine whoever listens there.
fn here(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
