//! Interviews as they begin, with what is in them from the first moment: stored whole, alone or many together.

use super::{Sittings, fresh_command, refusal, write};
use crate::{clock::now, problem::Problem, time_zone::TimeZone};
use viva_interview::{
    Action, Actor, AdministratorAction, Command, Interview, InterviewId, Presence, Record, Refused, Setup,
    SetupFault,
};

/// All that happens in an interview as it begins.
#[derive(Debug, Clone)]
pub struct NewInterview {
    id: InterviewId,
    records: Vec<Record>,
}

impl NewInterview {
    /// An interview in which this is done already. Nothing is stored.
    ///
    /// # Errors
    /// Some of it is refused.
    pub fn new(
        id: InterviewId,
        setup: Setup,
        by: &Actor,
        actions: Vec<AdministratorAction>,
    ) -> Result<Self, Refused> {
        let created = Interview::create(id, placed(setup)?, fresh_command(), by.clone(), now())?;
        let mut records = created.records;
        // It begins as every interview does: there is nothing that could keep it from being folded.
        let mut interview =
            Interview::fold(records.clone()).map_err(|_| Refused::SetupInvalid(SetupFault::Stages))?;
        for action in actions {
            let command =
                Command { id: fresh_command(), by: by.clone(), action: Action::Administrator(action) };
            let decision = interview.handle(command, now(), &Presence::new())?;
            decision.records.iter().for_each(|record| interview.apply(record));
            records.extend(decision.records);
        }
        Ok(Self { id, records })
    }

    /// Its id.
    pub const fn id(&self) -> InterviewId {
        self.id
    }
}

impl Sittings {
    /// Begins an interview.
    ///
    /// # Errors
    /// The setup does not hold, or the store fails.
    pub async fn create(&self, id: InterviewId, setup: Setup, by: Actor) -> Result<(), Problem> {
        self.create_with(id, setup, by, Vec::new()).await
    }

    /// Makes an interview in which this is done already: all of it is stored together, or nothing.
    ///
    /// # Errors
    /// Some of it is refused, or the store fails.
    pub async fn create_with(
        &self,
        id: InterviewId,
        setup: Setup,
        by: Actor,
        actions: Vec<AdministratorAction>,
    ) -> Result<(), Problem> {
        let new = NewInterview::new(id, setup, &by, actions).map_err(refusal)?;
        self.create_all(&[new]).await
    }

    /// Begins all of these, or none.
    ///
    /// # Errors
    /// The store fails.
    pub async fn create_all(&self, all: &[NewInterview]) -> Result<(), Problem> {
        let batch = |new: &NewInterview| Ok((new.id.0, write::batch(&new.records, 0)?));
        let batches = all.iter().map(batch).collect::<Result<Vec<_>, Problem>>()?;
        Ok(self.store().create_all(&batches).await?)
    }
}

/// The setup with its time zone as the table of zones writes it.
pub(super) fn placed(setup: Setup) -> Result<Setup, Refused> {
    let zone = TimeZone::find(&setup.time_zone).ok_or(Refused::SetupInvalid(SetupFault::TimeZone))?;
    Ok(Setup { time_zone: zone.name().to_owned(), ..setup })
}
