//! The first administrator: made on the first visit with a one-time code from the log.

use super::{AccountError, Accounts, NewAccount, milliseconds, session::digest_of};
use crate::{
    random,
    store::{Account, FirstCode, StoreError},
};
use std::{net::IpAddr, time::Duration};

/// How long the code holds, in milliseconds; a restart prints a new one.
const HOLDS: u64 = 24 * 3_600_000;

/// Letters that cannot be taken for each other, read aloud or on paper.
const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

impl Accounts {
    /// Whether nobody administers yet.
    ///
    /// # Errors
    /// The store's.
    pub async fn first_needed(&self) -> Result<bool, StoreError> {
        Ok(!self.store.accounts().await?.iter().any(|account| account.administrator))
    }

    /// A one-time code for the first administrator, where nobody administers yet: for the log. It ends the older one.
    ///
    /// # Errors
    /// The store's.
    pub async fn first_code(&self, now: u64) -> Result<Option<String>, StoreError> {
        if !self.first_needed().await? {
            return Ok(None);
        }
        let letters = letters::<12>();
        let plain: String = letters.iter().collect();
        let code = FirstCode { digest: digest_of(&plain), expires_at: now.saturating_add(HOLDS) };
        self.store.put_first_code(&code).await?;
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        Ok(Some(groups.join("-")))
    }

    /// Makes the first administrator with the code of the log; case, spaces and hyphens do not matter in it.
    ///
    /// # Errors
    /// `SignInFailed`: another code, none, or no longer. `RateLimited`, `Name`, `Password`, `Store`.
    pub async fn create_first(
        &self,
        code: &str,
        new: NewAccount,
        address: IpAddr,
        now: u64,
    ) -> Result<Account, AccountError> {
        let plain: String = code
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(64)
            .collect::<String>()
            .to_ascii_uppercase();
        let digest = digest_of(&plain);
        // Before the expensive hash; whether it still holds is decided when it is used up. It has 59 bits: wrong ones
        // count, and no right one is refused for them.
        if self.store.first_code().await?.is_none_or(|known| known.digest != digest) {
            let counted = self.attempts.wrong_code(address, Duration::from_millis(now));
            return Err(counted.map_or_else(
                |wait| AccountError::RateLimited { wait: milliseconds(wait) },
                |()| AccountError::SignInFailed,
            ));
        }
        let account = self.prepared(NewAccount { administrator: true, ..new }, now).await?;
        self.store.redeem_first_code(&digest, now, &account).await.map_err(|error| match error {
            StoreError::NotFound(_) => AccountError::SignInFailed,
            error => error.into(),
        })?;
        Ok(account)
    }
}

/// `N` random letters, each as likely as the others.
pub(super) fn letters<const N: usize>() -> [char; N] {
    let mut letters = ['2'; N];
    for letter in &mut letters {
        *letter = loop {
            let [byte] = random::bytes::<1>();
            // 248 is the greatest multiple of 31 in a byte.
            if let Some(letter) = LETTERS.get(usize::from(byte % 31)).filter(|_| byte < 248) {
                break char::from(*letter);
            }
        };
    }
    letters
}
