//! Accounts of the staff: passwords, sign-in with its limits, sessions, the first administrator.
//!
//! Times are milliseconds since 1970 UTC and come from the caller. Unknown accounts and wrong passwords get one answer,
//! after the same work.

mod attempts;
mod device;
mod first;
mod name;
mod password;
mod queue;
mod session;
mod standing;
#[cfg(test)]
mod tests;

pub use attempts::PasswordLimits;
pub use device::{KnownDevice, Visitor};
pub use name::{InvalidName, MAX_NAME_CHARS, normalised, person as person_name};
pub use password::{MIN_PASSWORD_CHARS, WeakPassword, generated};
pub use session::{ABSOLUTE, SLIDING, SessionToken};
pub use standing::{Grounds, grounds, mark};

use crate::store::{Account, AccountChange, Store, StoreError};
use attempts::{CountedFor, Denied, PasswordAttempts};
use password::Hashing;
use queue::Lane;
use std::{net::IpAddr, sync::Arc, time::Duration};

/// The accounts of one server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Accounts {
    store: Arc<dyn Store>,
    hashing: Hashing,
    attempts: Arc<PasswordAttempts>,
}

/// Somebody who has just signed in.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// For the cookie; it is kept nowhere else.
    pub token: SessionToken,
    /// Whose it is.
    pub account: Account,
}

/// An account to be made. `Debug` does not show the password.
#[derive(Clone)]
pub struct NewAccount {
    /// What is typed to sign in; normalised when it is made.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// The password.
    pub password: String,
    /// May everything in the administration.
    pub administrator: bool,
}

/// What an administrator changes of an account; `None` stays.
#[derive(Clone, Default)]
pub struct Change {
    /// The person's name.
    pub name: Option<String>,
    /// A new password; it ends all sessions of the account.
    pub password: Option<String>,
    /// Whether it administers.
    pub administrator: Option<bool>,
    /// Whether it may not sign in; that ends its sessions.
    pub disabled: Option<bool>,
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// No such account, another password, a disabled account, another one-time code: which, is not said.
    #[error("account and password do not belong together")]
    SignInFailed,
    /// Too many wrong passwords for this account, by whoever counts as this visitor does; said of accounts that do not
    /// exist too.
    #[error("too many wrong passwords for this account; wait {} minutes, or use a device that signed in before", minutes(*wait))]
    Locked {
        /// For how many milliseconds more.
        wait: u64,
    },
    /// Too many wrong ones from this address, or too many who wait for their turn.
    #[error("too many attempts; wait {} seconds", wait.div_ceil(1000))]
    RateLimited {
        /// For how many milliseconds.
        wait: u64,
    },
    /// The name is not allowed.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// The password is too weak.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// Nobody would be left who administers.
    #[error("somebody must remain who administers")]
    LastAdministrator,
    /// The store failed or refused; `Exists` and `NotFound` speak of the account.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Accounts {
    /// The accounts in this store.
    pub fn new(store: Arc<dyn Store>, limits: PasswordLimits) -> Self {
        Self { store, hashing: Hashing::new(), attempts: Arc::new(PasswordAttempts::new(limits)) }
    }

    /// Signs a visitor in, and begins a session.
    ///
    /// # Errors
    /// `SignInFailed`, `Locked`, `RateLimited`, `Store`.
    pub async fn sign_in(
        &self,
        account: &str,
        password: &str,
        visitor: impl Into<Visitor>,
        now: u64,
    ) -> Result<NewSession, AccountError> {
        let account = self.verified(account, password, &visitor.into(), now).await?;
        let token = self.begin_session(&account, now).await?;
        Ok(NewSession { token, account })
    }

    /// Changes the own password. All other sessions of the account end.
    ///
    /// # Errors
    /// As [`Accounts::sign_in`] for the old password, and `Password` for the new one.
    pub async fn change_own_password(
        &self,
        token: &str,
        old: &str,
        new: &str,
        address: IpAddr,
        now: u64,
    ) -> Result<(), AccountError> {
        let account = self.session(token, now).await?.ok_or(AccountError::SignInFailed)?;
        // Wrong ones count for the session alone: who has stolen one guesses no further, and locks nobody out.
        let device = KnownDevice::new(session::number_of(token)).with(&account.account);
        let visitor = Visitor { address, device: Some(device) };
        let account = self.verified(&account.account, old, &visitor, now).await?;
        password::check(new, &[&account.account, &account.name])?;
        let password = Some(self.hashing.hash(new).await?);
        let change = AccountChange { password, ..AccountChange::default() };
        self.store.change_account(&account.account, &change, now).await?;
        self.end_sessions(&account.account, Some(token)).await?;
        Ok(())
    }

    /// All accounts by name.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self) -> Result<Vec<Account>, StoreError> {
        self.store.accounts().await
    }

    /// Makes an account.
    ///
    /// # Errors
    /// `Name`, `Password`, `Store(Exists)`.
    pub async fn create(&self, new: NewAccount, now: u64) -> Result<Account, AccountError> {
        let account = self.prepared(new, now).await?;
        self.store.create_account(&account).await?;
        Ok(account)
    }

    /// Makes many accounts: all of them, or none. Passwords are hashed one after the other, so that whoever else waits for
    /// a hash has a turn in between.
    ///
    /// # Errors
    /// As [`Accounts::create`].
    pub async fn create_all(&self, new: Vec<NewAccount>, now: u64) -> Result<(), AccountError> {
        let mut accounts = Vec::new();
        for one in new {
            accounts.push(self.prepared(one, now).await?);
        }
        Ok(self.store.create_accounts(&accounts).await?)
    }

    /// Changes an account as an administrator does. The second value: whether seats taken with the account must be left.
    ///
    /// # Errors
    /// `Name`, `Password`, `LastAdministrator`, `Store(NotFound)`.
    pub async fn change(
        &self,
        account: &str,
        change: Change,
        now: u64,
    ) -> Result<(Account, bool), AccountError> {
        let account = normalised(account)?;
        let found = self.store.account(&account).await?.ok_or(StoreError::NotFound("account"))?;
        let name = change.name.as_deref().map(name::person).transpose()?;
        let password = match &change.password {
            None => None,
            Some(new) => {
                password::check(new, &[&account, name.as_ref().unwrap_or(&found.name)])?;
                Some(self.hashing.hash(new).await?)
            }
        };
        let locked_out = password.is_some() || (change.disabled == Some(true) && !found.disabled);
        let another_role = change.administrator.is_some_and(|role| role != found.administrator);
        let change =
            AccountChange { name, password, administrator: change.administrator, disabled: change.disabled };
        self.store.change_account(&account, &change, now).await.map_err(|error| match error {
            StoreError::Conflict => AccountError::LastAdministrator,
            error => error.into(),
        })?;
        if locked_out {
            self.end_sessions(&account, None).await?;
        }
        let changed = self.store.account(&account).await?.ok_or(StoreError::NotFound("account"))?;
        Ok((changed, locked_out || another_role))
    }

    /// The account, if the password is its own and the limits allow to ask.
    async fn verified(
        &self,
        account: &str,
        password: &str,
        visitor: &Visitor,
        now: u64,
    ) -> Result<Account, AccountError> {
        // A name that cannot exist is counted and answered like one that does not.
        let account = normalised(account).unwrap_or_else(|_| "?".to_owned());
        let admitted = self.attempts.admit(&account, visitor, Duration::from_millis(now));
        let counted = admitted.map_err(|denied| match denied {
            Denied::Account { wait } => AccountError::Locked { wait: milliseconds(wait) },
            Denied::Address { wait } => AccountError::RateLimited { wait: milliseconds(wait) },
        })?;
        let lane = match counted {
            CountedFor::Device(_) | CountedFor::Network(_) => Lane::Known,
            CountedFor::Stranger(address) => Lane::Stranger(address),
        };
        match self.matching(&account, password, lane).await {
            Ok(Some(found)) => {
                self.attempts.succeeded(&account, visitor, counted);
                Ok(found)
            }
            Ok(None) => Err(AccountError::SignInFailed),
            Err(error) => {
                self.attempts.forgive(&account, counted);
                Err(error)
            }
        }
    }

    async fn matching(
        &self,
        account: &str,
        password: &str,
        lane: Lane,
    ) -> Result<Option<Account>, AccountError> {
        let found = self.store.account(account).await?;
        let hash = found.as_ref().map_or(password::NOBODY, |account| account.password.as_str());
        let matches = self.hashing.verify(password, hash, lane).await?;
        Ok(found.filter(|account| matches && !account.disabled))
    }

    async fn prepared(&self, new: NewAccount, now: u64) -> Result<Account, AccountError> {
        let account = normalised(&new.account)?;
        let name = name::person(&new.name)?;
        password::check(&new.password, &[&account, &name])?;
        let password = self.hashing.hash(&new.password).await?;
        let administrator = new.administrator;
        Ok(Account {
            account,
            name,
            password,
            administrator,
            disabled: false,
            created_at: now,
            changed_at: now,
        })
    }
}

impl std::fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewAccount({:?})", self.account)
    }
}

fn milliseconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
}

fn minutes(ms: u64) -> u64 {
    ms.div_ceil(60_000)
}
