//! Accounts of the staff: passwords, sign-in with its limits, sessions, the first administrator.
//!
//! Times are milliseconds since 1970 UTC and come from the caller. Unknown accounts and wrong passwords get one answer,
//! after the same work.

mod attempts;
mod first;
mod name;
mod password;
mod session;
mod standing;
#[cfg(test)]
mod tests;

pub use attempts::Limits;
pub use name::{InvalidName, MAX_NAME_CHARS, normalised};
pub use password::{MIN_PASSWORD_CHARS, WeakPassword, generated};
pub use session::{ABSOLUTE, SLIDING, SessionToken};
pub use standing::{mark, stands};

use crate::store::{Account, AccountChange, Store, StoreError};
use attempts::{Attempts, Denied};
use password::Hashing;
use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// The accounts of one server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Accounts {
    store: Arc<dyn Store>,
    hashing: Hashing,
    attempts: Arc<Mutex<Attempts>>,
}

/// Somebody who has just signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
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
    /// Too many wrong passwords for this account; said of accounts that do not exist too.
    #[error("too many wrong passwords for this account; wait {} minutes", minutes(*wait))]
    Locked {
        /// For how many milliseconds more.
        wait: u64,
    },
    /// Too many attempts from this address, or in all.
    #[error("too many attempts; wait {} minutes", minutes(*wait))]
    RateLimited {
        /// For how many milliseconds.
        wait: u64,
    },
    /// The name does not do.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// The password does not do.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// Nobody would be left who administers.
    #[error("somebody must remain who administers")]
    LastAdministrator,
    /// The store did not do it; `Exists` and `NotFound` speak of the account.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Accounts {
    /// The accounts in this store.
    pub fn new(store: Arc<dyn Store>, limits: Limits) -> Self {
        Self { store, hashing: Hashing::new(), attempts: Arc::new(Mutex::new(Attempts::new(limits))) }
    }

    /// Signs in from an address, and begins a session.
    ///
    /// # Errors
    /// `SignInFailed`, `Locked`, `RateLimited`, `Store`.
    pub async fn sign_in(
        &self,
        account: &str,
        password: &str,
        address: IpAddr,
        now: u64,
    ) -> Result<SignedIn, AccountError> {
        let account = self.verified(account, password, address, now).await?;
        let token = self.begin_session(&account, now).await?;
        Ok(SignedIn { token, account })
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
        let account = self.verified(&account.account, old, address, now).await?;
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

    /// Changes an account as an administrator does; whether whoever sits there by it must go.
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
        address: IpAddr,
        now: u64,
    ) -> Result<Account, AccountError> {
        // A name that cannot exist is counted and answered like one that does not.
        let account = normalised(account).unwrap_or_else(|_| "?".to_owned());
        self.admit(Some(&account), address, now)?;
        match self.matching(&account, password).await {
            Ok(Some(found)) => {
                self.with_attempts(|attempts| attempts.succeeded(Some(&account), address));
                Ok(found)
            }
            Ok(None) => Err(AccountError::SignInFailed),
            Err(error) => {
                self.with_attempts(|attempts| attempts.forgive(Some(&account), address));
                Err(error)
            }
        }
    }

    async fn matching(&self, account: &str, password: &str) -> Result<Option<Account>, AccountError> {
        let found = self.store.account(account).await?;
        let hash = found.as_ref().map_or(password::NOBODY, |account| account.password.as_str());
        let matches = self.hashing.verify(password, hash).await?;
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

    fn admit(&self, account: Option<&str>, address: IpAddr, now: u64) -> Result<(), AccountError> {
        self.with_attempts(|attempts| attempts.admit(account, address, now)).map_err(|denied| match denied {
            Denied::Account { wait } => AccountError::Locked { wait },
            Denied::Others { wait } => AccountError::RateLimited { wait },
        })
    }

    fn with_attempts<T>(&self, work: impl FnOnce(&mut Attempts) -> T) -> T {
        work(&mut self.attempts.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewAccount({:?})", self.account)
    }
}

fn minutes(ms: u64) -> u64 {
    ms.div_ceil(60_000)
}
