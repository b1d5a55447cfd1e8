//! What was erased, deleted and handed out, by whom: it outlives the interviews that it was done to.

use super::{
    Sql, StoreError,
    sql::{Columns, fits, hex, stored},
};
use async_trait::async_trait;
use sqlx::{Any, Transaction, any::AnyRow};

/// Deeds in one answer.
const MAX_PAGE: u32 = 1000;

/// Something that was done to personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDeed {
    /// When.
    pub at: u64,
    /// Who: `administrator:…`, `command line` or `system`.
    pub actor: String,
    /// What, as a name: `interview_deleted`, `person_exported`, ….
    pub deed: String,
    /// To which interview.
    pub interview: Option<u64>,
    /// To whom, by the seat.
    pub seat: Option<u64>,
    /// What more there is to say; no personal data.
    pub detail: String,
}

impl NewDeed {
    /// Of the server, because time is over.
    pub fn by_time(deed: &str, at: u64, detail: String) -> Self {
        Self { at, actor: "system".to_owned(), deed: deed.to_owned(), interview: None, seat: None, detail }
    }
}

/// A deed with its place among all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Later ones have greater numbers.
    pub position: u64,
    /// What was done.
    pub content: NewDeed,
}

/// Deeds: written, read, never changed.
#[async_trait]
pub trait DeedStore {
    /// Writes one down.
    async fn note_deed(&self, deed: &NewDeed) -> Result<(), StoreError>;

    /// Deeds before a place (`None`: from the newest on), newest first.
    async fn deeds(&self, before: Option<u64>, limit: u32) -> Result<Vec<Deed>, StoreError>;
}

#[async_trait]
impl DeedStore for Sql {
    async fn note_deed(&self, deed: &NewDeed) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            insert(&mut tx, deed).await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn deeds(&self, before: Option<u64>, limit: u32) -> Result<Vec<Deed>, StoreError> {
        self.read(async {
            let rows = sqlx::query("SELECT * FROM deeds WHERE position < $1 ORDER BY position DESC LIMIT $2")
                .bind(before.map_or(i64::MAX, stored))
                .bind(i64::from(limit.min(MAX_PAGE)))
                .fetch_all(self.readers())
                .await?;
            rows.iter().map(deed).collect()
        })
        .await
    }
}

pub(super) async fn insert(tx: &mut Transaction<'_, Any>, deed: &NewDeed) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO deeds (at, actor, deed, interview, seat, detail) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(stored(deed.at))
    .bind(fits("who did it", &deed.actor, 512)?)
    .bind(fits("the deed", &deed.deed, 64)?)
    .bind(deed.interview.map(hex))
    .bind(deed.seat.map(hex))
    .bind(fits("the detail", &deed.detail, 4096)?)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn deed(row: &AnyRow) -> Result<Deed, StoreError> {
    let content = NewDeed {
        at: row.number("at")?,
        actor: row.text("actor")?,
        deed: row.text("deed")?,
        interview: row.maybe_id("interview")?,
        seat: row.maybe_id("seat")?,
        detail: row.text("detail")?,
    };
    Ok(Deed { position: row.number("position")?, content })
}
