//! A client of a TURN server (RFC 8656): allocates, binds a channel to its peer, wraps and unwraps packets.

use std::{
    net::{IpAddr, SocketAddr},
    ops::Range,
};
use stun_types::{
    attribute::{AttributeWrite, ErrorCode, Nonce, Realm, Username},
    message::{
        IntegrityAlgorithm, IntegrityKey, LongTermKeyCredentials, Message, MessageClass, MessageType,
        MessageWrite as _, MessageWriteExt as _, MessageWriteVec, Method, TransactionId,
    },
    prelude::{Attribute as _, AttributeStaticType as _},
};
use turn_types::{
    AddressFamily,
    attribute::{
        ChannelNumber, Data, Lifetime, RequestedAddressFamily, RequestedTransport, XorPeerAddress,
        XorRelayedAddress,
    },
    message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH},
};

/// The channel that a client binds: it has one peer.
const CHANNEL: u16 = 0x4000;
/// The number of UDP, which is all that is relayed.
const UDP: u8 = 17;

/// A client, from its first request on.
#[derive(Debug)]
pub struct TurnClient {
    username: String,
    password: String,
    realm: String,
    nonce: String,
    key: Option<IntegrityKey>,
    transactions: u128,
    ipv6: bool,
    relayed: Option<SocketAddr>,
    bound: Option<SocketAddr>,
}

/// What a message of the server means.
#[derive(Debug, PartialEq, Eq)]
pub enum TurnNews {
    /// This is to be sent now.
    Send(Vec<u8>),
    /// There is an allocation, under this address.
    Allocated(SocketAddr),
    /// Its lifetime is so many seconds from now on.
    Refreshed(u32),
    /// A permission stands, or the channel is bound.
    Granted,
    /// These bytes of the message are a packet.
    Packet(Range<usize>),
    /// The server refuses, by this code.
    Refused(u16),
    /// Nothing.
    Nothing,
}

impl TurnClient {
    /// With what the server has issued; `seed` tells its transactions from others'.
    pub fn new(username: &str, password: &str, seed: u64) -> Self {
        Self {
            username: username.to_owned(),
            password: password.to_owned(),
            realm: String::new(),
            nonce: String::new(),
            key: None,
            transactions: u128::from(seed) << 32,
            ipv6: false,
            relayed: None,
            bound: None,
        }
    }

    /// Asks for a relayed address of the family of such a peer; otherwise it is IPv4's.
    #[must_use]
    pub const fn towards(mut self, peer: IpAddr) -> Self {
        self.ipv6 = peer.is_ipv6();
        self
    }

    /// Where its packets come from, once there is an allocation.
    pub const fn relayed(&self) -> Option<SocketAddr> {
        self.relayed
    }

    /// The first request; the server answers it with a challenge.
    pub fn allocate(&mut self) -> Vec<u8> {
        let ipv6 = self.ipv6;
        self.request(ALLOCATE, |_| {
            let mut asked: Vec<Box<dyn AttributeWrite>> = vec![Box::new(RequestedTransport::new(UDP))];
            if ipv6 {
                asked.push(Box::new(RequestedAddressFamily::new(AddressFamily::IPV6)));
            }
            asked
        })
    }

    /// Asks to reach this peer.
    pub fn permit(&mut self, peer: SocketAddr) -> Vec<u8> {
        self.request(CREATE_PERMISSION, |transaction| vec![Box::new(XorPeerAddress::new(peer, transaction))])
    }

    /// Binds the client's channel to this peer.
    pub fn bind(&mut self, peer: SocketAddr) -> Vec<u8> {
        self.bound = Some(peer);
        self.request(CHANNEL_BIND, |transaction| {
            vec![Box::new(ChannelNumber::new(CHANNEL)), Box::new(XorPeerAddress::new(peer, transaction))]
        })
    }

    /// Asks for so many seconds from now on; none end the allocation.
    pub fn refresh(&mut self, seconds: u32) -> Vec<u8> {
        self.request(REFRESH, |_| vec![Box::new(Lifetime::new(seconds))])
    }

    /// Appends a packet for the bound peer; in a stream the next message begins at a multiple of four.
    pub fn wrap(packet: &[u8], in_stream: bool, out: &mut Vec<u8>) {
        out.extend(CHANNEL.to_be_bytes());
        out.extend((packet.len() as u16).to_be_bytes());
        out.extend(packet);
        if in_stream {
            out.extend(&[0; 3][..packet.len().wrapping_neg() % 4]);
        }
    }

    /// Reads a whole message of the server.
    pub fn handle(&mut self, message: &[u8]) -> TurnNews {
        if let Some(&[0x40..=0x4f, _, high, low]) = message.first_chunk() {
            let length = usize::from(u16::from_be_bytes([high, low]));
            return if message.len() >= 4 + length {
                TurnNews::Packet(4..4 + length)
            } else {
                TurnNews::Nothing
            };
        }
        let Ok(message) = Message::from_bytes(message) else { return TurnNews::Nothing };
        match message.class() {
            MessageClass::Success => self.granted(&message),
            MessageClass::Error => self.refused(&message),
            MessageClass::Indication => packet_of(&message),
            MessageClass::Request => TurnNews::Nothing,
        }
    }

    fn granted(&mut self, answer: &Message<'_>) -> TurnNews {
        let signed = self.key.as_ref().is_some_and(|key| answer.validate_integrity_with_key(key).is_ok());
        if !signed {
            return TurnNews::Nothing;
        }
        let lifetime = answer.attribute::<Lifetime>().map_or(0, |lifetime| lifetime.seconds());
        match answer.method() {
            ALLOCATE => match answer.attribute::<XorRelayedAddress>() {
                Ok(relayed) => {
                    let relayed = relayed.addr(answer.transaction_id());
                    self.relayed = Some(relayed);
                    TurnNews::Allocated(relayed)
                }
                Err(_) => TurnNews::Nothing,
            },
            REFRESH => TurnNews::Refreshed(lifetime),
            CREATE_PERMISSION | CHANNEL_BIND => TurnNews::Granted,
            _ => TurnNews::Nothing,
        }
    }

    /// A challenge is taken up; anything else is the end of it.
    fn refused(&mut self, answer: &Message<'_>) -> TurnNews {
        let code = answer.attribute::<ErrorCode>().map_or(0, |error| error.code());
        let first = self.key.is_none() && code == 401;
        let (Ok(realm), Ok(nonce)) = (answer.attribute::<Realm>(), answer.attribute::<Nonce>()) else {
            return TurnNews::Refused(code);
        };
        if !first && code != 438 {
            return TurnNews::Refused(code);
        }
        (self.realm, self.nonce) = (realm.realm().to_owned(), nonce.nonce().to_owned());
        let credentials =
            LongTermKeyCredentials::new(self.username.clone(), self.password.clone(), self.realm.clone());
        self.key = Some(credentials.make_key(IntegrityAlgorithm::Sha1));
        match answer.method() {
            ALLOCATE => TurnNews::Send(self.allocate()),
            REFRESH => TurnNews::Send(self.refresh(600)),
            CHANNEL_BIND => match self.bound {
                Some(peer) => TurnNews::Send(self.bind(peer)),
                None => TurnNews::Refused(code),
            },
            _ => TurnNews::Refused(code),
        }
    }

    fn request(
        &mut self,
        method: Method,
        attributes: impl FnOnce(TransactionId) -> Vec<Box<dyn AttributeWrite>>,
    ) -> Vec<u8> {
        self.transactions += 1;
        let transaction = TransactionId::from(self.transactions);
        let kind = MessageType::from_class_method(MessageClass::Request, method);
        let mut request = Message::builder(kind, transaction, MessageWriteVec::new());
        // None stands there already, and none is too long: nothing fails.
        for attribute in attributes(transaction) {
            let _ = request.add_attribute(&*attribute);
        }
        if let Some(key) = &self.key
            && let (Ok(username), Ok(realm), Ok(nonce)) =
                (Username::new(&self.username), Realm::new(&self.realm), Nonce::new(&self.nonce))
        {
            let _ = request.add_attribute(&username);
            let _ = request.add_attribute(&realm);
            let _ = request.add_attribute(&nonce);
            let _ = request.add_message_integrity_with_key(key, IntegrityAlgorithm::Sha1);
        }
        request.finish()
    }
}

/// What an indication carries.
fn packet_of(message: &Message<'_>) -> TurnNews {
    let data = message.iter_attributes().find(|(_, attribute)| attribute.get_type() == Data::TYPE);
    data.map_or(TurnNews::Nothing, |(offset, data)| {
        let start = offset + 4;
        TurnNews::Packet(start..start + data.value.len())
    })
}
