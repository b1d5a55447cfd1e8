//! The address under which this machine is seen, by a STUN server.

use crate::random;
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::{net::UdpSocket, time::timeout};
use viva_peer::Reflection;

const PATIENCE: Duration = Duration::from_millis(700);
/// A datagram may be lost.
const TRIES: u32 = 3;

/// As whom a STUN server sees this machine.
///
/// # Errors
/// It does not answer, or with something else.
pub async fn seen_by(server: SocketAddr) -> io::Result<IpAddr> {
    let any: IpAddr =
        if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(server).await?;
    let question = Reflection::new(random::bytes());
    for _ in 0..TRIES {
        socket.send(&question.request()).await?;
        let mut answer = [0; 1500];
        let received = timeout(PATIENCE, async {
            loop {
                let length = socket.recv(&mut answer).await?;
                if let Some(address) = answer.get(..length).and_then(|answer| question.mapped(answer)) {
                    return Ok::<_, io::Error>(address.ip());
                }
            }
        });
        if let Ok(address) = received.await {
            return address;
        }
    }
    Err(io::Error::new(io::ErrorKind::TimedOut, "it does not answer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_that_is_silent_is_given_up() {
        let silent = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        assert!(seen_by(silent.local_addr().unwrap()).await.is_err());
    }
}
