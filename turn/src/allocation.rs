//! One client's allocation: its lifetime, the peers that it may have, and its packets both ways.

mod indication;

use crate::{
    framing::{self, CHANNEL, is_channel},
    gate::Grant,
    message::{self, Answer, Fault},
};
use arrayvec::ArrayVec;
use std::{
    net::{IpAddr, SocketAddr},
    ops::Range,
    sync::Arc,
    time::Duration,
};
use stun_types::{
    attribute::{Nonce, Username, XorMappedAddress},
    message::{BINDING, Message},
};
use turn_types::{
    AddressFamily,
    attribute::{ChannelNumber, Lifetime, XorPeerAddress, XorRelayedAddress},
    message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH},
};
use viva_media::ParticipantId;
use viva_wire::Micros;

/// The longest header before a packet for the client: an indication with an IPv6 address.
pub const MAX_HEADER: usize = indication::MAX;

/// Addresses that may be permitted, and channels that may be bound, at once: there are no more peers than the shard has
/// sockets.
const MOST: usize = 16;
/// RFC 8656 §7.2: what an allocation lasts at least, and at most.
const LIFETIME: Range<u32> = 600..3600;
/// RFC 8656 §9 and §12.
const PERMISSION: Duration = Duration::from_secs(300);
const BINDING_LASTS: Duration = Duration::from_secs(600);
/// RFC 8656 §5: a nonce changes at least once an hour.
const NONCE: Duration = Duration::from_secs(3000);
/// Requests that may come at once, and how long until one more: each costs the shard an HMAC. A client refreshes some few
/// things in minutes.
const REQUESTS: u32 = 100;
const REQUEST: Duration = Duration::from_millis(50);

/// An allocation.
#[derive(Debug)]
pub struct Allocation {
    grant: Grant,
    relayed: SocketAddr,
    /// All that it may ever reach: the sockets of its own shard.
    peers: Arc<[SocketAddr]>,
    expires: Micros,
    nonce_since: Micros,
    permissions: ArrayVec<(IpAddr, Micros), MOST>,
    channels: ArrayVec<Channel, MOST>,
    /// When there may be [`REQUESTS`] at once again.
    rested: Micros,
    /// Indications so far, which tells them apart.
    indications: u64,
}

#[derive(Debug, Clone, Copy)]
struct Channel {
    number: u16,
    peer: SocketAddr,
    until: Micros,
}

/// What comes of a message of the client.
#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    /// These bytes of it are a packet for the peer.
    Packet(SocketAddr, Range<usize>),
    /// This is to be sent back.
    Answer(Vec<u8>),
    /// This is to be sent back, and then the allocation is over.
    Ended(Vec<u8>),
    /// It is dropped.
    Refused(Refused),
}

/// Why a message is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is neither STUN nor a channel's data, or says nothing that we know.
    Malformed,
    /// It goes to somebody who is no peer, or for whom no permission stands.
    NoPermission,
    /// Its channel is not bound.
    NoChannel,
    /// There were too many requests before it.
    TooOften,
}

/// What stands around a packet for the client, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrapping {
    /// Before it.
    pub header: usize,
    /// Zeros behind it.
    pub padding: usize,
}

impl Allocation {
    /// Opens what was granted, under this name, and says so to the client. `peers`: the addresses of the shard's own sockets,
    /// as clients are told them.
    pub fn open(grant: Grant, relayed: SocketAddr, peers: Arc<[SocketAddr]>, now: Micros) -> (Self, Vec<u8>) {
        let expires = now + lifetime(grant.lifetime);
        let (permissions, channels) = Default::default();
        let allocation = Self {
            grant,
            relayed,
            peers,
            expires,
            nonce_since: now,
            permissions,
            channels,
            rested: now,
            indications: 0,
        };
        let answer = allocation.opened(now);
        (allocation, answer)
    }

    /// Whose it is.
    pub const fn participant(&self) -> ParticipantId {
        self.grant.participant
    }

    /// The address that its packets come from.
    pub const fn relayed(&self) -> SocketAddr {
        self.relayed
    }

    /// When it is over unless the client refreshes it.
    pub const fn expires(&self) -> Micros {
        self.expires
    }

    /// Takes a whole message of the client.
    pub fn handle(&mut self, now: Micros, bytes: &[u8]) -> Received {
        match bytes.first_chunk() {
            Some(&[first, second, high, low]) if first >> 6 == 1 => {
                let length = usize::from(u16::from_be_bytes([high, low]));
                self.handle_channel(now, u16::from_be_bytes([first, second]), length, bytes.len())
            }
            Some(&[0, 0x16, ..]) => match indication::read(bytes) {
                Some((peer, data)) if self.is_permitted(now, peer) => Received::Packet(peer, data),
                Some(_) => Received::Refused(Refused::NoPermission),
                None => Received::Refused(Refused::Malformed),
            },
            _ if self.is_too_often(now) => Received::Refused(Refused::TooOften),
            _ => message::read(bytes)
                .and_then(|message| self.handle_request(now, &message))
                .unwrap_or(Received::Refused(Refused::Malformed)),
        }
    }

    /// Takes one of the requests that there may be now.
    fn is_too_often(&mut self, now: Micros) -> bool {
        let rested = self.rested.max(now) + REQUEST;
        let too_often = rested.since(now) > REQUEST * REQUESTS;
        if !too_often {
            self.rested = rested;
        }
        too_often
    }

    fn handle_channel(&self, now: Micros, number: u16, length: usize, whole: usize) -> Received {
        // Over UDP there may be padding, over streams there is.
        if CHANNEL + length > whole || whole - CHANNEL - length > 3 {
            return Received::Refused(Refused::Malformed);
        }
        let bound = self.channels.iter().find(|channel| channel.number == number && channel.until > now);
        match bound {
            Some(channel) => Received::Packet(channel.peer, CHANNEL..CHANNEL + length),
            None => Received::Refused(Refused::NoChannel),
        }
    }

    /// Answers a request; `None`: it is none of ours.
    fn handle_request(&mut self, now: Micros, request: &Message<'_>) -> Option<Received> {
        let method = request.method();
        if message::asks(request, BINDING) {
            let mapped = XorMappedAddress::new(self.grant.client, request.transaction_id());
            return Some(Received::Answer(Answer::success(request).with(&mapped).plain()));
        }
        let known = [ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND];
        known.into_iter().find(|known| message::asks(request, *known))?;
        if method == ALLOCATE && request.as_bytes() == self.grant.request {
            return Some(Received::Answer(self.opened(now)));
        }
        if let Err(answer) = self.prove(now, request) {
            return Some(Received::Answer(answer));
        }
        if let Some(answer) = Answer::not_understood(request) {
            return Some(Received::Answer(answer.signed(&self.grant.key)));
        }
        if method == REFRESH {
            return Some(self.refresh(now, request));
        }
        let outcome = match method {
            CREATE_PERMISSION => self.permit(now, request),
            CHANNEL_BIND => self.bind(now, request),
            _ => Err(Fault::AllocationMismatch),
        };
        let answer = match outcome {
            Ok(()) => Answer::success(request),
            Err(fault) => Answer::error(request, fault),
        };
        Some(Received::Answer(answer.signed(&self.grant.key)))
    }

    /// Is it from who opened this (RFC 8656 §5, RFC 8489 §9.2.4)?
    fn prove(&mut self, now: Micros, request: &Message<'_>) -> Result<(), Vec<u8>> {
        if now.since(self.nonce_since) >= NONCE {
            let next = format!("{} {} {}", self.grant.nonce, self.relayed, now.0);
            self.grant.nonce = self.grant.secret.prove("next nonce", &next);
            self.nonce_since = now;
        }
        let Grant { secret, username, key, nonce, .. } = &self.grant;
        let challenge = |fault| Err(Answer::challenge(request, fault, secret.realm(), nonce).plain());
        let (Ok(shown), Ok(with)) = (request.attribute::<Username>(), request.attribute::<Nonce>()) else {
            return challenge(Fault::Unauthorized);
        };
        if with.nonce() != nonce {
            return challenge(Fault::StaleNonce);
        }
        if shown.username() != username {
            return challenge(Fault::WrongCredentials);
        }
        match request.validate_integrity_with_key(key) {
            Ok(_) => Ok(()),
            Err(_) => challenge(Fault::Unauthorized),
        }
    }

    fn refresh(&mut self, now: Micros, request: &Message<'_>) -> Received {
        let wished = request.attribute::<Lifetime>().ok().map(|lifetime| lifetime.seconds());
        let key = &self.grant.key;
        if wished == Some(0) {
            return Received::Ended(Answer::success(request).with(&Lifetime::new(0)).signed(key));
        }
        let lasts = lifetime(wished);
        self.expires = now + lasts;
        let seconds = Lifetime::new(lasts.as_secs() as u32);
        Received::Answer(Answer::success(request).with(&seconds).signed(key))
    }

    /// All the peers that are named, or none (RFC 8656 §10.2).
    fn permit(&mut self, now: Micros, request: &Message<'_>) -> Result<(), Fault> {
        let named: ArrayVec<IpAddr, MOST> =
            message::peers(request).map(|peer| peer.ip()).take(MOST).collect();
        if named.is_empty() {
            return Err(Fault::BadRequest);
        }
        if message::peers(request).any(|peer| self.peers.iter().all(|ours| ours.ip() != peer.ip())) {
            return Err(Fault::Forbidden);
        }
        named.into_iter().try_for_each(|ip| self.allow(now, ip))
    }

    fn allow(&mut self, now: Micros, ip: IpAddr) -> Result<(), Fault> {
        let until = now + PERMISSION;
        if let Some(permission) = self.permissions.iter_mut().find(|permission| permission.0 == ip) {
            permission.1 = until;
            return Ok(());
        }
        self.permissions.retain(|permission| permission.1 > now);
        self.permissions.try_push((ip, until)).map_err(|_| Fault::InsufficientCapacity)
    }

    /// RFC 8656 §12.2.
    fn bind(&mut self, now: Micros, request: &Message<'_>) -> Result<(), Fault> {
        let number = request.attribute::<ChannelNumber>().map_err(|_| Fault::BadRequest)?.channel();
        let peer = request.attribute::<XorPeerAddress>().map_err(|_| Fault::BadRequest)?;
        let peer = peer.addr(request.transaction_id());
        if !is_channel(number) {
            return Err(Fault::BadRequest);
        }
        if !self.peers.contains(&peer) {
            return Err(Fault::Forbidden);
        }
        self.channels.retain(|channel| channel.until > now);
        let until = now + BINDING_LASTS;
        let same = |channel: &&mut Channel| channel.number == number || channel.peer == peer;
        match self.channels.iter_mut().find(same) {
            Some(channel) if channel.number == number && channel.peer == peer => channel.until = until,
            Some(_) => return Err(Fault::BadRequest),
            None => {
                let channel = Channel { number, peer, until };
                self.channels.try_push(channel).map_err(|_| Fault::InsufficientCapacity)?;
            }
        }
        self.allow(now, peer.ip())
    }

    /// May packets go to this peer, and come from it? A peer is a socket of ours, or nobody.
    fn is_permitted(&self, now: Micros, peer: SocketAddr) -> bool {
        let permitted = |permission: &(IpAddr, Micros)| permission.0 == peer.ip() && permission.1 > now;
        self.peers.contains(&peer) && self.permissions.iter().any(permitted)
    }

    /// Writes what stands before a packet of so many bytes from the peer; `None`: nothing of this peer may come.
    pub fn wrap(
        &mut self,
        now: Micros,
        peer: SocketAddr,
        length: usize,
        in_stream: bool,
        header: &mut [u8; MAX_HEADER],
    ) -> Option<Wrapping> {
        let bound = self.channels.iter().find(|channel| channel.peer == peer && channel.until > now);
        if let Some(channel) = bound {
            let [n0, n1] = channel.number.to_be_bytes();
            let [l0, l1] = u16::try_from(length).ok()?.to_be_bytes();
            header.first_chunk_mut().map(|head| *head = [n0, n1, l0, l1])?;
            let padding = if in_stream { framing::padding(length) } else { 0 };
            return Some(Wrapping { header: CHANNEL, padding });
        }
        if !self.is_permitted(now, peer) {
            return None;
        }
        self.indications += 1;
        let header = indication::write(header, self.indications, peer, length)?;
        Some(Wrapping { header, padding: framing::padding(length) })
    }

    /// The answer to the request that opened it (RFC 8656 §7.2).
    fn opened(&self, now: Micros) -> Vec<u8> {
        let Grant { request, client, key, .. } = &self.grant;
        let Some(request) = message::read(request) else { return Vec::new() };
        let transaction = request.transaction_id();
        let seconds = self.expires.since(now).as_secs() as u32;
        Answer::success(&request)
            .with(&XorRelayedAddress::new(self.relayed, transaction))
            .with(&Lifetime::new(seconds))
            .with(&XorMappedAddress::new(*client, transaction))
            .signed(key)
    }
}

impl Grant {
    /// Is an IPv6 address asked for? `None`: nothing is said, which means IPv4 (RFC 8656 §7.2).
    pub fn wants_ipv6(&self) -> Option<bool> {
        self.family.map(|family| family == AddressFamily::IPV6)
    }

    /// Is a relayed address with an even port asked for (RFC 8656 §18.5)?
    pub const fn wants_even_port(&self) -> bool {
        self.even_port
    }

    /// The answer where there is no peer of the family that is asked for.
    pub fn no_such_family(&self) -> Vec<u8> {
        self.refuse(Fault::AddressFamily)
    }
}

/// How long what the client wishes becomes.
fn lifetime(wished: Option<u32>) -> Duration {
    let seconds = wished.unwrap_or(LIFETIME.start).clamp(LIFETIME.start, LIFETIME.end);
    Duration::from_secs(seconds.into())
}
