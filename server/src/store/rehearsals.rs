//! Rehearsals: which interview is one of which, and the reports that are left of them.

use super::{
    NewDeed, Sql, StoreError, deeds, events,
    events::StoredEvent,
    sql::{Columns, fits, hex, stored},
};
use async_trait::async_trait;
use sqlx::{Any, Transaction, any::AnyRow};

/// Reports that are kept of one interview; older ones go.
const KEPT: i64 = 10;
/// The longest report, in bytes of its JSON.
const MAX_REPORT_BYTES: usize = 1024 * 1024;
/// What a rehearsal is, in the order of [`rehearsal`].
const COLUMNS: &str = "rehearsal, interview, opened_at, opened_by, ended_at, ended_by, report";

/// A rehearsal, open or over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRehearsal {
    /// The interview that it is while it is open.
    pub rehearsal: u64,
    /// The interview that is rehearsed.
    pub of: u64,
    /// When it was opened.
    pub opened_at: u64,
    /// By whom, as text.
    pub opened_by: String,
    /// When, by whom and with which report it was ended.
    pub ended: Option<EndedRehearsal>,
}

/// The end of a rehearsal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedRehearsal {
    /// When.
    pub at: u64,
    /// By whom, as text.
    pub by: String,
    /// What is left of it, as JSON.
    pub report: String,
}

/// Rehearsals. One is opened by [`super::Index::Rehearsal`], with its first events.
#[async_trait]
pub trait RehearsalStore {
    /// The open rehearsal of this interview.
    async fn open_rehearsal(&self, of: u64) -> Result<Option<u64>, StoreError>;

    /// All that are open.
    async fn open_rehearsals(&self) -> Result<Vec<StoredRehearsal>, StoreError>;

    /// What is or was a rehearsal under this id.
    async fn rehearsal(&self, rehearsal: u64) -> Result<Option<StoredRehearsal>, StoreError>;

    /// Those of an interview, the newest first.
    async fn rehearsals(&self, of: u64) -> Result<Vec<StoredRehearsal>, StoreError>;

    /// Deletes a rehearsal with everything of it, messages too, and keeps its report with the interview, if that is still
    /// there: all, or nothing.
    ///
    /// # Errors
    /// `Conflict`: its last event has not the number `expected`. `NotFound`: it is over.
    async fn end_rehearsal(
        &self,
        rehearsal: u64,
        expected: u64,
        ended: &EndedRehearsal,
    ) -> Result<(), StoreError>;
}

#[async_trait]
impl RehearsalStore for Sql {
    async fn open_rehearsal(&self, of: u64) -> Result<Option<u64>, StoreError> {
        self.read(async {
            let query = "SELECT rehearsal FROM rehearsals WHERE interview = $1 AND ended_at IS NULL";
            let row = sqlx::query(query).bind(hex(of)).fetch_optional(self.readers()).await?;
            row.map(|row| row.id("rehearsal")).transpose()
        })
        .await
    }

    async fn open_rehearsals(&self) -> Result<Vec<StoredRehearsal>, StoreError> {
        self.read(async {
            let query = format!("SELECT {COLUMNS} FROM rehearsals WHERE ended_at IS NULL ORDER BY rehearsal");
            let rows = sqlx::query(sqlx::AssertSqlSafe(query)).fetch_all(self.readers()).await?;
            rows.iter().map(rehearsal).collect()
        })
        .await
    }

    async fn rehearsal(&self, id: u64) -> Result<Option<StoredRehearsal>, StoreError> {
        self.read(async {
            let query = format!("SELECT {COLUMNS} FROM rehearsals WHERE rehearsal = $1");
            let query = sqlx::query(sqlx::AssertSqlSafe(query)).bind(hex(id));
            query.fetch_optional(self.readers()).await?.as_ref().map(rehearsal).transpose()
        })
        .await
    }

    async fn rehearsals(&self, of: u64) -> Result<Vec<StoredRehearsal>, StoreError> {
        self.read(async {
            let query = format!(
                "SELECT {COLUMNS} FROM rehearsals WHERE interview = $1 ORDER BY opened_at DESC, rehearsal"
            );
            let query = sqlx::query(sqlx::AssertSqlSafe(query)).bind(hex(of));
            query.fetch_all(self.readers()).await?.iter().map(rehearsal).collect()
        })
        .await
    }

    async fn end_rehearsal(
        &self,
        rehearsal: u64,
        expected: u64,
        ended: &EndedRehearsal,
    ) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            let row = sqlx::query(
                "UPDATE rehearsals SET ended_at = $1, ended_by = $2, report = $3 \
                 WHERE rehearsal = $4 AND ended_at IS NULL RETURNING interview",
            )
            .bind(stored(ended.at))
            .bind(fits("who did it", &ended.by, 256)?)
            .bind(fits("the report", &ended.report, MAX_REPORT_BYTES)?)
            .bind(hex(rehearsal))
            .fetch_optional(&mut *tx)
            .await?;
            let of = row.ok_or(StoreError::NotFound("rehearsal"))?.id("interview")?;
            events::remove(&mut tx, rehearsal, expected).await?;
            for statement in [
                "DELETE FROM outbox WHERE interview = $1",
                // Of an interview that is no more nothing is kept.
                "DELETE FROM rehearsals WHERE rehearsal = $1 \
                 AND NOT EXISTS (SELECT 1 FROM interviews WHERE id = rehearsals.interview)",
            ] {
                sqlx::query(statement).bind(hex(rehearsal)).execute(&mut *tx).await?;
            }
            sqlx::query(
                "DELETE FROM rehearsals WHERE interview = $1 AND rehearsal NOT IN (SELECT rehearsal FROM rehearsals \
                 WHERE interview = $1 ORDER BY opened_at DESC, rehearsal LIMIT $2)",
            )
            .bind(hex(of))
            .bind(KEPT)
            .execute(&mut *tx)
            .await?;
            deeds::insert(&mut tx, &deed("rehearsal_ended", (ended.at, &ended.by), of)).await?;
            Ok(tx.commit().await?)
        })
        .await
    }
}

/// Notes that an interview whose first event this is is a rehearsal, unless what it was made from has changed meanwhile.
pub(super) async fn open(
    tx: &mut Transaction<'_, Any>,
    rehearsal: u64,
    (of, seq): (u64, u64),
    first: &StoredEvent,
) -> Result<(), StoreError> {
    // Written to itself, so that nobody else changes it before the end of this transaction.
    let same = sqlx::query("UPDATE interviews SET seq = seq WHERE id = $1 AND seq = $2")
        .bind(hex(of))
        .bind(stored(seq))
        .execute(&mut **tx)
        .await?;
    if same.rows_affected() == 0 {
        return Err(StoreError::Conflict);
    }
    let new = sqlx::query(
        "INSERT INTO rehearsals (rehearsal, interview, opened_at, opened_by) VALUES ($1, $2, $3, $4) \
         ON CONFLICT DO NOTHING",
    )
    .bind(hex(rehearsal))
    .bind(hex(of))
    .bind(stored(first.at))
    .bind(fits("who did it", &first.by, 256)?)
    .execute(&mut **tx)
    .await?;
    if new.rows_affected() == 0 {
        return Err(StoreError::Exists("rehearsal"));
    }
    deeds::insert(tx, &deed("rehearsal_opened", (first.at, &first.by), of)).await
}

/// With an interview the reports of its rehearsals go; one that is open is ended by whoever looks for what is due.
pub(super) async fn forget(tx: &mut Transaction<'_, Any>, interview: u64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM rehearsals WHERE interview = $1 AND ended_at IS NOT NULL")
        .bind(hex(interview))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn deed(name: &str, (at, by): (u64, &str), of: u64) -> NewDeed {
    let (actor, deed) = (by.to_owned(), name.to_owned());
    NewDeed { at, actor, deed, interview: Some(of), seat: None, detail: String::new() }
}

fn rehearsal(row: &AnyRow) -> Result<StoredRehearsal, StoreError> {
    let ended = match row.maybe_number("ended_at")? {
        None => None,
        Some(at) => Some(EndedRehearsal {
            at,
            by: row.maybe_text("ended_by")?.unwrap_or_default(),
            report: row.maybe_text("report")?.unwrap_or_default(),
        }),
    };
    Ok(StoredRehearsal {
        rehearsal: row.id("rehearsal")?,
        of: row.id("interview")?,
        opened_at: row.number("opened_at")?,
        opened_by: row.text("opened_by")?,
        ended,
    })
}
