//! Outgoing SMS: kept before they are sent, with the state of each.

use super::{
    NewDeed, Sql, StoreError, deeds,
    sql::{Columns, fits, hex, stored},
};
use async_trait::async_trait;
use serde::Serialize;
use sqlx::{Any, AssertSqlSafe, Transaction, any::AnyRow};
use std::{collections::BTreeMap, fmt};
use utoipa::ToSchema;

/// The longest text: what is worded has at most [`crate::sms::LONGEST`] characters, and each value once.
const MAX_TEXT_BYTES: usize = 8192;
/// Messages in one answer.
const MAX_PAGE: u32 = 1000;

/// The provider has it, or it is not sent any more, since before `$1`.
const TEXT_IS_OF_NO_USE: &str = "text <> '' AND ((state = 'sent' AND sent_at < $1) \
     OR (state = 'failed' AND next_at < $1) OR (state IN ('queued', 'sending') AND expires_at < $1))";

/// A message to be sent. `Debug` shows neither text nor number: there may be a code in it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Chosen by the caller; a second message of the same id is not kept.
    pub id: u64,
    /// The interview that it belongs to.
    pub interview: Option<u64>,
    /// The seat of that interview.
    pub seat: Option<u64>,
    /// When it was made.
    pub at: u64,
    /// Whom to send it to, in E.164: `+8613800001234`.
    pub phone: String,
    /// The whole text, as an outbox shows it and a provider without templates sends it.
    pub text: String,
    /// Which template a provider with templates fills: `invitation`, `identity`, ….
    pub kind: String,
    /// What it fills it with.
    pub params: BTreeMap<String, String>,
    /// Goes before the others: somebody waits for it.
    pub urgent: bool,
    /// When it is of no use any more; it is not sent then.
    pub expires_at: u64,
}

/// What has become of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// Waits.
    Queued,
    /// Handed to the provider, whose answer has not come.
    Sending,
    /// The provider has accepted it.
    Sent,
    /// It will not be sent.
    Failed,
}

impl MessageState {
    /// The word in the store and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::Queued, Self::Sending, Self::Sent, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| StoreError::Corrupt(format!("state is {text:?}")))
    }
}

/// A message in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its place in the outbox; later ones have greater numbers.
    pub position: u64,
    /// What is to be sent.
    pub content: NewMessage,
    /// What has become of it.
    pub state: MessageState,
    /// How often it was handed to the provider.
    pub attempts: u32,
    /// When it is to be tried next; while it is being sent: when the trial counts as lost.
    pub next_at: u64,
    /// When the provider accepted it.
    pub sent_at: Option<u64>,
    /// Why the last trial failed, or why it waits.
    pub error: Option<String>,
    /// The provider's own id of it.
    pub provider_id: Option<String>,
}

/// Takes a message for one trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Take {
    /// The message.
    pub id: u64,
    /// Its attempts so far, as read: whoever takes it meanwhile wins.
    pub attempts: u32,
    /// Now.
    pub now: u64,
    /// When the trial counts as lost, and the message may be taken again.
    pub until: u64,
}

/// How a trial ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider has accepted it, under this id of its own.
    Sent {
        /// The provider's id.
        provider_id: String,
    },
    /// To be tried again at this time.
    Again {
        /// Why.
        error: String,
        /// When.
        next_at: u64,
    },
    /// Not to be tried again.
    Failed {
        /// Why.
        error: String,
    },
}

/// How many messages were taken for sending since two times; see [`OutboxStore::taken`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Since the earlier time.
    pub long: u64,
    /// Since the later time.
    pub short: u64,
}

/// Outgoing SMS.
#[async_trait]
pub trait OutboxStore {
    /// Keeps messages; those whose id is known already stay as they are.
    async fn enqueue(&self, messages: &[NewMessage]) -> Result<(), StoreError>;

    /// Messages whose time has come, also those whose trial counts as lost: the urgent ones first, then by time.
    async fn due(&self, now: u64, limit: u32) -> Result<Vec<Message>, StoreError>;

    /// The time of the next message that waits.
    async fn next_due(&self) -> Result<Option<u64>, StoreError>;

    /// How many wait, or are being sent.
    async fn waiting(&self) -> Result<u64, StoreError>;

    /// Takes a message for one trial; `false` where somebody else has it, or it needs none any more.
    async fn take(&self, take: Take) -> Result<bool, StoreError>;

    /// Notes how trial number `attempt` ended; `false` where another trial has begun since, which then decides.
    async fn finish(&self, id: u64, attempt: u32, outcome: &Outcome, now: u64) -> Result<bool, StoreError>;

    /// Lets a message wait, or fail, that was not taken.
    async fn hold(&self, id: u64, outcome: &Outcome, now: u64) -> Result<(), StoreError>;

    /// How many messages to this number (`None`: to all) were taken since two times.
    async fn taken(&self, phone: Option<&str>, long: u64, short: u64) -> Result<Taken, StoreError>;

    /// Messages of an interview (`None`: of all) before a place (`None`: from the newest on), newest first.
    async fn messages(
        &self,
        interview: Option<u64>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Message>, StoreError>;

    /// Erases texts that are of no use since before this time, with the codes in them, and writes down how many at `now`:
    /// both, or neither. That a message went stays.
    async fn erase_texts(&self, before: u64, now: u64) -> Result<u64, StoreError>;

    /// Messages of a seat, the oldest first.
    async fn messages_of_seat(&self, interview: u64, seat: u64) -> Result<Vec<Message>, StoreError>;

    /// Forgets messages made before this time that wait for nothing, or were of no use by then; how many.
    async fn remove_old_messages(&self, before: u64) -> Result<u64, StoreError>;
}

#[async_trait]
impl OutboxStore for Sql {
    async fn enqueue(&self, messages: &[NewMessage]) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            for message in messages {
                insert_message(&mut tx, message).await?;
            }
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn due(&self, now: u64, limit: u32) -> Result<Vec<Message>, StoreError> {
        self.read(async {
            let rows = sqlx::query(
                "SELECT * FROM outbox WHERE state IN ('queued', 'sending') AND next_at <= $1 \
                 ORDER BY urgent DESC, next_at, position LIMIT $2",
            )
            .bind(stored(now))
            .bind(i64::from(limit.min(MAX_PAGE)))
            .fetch_all(self.readers())
            .await?;
            rows.iter().map(message).collect()
        })
        .await
    }

    async fn next_due(&self) -> Result<Option<u64>, StoreError> {
        self.read(async {
            let row = sqlx::query(
                "SELECT next_at FROM outbox WHERE state IN ('queued', 'sending') ORDER BY next_at LIMIT 1",
            )
            .fetch_optional(self.readers())
            .await?;
            row.map(|row| row.number("next_at")).transpose()
        })
        .await
    }

    async fn waiting(&self) -> Result<u64, StoreError> {
        self.read(async {
            let count = "SELECT COUNT(*) AS waiting FROM outbox WHERE state IN ('queued', 'sending')";
            sqlx::query(count).fetch_one(self.readers()).await?.number("waiting")
        })
        .await
    }

    async fn take(&self, take: Take) -> Result<bool, StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            let taken = sqlx::query(
                "UPDATE outbox SET state = 'sending', attempts = attempts + 1, taken_at = $1, next_at = $2 \
                 WHERE id = $3 AND attempts = $4 AND state IN ('queued', 'sending') AND next_at <= $1",
            )
            .bind(stored(take.now))
            .bind(stored(take.until))
            .bind(hex(take.id))
            .bind(i64::from(take.attempts))
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            Ok(taken.rows_affected() == 1)
        })
        .await
    }

    async fn finish(&self, id: u64, attempt: u32, outcome: &Outcome, now: u64) -> Result<bool, StoreError> {
        self.write(async { Ok(self.note(id, "sending", Some(attempt), outcome, now).await? == 1) }).await
    }

    async fn hold(&self, id: u64, outcome: &Outcome, now: u64) -> Result<(), StoreError> {
        self.write(async { self.note(id, "queued", None, outcome, now).await.map(drop) }).await
    }

    async fn taken(&self, phone: Option<&str>, long: u64, short: u64) -> Result<Taken, StoreError> {
        self.read(async {
            let (select, from) = (
                "SELECT COUNT(*) AS n_long, COUNT(CASE WHEN taken_at > $2 THEN 1 END) AS n_short \
                 FROM outbox WHERE taken_at > $1",
                "SELECT COUNT(*) AS n_long, COUNT(CASE WHEN taken_at > $2 THEN 1 END) AS n_short \
                 FROM outbox WHERE taken_at > $1 AND phone = $3",
            );
            let query = match phone {
                None => sqlx::query(select).bind(stored(long)).bind(stored(short)),
                Some(phone) => sqlx::query(from).bind(stored(long)).bind(stored(short)).bind(fits(
                    "the number",
                    phone,
                    32,
                )?),
            };
            let row = query.fetch_one(self.readers()).await?;
            Ok(Taken { long: row.number("n_long")?, short: row.number("n_short")? })
        })
        .await
    }

    async fn messages(
        &self,
        interview: Option<u64>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Message>, StoreError> {
        let before = before.map_or(i64::MAX, stored);
        let limit = i64::from(limit.min(MAX_PAGE));
        self.read(async {
            let query = match interview {
                None => {
                    sqlx::query("SELECT * FROM outbox WHERE position < $1 ORDER BY position DESC LIMIT $2")
                        .bind(before)
                        .bind(limit)
                }
                Some(interview) => sqlx::query(
                    "SELECT * FROM outbox WHERE position < $1 AND interview = $3 ORDER BY position DESC LIMIT $2",
                )
                .bind(before)
                .bind(limit)
                .bind(hex(interview)),
            };
            query.fetch_all(self.readers()).await?.iter().map(message).collect()
        })
        .await
    }

    async fn erase_texts(&self, before: u64, now: u64) -> Result<u64, StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            let due = format!("SELECT COUNT(*) AS texts FROM outbox WHERE {TEXT_IS_OF_NO_USE}");
            let row = sqlx::query(AssertSqlSafe(due)).bind(stored(before)).fetch_one(&mut *tx).await?;
            let texts = row.number("texts")?;
            if texts > 0 {
                deeds::insert(&mut tx, &NewDeed::by_time("sms_texts_erased", now, format!("{texts} texts")))
                    .await?;
                let erase = format!("UPDATE outbox SET text = '', params = '{{}}' WHERE {TEXT_IS_OF_NO_USE}");
                sqlx::query(AssertSqlSafe(erase)).bind(stored(before)).execute(&mut *tx).await?;
                tx.commit().await?;
            }
            Ok(texts)
        })
        .await
    }

    async fn messages_of_seat(&self, interview: u64, seat: u64) -> Result<Vec<Message>, StoreError> {
        self.read(async {
            let rows = sqlx::query(
                "SELECT * FROM outbox WHERE interview = $1 AND seat = $2 ORDER BY position LIMIT $3",
            )
            .bind(hex(interview))
            .bind(hex(seat))
            .bind(i64::from(MAX_PAGE))
            .fetch_all(self.readers())
            .await?;
            rows.iter().map(message).collect()
        })
        .await
    }

    async fn remove_old_messages(&self, before: u64) -> Result<u64, StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            // Without a provider messages stay as they were queued.
            let gone = sqlx::query(
                "DELETE FROM outbox WHERE at < $1 AND (state IN ('sent', 'failed') OR expires_at < $1)",
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
    /// Writes an outcome to a message in this state and, where given, of this number of attempts; how many there were.
    async fn note(
        &self,
        id: u64,
        state: &str,
        attempt: Option<u32>,
        outcome: &Outcome,
        now: u64,
    ) -> Result<u64, StoreError> {
        let (new, error, next_at, provider_id, sent_at) = match outcome {
            Outcome::Sent { provider_id } => (MessageState::Sent, None, now, Some(provider_id), Some(now)),
            Outcome::Again { error, next_at } => (MessageState::Queued, Some(error), *next_at, None, None),
            Outcome::Failed { error } => (MessageState::Failed, Some(error), now, None, None),
        };
        let mut tx = self.begin().await?;
        let noted = sqlx::query(
            "UPDATE outbox SET state = $1, error = $2, next_at = $3, provider_id = $4, sent_at = $5 \
             WHERE id = $6 AND state = $7 AND attempts = COALESCE($8, attempts)",
        )
        .bind(new.as_str())
        .bind(error.map(|text| shortened(text, 500)))
        .bind(stored(next_at))
        .bind(provider_id.map(|text| shortened(text, 200)))
        .bind(sent_at.map(stored))
        .bind(hex(id))
        .bind(state)
        .bind(attempt.map(i64::from))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(noted.rows_affected())
    }
}

impl fmt::Debug for NewMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewMessage({:016x}, {})", self.id, self.kind)
    }
}

pub(super) async fn insert_message(
    tx: &mut Transaction<'_, Any>,
    message: &NewMessage,
) -> Result<(), StoreError> {
    let params = serde_json::to_string(&message.params)
        .map_err(|error| StoreError::Invalid(format!("the parameters: {error}")))?;
    sqlx::query(
        "INSERT INTO outbox (id, interview, seat, at, phone, text, kind, params, urgent, expires_at, state, attempts, \
         next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', 0, $4) ON CONFLICT DO NOTHING",
    )
    .bind(hex(message.id))
    .bind(message.interview.map(hex))
    .bind(message.seat.map(hex))
    .bind(stored(message.at))
    .bind(fits("the number", &message.phone, 32)?)
    .bind(fits("the text", &message.text, MAX_TEXT_BYTES)?)
    .bind(fits("the kind", &message.kind, 64)?)
    .bind(fits("the parameters", &params, MAX_TEXT_BYTES)?)
    .bind(i64::from(message.urgent))
    .bind(stored(message.expires_at))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a provider says may be long, and of any kind.
fn shortened(text: &str, chars: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(chars).collect()
}

fn message(row: &AnyRow) -> Result<Message, StoreError> {
    let params = row.text("params")?;
    let content = NewMessage {
        id: row.id("id")?,
        interview: row.maybe_id("interview")?,
        seat: row.maybe_id("seat")?,
        at: row.number("at")?,
        phone: row.text("phone")?,
        text: row.text("text")?,
        kind: row.text("kind")?,
        params: serde_json::from_str(&params)
            .map_err(|error| StoreError::Corrupt(format!("params: {error}")))?,
        urgent: row.truth("urgent")?,
        expires_at: row.number("expires_at")?,
    };
    Ok(Message {
        position: row.number("position")?,
        content,
        state: MessageState::parse(&row.text("state")?)?,
        attempts: u32::try_from(row.number("attempts")?).unwrap_or(u32::MAX),
        next_at: row.number("next_at")?,
        sent_at: row.maybe_number("sent_at")?,
        error: row.maybe_text("error")?,
        provider_id: row.maybe_text("provider_id")?,
    })
}
