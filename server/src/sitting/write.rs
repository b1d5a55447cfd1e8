//! Records to the store and back, with the tables and messages that go with them.

use super::Sitting;
use crate::{
    problem::Problem,
    store::{Batch, Index, Store, StoreError, StoredEvent},
};
use viva_interview::{Effect, Event, InterviewId, PaperEvent, Record, Time, redact};
use viva_signaling::message::ErrorCode;

/// All records of an interview, without what they say is erased.
pub(super) async fn read_all(store: &dyn Store, interview: InterviewId) -> Result<Vec<Record>, Problem> {
    read_whole(store, interview).await.map(|(records, _)| records)
}

/// The same, with the indices of those that the store still holds otherwise.
pub(super) async fn read_whole(
    store: &dyn Store,
    interview: InterviewId,
) -> Result<(Vec<Record>, Vec<usize>), Problem> {
    let mut records = read(store, interview, 0).await?;
    let changed = redact(&mut records);
    Ok((records, changed))
}

/// The records of an interview after the number `after`, as the store has them.
pub(super) async fn read(
    store: &dyn Store,
    interview: InterviewId,
    after: u64,
) -> Result<Vec<Record>, Problem> {
    let stored = store.events(interview.0, after).await?;
    stored.into_iter().map(|event| record(interview, event)).collect()
}

fn record(interview: InterviewId, stored: StoredEvent) -> Result<Record, Problem> {
    let StoredEvent { seq, at, by, command, json } = stored;
    let read = || -> Option<Record> {
        let event: Event = serde_json::from_str(&json).ok()?;
        Some(Record { at: Time(at), by: by.parse().ok()?, command: command?.parse().ok()?, event })
    };
    read().ok_or_else(|| {
        tracing::error!(%interview, seq, "an event cannot be read");
        Problem::new(ErrorCode::Internal, format!("event {seq} of interview {interview} cannot be read"))
    })
}

/// Records as the store keeps them, numbered from behind `after`.
pub(super) fn batch(records: &[Record], after: u64) -> Result<Batch, StoreError> {
    let mut batch = Batch::default();
    for (record, seq) in records.iter().zip(after + 1..) {
        let json = json(&record.event)?;
        let (by, command) = (record.by.to_string(), Some(record.command.as_str().to_owned()));
        batch.events.push(StoredEvent { seq, at: record.at.0, by, command, json });
        batch.index.extend(index(&record.event));
    }
    Ok(batch)
}

/// An event as the store keeps it.
pub(super) fn json(event: &Event) -> Result<String, StoreError> {
    serde_json::to_string(event).map_err(|error| StoreError::Invalid(error.to_string()))
}

/// What leads to a seat from outside, what is kept beside the events, and what is erased.
fn index(event: &Event) -> Option<Index> {
    match event {
        Event::CandidateAdded { seat, code, .. } | Event::CodeIssued { seat, code } => {
            Some(Index::Invitation { code: code.to_string(), seat: seat.0 })
        }
        Event::StaffAdded { seat, account, .. } if !account.is_empty() => {
            Some(Index::Staff { account: account.clone(), seat: seat.0 })
        }
        Event::CandidateRemoved { seat } | Event::StaffRemoved { seat } => Some(Index::Gone { seat: seat.0 }),
        Event::Paper(PaperEvent::PaperRemoved { seat, number }) => {
            Some(Index::PaperGone { seat: seat.0, number: *number })
        }
        event if event.erases() => Some(Index::Erasure),
        _ => None,
    }
}

impl Sitting {
    /// Stores what was decided, and the SMS that it causes, together or not at all.
    pub(super) async fn write(
        &self,
        records: &[Record],
        effects: &[Effect],
        sms_code: Option<&str>,
    ) -> Result<(), StoreError> {
        let known = self.interview.sequence();
        let mut batch = batch(records, known)?;
        batch.messages = self.messages(effects, sms_code).await?;
        self.around.store.append(self.id.0, known, &batch).await?;
        if let Some(delivery) = self.around.delivery.as_ref().filter(|_| !batch.messages.is_empty()) {
            delivery.wake();
        }
        Ok(())
    }
}
