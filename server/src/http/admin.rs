//! Administration over HTTP: interviews, people, invitations, deliveries, settings, accounts, exports.

mod account_import;
mod accounts;
mod candidates;
mod columns;
mod deliveries;
mod doctor;
mod export;
mod health;
mod import;
mod imports;
mod institution;
mod interviews;
mod minutes;
mod papers;
mod persons;
mod photo;
mod rehearsals;
mod reminders;
mod rooms;
mod sms;
mod staff;
mod staff_links;

pub use import::Fault;
pub use papers::hand_in_paper;

use super::{App, session::Administrator};
use crate::{problem::Problem, sitting::fresh_command};
use utoipa_axum::router::OpenApiRouter;
use viva_interview::{Action, Actor, AdministratorAction, Command, InterviewId};

/// All with bodies of a usual size.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(interviews::routes())
        .merge(staff::routes())
        .merge(staff_links::routes())
        .merge(candidates::routes())
        .merge(imports::routes())
        .merge(deliveries::routes())
        .merge(institution::routes())
        .merge(sms::routes())
        .merge(reminders::routes())
        .merge(rehearsals::routes())
        .merge(accounts::routes())
        .merge(export::routes())
        .merge(minutes::routes())
        .merge(persons::routes())
        .merge(health::routes())
        .merge(doctor::routes())
}

/// Those that take files.
pub fn uploads() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(photo::routes())
        .merge(papers::routes())
        .merge(import::routes())
        .merge(account_import::routes())
        .merge(rooms::routes())
}

impl Administrator {
    fn actor(&self) -> Actor {
        Actor::Administrator { account: self.account.clone() }
    }

    async fn command(
        &self,
        app: &App,
        interview: InterviewId,
        action: AdministratorAction,
    ) -> Result<(), Problem> {
        let action = Action::Administrator(action);
        let command = Command { id: fresh_command(), by: self.actor(), action };
        app.sittings.command(interview, command).await
    }
}
