//! Papers of candidates, encrypted.

use super::{
    Sql, StoreError,
    sql::{Columns, hex, stored},
};
use async_trait::async_trait;

/// The largest paper.
const MOST_BYTES: usize = 20 * 1024 * 1024;
/// So long a paper may wait for its event, in milliseconds; one that waits longer was cut off.
const WAITS: u64 = 3_600_000;

/// Papers, by interview, seat and number. What a paper is stands in the event that says that it is there.
#[async_trait]
pub trait PaperStore {
    /// Keeps a paper under the first number from `from` on that no other has, before its event is written. What earlier ones
    /// have left that no event ever told of is deleted.
    ///
    /// # Errors
    /// `Invalid`: too large. `NotFound`: there is no such interview. `Exists`: another came at the same moment.
    async fn put_paper(
        &self,
        interview: u64,
        seat: u64,
        from: u32,
        bytes: &[u8],
        at: u64,
    ) -> Result<u32, StoreError>;

    /// The paper of this number, while it is kept; in a rehearsal also one of the interview.
    async fn paper(&self, interview: u64, seat: u64, number: u32) -> Result<Option<Vec<u8>>, StoreError>;

    /// Deletes a paper of which no event tells.
    async fn drop_paper(&self, interview: u64, seat: u64, number: u32) -> Result<(), StoreError>;

    /// How many papers [`PaperStore::remove_old_papers`] would delete.
    async fn old_papers(&self, before: u64) -> Result<u64, StoreError>;

    /// Deletes the papers of all interviews in which nothing has happened since `before`; how many.
    async fn remove_old_papers(&self, before: u64) -> Result<u64, StoreError>;
}

/// What a sealed paper belongs to.
pub(super) fn subject(interview: u64, seat: u64, number: u32) -> String {
    format!("paper {} {} {number}", hex(interview), hex(seat))
}

#[async_trait]
impl PaperStore for Sql {
    async fn put_paper(
        &self,
        interview: u64,
        seat: u64,
        from: u32,
        bytes: &[u8],
        at: u64,
    ) -> Result<u32, StoreError> {
        if bytes.len() > MOST_BYTES {
            return Err(StoreError::Invalid("a paper is larger than 20 MiB".to_owned()));
        }
        let number = from.max(self.highest(interview, seat).await?.saturating_add(1));
        let sealed = self.seal(&subject(interview, seat, number), bytes)?;
        self.write(async {
            let mut tx = self.begin().await?;
            sqlx::query("DELETE FROM papers WHERE interview = $1 AND seat = $2 AND number >= $3 AND at < $4")
                .bind(hex(interview))
                .bind(hex(seat))
                .bind(i64::from(from))
                .bind(stored(at.saturating_sub(WAITS)))
                .execute(&mut *tx)
                .await?;
            let kept = sqlx::query(
                "INSERT INTO papers (interview, seat, number, at, bytes) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (interview, seat, number) DO NOTHING",
            )
            .bind(hex(interview))
            .bind(hex(seat))
            .bind(i64::from(number))
            .bind(stored(at))
            .bind(sealed.as_slice())
            .execute(&mut *tx)
            .await?;
            if kept.rows_affected() == 0 {
                return Err(StoreError::Exists("paper"));
            }
            tx.commit().await?;
            Ok(number)
        })
        .await
    }

    async fn paper(&self, interview: u64, seat: u64, number: u32) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.read(async {
            let row = sqlx::query(
                "SELECT interview, bytes FROM papers WHERE seat = $2 AND number = $3 AND (interview = $1 OR interview = \
                 (SELECT interview FROM rehearsals WHERE rehearsal = $1 AND ended_at IS NULL)) \
                 ORDER BY CASE WHEN interview = $1 THEN 0 ELSE 1 END LIMIT 1",
            )
            .bind(hex(interview))
            .bind(hex(seat))
            .bind(i64::from(number))
            .fetch_optional(self.readers())
            .await?;
            row.map(|row| Ok((row.id("interview")?, row.bytes("bytes")?))).transpose()
        });
        let Some((kept_with, sealed)) = found.await? else { return Ok(None) };
        self.unseal(&subject(kept_with, seat, number), sealed).map(Some)
    }

    async fn drop_paper(&self, interview: u64, seat: u64, number: u32) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            sqlx::query("DELETE FROM papers WHERE interview = $1 AND seat = $2 AND number = $3")
                .bind(hex(interview))
                .bind(hex(seat))
                .bind(i64::from(number))
                .execute(&mut *tx)
                .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn old_papers(&self, before: u64) -> Result<u64, StoreError> {
        self.read(async {
            let row = sqlx::query(
                "SELECT COUNT(*) AS papers FROM papers WHERE at < $1 \
                 AND interview IN (SELECT id FROM interviews WHERE changed_at < $1)",
            )
            .bind(stored(before))
            .fetch_one(self.readers())
            .await?;
            row.number("papers")
        })
        .await
    }

    async fn remove_old_papers(&self, before: u64) -> Result<u64, StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            let gone = sqlx::query(
                "DELETE FROM papers WHERE at < $1 AND interview IN (SELECT id FROM interviews WHERE changed_at < $1)",
            )
            .bind(stored(before))
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            Ok(gone.rows_affected())
        })
        .await
    }
}

impl Sql {
    /// The highest number of a paper of this seat; 0 where there is none.
    async fn highest(&self, interview: u64, seat: u64) -> Result<u32, StoreError> {
        let highest = self.read(async {
            let row = sqlx::query(
                "SELECT COALESCE(MAX(number), 0) AS highest FROM papers WHERE interview = $1 AND seat = $2",
            )
            .bind(hex(interview))
            .bind(hex(seat))
            .fetch_one(self.readers())
            .await?;
            row.number("highest")
        });
        Ok(u32::try_from(highest.await?).unwrap_or(u32::MAX))
    }
}
