//! Accounts of the staff.

use super::{
    Sql, StoreError,
    sql::{Columns, fits, stored},
};
use async_trait::async_trait;
use sqlx::{Any, Transaction, any::AnyRow};
use std::fmt;

/// Somebody who signs in with a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// What is typed to sign in, normalised.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// The hash of the password, as PHC text.
    pub password: String,
    /// May everything in the administration.
    pub administrator: bool,
    /// May not sign in.
    pub disabled: bool,
    /// When it was made.
    pub created_at: u64,
    /// When it was changed last.
    pub changed_at: u64,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("account", &self.account)
            .field("administrator", &self.administrator)
            .field("disabled", &self.disabled)
            .finish_non_exhaustive()
    }
}

/// What changes of an account; `None` stays.
#[derive(Clone, Default)]
pub struct AccountChange {
    /// The person's name.
    pub name: Option<String>,
    /// The hash of a new password.
    pub password: Option<String>,
    /// Whether it administers.
    pub administrator: Option<bool>,
    /// Whether it is disabled.
    pub disabled: Option<bool>,
}

/// Accounts of the staff.
#[async_trait]
pub trait AccountStore {
    /// Keeps a new account. An administrator ends the life of the one-time code for the first one.
    ///
    /// # Errors
    /// `Exists`.
    async fn create_account(&self, account: &Account) -> Result<(), StoreError> {
        self.create_accounts(std::slice::from_ref(account)).await
    }

    /// Keeps new accounts: all of them, or none.
    ///
    /// # Errors
    /// As [`AccountStore::create_account`].
    async fn create_accounts(&self, accounts: &[Account]) -> Result<(), StoreError>;

    /// The account of this normalised name.
    async fn account(&self, account: &str) -> Result<Option<Account>, StoreError>;

    /// All accounts by name.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;

    /// A number that is another after every change of any account, by whatever process.
    async fn accounts_version(&self) -> Result<u64, StoreError>;

    /// Changes an account. Its sessions end when it gets disabled.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` where no administrator would be left who can sign in.
    async fn change_account(&self, account: &str, change: &AccountChange, at: u64) -> Result<(), StoreError>;
}

#[async_trait]
impl AccountStore for Sql {
    async fn create_accounts(&self, accounts: &[Account]) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            for account in accounts {
                insert_account(&mut tx, account).await?;
            }
            if accounts.iter().any(|account| account.administrator) {
                sqlx::query("DELETE FROM first_code").execute(&mut *tx).await?;
            }
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn account(&self, account: &str) -> Result<Option<Account>, StoreError> {
        self.read(async {
            let row = sqlx::query("SELECT * FROM accounts WHERE account = $1")
                .bind(fits("the account", account, 256)?)
                .fetch_optional(self.readers())
                .await?;
            row.as_ref().map(account_row).transpose()
        })
        .await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.read(async {
            let rows =
                sqlx::query("SELECT * FROM accounts ORDER BY account").fetch_all(self.readers()).await?;
            rows.iter().map(account_row).collect()
        })
        .await
    }

    async fn accounts_version(&self) -> Result<u64, StoreError> {
        // Of all times, not the newest alone: the clocks of two machines need not agree.
        let version = "SELECT CAST(COALESCE(SUM(changed_at), 0) AS BIGINT) AS version FROM accounts";
        self.read(async { sqlx::query(version).fetch_one(self.readers()).await?.number("version") }).await
    }

    async fn change_account(&self, account: &str, change: &AccountChange, at: u64) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            if update_account(&mut tx, account, change, at).await? == 0 {
                return Err(StoreError::NotFound("account"));
            }
            let weaker = change.administrator == Some(false) || change.disabled == Some(true);
            if weaker && !administered(&mut tx).await? {
                return Err(StoreError::Conflict);
            }
            if change.disabled == Some(true) {
                sqlx::query("DELETE FROM sessions WHERE account = $1")
                    .bind(account)
                    .execute(&mut *tx)
                    .await?;
            }
            Ok(tx.commit().await?)
        })
        .await
    }
}

/// Whether somebody is left who administers.
async fn administered(tx: &mut Transaction<'_, Any>) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT account FROM accounts WHERE administrator = 1 AND disabled = 0 LIMIT 1")
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.is_some())
}

pub(super) async fn insert_account(
    tx: &mut Transaction<'_, Any>,
    account: &Account,
) -> Result<(), StoreError> {
    let new = sqlx::query(
        "INSERT INTO accounts (account, name, password, administrator, disabled, created_at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(fits("the account", &account.account, 256)?)
    .bind(fits("the name", &account.name, 1024)?)
    .bind(fits("the hash of the password", &account.password, 1024)?)
    .bind(i64::from(account.administrator))
    .bind(i64::from(account.disabled))
    .bind(stored(account.created_at))
    .bind(stored(account.changed_at))
    .execute(&mut **tx)
    .await?;
    if new.rows_affected() == 0 { Err(StoreError::Exists("account")) } else { Ok(()) }
}

/// One statement, so that two changes of different things do not undo each other; how many accounts changed.
async fn update_account(
    tx: &mut Transaction<'_, Any>,
    account: &str,
    change: &AccountChange,
    at: u64,
) -> Result<u64, StoreError> {
    let updated = sqlx::query(
        "UPDATE accounts SET name = COALESCE($1, name), password = COALESCE($2, password), \
         administrator = COALESCE($3, administrator), disabled = COALESCE($4, disabled), changed_at = $5 \
         WHERE account = $6",
    )
    .bind(change.name.as_deref().map(|name| fits("the name", name, 1024)).transpose()?)
    .bind(change.password.as_deref().map(|hash| fits("the hash of the password", hash, 1024)).transpose()?)
    .bind(change.administrator.map(i64::from))
    .bind(change.disabled.map(i64::from))
    .bind(stored(at))
    .bind(fits("the account", account, 256)?)
    .execute(&mut **tx)
    .await?;
    Ok(updated.rows_affected())
}

pub(super) fn account_row(row: &AnyRow) -> Result<Account, StoreError> {
    Ok(Account {
        account: row.text("account")?,
        name: row.text("name")?,
        password: row.text("password")?,
        administrator: row.truth("administrator")?,
        disabled: row.truth("disabled")?,
        created_at: row.number("created_at")?,
        changed_at: row.number("changed_at")?,
    })
}
