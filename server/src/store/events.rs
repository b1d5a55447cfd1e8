//! Events of interviews, appended and read back, with the tables that lead from codes and accounts to seats.

use super::{
    Clock, NewDeed, NewMessage, Sql, StoreError, deeds, erasures,
    outbox::insert_message,
    rehearsals,
    sql::{Columns, fits, hex, stored},
};
use async_trait::async_trait;
use sqlx::{Any, Transaction, any::AnyRow};

/// The longest event, in bytes of its JSON.
const MAX_EVENT_BYTES: usize = 256 * 1024;
/// Events, rows of tables and messages in one append.
const MAX_BATCH: usize = 20_000;

/// One event of an interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its number in the interview: 1, 2, 3, …
    pub seq: u64,
    /// When it happened.
    pub at: u64,
    /// Who did it, as text.
    pub by: String,
    /// The command that it answers, where one did.
    pub command: Option<String>,
    /// The event itself.
    pub json: String,
}

/// An entry of the tables beside the events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Index {
    /// This invitation code leads to this seat, instead of the one it had.
    Invitation {
        /// The code.
        code: String,
        /// The seat.
        seat: u64,
    },
    /// This seat of the staff is this account's.
    Staff {
        /// The account.
        account: String,
        /// The seat.
        seat: u64,
    },
    /// This paper is gone.
    PaperGone {
        /// Whose it was.
        seat: u64,
        /// Which of the seat's papers.
        number: u32,
    },
    /// No code and no account leads to this seat any more, and its photo and papers are gone.
    Gone {
        /// The seat.
        seat: u64,
    },
    /// This interview is a rehearsal of another, whose last event has this number.
    Rehearsal {
        /// The interview that is rehearsed.
        of: u64,
        /// The number of its last event.
        seq: u64,
    },
    /// What the last event erases is still to be erased from the events before it, and from all tables.
    Erasure,
}

/// What is written together, or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// At least one event; their numbers go on from the expected one.
    pub events: Vec<StoredEvent>,
    /// Applied in this order.
    pub index: Vec<Index>,
    /// SMS that these events cause.
    pub messages: Vec<NewMessage>,
}

/// An interview in the list of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredInterview {
    /// The interview.
    pub id: u64,
    /// The number of its last event.
    pub seq: u64,
    /// When its first event happened.
    pub created_at: u64,
    /// When its last event happened.
    pub changed_at: u64,
}

/// Where a code or an account leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeatRow {
    /// The interview.
    pub interview: u64,
    /// The seat in it.
    pub seat: u64,
}

/// Events of interviews.
#[async_trait]
pub trait EventStore {
    /// Appends to an interview whose last event has the number `expected` (0: there is none yet), and answers the number
    /// of the new last one. When it returns, the batch is on the disk.
    ///
    /// # Errors
    /// `Conflict`: the last event has another number, or that of an interview that is rehearsed has. `Exists`: an invitation
    /// code is another seat's, or a rehearsal is open. `Invalid`: no event,
    /// numbers that do not go on, a text too long. After `Unavailable` the batch may be there or not: read again.
    async fn append(&self, interview: u64, expected: u64, batch: &Batch) -> Result<u64, StoreError>;

    /// Begins all of these interviews, or none.
    ///
    /// # Errors
    /// As [`EventStore::append`].
    async fn create_all(&self, interviews: &[(u64, Batch)]) -> Result<(), StoreError>;

    /// All events after the number `after`, in order; none where there is no such interview.
    async fn events(&self, interview: u64, after: u64) -> Result<Vec<StoredEvent>, StoreError>;

    /// All interviews, the newest first.
    async fn interviews(&self) -> Result<Vec<StoredInterview>, StoreError>;

    /// Deletes an interview with its events, codes, seats, photos and papers; its unsent messages fail.
    ///
    /// # Errors
    /// `Conflict`: the last event has not the number `expected`. `NotFound`.
    async fn remove_interview(&self, interview: u64, expected: u64) -> Result<(), StoreError>;

    /// Deletes an interview with everything of it, messages too, and writes down that it was: both, or neither.
    ///
    /// # Errors
    /// As [`EventStore::remove_interview`].
    async fn erase_interview(&self, interview: u64, expected: u64, deed: &NewDeed) -> Result<(), StoreError>;

    /// Where an invitation code leads.
    async fn seat_of_code(&self, code: &str) -> Result<Option<SeatRow>, StoreError>;

    /// The seats of an account, those in open rehearsals first.
    async fn seats_of_account(&self, account: &str) -> Result<Vec<SeatRow>, StoreError>;
}

#[async_trait]
impl EventStore for Sql {
    async fn append(&self, interview: u64, expected: u64, batch: &Batch) -> Result<u64, StoreError> {
        ends(expected, batch)?;
        self.write(async {
            let mut tx = self.begin().await?;
            let last = append(&mut tx, interview, expected, batch).await?;
            tx.commit().await?;
            Ok(last)
        })
        .await
    }

    async fn create_all(&self, interviews: &[(u64, Batch)]) -> Result<(), StoreError> {
        for (_, batch) in interviews {
            ends(0, batch)?;
        }
        self.write(async {
            let mut tx = self.begin().await?;
            for (interview, batch) in interviews {
                append(&mut tx, *interview, 0, batch).await?;
            }
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn events(&self, interview: u64, after: u64) -> Result<Vec<StoredEvent>, StoreError> {
        self.read(async {
            let rows = sqlx::query(
                "SELECT seq, at, actor, command, json FROM events WHERE interview = $1 AND seq > $2 ORDER BY seq",
            )
            .bind(hex(interview))
            .bind(stored(after))
            .fetch_all(self.readers())
            .await?;
            rows.iter().map(event).collect()
        })
        .await
    }

    async fn interviews(&self) -> Result<Vec<StoredInterview>, StoreError> {
        self.read(async {
            let rows = sqlx::query(
                "SELECT id, seq, created_at, changed_at FROM interviews ORDER BY created_at DESC, id",
            )
            .fetch_all(self.readers())
            .await?;
            rows.iter().map(stored_interview).collect()
        })
        .await
    }

    async fn remove_interview(&self, interview: u64, expected: u64) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            remove(&mut tx, interview, expected).await?;
            sqlx::query(
                "UPDATE outbox SET state = 'failed', error = 'the interview was deleted' \
                 WHERE interview = $1 AND state = 'queued'",
            )
            .bind(hex(interview))
            .execute(&mut *tx)
            .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn erase_interview(&self, interview: u64, expected: u64, deed: &NewDeed) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            deeds::insert(&mut tx, deed).await?;
            remove(&mut tx, interview, expected).await?;
            sqlx::query("DELETE FROM outbox WHERE interview = $1")
                .bind(hex(interview))
                .execute(&mut *tx)
                .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn seat_of_code(&self, code: &str) -> Result<Option<SeatRow>, StoreError> {
        self.read(async {
            let row = sqlx::query("SELECT interview, seat FROM invitations WHERE code = $1")
                .bind(fits("the code", code, 64)?)
                .fetch_optional(self.readers())
                .await?;
            row.as_ref().map(seat).transpose()
        })
        .await
    }

    async fn seats_of_account(&self, account: &str) -> Result<Vec<SeatRow>, StoreError> {
        self.read(async {
            let rows = sqlx::query(
                "SELECT interview, seat FROM staff_seats WHERE account = $1 ORDER BY CASE WHEN interview IN \
                 (SELECT rehearsal FROM rehearsals WHERE ended_at IS NULL) THEN 0 ELSE 1 END, interview, seat",
            )
            .bind(fits("the account", account, 256)?)
            .fetch_all(self.readers())
            .await?;
            rows.iter().map(seat).collect()
        })
        .await
    }
}

/// Deletes an interview whose last event has this number, with all tables that hang on it.
pub(super) async fn remove(
    tx: &mut Transaction<'_, Any>,
    interview: u64,
    expected: u64,
) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT seq FROM interviews WHERE id = $1")
        .bind(hex(interview))
        .fetch_optional(&mut **tx)
        .await?;
    if row.is_none() {
        return Err(StoreError::NotFound("interview"));
    }
    let gone = sqlx::query("DELETE FROM interviews WHERE id = $1 AND seq = $2")
        .bind(hex(interview))
        .bind(stored(expected))
        .execute(&mut **tx)
        .await?;
    if gone.rows_affected() == 0 {
        return Err(StoreError::Conflict);
    }
    rehearsals::forget(tx, interview).await
}

/// Within a transaction.
async fn append(
    tx: &mut Transaction<'_, Any>,
    interview: u64,
    expected: u64,
    batch: &Batch,
) -> Result<u64, StoreError> {
    let (first, last) = ends(expected, batch)?;
    let advanced = if expected == 0 {
        sqlx::query(
            "INSERT INTO interviews (id, seq, created_at, changed_at) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT DO NOTHING",
        )
        .bind(hex(interview))
        .bind(stored(last.seq))
        .bind(stored(first.at))
        .bind(stored(last.at))
        .execute(&mut **tx)
        .await?
    } else {
        sqlx::query("UPDATE interviews SET seq = $1, changed_at = $2 WHERE id = $3 AND seq = $4")
            .bind(stored(last.seq))
            .bind(stored(last.at))
            .bind(hex(interview))
            .bind(stored(expected))
            .execute(&mut **tx)
            .await?
    };
    if advanced.rows_affected() == 0 {
        return Err(StoreError::Conflict);
    }
    for event in &batch.events {
        insert_event(tx, interview, event).await?;
    }
    for entry in &batch.index {
        insert_index(tx, interview, (first, last.seq), entry).await?;
    }
    for message in &batch.messages {
        insert_message(tx, message).await?;
    }
    Ok(last.seq)
}

/// The first and the last event of a batch that may be written after `expected`.
fn ends(expected: u64, batch: &Batch) -> Result<(&StoredEvent, &StoredEvent), StoreError> {
    let (Some(first), Some(last)) = (batch.events.first(), batch.events.last()) else {
        return Err(StoreError::Invalid("no event".to_owned()));
    };
    let sizes = [batch.events.len(), batch.index.len(), batch.messages.len()];
    if sizes.into_iter().any(|size| size > MAX_BATCH) {
        return Err(StoreError::Invalid(format!("more than {MAX_BATCH} at once")));
    }
    let mut next = expected;
    for event in &batch.events {
        next += 1;
        if event.seq != next {
            return Err(StoreError::Invalid(format!("event {} follows on {}", event.seq, next - 1)));
        }
        fits("an event", &event.json, MAX_EVENT_BYTES)?;
        fits("who did it", &event.by, 256)?;
        fits("a command", event.command.as_deref().unwrap_or_default(), 64)?;
    }
    Ok((first, last))
}

async fn insert_event(
    tx: &mut Transaction<'_, Any>,
    interview: u64,
    event: &StoredEvent,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO events (interview, seq, at, actor, command, json) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(hex(interview))
    .bind(stored(event.seq))
    .bind(stored(event.at))
    .bind(&event.by)
    .bind(event.command.as_deref())
    .bind(&event.json)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn insert_index(
    tx: &mut Transaction<'_, Any>,
    interview: u64,
    (first, last): (&StoredEvent, u64),
    entry: &Index,
) -> Result<(), StoreError> {
    match entry {
        Index::Invitation { code, seat } => {
            forget(tx, interview, *seat).await?;
            let new = sqlx::query(
                "INSERT INTO invitations (code, interview, seat) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            )
            .bind(fits("the code", code, 64)?)
            .bind(hex(interview))
            .bind(hex(*seat))
            .execute(&mut **tx)
            .await?;
            if new.rows_affected() == 0 {
                return Err(StoreError::Exists("invitation code"));
            }
            Ok(())
        }
        Index::Staff { account, seat } => {
            forget(tx, interview, *seat).await?;
            sqlx::query("INSERT INTO staff_seats (account, interview, seat) VALUES ($1, $2, $3)")
                .bind(fits("the account", account, 256)?)
                .bind(hex(interview))
                .bind(hex(*seat))
                .execute(&mut **tx)
                .await?;
            Ok(())
        }
        Index::PaperGone { seat, number } => {
            sqlx::query("DELETE FROM papers WHERE interview = $1 AND seat = $2 AND number = $3")
                .bind(hex(interview))
                .bind(hex(*seat))
                .bind(i64::from(*number))
                .execute(&mut **tx)
                .await?;
            Ok(())
        }
        Index::Gone { seat } => {
            forget(tx, interview, *seat).await?;
            for statement in [
                "DELETE FROM photos WHERE interview = $1 AND seat = $2",
                "DELETE FROM papers WHERE interview = $1 AND seat = $2",
            ] {
                sqlx::query(statement).bind(hex(interview)).bind(hex(*seat)).execute(&mut **tx).await?;
            }
            Ok(())
        }
        Index::Rehearsal { of, seq } => rehearsals::open(tx, interview, (*of, *seq), first).await,
        Index::Erasure => erasures::note(tx, interview, Clock::Pending, last).await,
    }
}

async fn forget(tx: &mut Transaction<'_, Any>, interview: u64, seat: u64) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM invitations WHERE interview = $1 AND seat = $2",
        "DELETE FROM staff_seats WHERE interview = $1 AND seat = $2",
    ] {
        sqlx::query(statement).bind(hex(interview)).bind(hex(seat)).execute(&mut **tx).await?;
    }
    Ok(())
}

fn event(row: &AnyRow) -> Result<StoredEvent, StoreError> {
    Ok(StoredEvent {
        seq: row.number("seq")?,
        at: row.number("at")?,
        by: row.text("actor")?,
        command: row.maybe_text("command")?,
        json: row.text("json")?,
    })
}

fn stored_interview(row: &AnyRow) -> Result<StoredInterview, StoreError> {
    Ok(StoredInterview {
        id: row.id("id")?,
        seq: row.number("seq")?,
        created_at: row.number("created_at")?,
        changed_at: row.number("changed_at")?,
    })
}

fn seat(row: &AnyRow) -> Result<SeatRow, StoreError> {
    Ok(SeatRow { interview: row.id("interview")?, seat: row.id("seat")? })
}
