//! Packets in indications, as they go before a channel is bound (RFC 8656 §11): read and written in place.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    ops::Range,
};

/// The longest head: the message's, a peer of IPv6, the head of the data.
pub(super) const MAX: usize = HEADER + ATTRIBUTE + 20 + ATTRIBUTE;

const HEADER: usize = 20;
const ATTRIBUTE: usize = 4;
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// The type of what goes to the client: method Data, class indication.
const DATA_INDICATION: [u8; 2] = [0, 0x17];
/// XOR-PEER-ADDRESS and DATA.
const PEER: u16 = 0x0012;
const DATA: u16 = 0x0013;

/// The peer of a Send indication, and where its data stand.
pub(super) fn read(bytes: &[u8]) -> Option<(SocketAddr, Range<usize>)> {
    let (&[_, _, high, low, c0, c1, c2, c3, ..], _) = bytes.split_first_chunk::<HEADER>()?;
    if usize::from(u16::from_be_bytes([high, low])) + HEADER != bytes.len() || [c0, c1, c2, c3] != COOKIE {
        return None;
    }
    let (mut peer, mut data) = (None, None);
    let mut at = HEADER;
    while let Some((&[k0, k1, l0, l1], rest)) = bytes.get(at..)?.split_first_chunk::<ATTRIBUTE>() {
        let (kind, length) = (u16::from_be_bytes([k0, k1]), usize::from(u16::from_be_bytes([l0, l1])));
        let value = rest.get(..length)?;
        let start = at + ATTRIBUTE;
        match kind {
            PEER if peer.is_none() => peer = Some(address(value, bytes)?),
            DATA if data.is_none() => data = Some(start..start + length),
            _ => {}
        }
        at = start + length.next_multiple_of(4);
    }
    peer.zip(data)
}

/// Writes the head of a Data indication about a packet of so many bytes; its length.
pub(super) fn write(out: &mut [u8; MAX], number: u64, peer: SocketAddr, length: usize) -> Option<usize> {
    let address = if peer.is_ipv4() { 8 } else { 20 };
    let head = HEADER + ATTRIBUTE + address + ATTRIBUTE;
    let whole = u16::try_from(head - HEADER + length.next_multiple_of(4)).ok()?;
    out.get_mut(..2)?.copy_from_slice(&DATA_INDICATION);
    out.get_mut(2..4)?.copy_from_slice(&whole.to_be_bytes());
    out.get_mut(4..8)?.copy_from_slice(&COOKIE);
    out.get_mut(8..12)?.copy_from_slice(b"viva");
    out.get_mut(12..HEADER)?.copy_from_slice(&number.to_be_bytes());
    let (key, rest) = out.split_first_chunk_mut::<HEADER>()?;
    rest.get_mut(..2)?.copy_from_slice(&PEER.to_be_bytes());
    rest.get_mut(2..4)?.copy_from_slice(&(address as u16).to_be_bytes());
    let family = if peer.is_ipv4() { 1 } else { 2 };
    rest.get_mut(4..6)?.copy_from_slice(&[0, family]);
    let [p0, p1] = peer.port().to_be_bytes();
    rest.get_mut(6..8)?.copy_from_slice(&[p0 ^ COOKIE[0], p1 ^ COOKIE[1]]);
    let octets = rest.get_mut(8..4 + address)?;
    match peer.ip() {
        IpAddr::V4(ip) => octets.copy_from_slice(&ip.octets()),
        IpAddr::V6(ip) => octets.copy_from_slice(&ip.octets()),
    }
    octets.iter_mut().zip(&key[4..]).for_each(|(octet, key)| *octet ^= key);
    let tail = rest.get_mut(ATTRIBUTE + address..)?.first_chunk_mut::<ATTRIBUTE>()?;
    let [d0, d1] = DATA.to_be_bytes();
    let [l0, l1] = u16::try_from(length).ok()?.to_be_bytes();
    *tail = [d0, d1, l0, l1];
    Some(head)
}

/// An address under the cookie and the transaction of its message (RFC 8489 §14.2).
fn address(value: &[u8], message: &[u8]) -> Option<SocketAddr> {
    let (&[_, family, p0, p1], octets) = value.split_first_chunk::<4>()?;
    let port = u16::from_be_bytes([p0 ^ COOKIE[0], p1 ^ COOKIE[1]]);
    let key = message.get(4..HEADER)?;
    let ip = match (family, octets.len()) {
        (1, 4) => {
            let mut plain: [u8; 4] = octets.try_into().ok()?;
            plain.iter_mut().zip(key).for_each(|(octet, key)| *octet ^= key);
            IpAddr::from(Ipv4Addr::from(plain))
        }
        (2, 16) => {
            let mut plain: [u8; 16] = octets.try_into().ok()?;
            plain.iter_mut().zip(key).for_each(|(octet, key)| *octet ^= key);
            IpAddr::from(Ipv6Addr::from(plain))
        }
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}
