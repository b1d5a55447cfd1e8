//! The ICE-lite side of a transport: answers connectivity checks, knows the valid paths, picks the one to send on.
//!
//! A lite agent sends no checks of its own (RFC 8445 §2.5), so that its state is a few bytes a peer: who may check,
//! from where valid checks came, and which path carries media.

mod answer;
mod incomplete;

pub use answer::MAX_ANSWER;
pub use incomplete::Incomplete;

use crate::dropped::Dropped;
use aws_lc_rs::hmac;
use is::stun::{StunMessage, TransId};
use std::{collections::VecDeque, time::Duration};
use viva_media::{IceCredentials, Path};
use viva_wire::Micros;

/// Paths that one transport may hold at once: a few networks on the client's side, times UDP and TCP, IPv4 and IPv6.
pub const MAX_PATHS: usize = 12;

/// While the selected path is alive, media moves to another only if the peer nominated that; it is alive for so long after
/// a packet.
const ALIVE: Duration = Duration::from_millis(500);

/// Transactions remembered, to know a check that is sent again from elsewhere: with browsers' pace more than a minute's.
const TRANSACTIONS: usize = 32;

/// The type of a check (RFC 8489 §5): method Binding, class request.
const BINDING_REQUEST: [u8; 2] = [0, 1];

/// One transport's side of ICE.
#[derive(Debug)]
pub struct Ice {
    credentials: Box<Credentials>,
    /// Those before a restart; good until the first valid check with the new ones (RFC 8445 §9).
    before_restart: Option<Box<Credentials>>,
    paths: Vec<ValidPath>,
    selected: Option<Path>,
    last_check: Micros,
    /// The newest checks and where they came from.
    transactions: Transactions,
}

/// The newest valid checks.
#[derive(Debug, Default)]
struct Transactions(VecDeque<(TransId, Path)>);

impl Transactions {
    /// A check's integrity does not cover its source: one that was seen on another path is somebody else's copy.
    fn note(&mut self, transaction: TransId, path: Path) -> Result<(), Dropped> {
        match self.0.iter().find(|(known, _)| *known == transaction) {
            Some((_, known)) if *known == path => return Ok(()),
            Some(_) => return Err(Dropped::Replayed),
            None => {}
        }
        if self.0.len() >= TRANSACTIONS {
            self.0.pop_front();
        }
        self.0.push_back((transaction, path));
        Ok(())
    }
}

/// What the peer's checks must show, and what our answers are signed with.
#[derive(Debug)]
struct Credentials {
    local: IceCredentials,
    remote: IceCredentials,
    /// Our password, as it signs and verifies (RFC 8489 §9.1.1).
    key: hmac::Key,
}

impl Credentials {
    fn new(local: IceCredentials, remote: IceCredentials) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, local.pwd.as_bytes());
        Self { local, remote, key }
    }

    fn sign(&self, parts: &[&[u8]]) -> [u8; 20] {
        let mut context = hmac::Context::with_key(&self.key);
        for part in parts {
            context.update(part);
        }
        let mut digest = [0; 20];
        digest.copy_from_slice(context.sign().as_ref());
        digest
    }
}

/// A path from which a valid check came.
#[derive(Debug, Clone, Copy)]
struct ValidPath {
    path: Path,
    nominated: bool,
    last_check: Micros,
    last_packet: Micros,
}

/// A binding request that names a user of ours; not yet proven.
pub struct Check<'a> {
    message: StunMessage<'a>,
    datagram: &'a [u8],
    /// Our user fragment, as the peer wrote it.
    pub ufrag: &'a str,
    remote: &'a str,
}

impl<'a> Check<'a> {
    /// Reads a binding request (RFC 8489 §5, RFC 8445 §7.1); cheap for what is none.
    pub fn read(datagram: &'a [u8]) -> Result<Self, Dropped> {
        let sized = (20..=1500).contains(&datagram.len());
        // The two highest bits of the type are zero (RFC 8489 §5), which the parser of messages does not look at.
        if !sized || datagram[..2] != BINDING_REQUEST || datagram[4..8] != answer::MAGIC_COOKIE {
            return Err(Dropped::StunMalformed);
        }
        let message = StunMessage::parse(datagram).map_err(|_| Dropped::StunMalformed)?;
        let (ufrag, remote) =
            message.username().and_then(|name| name.split_once(':')).ok_or(Dropped::StunMalformed)?;
        Ok(Self { message, datagram, ufrag, remote })
    }
}

/// What a valid check changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// Length of the answer.
    pub answer: usize,
    /// The path was not valid before.
    pub new_path: bool,
    /// A path that had to make room.
    pub replaced: Option<Path>,
    /// The first valid check after a restart: the old user fragment is no longer good.
    pub restarted: bool,
}

impl Ice {
    /// A transport that nobody has checked yet.
    pub fn new(local: IceCredentials, remote: IceCredentials, now: Micros) -> Self {
        Self {
            credentials: Box::new(Credentials::new(local, remote)),
            before_restart: None,
            paths: Vec::new(),
            selected: None,
            last_check: now,
            transactions: Transactions::default(),
        }
    }

    /// Takes new credentials (RFC 8445 §9); paths stay valid and media goes on while the new checks run.
    /// Returns user fragments that are no longer good.
    pub fn restart(&mut self, local: IceCredentials, remote: IceCredentials) -> Option<String> {
        let new = Box::new(Credentials::new(local, remote));
        let current = std::mem::replace(&mut self.credentials, new);
        self.before_restart.replace(current).map(|older| older.local.ufrag)
    }

    /// Answers a check into `answer` (at least [`MAX_ANSWER`] bytes) if its integrity holds.
    pub fn handle_check(
        &mut self,
        now: Micros,
        path: Path,
        check: &Check<'_>,
        answer: &mut [u8],
    ) -> Result<Checked, Dropped> {
        let fresh = check.ufrag == self.credentials.local.ufrag;
        let credentials = if fresh {
            &self.credentials
        } else {
            self.before_restart
                .as_ref()
                .filter(|old| old.local.ufrag == check.ufrag)
                .ok_or(Dropped::StunUnknownUser)?
        };
        if check.remote != credentials.remote.ufrag {
            return Err(Dropped::StunUnknownUser);
        }
        let password = credentials.local.pwd.as_bytes();
        let sign = |_: &[u8], parts: &[&[u8]]| credentials.sign(parts);
        if !check.message.verify(password, sign) {
            return Err(Dropped::StunIntegrity);
        }
        let transaction = check.message.trans_id();
        self.transactions.note(transaction, path)?;
        // A lite agent is always controlled; a peer that is controlled too must change its role (RFC 8445 §7.3.1.1).
        let conflict = check.message.ice_controlled().is_some();
        let length = if conflict {
            StunMessage::binding_role_conflict_reply(transaction).to_bytes(Some(password), answer, sign).ok()
        } else {
            answer::transaction(check.datagram)
                .and_then(|id| answer::write(answer, id, path.remote, |bytes| credentials.sign(&[bytes])))
        };
        let length = length.ok_or(Dropped::StunMalformed)?;
        if length > check.datagram.len() {
            return Err(Dropped::StunMalformed);
        }
        if conflict {
            return Ok(Checked { answer: length, new_path: false, replaced: None, restarted: false });
        }
        let (new_path, replaced) = self.admit(now, path)?;
        let restarted = fresh && self.before_restart.take().is_some();
        self.last_check = now;
        if check.message.use_candidate() {
            self.nominate(path);
        }
        Ok(Checked { answer: length, new_path, replaced, restarted })
    }

    /// Answers a request that is authentic and no complete check with 400, Bad Request; the answer's length. It changes
    /// nothing.
    pub fn refuse(&self, request: &Incomplete<'_>, answer: &mut [u8]) -> Option<usize> {
        let all = std::iter::once(&self.credentials).chain(&self.before_restart);
        let credentials =
            all.into_iter().find(|c| c.local.ufrag == request.ufrag && c.remote.ufrag == request.remote)?;
        if !request.is_signed_by(&credentials.key) {
            return None;
        }
        let transaction = answer::transaction(request.datagram)?;
        let length = answer::write_refusal(answer, transaction, |bytes| credentials.sign(&[bytes]))?;
        (length <= request.datagram.len()).then_some(length)
    }

    /// The user fragments under which checks may come.
    pub fn ufrags(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.credentials).chain(&self.before_restart).map(|c| c.local.ufrag.as_str())
    }

    /// Our current user fragment.
    pub fn local_ufrag(&self) -> &str {
        &self.credentials.local.ufrag
    }

    /// All valid paths.
    pub fn paths(&self) -> impl Iterator<Item = Path> + '_ {
        self.paths.iter().map(|valid| valid.path)
    }

    /// The path to send on.
    pub const fn selected(&self) -> Option<Path> {
        self.selected
    }

    /// Did an authentic packet come on this path?
    pub fn is_proven(&self, path: Path) -> bool {
        self.paths.iter().any(|valid| valid.path == path && valid.last_packet != Micros::default())
    }

    /// When the newest valid check came.
    pub const fn last_check(&self) -> Micros {
        self.last_check
    }

    /// When the newest authentic packet of any kind came.
    pub fn last_packet(&self) -> Micros {
        self.paths
            .iter()
            .map(|valid| valid.last_packet.max(valid.last_check))
            .max()
            .unwrap_or(self.last_check)
    }

    /// An authentic packet came on a path. If media moved there while the selected path fell silent, or the peer
    /// nominated the path, this is the proof to follow it. Returns whether the selected path changed.
    pub fn handle_authentic(&mut self, now: Micros, path: Path) -> bool {
        let Some(valid) = self.paths.iter_mut().find(|valid| valid.path == path) else { return false };
        valid.last_packet = now;
        if self.selected.as_ref() == Some(&path) {
            return false;
        }
        if valid.nominated || !self.selected_is_alive(now) {
            self.select(path);
            return true;
        }
        false
    }

    /// A path is gone: its TCP connection closed. Returns whether it was the selected one.
    pub fn forget(&mut self, path: Path) -> bool {
        self.paths.retain(|valid| valid.path != path);
        if self.selected != Some(path) {
            return false;
        }
        self.selected =
            self.paths.iter().max_by_key(|valid| (valid.nominated, valid.last_check)).map(|v| v.path);
        true
    }

    /// Drops paths without a valid check since `before`; hands each to `gone`.
    pub fn expire(&mut self, before: Micros, mut gone: impl FnMut(Path)) {
        let selected = self.selected;
        self.paths.retain(|valid| {
            let keep = valid.last_check >= before || selected == Some(valid.path);
            if !keep {
                gone(valid.path);
            }
            keep
        });
    }

    fn admit(&mut self, now: Micros, path: Path) -> Result<(bool, Option<Path>), Dropped> {
        if let Some(valid) = self.paths.iter_mut().find(|valid| valid.path == path) {
            valid.last_check = now;
            return Ok((false, None));
        }
        let replaced = if self.paths.len() >= MAX_PATHS { Some(self.evict(now)?) } else { None };
        self.paths.push(ValidPath {
            path,
            nominated: false,
            last_check: now,
            last_packet: Micros::default(),
        });
        Ok((true, replaced))
    }

    /// Makes room by the path that was silent longest, never the selected one, never one that is still checked.
    fn evict(&mut self, now: Micros) -> Result<Path, Dropped> {
        let oldest = self
            .paths
            .iter()
            .enumerate()
            .filter(|(_, valid)| Some(valid.path) != self.selected)
            .filter(|(_, valid)| now.since(valid.last_check) > Duration::from_secs(5))
            .min_by_key(|(_, valid)| valid.last_check)
            .map(|(index, _)| index)
            .ok_or(Dropped::TooManyPaths)?;
        Ok(self.paths.swap_remove(oldest).path)
    }

    /// USE-CANDIDATE (RFC 8445 §7.3.1.5). A check can be replayed from elsewhere, since its integrity does not cover
    /// its source: so once media has proven a path, only media takes the session to another one. A client that has moved
    /// sends some within a second, were it but its reports.
    fn nominate(&mut self, path: Path) {
        let proven = self.is_selected_path_proven();
        if let Some(valid) = self.paths.iter_mut().find(|valid| valid.path == path) {
            valid.nominated = true;
            if !proven {
                self.select(path);
            }
        }
    }

    fn select(&mut self, path: Path) {
        self.selected = Some(path);
        for valid in &mut self.paths {
            valid.nominated &= valid.path == path;
        }
    }

    fn is_selected_path_proven(&self) -> bool {
        self.selected.is_some_and(|path| self.is_proven(path))
    }

    fn selected_is_alive(&self, now: Micros) -> bool {
        self.paths.iter().find(|valid| Some(valid.path) == self.selected).is_some_and(|valid| {
            valid.last_packet != Micros::default() && now.since(valid.last_packet) < ALIVE
        })
    }
}

#[cfg(test)]
mod tests;
