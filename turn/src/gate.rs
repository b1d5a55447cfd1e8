//! What those get who have proven nothing yet. It remembers nobody.

use crate::{
    credentials::Secret,
    message::{self, Answer, Fault},
};
use std::net::SocketAddr;
use stun_types::{
    attribute::{AttributeFromRaw as _, AttributeStaticType as _, Nonce, Username, XorMappedAddress},
    message::{BINDING, IntegrityKey, Message, MessageClass},
};
use turn_types::{
    AddressFamily,
    attribute::{EvenPort, Lifetime, RequestedAddressFamily, RequestedTransport},
    message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH},
};
use viva_media::ParticipantId;

/// The number of UDP among the protocols of IP, which REQUESTED-TRANSPORT has to name (RFC 8656 §18.7).
const UDP: u8 = 17;

/// Answers first messages.
#[derive(Debug, Clone)]
pub struct Gate(Secret);

/// What comes of a message.
#[derive(Debug)]
pub enum Greeting {
    /// This is to be sent back.
    Answer(Vec<u8>),
    /// A seat may have an allocation.
    Allocate(Box<Grant>),
    /// It is none of ours.
    Nothing,
}

/// A proven wish for an allocation.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Whose it is.
    pub participant: ParticipantId,
    /// Where the client comes from.
    pub(crate) client: SocketAddr,
    pub(crate) secret: Secret,
    pub(crate) username: String,
    pub(crate) key: IntegrityKey,
    /// The nonce that it was proven with.
    pub(crate) nonce: String,
    /// The request as it came.
    pub(crate) request: Vec<u8>,
    /// For how long, in seconds, as far as the client has said it.
    pub(crate) lifetime: Option<u32>,
    /// Of which family the relayed address shall be.
    pub(crate) family: Option<AddressFamily>,
    /// Whether its port shall be even.
    pub(crate) even_port: bool,
}

impl Gate {
    /// For clients with credentials by this secret.
    pub const fn new(secret: Secret) -> Self {
        Self(secret)
    }

    /// Reads one whole message that came from `client` at `unix` seconds.
    pub fn greet(&self, unix: u64, client: SocketAddr, bytes: &[u8]) -> Greeting {
        let Some(message) = message::read(bytes) else { return Greeting::Nothing };
        if !message.has_class(MessageClass::Request) {
            return Greeting::Nothing;
        }
        let method = message.method();
        if method == BINDING {
            let mapped = XorMappedAddress::new(client, message.transaction_id());
            return Greeting::Answer(Answer::success(&message).with(&mapped).plain());
        }
        if method == ALLOCATE {
            return match self.prove(unix, client, &message) {
                Ok(grant) => Greeting::Allocate(Box::new(grant)),
                Err(answer) => Greeting::Answer(answer),
            };
        }
        if [REFRESH, CREATE_PERMISSION, CHANNEL_BIND].contains(&method) {
            return Greeting::Answer(Answer::error(&message, Fault::AllocationMismatch).plain());
        }
        Greeting::Nothing
    }

    /// Who asks, if they prove it and ask for what there is (RFC 8489 §9.2.4, RFC 8656 §7.2).
    fn prove(&self, unix: u64, client: SocketAddr, message: &Message<'_>) -> Result<Grant, Vec<u8>> {
        let Self(secret) = self;
        let challenge =
            |fault| Answer::challenge(message, fault, secret.realm(), &secret.nonce(unix)).plain();
        let (Ok(username), Ok(nonce)) = (message.attribute::<Username>(), message.attribute::<Nonce>())
        else {
            return Err(challenge(Fault::Unauthorized));
        };
        let (username, nonce) = (username.username(), nonce.nonce());
        if !secret.is_fresh(nonce, unix) {
            return Err(challenge(Fault::StaleNonce));
        }
        let participant = secret.holder(username, unix).ok_or_else(|| challenge(Fault::Unauthorized))?;
        let key = secret.key(username);
        if message.validate_integrity_with_key(&key).is_err() {
            return Err(challenge(Fault::Unauthorized));
        }
        let refuse = |fault| Err(Answer::error(message, fault).signed(&key));
        if let Some(answer) = Answer::not_understood(message) {
            return Err(answer.signed(&key));
        }
        match message.attribute::<RequestedTransport>() {
            Ok(transport) if transport.protocol() == UDP => {}
            Ok(_) => return refuse(Fault::Transport),
            Err(_) => return refuse(Fault::BadRequest),
        }
        let family = match message.raw_attribute(RequestedAddressFamily::TYPE) {
            None => None,
            Some(raw) => match RequestedAddressFamily::from_raw_ref(&raw) {
                Ok(requested) => Some(requested.family()),
                Err(_) => return refuse(Fault::AddressFamily),
            },
        };
        let even_port = match message.attribute::<EvenPort>() {
            // The port above is wanted too, for another allocation.
            Ok(even) if even.requested() => return refuse(Fault::InsufficientCapacity),
            even => even.is_ok(),
        };
        let lifetime = message.attribute::<Lifetime>().ok().map(|lifetime| lifetime.seconds());
        let (username, nonce) = (username.to_owned(), nonce.to_owned());
        let request = message.as_bytes().to_vec();
        Ok(Grant {
            participant,
            client,
            secret: secret.clone(),
            username,
            key,
            nonce,
            request,
            lifetime,
            family,
            even_port,
        })
    }
}

impl Grant {
    /// The answer where the seat or the address has as many allocations as it may have.
    pub fn over_quota(&self) -> Vec<u8> {
        self.refuse(Fault::Quota)
    }

    /// The answer where the seat is gone: its credentials are good for nothing any more.
    pub fn unseated(&self) -> Vec<u8> {
        self.refuse(Fault::Unauthorized)
    }

    /// The answer where nobody can take it now.
    pub fn no_capacity(&self) -> Vec<u8> {
        self.refuse(Fault::InsufficientCapacity)
    }

    pub(crate) fn refuse(&self, fault: Fault) -> Vec<u8> {
        let request = message::read(&self.request);
        request.map(|request| Answer::error(&request, fault).signed(&self.key)).unwrap_or_default()
    }
}
