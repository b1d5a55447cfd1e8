//! The address under which this machine is seen, by one question of STUN (RFC 8489 §5 and §14.2).

use crate::random;
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::{net::UdpSocket, time::timeout};

const COOKIE: u32 = 0x2112_A442;
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
    let id: [u8; 12] = random::bytes();
    let mut question = vec![0, 1, 0, 0];
    question.extend_from_slice(&COOKIE.to_be_bytes());
    question.extend_from_slice(&id);
    for _ in 0..TRIES {
        socket.send(&question).await?;
        let mut answer = [0; 1500];
        let received = timeout(PATIENCE, async {
            loop {
                let length = socket.recv(&mut answer).await?;
                if let Some(address) = answer.get(..length).and_then(|answer| mapped(answer, &id)) {
                    return Ok::<_, io::Error>(address);
                }
            }
        });
        if let Ok(address) = received.await {
            return address;
        }
    }
    Err(io::Error::new(io::ErrorKind::TimedOut, "it does not answer"))
}

/// The address of XOR-MAPPED-ADDRESS in the answer to the question with this id.
fn mapped(answer: &[u8], id: &[u8; 12]) -> Option<IpAddr> {
    let (head, mut rest) = answer.split_at_checked(20)?;
    let cookie = COOKIE.to_be_bytes();
    if head.get(..2)? != [1, 1] || head.get(4..8)? != cookie || head.get(8..20)? != id {
        return None;
    }
    while let Some((attribute, value)) = rest.split_at_checked(4) {
        let length = usize::from(u16::from_be_bytes([attribute[2], attribute[3]]));
        let (value, after) = value.split_at_checked(length)?;
        if attribute.get(..2)? == [0, 0x20] {
            return unmasked(value, &cookie, id);
        }
        rest = after.get((4 - length % 4) % 4..)?;
    }
    None
}

fn unmasked(value: &[u8], cookie: &[u8; 4], id: &[u8; 12]) -> Option<IpAddr> {
    let mut mask = [0; 16];
    mask[..4].copy_from_slice(cookie);
    mask[4..].copy_from_slice(id);
    let bytes = value.get(4..)?;
    let clear = |index: usize| bytes.get(index).map(|byte| byte ^ mask[index]);
    match (value.get(1)?, bytes.len()) {
        (1, 4) => {
            let mut four = [0; 4];
            for (index, byte) in four.iter_mut().enumerate() {
                *byte = clear(index)?;
            }
            Some(IpAddr::from(four))
        }
        (2, 16) => {
            let mut six = [0; 16];
            for (index, byte) in six.iter_mut().enumerate() {
                *byte = clear(index)?;
            }
            Some(IpAddr::from(six))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer of RFC 5769 §2.2: 192.0.2.1, port 32853.
    const ID: [u8; 12] = [0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae];

    fn answer() -> Vec<u8> {
        let mut answer = vec![1, 1, 0, 0x3c, 0x21, 0x12, 0xa4, 0x42];
        answer.extend_from_slice(&ID);
        answer.extend_from_slice(&[0x80, 0x22, 0, 0x0b]);
        answer.extend_from_slice(b"test vector ");
        answer.extend_from_slice(&[0, 0x20, 0, 8, 0, 1, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43]);
        answer
    }

    #[test]
    fn the_address_of_the_vector_is_read() {
        assert_eq!(mapped(&answer(), &ID), Some(IpAddr::from([192, 0, 2, 1])));
    }

    #[test]
    fn other_answers_and_parts_of_one_are_none() {
        let whole = answer();
        assert_eq!(mapped(&whole, &[0; 12]), None, "of another question");
        for length in 0..whole.len() {
            assert_eq!(mapped(&whole[..length], &ID), None, "{length} bytes of it");
        }
        for index in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[index] ^= 0xff;
            let _ = mapped(&damaged, &ID);
        }
    }

    #[tokio::test]
    async fn a_server_that_is_silent_is_given_up() {
        let silent = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        assert!(seen_by(silent.local_addr().unwrap()).await.is_err());
    }
}
