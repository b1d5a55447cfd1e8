//! Writes times of bad network into the audit of the interview in which they were.

use super::{Sittings, fresh_command};
use crate::{room::Troubled, stop::Stop};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use viva_interview::{Action, Actor, AdministratorAction, Command};

impl Sittings {
    /// Until the program stops: notes what the rooms tell of.
    pub async fn note_troubles(self, mut troubles: Receiver<Troubled>, mut stop: Stop) {
        loop {
            let told = tokio::select! {
                () = stop.stopped() => return,
                told = troubles.recv() => told,
            };
            let Troubled { interview, seat, from, until, worst } = match told {
                Ok(troubled) => troubled,
                Err(RecvError::Lagged(missed)) => {
                    tracing::warn!(missed, "times of bad network are not noted: the store is too slow");
                    continue;
                }
                Err(RecvError::Closed) => return,
            };
            let action = Action::Administrator(AdministratorAction::NoteTrouble { seat, from, until, worst });
            let command = Command { id: fresh_command(), by: Actor::System, action };
            if let Err(problem) = self.command(interview, command).await {
                tracing::warn!(%interview, %seat, detail = %problem.detail, "a time of bad network is not noted");
            }
        }
    }
}
