//! Rehearsals: opened beside their interview, entered by its codes until it opens, and ended with a report.

use super::{Sitting, Sittings, fresh_command, read_interview, refusal, write};
use crate::{
    clock::now,
    problem::Problem,
    random,
    stop::Stop,
    store::{EndedRehearsal, Index, Store, StoreError},
};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use viva_interview::{
    Action, Actor, AdministratorAction, Code, Command, DeviceKind, InterviewId, SeatId, ServerAction, Time,
};
use viva_signaling::message::ErrorCode;

/// How often a rehearsal is made anew when its interview changes meanwhile.
const TRIES: usize = 4;
/// How often is looked for rehearsals whose interview has opened.
const LOOK_EVERY: Duration = Duration::from_secs(5);

impl Sittings {
    /// Opens a rehearsal of an interview: another interview with the same people, which the same codes open.
    ///
    /// # Errors
    /// The interview opens too soon, one of its rehearsals is open, or the store fails.
    pub async fn open_rehearsal(&self, of: InterviewId, by: Actor) -> Result<InterviewId, Problem> {
        for _ in 0..TRIES {
            let rehearsal = InterviewId(random::id());
            // As the store has it: another server may have written last.
            let (known, _) = read_interview(self.store(), of).await?;
            let mut seat = || SeatId(random::id());
            let records = known.rehearse(rehearsal, &mut seat, (fresh_command(), by.clone()), now());
            let mut batch = write::batch(&records.map_err(refusal)?, 0)?;
            // The codes lead to the interview; while its rehearsal is open, `door` leads on.
            batch.index.retain(|entry| !matches!(entry, Index::Invitation { .. }));
            batch.index.push(Index::Rehearsal { of: of.0, seq: known.sequence() });
            match self.store().append(rehearsal.0, 0, &batch).await {
                Ok(_) => return Ok(rehearsal),
                Err(StoreError::Conflict) => {}
                Err(StoreError::Exists("rehearsal")) => return Err(ErrorCode::RehearsalOpen.into()),
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict.into())
    }

    /// Ends a rehearsal: its report is kept, and nothing else of it.
    ///
    /// # Errors
    /// It is over already, or the store fails.
    pub async fn end_rehearsal(&self, rehearsal: InterviewId, by: Actor) -> Result<(), Problem> {
        self.remove(rehearsal, by, AdministratorAction::EndRehearsal).await?;
        Ok(self.store().scrub().await?)
    }

    /// Refuses what would be done to an interview while somebody rehearses with the data of its people.
    ///
    /// # Errors
    /// A rehearsal is open, or the store fails.
    pub async fn refuse_while_rehearsed(&self, of: InterviewId) -> Result<(), Problem> {
        match self.store().open_rehearsal(of.0).await? {
            Some(_) => Err(ErrorCode::RehearsalOpen.into()),
            None => Ok(()),
        }
    }

    /// Since when a rehearsal of this interview is open, if one is.
    ///
    /// # Errors
    /// The store fails.
    pub async fn rehearsed_since(&self, of: InterviewId) -> Result<Option<Time>, Problem> {
        Ok(rehearsed_since(self.store(), of).await?)
    }

    /// Where the code of this seat lets in at this moment, and with which code: into the rehearsal while there is one, and from
    /// the moment on in which the interview opens into that alone.
    ///
    /// # Errors
    /// There is no such interview, or the store fails.
    pub async fn door(
        &self,
        interview: InterviewId,
        seat: SeatId,
        code: Code,
    ) -> Result<(InterviewId, Code), Problem> {
        let Some(rehearsal) = self.store().open_rehearsal(interview.0).await?.map(InterviewId) else {
            return Ok((interview, code));
        };
        if self.look(interview, |known, _| known.opens_at()).await? <= now() {
            return Ok((interview, code));
        }
        // Another code may have been issued since: whoever has the new one is who is meant.
        let own = self.look(rehearsal, move |known, _| known.candidate_row(seat).map(|row| row.code)).await;
        match own {
            Ok(Some(code)) => Ok((rehearsal, code)),
            Ok(None) => Ok((interview, code)),
            // Ended meanwhile.
            Err(problem) if problem.code == ErrorCode::NotFound => Ok((interview, code)),
            Err(problem) => Err(problem),
        }
    }

    /// Notes with what kind of device a candidate has come to a rehearsal. It is for the report alone: where it fails,
    /// nobody is kept out.
    pub async fn note_device(&self, rehearsal: InterviewId, seat: SeatId, kind: DeviceKind) {
        let action = Action::Server(ServerAction::NoteDevice { seat, kind });
        let noted = self.command(rehearsal, Command { id: fresh_command(), by: Actor::System, action }).await;
        if let Err(problem) = noted {
            tracing::debug!(detail = problem.detail, "the device of a rehearsal was not noted");
        }
    }

    /// Was this interview a rehearsal that is over?
    ///
    /// # Errors
    /// The store fails.
    pub async fn was_rehearsal(&self, interview: InterviewId) -> Result<bool, Problem> {
        Ok(self.store().rehearsal(interview.0).await?.is_some())
    }

    /// Ends the rehearsals of interviews that have opened, or are no more.
    ///
    /// # Errors
    /// The store fails; what is left is ended the next time.
    pub async fn end_due_rehearsals(&self) -> Result<(), Problem> {
        for open in self.store().open_rehearsals().await? {
            let look = self.look(InterviewId(open.of), |known, _| {
                if known.is_deleted() { None } else { Some(known.opens_at()) }
            });
            let opens_at = match look.await {
                Err(problem) if problem.code == ErrorCode::NotFound => None,
                looked => looked?,
            };
            if opens_at.is_some_and(|opens_at| opens_at > now()) {
                continue;
            }
            match self.end_rehearsal(InterviewId(open.rehearsal), Actor::System).await {
                // Somebody was faster.
                Err(problem) if problem.code == ErrorCode::NotFound => {}
                ended => ended?,
            }
            tracing::info!(rehearsal = %InterviewId(open.rehearsal), "a rehearsal is over: its interview opens");
        }
        Ok(())
    }

    /// At once, since they may have opened while nothing ran, and then again and again.
    pub async fn watch_rehearsals(self, mut stop: Stop) {
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.stopped() => return,
                _ = looks.tick() => {}
            }
            if let Err(problem) = self.end_due_rehearsals().await {
                tracing::warn!(detail = problem.detail, "rehearsals could not be ended");
            }
        }
    }
}

/// Since when a rehearsal of this interview is open, if one is.
pub(super) async fn rehearsed_since(store: &dyn Store, of: InterviewId) -> Result<Option<Time>, StoreError> {
    let Some(rehearsal) = store.open_rehearsal(of.0).await? else { return Ok(None) };
    let open = store.rehearsal(rehearsal).await?.filter(|known| known.ended.is_none());
    Ok(open.map(|known| Time(known.opened_at)))
}

impl Sitting {
    /// The end of this rehearsal, if it is one and this ends it.
    pub(super) fn end_of_rehearsal(&self, command: &Command) -> Result<Option<EndedRehearsal>, StoreError> {
        let Action::Administrator(AdministratorAction::EndRehearsal) = command.action else {
            return Ok(None);
        };
        let report = serde_json::to_string(&self.interview.rehearsed());
        let report = report.map_err(|error| StoreError::Invalid(error.to_string()))?;
        Ok(Some(EndedRehearsal { at: now().0, by: command.by.to_string(), report }))
    }
}
