//! What the ACME server asks to see: that a name is this server's (RFC 8555 §8.3, RFC 8737).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio_rustls::rustls::sign::CertifiedKey;

/// The protocol by which it asks during a handshake (RFC 8737 §6.2).
pub const ALPN: &[u8] = b"acme-tls/1";

/// The answers of the moment. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Challenges(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// By token.
    plain: HashMap<String, String>,
    /// By name.
    shown: HashMap<String, Arc<CertifiedKey>>,
}

/// Answers are given until this is dropped.
#[derive(Debug)]
pub struct Answers(Challenges);

impl Challenges {
    /// Answers for one order; those of another end.
    pub fn answers(&self) -> Answers {
        *self.state() = State::default();
        Answers(self.clone())
    }

    /// The answer over plain HTTP.
    pub fn plain(&self, token: &str) -> Option<String> {
        self.state().plain.get(token).cloned()
    }

    /// The certificate of the answer in a handshake.
    pub fn shown(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        self.state().shown.get(&name.to_ascii_lowercase()).cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answers {
    /// To be read at `/.well-known/acme-challenge/` and the token.
    pub fn plain(&self, token: &str, answer: &str) {
        self.0.state().plain.insert(token.to_owned(), answer.to_owned());
    }

    /// To be shown in a handshake with this name.
    pub fn shown(&self, name: &str, key: CertifiedKey) {
        self.0.state().shown.insert(name.to_ascii_lowercase(), Arc::new(key));
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        *self.0.state() = State::default();
    }
}
