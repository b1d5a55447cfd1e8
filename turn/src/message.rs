//! Requests as they are read, answers as they are written.

use std::net::SocketAddr;
use stun_types::{
    attribute::{
        AttributeType, AttributeWrite, ErrorCode, MessageIntegrity, MessageIntegritySha256, Nonce, Realm,
        Software, UnknownAttributes, Username,
    },
    message::{
        IntegrityAlgorithm, IntegrityKey, Message, MessageClass, MessageType, MessageWrite as _,
        MessageWriteExt as _, MessageWriteVec, Method,
    },
    prelude::{Attribute as _, AttributeStaticType as _},
};
use turn_types::attribute::{
    ChannelNumber, Data, DontFragment, EvenPort, Lifetime, RequestedAddressFamily, RequestedTransport,
    XorPeerAddress,
};

/// What the answers say that they come from.
const SOFTWARE: &str = "viva";

/// Attributes that have to be understood and are (RFC 8489 §5). RESERVATION-TOKEN is not: nothing is reserved.
const UNDERSTOOD: [AttributeType; 14] = [
    Username::TYPE,
    MessageIntegrity::TYPE,
    MessageIntegritySha256::TYPE,
    Realm::TYPE,
    Nonce::TYPE,
    ErrorCode::TYPE,
    ChannelNumber::TYPE,
    Lifetime::TYPE,
    XorPeerAddress::TYPE,
    Data::TYPE,
    RequestedTransport::TYPE,
    RequestedAddressFamily::TYPE,
    EvenPort::TYPE,
    // Nothing leaves, so nothing is cut.
    DontFragment::TYPE,
];

/// Why a request gets an error (RFC 8489 §14.8, RFC 8656 §19).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub(crate) enum Fault {
    BadRequest = 400,
    Unauthorized = 401,
    Forbidden = 403,
    UnknownAttribute = 420,
    AllocationMismatch = 437,
    StaleNonce = 438,
    AddressFamily = 440,
    WrongCredentials = 441,
    Transport = 442,
    Quota = 486,
    InsufficientCapacity = 508,
}

/// A message of ours under way.
pub(crate) struct Answer(MessageWriteVec);

impl Answer {
    /// A request succeeded.
    pub(crate) fn success(request: &Message<'_>) -> Self {
        Self::of(request, MessageClass::Success)
    }

    /// A request is refused.
    pub(crate) fn error(request: &Message<'_>, fault: Fault) -> Self {
        let code = fault as u16;
        let answer = Self::of(request, MessageClass::Error);
        match ErrorCode::new(code, ErrorCode::default_reason_for_code(code)) {
            Ok(error) => answer.with(&error),
            Err(_) => answer,
        }
    }

    /// A request is refused for what it asks and we do not understand; `None`: it asks nothing of the kind.
    pub(crate) fn not_understood(request: &Message<'_>) -> Option<Self> {
        let unknown: Vec<AttributeType> = request
            .iter_attributes()
            .map(|(_, attribute)| attribute.get_type())
            .filter(|kind| kind.comprehension_required() && !UNDERSTOOD.contains(kind))
            .take(8)
            .collect();
        let answer = || Self::error(request, Fault::UnknownAttribute).with(&UnknownAttributes::new(&unknown));
        (!unknown.is_empty()).then(answer)
    }

    /// Whoever gets this shall sign, with this nonce (RFC 8489 §9.2.4).
    pub(crate) fn challenge(request: &Message<'_>, fault: Fault, realm: &str, nonce: &str) -> Self {
        let answer = Self::error(request, fault);
        match (Realm::new(realm), Nonce::new(nonce)) {
            (Ok(realm), Ok(nonce)) => answer.with(&realm).with(&nonce),
            _ => answer,
        }
    }

    fn of(request: &Message<'_>, class: MessageClass) -> Self {
        let kind = MessageType::from_class_method(class, request.method());
        Self(Message::builder(kind, request.transaction_id(), MessageWriteVec::new()))
    }

    /// With this attribute.
    pub(crate) fn with(mut self, attribute: &dyn AttributeWrite) -> Self {
        // It fails only for an attribute that stands there already.
        let _ = self.0.add_attribute(attribute);
        self
    }

    /// As it leaves, unsigned.
    pub(crate) fn plain(mut self) -> Vec<u8> {
        let _ = self.0.add_fingerprint();
        self.0.finish()
    }

    /// As it leaves, signed.
    pub(crate) fn signed(mut self, key: &IntegrityKey) -> Vec<u8> {
        if let Ok(software) = Software::new(SOFTWARE) {
            let _ = self.0.add_attribute(&software);
        }
        let _ = self.0.add_message_integrity_with_key(key, IntegrityAlgorithm::Sha1);
        self.plain()
    }
}

/// A whole STUN message, and no more than that.
pub(crate) fn read(bytes: &[u8]) -> Option<Message<'_>> {
    let length = usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]));
    let whole = length + 20 == bytes.len() && length.is_multiple_of(4);
    whole.then(|| Message::from_bytes(bytes).ok())?
}

/// Is it a request with this method?
pub(crate) fn asks(message: &Message<'_>, method: Method) -> bool {
    message.has_class(MessageClass::Request) && message.method() == method
}

/// The peers that a request names.
pub(crate) fn peers<'a>(message: &'a Message<'_>) -> impl Iterator<Item = SocketAddr> + 'a {
    let transaction = message.transaction_id();
    let all = message.iter_attributes().filter(|(_, raw)| raw.get_type() == XorPeerAddress::TYPE);
    all.filter_map(move |(_, raw)| Some(XorPeerAddress::try_from(&raw).ok()?.addr(transaction)))
}
