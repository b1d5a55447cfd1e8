//! Connectivity checks of a full ICE agent: when to check, which answers count, what others' checks are answered.

use crate::{Datagrams, Random};
use aws_lc_rs::hmac;
use is::stun::{StunMessage, TransId};
use std::{net::SocketAddr, time::Duration};
use viva_media::IceCredentials;
use viva_wire::Micros;

/// Between consent checks (RFC 7675 §5.1 asks for about five seconds; browsers check every two and a half).
pub const CONSENT: Duration = Duration::from_millis(2_500);
/// Checks whose answer is still taken.
const PENDING: usize = 64;
/// The priority that checks claim for a peer-reflexive candidate (RFC 8445 §7.1.1).
const PRIORITY: u32 = 0x7e00_00ff;
/// No other side is controlling, so that any number breaks the tie.
const TIE_BREAKER: u64 = 7;
/// Bytes of the longest message: two user fragments have at most 256 characters each (RFC 8839 §5.4).
const LONGEST: usize = 1024;

/// How a client and its unit know each other.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The client's.
    pub own: IceCredentials,
    /// The unit's for this client.
    pub theirs: IceCredentials,
}

impl Credentials {
    /// A check that nominates, as browsers do towards a lite agent (RFC 8445 §8.1.1). No other check has this `id`.
    pub fn request(&self, id: [u8; 12]) -> Vec<u8> {
        let name = format!("{}:{}", self.theirs.ufrag, self.own.ufrag);
        let id = transaction(id);
        let message = StunMessage::binding_request(&name, id, true, TIE_BREAKER, PRIORITY, true);
        bytes(message, &self.theirs.pwd)
    }

    /// Is it the other side's good answer to the check with this `id`, and does it name this address as the client's?
    pub fn is_answered(&self, id: [u8; 12], answer: &[u8], local: SocketAddr) -> bool {
        let Ok(message) = StunMessage::parse(answer) else { return false };
        message.trans_id() == transaction(id) && self.proves(&message, Some(local))
    }

    /// A good answer (RFC 8445 §7.2.5.3), which names this address as the client's, if the client knows it.
    fn proves(&self, message: &StunMessage<'_>, local: Option<SocketAddr>) -> bool {
        let elsewhere = local.is_some_and(|local| message.mapped_address() != Some(local));
        message.is_successful_binding_response()
            && message.verify(self.theirs.pwd.as_bytes(), hmac_sha1)
            && !elsewhere
    }

    /// The answer to a check from `remote` (RFC 8445 §7.3).
    fn reply(&self, id: TransId, remote: SocketAddr) -> Vec<u8> {
        bytes(StunMessage::binding_reply(id, remote), &self.own.pwd)
    }
}

/// When checks leave.
#[derive(Debug, Clone, Copy)]
pub struct Rhythm {
    /// Between checks until the first answer.
    pub pace: Duration,
    /// From the first answer to the first check of consent; then [`CONSENT`] lies between two.
    pub first_consent: Duration,
}

/// The two ends of a path as the client sees them.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    /// Where its own packets come from, if it knows: an answer that names another address does not count.
    pub local: Option<SocketAddr>,
    /// Where the unit is.
    pub remote: SocketAddr,
}

/// The checks of one client.
#[derive(Debug)]
pub struct Connectivity {
    /// Goes on checking once it is connected, as browsers do and some other stacks do not.
    pub consents: bool,
    credentials: Credentials,
    rhythm: Rhythm,
    checked: bool,
    answers: u64,
    next: Micros,
    pending: Vec<TransId>,
    random: Random,
}

impl Connectivity {
    /// Checks that begin at `now`; `random` draws the names of transactions.
    pub const fn new(now: Micros, credentials: Credentials, rhythm: Rhythm, random: Random) -> Self {
        Self {
            consents: true,
            credentials,
            rhythm,
            checked: false,
            answers: 0,
            next: now,
            pending: Vec::new(),
            random,
        }
    }

    /// How both sides know each other.
    pub const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// A check was answered since the newest credentials.
    pub const fn checked(&self) -> bool {
        self.checked
    }

    /// How often a check was answered.
    pub const fn answers(&self) -> u64 {
        self.answers
    }

    /// Both sides have new credentials: checks begin anew.
    pub fn restart(&mut self, now: Micros, credentials: Credentials) {
        self.credentials = credentials;
        self.checked = false;
        self.next = now;
        self.pending.clear();
    }

    /// When the next check is due.
    pub const fn due(&self) -> Micros {
        if self.consents || !self.checked { self.next } else { Micros::NEVER }
    }

    /// Time passes.
    pub fn tick(&mut self, now: Micros, out: &mut Datagrams) {
        if now >= self.due() {
            self.next = now + if self.checked { CONSENT } else { self.rhythm.pace };
            out.push(self.check());
        }
    }

    /// A check whose answer will count.
    pub fn check(&mut self) -> Vec<u8> {
        let mut id = [0; 12];
        self.random.fill(&mut id);
        self.pending.push(transaction(id));
        if self.pending.len() > PENDING {
            self.pending.remove(0);
        }
        self.credentials.request(id)
    }

    /// A message of STUN: a check of the other side is answered. Returns whether it was a good answer to one of ours.
    pub fn receive(&mut self, now: Micros, packet: &[u8], ends: Ends, out: &mut Datagrams) -> bool {
        let Ok(message) = StunMessage::parse(packet) else { return false };
        if message.is_binding_request() {
            out.push(self.credentials.reply(message.trans_id(), ends.remote));
            return false;
        }
        let Some(place) = self.pending.iter().position(|id| *id == message.trans_id()) else { return false };
        if !self.credentials.proves(&message, ends.local) {
            return false;
        }
        self.pending.remove(place);
        self.answers += 1;
        if !self.checked {
            self.checked = true;
            self.next = now + self.rhythm.first_consent;
        }
        true
    }
}

/// The engine makes names of transactions from a chance of its own alone, and reads them from anywhere: here from the head of
/// an indication without attributes.
fn transaction(id: [u8; 12]) -> TransId {
    let mut head = [0; 20];
    head[..8].copy_from_slice(&[0, 0x11, 0, 0, 0x21, 0x12, 0xa4, 0x42]);
    head[8..].copy_from_slice(&id);
    StunMessage::parse(&head).expect("an indication").trans_id()
}

fn bytes(message: StunMessage<'_>, password: &str) -> Vec<u8> {
    let mut bytes = vec![0; LONGEST];
    let length = message.to_bytes(Some(password.as_bytes()), &mut bytes, hmac_sha1).expect("room");
    bytes.truncate(length);
    bytes
}

/// HMAC-SHA1 as STUN's message integrity wants it (RFC 8489 §14.5).
fn hmac_sha1(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let mut context = hmac::Context::with_key(&key);
    parts.iter().for_each(|part| context.update(part));
    let mut digest = [0; 20];
    digest.copy_from_slice(context.sign().as_ref());
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    const RHYTHM: Rhythm =
        Rhythm { pace: Duration::from_millis(50), first_consent: Duration::from_millis(1_000) };

    fn side(name: &str) -> IceCredentials {
        IceCredentials { ufrag: name.to_owned(), pwd: format!("{name}-password-of-a-test-22") }
    }

    fn ends() -> Ends {
        let local = SocketAddr::from(([192, 0, 2, 2], 5000));
        Ends { local: Some(local), remote: SocketAddr::from(([192, 0, 2, 1], 3478)) }
    }

    /// A client and the unit as its mirror.
    fn pair() -> (Connectivity, Connectivity) {
        let of = |own, theirs| {
            let credentials = Credentials { own: side(own), theirs: side(theirs) };
            Connectivity::new(Micros(0), credentials, RHYTHM, Random::new(1))
        };
        (of("client", "unit"), of("unit", "client"))
    }

    fn ask(unit: &mut Connectivity, check: &[u8], from: SocketAddr) -> Vec<u8> {
        let mut out = Vec::new();
        unit.receive(Micros(0), check, Ends { local: None, remote: from }, &mut out);
        out.pop().expect("an answer")
    }

    #[test]
    fn checks_keep_their_pace_until_an_answer_and_then_consent() {
        let (mut client, mut unit) = pair();
        let at = |client: &mut Connectivity, now| {
            let mut out = Vec::new();
            client.tick(now, &mut out);
            out
        };
        assert_eq!(at(&mut client, Micros(0)).len(), 1);
        assert_eq!(at(&mut client, Micros::from_millis(49)).len(), 0);
        let check = at(&mut client, Micros::from_millis(50)).remove(0);
        let answer = ask(&mut unit, &check, ends().local.unwrap());
        assert!(client.receive(Micros::from_millis(60), &answer, ends(), &mut Vec::new()));
        assert!(client.checked());
        assert_eq!(client.due(), Micros::from_millis(1_060));
        at(&mut client, Micros::from_millis(1_060));
        assert_eq!(client.due(), Micros::from_millis(3_560));
        client.consents = false;
        assert_eq!(client.due(), Micros::NEVER);
    }

    #[test]
    fn only_an_answer_to_a_check_from_its_address_and_under_its_password_counts() {
        let (mut client, mut unit) = pair();
        let check = client.check();
        let mut spoilt = ask(&mut unit, &check, ends().local.unwrap());
        *spoilt.get_mut(40).unwrap() ^= 1;
        let elsewhere = ask(&mut unit, &check, ends().remote);
        let never_sent = client.credentials.request([9; 12]);
        let unasked = ask(&mut unit, &never_sent, ends().local.unwrap());
        for answer in [spoilt, elsewhere, unasked] {
            assert!(!client.receive(Micros(1), &answer, ends(), &mut Vec::new()));
        }
        let answer = ask(&mut unit, &check, ends().local.unwrap());
        assert!(client.receive(Micros(1), &answer, ends(), &mut Vec::new()));
        assert!(!client.receive(Micros(1), &answer, ends(), &mut Vec::new()), "a second time");
        assert_eq!(client.answers(), 1);
    }
}
