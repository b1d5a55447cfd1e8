//! What is erased of interviews that stay: events are rewritten, tables are emptied, and nothing is forgotten by a crash.

use super::{
    Sql, StoreError,
    sql::{Columns, fits, hex, stored},
};
use async_trait::async_trait;
use sqlx::{Any, Executor, Transaction};

/// Events that are rewritten in one transaction.
const CHUNK: usize = 2000;

/// What was noted of an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// An event says that something is erased, and it is not yet everywhere.
    Pending,
    /// Looked at for what was written.
    Words,
    /// Looked at for who the people are.
    People,
}

impl Clock {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Words => "words",
            Self::People => "people",
        }
    }
}

/// Erasing.
#[async_trait]
pub trait ErasureStore {
    /// Interviews made before a time in which something has happened since they were looked at by this clock.
    async fn unexamined(&self, clock: Clock, before: u64) -> Result<Vec<u64>, StoreError>;

    /// This interview was looked at when its last event had this number.
    async fn examined(&self, interview: u64, clock: Clock, seq: u64) -> Result<(), StoreError>;

    /// Interviews of which something is still to be erased, with the number of the event that says so.
    async fn pending_erasures(&self) -> Result<Vec<(u64, u64)>, StoreError>;

    /// Writes these events in the place of those with the same numbers. What an interview did stays: number, time, who.
    async fn rewrite(&self, interview: u64, events: &[(u64, String)]) -> Result<(), StoreError>;

    /// Erases what tables hold of these seats, and ends what is pending since the event of this number.
    async fn finish_erasure(&self, interview: u64, seq: u64, seats: &[u64]) -> Result<(), StoreError>;

    /// Gives up what the database still holds of what was erased, as far as it lets itself be told to.
    async fn scrub(&self) -> Result<(), StoreError>;
}

#[async_trait]
impl ErasureStore for Sql {
    async fn unexamined(&self, clock: Clock, before: u64) -> Result<Vec<u64>, StoreError> {
        self.read(async {
            let rows = sqlx::query(
                "SELECT id FROM interviews WHERE created_at < $1 AND NOT EXISTS (SELECT 1 FROM erasures \
                 WHERE interview = id AND clock = $2 AND erasures.seq >= interviews.seq) ORDER BY id",
            )
            .bind(stored(before))
            .bind(clock.as_str())
            .fetch_all(self.readers())
            .await?;
            rows.iter().map(|row| row.id("id")).collect()
        })
        .await
    }

    async fn examined(&self, interview: u64, clock: Clock, seq: u64) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            note(&mut tx, interview, clock, seq).await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn pending_erasures(&self) -> Result<Vec<(u64, u64)>, StoreError> {
        self.read(async {
            let rows = sqlx::query("SELECT interview, seq FROM erasures WHERE clock = $1 ORDER BY interview")
                .bind(Clock::Pending.as_str())
                .fetch_all(self.readers())
                .await?;
            rows.iter().map(|row| Ok((row.id("interview")?, row.number("seq")?))).collect()
        })
        .await
    }

    async fn rewrite(&self, interview: u64, events: &[(u64, String)]) -> Result<(), StoreError> {
        for chunk in events.chunks(CHUNK) {
            self.write(async {
                let mut tx = self.begin().await?;
                for (seq, json) in chunk {
                    sqlx::query("UPDATE events SET json = $1 WHERE interview = $2 AND seq = $3")
                        .bind(fits("an event", json, 256 * 1024)?)
                        .bind(hex(interview))
                        .bind(stored(*seq))
                        .execute(&mut *tx)
                        .await?;
                }
                Ok(tx.commit().await?)
            })
            .await?;
        }
        Ok(())
    }

    async fn finish_erasure(&self, interview: u64, seq: u64, seats: &[u64]) -> Result<(), StoreError> {
        for seat in seats {
            self.write(async {
                let mut tx = self.begin().await?;
                erase_seat(&mut tx, interview, *seat).await?;
                Ok(tx.commit().await?)
            })
            .await?;
        }
        self.write(async {
            let mut tx = self.begin().await?;
            // Something newer may have become pending meanwhile.
            sqlx::query("DELETE FROM erasures WHERE interview = $1 AND clock = $2 AND seq = $3")
                .bind(hex(interview))
                .bind(Clock::Pending.as_str())
                .bind(stored(seq))
                .execute(&mut *tx)
                .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn scrub(&self) -> Result<(), StoreError> {
        if !self.is_sqlite() {
            // What was deleted is overwritten when autovacuum comes by; only the owner of the database may hasten it.
            return Ok(());
        }
        self.write(async { Ok(self.writer().execute("PRAGMA wal_checkpoint(TRUNCATE)").await.map(drop)?) })
            .await
    }
}

/// Tables that lead to a seat or keep something of it, and the messages to it: that they went stays.
async fn erase_seat(tx: &mut Transaction<'_, Any>, interview: u64, seat: u64) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM invitations WHERE interview = $1 AND seat = $2",
        "DELETE FROM photos WHERE interview = $1 AND seat = $2",
        "DELETE FROM face_pictures WHERE interview = $1 AND seat = $2",
        "DELETE FROM papers WHERE interview = $1 AND seat = $2",
        "UPDATE outbox SET phone = '', text = '', params = '{}', error = NULL, \
         state = CASE WHEN state = 'queued' THEN 'failed' ELSE state END WHERE interview = $1 AND seat = $2",
    ] {
        sqlx::query(statement).bind(hex(interview)).bind(hex(seat)).execute(&mut **tx).await?;
    }
    Ok(())
}

pub(super) async fn note(
    tx: &mut Transaction<'_, Any>,
    interview: u64,
    clock: Clock,
    seq: u64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO erasures (interview, clock, seq) VALUES ($1, $2, $3) \
         ON CONFLICT (interview, clock) DO UPDATE SET seq = excluded.seq",
    )
    .bind(hex(interview))
    .bind(clock.as_str())
    .bind(stored(seq))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
