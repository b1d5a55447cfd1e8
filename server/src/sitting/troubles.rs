//! Writes times of bad network into the audit of the interview in which they were.

use super::{Sitting, Sittings, fresh_command};
use crate::{room::Troubled, stop::Stop};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use viva_interview::{Action, Actor, AdministratorAction, Command};

fn by_system(action: AdministratorAction) -> Command {
    Command { id: fresh_command(), by: Actor::System, action: Action::Administrator(action) }
}

impl Sitting {
    /// Gives an end to times of bad network that had none when the server ended. Where the store does not take it, they stand
    /// open until the next time.
    pub(super) async fn close_troubles(&mut self) {
        for action in self.interview.troubles_cut_off() {
            if let Err(problem) = self.command(by_system(action), None, None).await {
                tracing::warn!(detail = %problem.detail, "a time of bad network has no end");
            }
        }
    }
}

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
            let action = match until {
                None => AdministratorAction::BeginTrouble { seat, from, worst },
                Some(until) => AdministratorAction::NoteTrouble { seat, from, until, worst, cut_off: false },
            };
            if let Err(problem) = self.command(interview, by_system(action)).await {
                tracing::warn!(%interview, %seat, detail = %problem.detail, "a time of bad network is not noted");
            }
        }
    }
}
