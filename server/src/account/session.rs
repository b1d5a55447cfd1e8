//! Sessions: a random token in a cookie, its digest in the store.

use super::Accounts;
use crate::{
    random,
    store::{Account, Session, StoreError},
    text::hex,
};
use aws_lc_rs::digest;
use std::fmt;

/// How long a session lasts without being used, in milliseconds.
pub const SLIDING: u64 = 12 * 3_600_000;
/// How long a session lasts at all, in milliseconds.
pub const ABSOLUTE: u64 = 7 * 24 * 3_600_000;
/// How exact the store knows when a session was used last.
const EXACT: u64 = 60_000;

/// The token of a session: 256 random bits, 64 hexadecimal digits. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    fn new() -> Self {
        Self(random::hex::<32>())
    }

    /// For the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

impl Accounts {
    /// The account that a token speaks for, if its session goes on. Using it makes it go on.
    ///
    /// # Errors
    /// The store's.
    pub async fn session(&self, token: &str, now: u64) -> Result<Option<Account>, StoreError> {
        if token.len() != 64 || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let digest = digest_of(token);
        let Some((session, account)) = self.store.session(&digest).await? else { return Ok(None) };
        let idle = now.saturating_sub(session.seen_at);
        if now >= session.expires_at || idle >= SLIDING || account.disabled {
            return Ok(None);
        }
        if idle >= EXACT
            && let Err(error) = self.store.touch_session(&digest, now).await
        {
            // Who is signed in stays so while the disk is full: somebody has to see to it.
            tracing::warn!(%error, "the use of a session is not kept");
        }
        Ok(Some(account))
    }

    /// Ends the session of a token.
    ///
    /// # Errors
    /// The store's.
    pub async fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        self.store.remove_session(&digest_of(token)).await
    }

    /// Ends all sessions of an account, but that of one token.
    ///
    /// # Errors
    /// The store's.
    pub async fn end_sessions(&self, account: &str, except: Option<&str>) -> Result<(), StoreError> {
        self.store.remove_sessions_of(account, except.map(digest_of).as_deref()).await
    }

    pub(super) async fn begin_session(
        &self,
        account: &Account,
        now: u64,
    ) -> Result<SessionToken, StoreError> {
        self.store.remove_old_sessions(now, now.saturating_sub(SLIDING)).await?;
        let token = SessionToken::new();
        let session = Session {
            digest: digest_of(token.as_str()),
            account: account.account.clone(),
            created_at: now,
            seen_at: now,
            expires_at: now.saturating_add(ABSOLUTE),
        };
        self.store.put_session(&session).await?;
        Ok(token)
    }
}

/// A number that stands for a token and does not tell it.
pub(super) fn number_of(token: &str) -> u64 {
    let digest = digest::digest(&digest::SHA256, token.as_bytes());
    digest.as_ref().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// SHA-256, as 64 hexadecimal digits. Tokens are random in full, so that it needs no salt.
pub(super) fn digest_of(token: &str) -> String {
    hex(digest::digest(&digest::SHA256, token.as_bytes()).as_ref())
}
