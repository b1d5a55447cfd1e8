//! What is erased of interviews: the record says so first, then the store follows, again and again until it has.

use super::{Sitting, Sittings, refusal, write};
use crate::{
    clock::now,
    problem::Problem,
    store::{Clock, NewDeed, Store, StoreError},
};
use viva_interview::{
    Action, Actor, AdministratorAction, Command, Decision, Interview, InterviewId, Presence, Record,
    ServerAction, Time, erased_seats,
};
use viva_signaling::message::ErrorCode;

/// How often a command is decided anew when somebody else wrote first.
const TRIES: usize = 8;

impl Sittings {
    /// Erases of all interviews that were closed before these times what was written in them, and who the candidates are.
    ///
    /// # Errors
    /// The store fails; what is left is done the next time.
    pub async fn erase_old(&self, words: Time, people: Time) -> Result<(), Problem> {
        let erase_words: fn(Time) -> ServerAction = |before| ServerAction::EraseWords { before };
        let erase_people: fn(Time) -> ServerAction = |before| ServerAction::ErasePeople { before };
        // Who is erased takes along what they wrote.
        for (clock, before, erase) in
            [(Clock::People, people, erase_people), (Clock::Words, words, erase_words)]
        {
            for interview in self.store().unexamined(clock, before.0).await? {
                let id = InterviewId(interview);
                let action = Action::Server(erase(before));
                let command = Command { id: super::fresh_command(), by: Actor::System, action };
                match self.command(id, command).await {
                    Err(problem) if problem.code == ErrorCode::NotFound => continue,
                    done => done?,
                }
                // An interview that is open comes again when it may be over; until then it has had no record.
                let (open, seq) = self
                    .look(id, move |known, _| {
                        (known.closed_since(before).is_none_or(|since| since >= before), known.sequence())
                    })
                    .await?;
                if !open {
                    self.store().examined(interview, clock, seq).await?;
                }
            }
        }
        finish_erasures(self.store()).await
    }
}

impl Sitting {
    /// What is written down of a deletion; nothing of one that is no more than giving up.
    pub(super) fn deed_of_deletion(&self, command: &Command) -> Option<NewDeed> {
        let Action::Administrator(AdministratorAction::DeleteClosed { .. }) = command.action else {
            return None;
        };
        let row = self.interview.row();
        let (candidates, records) = (row.candidates, self.interview.sequence());
        Some(NewDeed {
            at: now().0,
            actor: command.by.to_string(),
            deed: "interview_deleted".to_owned(),
            interview: Some(self.id.0),
            seat: None,
            detail: format!("{}; {candidates} candidates, {records} records", row.name),
        })
    }
}

/// Erases from the store what records say is erased, wherever an earlier run was cut off.
///
/// # Errors
/// The store fails.
pub async fn finish_erasures(store: &dyn Store) -> Result<(), Problem> {
    let pending = store.pending_erasures().await?;
    for (interview, seq) in &pending {
        let (records, changed) = write::read_whole(store, InterviewId(*interview)).await?;
        let mut events = Vec::with_capacity(changed.len());
        for (record, number) in records.iter().zip(1..) {
            if usize::try_from(number - 1).is_ok_and(|at| changed.binary_search(&at).is_ok()) {
                events.push((number, write::json(&record.event)?));
            }
        }
        store.rewrite(*interview, &events).await?;
        let seats: Vec<u64> = erased_seats(&records).into_iter().map(|seat| seat.0).collect();
        store.finish_erasure(*interview, *seq, &seats).await?;
        tracing::info!(interview = %InterviewId(*interview), events = events.len(), "what was erased is gone from the store");
    }
    if !pending.is_empty() {
        store.scrub().await?;
    }
    Ok(())
}

/// An interview as the store has it, with its records.
///
/// # Errors
/// There is none, or the store fails.
pub async fn read_interview(
    store: &dyn Store,
    interview: InterviewId,
) -> Result<(Interview, Vec<Record>), Problem> {
    let records = write::read_all(store, interview).await?;
    let unknown = |_| Problem::new(ErrorCode::NotFound, "no such interview");
    let known = Interview::fold(records.iter().cloned()).map_err(unknown)?;
    Ok((known, records))
}

/// Does what is wanted of an interview beside a server that may run: it takes in what was done when it writes next.
///
/// # Errors
/// It is refused, there is no such interview, or the store fails.
pub async fn command_alone(
    store: &dyn Store,
    interview: InterviewId,
    command: &Command,
) -> Result<(), Problem> {
    for _ in 0..TRIES {
        let (known, _) = read_interview(store, interview).await?;
        let Decision { records, refused, .. } =
            known.handle(command.clone(), now(), &Presence::new()).map_err(refusal)?;
        if let Some(refused) = refused {
            return Err(refusal(refused));
        }
        if records.is_empty() {
            return Ok(());
        }
        let batch = write::batch(&records, known.sequence())?;
        match store.append(interview.0, known.sequence(), &batch).await {
            Err(StoreError::Conflict) => {}
            done => return Ok(done.map(drop)?),
        }
    }
    Err(Problem::new(ErrorCode::StoreUnavailable, "others write to this interview all the time"))
}
