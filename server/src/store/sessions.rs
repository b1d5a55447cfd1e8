//! Sessions of the staff, and the one-time code that makes the first administrator.

use super::{
    Account, Sql, StoreError,
    accounts::{account_row, insert_account},
    sql::{Columns, fits, stored},
};
use async_trait::async_trait;

/// Somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The SHA-256 of the token, 64 hexadecimal digits. The token itself is nowhere here.
    pub digest: String,
    /// Whose it is.
    pub account: String,
    /// When it began.
    pub created_at: u64,
    /// When it was used last; need not be exact.
    pub seen_at: u64,
    /// When it ends, however much it is used.
    pub expires_at: u64,
}

/// The code that makes the first administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstCode {
    /// Its SHA-256, 64 hexadecimal digits.
    pub digest: String,
    /// Until when it holds.
    pub expires_at: u64,
}

/// Sessions of the staff, and the one-time code.
#[async_trait]
pub trait SessionStore {
    /// Keeps a new session.
    ///
    /// # Errors
    /// `NotFound`: there is no such account.
    async fn put_session(&self, session: &Session) -> Result<(), StoreError>;

    /// The session of this digest with its account, whatever their state.
    async fn session(&self, digest: &str) -> Result<Option<(Session, Account)>, StoreError>;

    /// Notes that a session was used.
    async fn touch_session(&self, digest: &str, seen_at: u64) -> Result<(), StoreError>;

    /// Ends a session, if it is there.
    async fn remove_session(&self, digest: &str) -> Result<(), StoreError>;

    /// Ends all sessions of an account but this one.
    async fn remove_sessions_of(&self, account: &str, except: Option<&str>) -> Result<(), StoreError>;

    /// Forgets sessions that expired before `now` or were last seen before `seen_before`; how many.
    async fn remove_old_sessions(&self, now: u64, seen_before: u64) -> Result<u64, StoreError>;

    /// Keeps the code for the first administrator in the place of an older one.
    async fn put_first_code(&self, code: &FirstCode) -> Result<(), StoreError>;

    /// The code for the first administrator.
    async fn first_code(&self) -> Result<Option<FirstCode>, StoreError>;

    /// Uses up the code and creates the account with it, once.
    ///
    /// # Errors
    /// `NotFound`: another code, or none, or no longer. `Exists`: the account.
    async fn redeem_first_code(&self, digest: &str, now: u64, account: &Account) -> Result<(), StoreError>;
}

#[async_trait]
impl SessionStore for Sql {
    async fn put_session(&self, session: &Session) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            sqlx::query(
                "INSERT INTO sessions (digest, account, created_at, seen_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(fits("the digest", &session.digest, 64)?)
            .bind(fits("the account", &session.account, 256)?)
            .bind(stored(session.created_at))
            .bind(stored(session.seen_at))
            .bind(stored(session.expires_at))
            .execute(&mut *tx)
            .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn session(&self, digest: &str) -> Result<Option<(Session, Account)>, StoreError> {
        self.read(async {
            let row = sqlx::query(
                "SELECT a.*, s.digest, s.created_at AS began_at, s.seen_at, s.expires_at \
                 FROM sessions s JOIN accounts a ON a.account = s.account WHERE s.digest = $1",
            )
            .bind(fits("the digest", digest, 64)?)
            .fetch_optional(self.readers())
            .await?;
            let Some(row) = row else { return Ok(None) };
            let account = account_row(&row)?;
            let session = Session {
                digest: row.text("digest")?,
                account: account.account.clone(),
                created_at: row.number("began_at")?,
                seen_at: row.number("seen_at")?,
                expires_at: row.number("expires_at")?,
            };
            Ok(Some((session, account)))
        })
        .await
    }

    async fn touch_session(&self, digest: &str, seen_at: u64) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            sqlx::query("UPDATE sessions SET seen_at = $1 WHERE digest = $2 AND seen_at < $1")
                .bind(stored(seen_at))
                .bind(fits("the digest", digest, 64)?)
                .execute(&mut *tx)
                .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn remove_session(&self, digest: &str) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            sqlx::query("DELETE FROM sessions WHERE digest = $1")
                .bind(fits("the digest", digest, 64)?)
                .execute(&mut *tx)
                .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn remove_sessions_of(&self, account: &str, except: Option<&str>) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            sqlx::query("DELETE FROM sessions WHERE account = $1 AND digest <> $2")
                .bind(fits("the account", account, 256)?)
                .bind(fits("the digest", except.unwrap_or_default(), 64)?)
                .execute(&mut *tx)
                .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn remove_old_sessions(&self, now: u64, seen_before: u64) -> Result<u64, StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            let gone = sqlx::query("DELETE FROM sessions WHERE expires_at < $1 OR seen_at < $2")
                .bind(stored(now))
                .bind(stored(seen_before))
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            Ok(gone.rows_affected())
        })
        .await
    }

    async fn put_first_code(&self, code: &FirstCode) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            sqlx::query(
                "INSERT INTO first_code (only_one, digest, expires_at) VALUES (1, $1, $2) \
                 ON CONFLICT (only_one) DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at",
            )
            .bind(fits("the digest", &code.digest, 64)?)
            .bind(stored(code.expires_at))
            .execute(&mut *tx)
            .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn first_code(&self) -> Result<Option<FirstCode>, StoreError> {
        self.read(async {
            let row = sqlx::query("SELECT digest, expires_at FROM first_code")
                .fetch_optional(self.readers())
                .await?;
            let Some(row) = row else { return Ok(None) };
            Ok(Some(FirstCode { digest: row.text("digest")?, expires_at: row.number("expires_at")? }))
        })
        .await
    }

    async fn redeem_first_code(&self, digest: &str, now: u64, account: &Account) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            let used = sqlx::query("DELETE FROM first_code WHERE digest = $1 AND expires_at > $2")
                .bind(fits("the digest", digest, 64)?)
                .bind(stored(now))
                .execute(&mut *tx)
                .await?;
            if used.rows_affected() == 0 {
                return Err(StoreError::NotFound("code"));
            }
            insert_account(&mut tx, account).await?;
            Ok(tx.commit().await?)
        })
        .await
    }
}
