//! `viva admin person`: one person's data, handed out or erased, from the command line of the server's machine.

use crate::{
    clock::now,
    person::{self, Found, Wanted},
    settings::Settings,
    sitting::{command_alone, finish_erasures, fresh_command},
    store::{NewDeed, Store},
};
use clap::{Args, Subcommand};
use std::{error::Error, fmt::Write, fs::OpenOptions, os::unix::fs::OpenOptionsExt, path::PathBuf};
use viva_interview::{Action, Actor, AdministratorAction, Command, InterviewId};

/// What is done with it.
#[derive(Debug, Subcommand)]
pub(super) enum PersonCommand {
    /// Writes everything that is kept of the person into a ZIP, readable by its owner alone.
    Export(ExportArgs),
    /// Erases everything that tells of the person, in every interview that is named.
    Erase(EraseArgs),
}

#[derive(Debug, Args)]
pub(super) struct Who {
    /// The number of the exam card.
    #[arg(long, required_unless_present = "phone")]
    number: Option<String>,
    /// The registered phone.
    #[arg(long)]
    phone: Option<String>,
    /// The interview, by the id in its address; otherwise all.
    #[arg(long)]
    interview: Option<InterviewId>,
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    who: Who,
    /// The folder in which a ZIP is made for each interview.
    #[arg(long, default_value = ".")]
    into: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct EraseArgs {
    #[command(flatten)]
    who: Who,
    /// The number, the points and the result stay.
    #[arg(long)]
    keep_result: bool,
    /// Erases. Without it only those are listed whom it would meet.
    #[arg(long)]
    yes: bool,
}

impl PersonCommand {
    /// Does it; answers what to print.
    pub(super) async fn run(self, settings: &Settings, store: &dyn Store) -> Result<String, Box<dyn Error>> {
        let Who { number, phone, interview } = match &self {
            Self::Export(args) => &args.who,
            Self::Erase(args) => &args.who,
        };
        let wanted = Wanted { interview: *interview, number: number.clone(), phone: phone.clone() };
        let found = person::find(store, &wanted, &settings.sms_country, now()).await;
        let found = found.map_err(|problem| problem.detail)?;
        if found.is_empty() {
            return Err("nobody is found".into());
        }
        match self {
            Self::Export(args) => export(store, &found, &args.into).await,
            Self::Erase(args) if args.yes => erase(store, &found, args.keep_result).await,
            Self::Erase(_) => Ok(listed(&found, "would be erased; again with --yes to do it")),
        }
    }
}

async fn export(
    store: &dyn Store,
    found: &[Found],
    into: &std::path::Path,
) -> Result<String, Box<dyn Error>> {
    let mut told = String::new();
    for one in found {
        let person =
            person::read(store, one.interview, one.seat, now()).await.map_err(|problem| problem.detail)?;
        store.note_deed(&deed("person_exported", one, String::new())).await?;
        let path = into.join(format!("person-{}.zip", one.seat));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let file = file.map_err(|error| format!("{}: {error}", path.display()))?;
        person.archive(store, file).await.map_err(|problem| problem.detail)?.sync_all()?;
        writeln!(told, "{}", path.display())?;
    }
    Ok(told)
}

async fn erase(store: &dyn Store, found: &[Found], keep_result: bool) -> Result<String, Box<dyn Error>> {
    for one in found {
        if store.open_rehearsal(one.interview.0).await?.is_some() {
            return Err(format!("{}: a rehearsal is open; end it first", one.interview_name).into());
        }
        let (seat, number) = (one.seat, one.number.clone());
        let action = Action::Administrator(AdministratorAction::ErasePerson { seat, number, keep_result });
        let command = Command { id: fresh_command(), by: Actor::System, action };
        let done = command_alone(store, one.interview, &command).await;
        done.map_err(|problem| format!("{}: {}", one.interview_name, problem.detail))?;
        store.note_deed(&deed("person_erased", one, person::kept(keep_result))).await?;
    }
    finish_erasures(store).await.map_err(|problem| problem.detail)?;
    Ok(listed(found, "erased"))
}

fn deed(deed: &str, one: &Found, detail: String) -> NewDeed {
    NewDeed {
        at: now().0,
        actor: "command line".to_owned(),
        deed: deed.to_owned(),
        interview: Some(one.interview.0),
        seat: Some(one.seat.0),
        detail,
    }
}

fn listed(found: &[Found], what: &str) -> String {
    let line = |one: &Found| format!("{} {} ({}): {what}\n", one.number, one.name, one.interview_name);
    found.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        random,
        settings::Sources,
        store::{Batch, DeedStore, EventStore, Sql, StoredEvent},
        tests::closed_setup,
    };
    use std::os::unix::fs::PermissionsExt;
    use viva_interview::{Code, Event, SeatId};

    const INTERVIEW: InterviewId = InterviewId(7);

    async fn store(folder: &std::path::Path) -> Sql {
        let added = |seat: u64, name: &str, number: &str| Event::CandidateAdded {
            seat: SeatId(seat),
            name: name.to_owned(),
            number: number.to_owned(),
            phone: "13900139000".to_owned(),
            code: Code::from_random(u128::from(seat)),
            password: None,
        };
        let created = Event::Created { interview: INTERVIEW, setup: closed_setup() };
        let events = [created, added(1, "张三", "A1"), added(2, "李四", "A2")];
        let stored = |(event, seq): (&Event, u64)| {
            let (by, command) = (Actor::System.to_string(), Some(format!("c{seq}")));
            StoredEvent { seq, at: 1, by, command, json: serde_json::to_string(event).unwrap() }
        };
        let batch = Batch { events: events.iter().zip(1..).map(stored).collect(), ..Batch::default() };
        let store = Sql::sqlite(&folder.join("viva.db")).await.unwrap();
        store.append(INTERVIEW.0, 0, &batch).await.unwrap();
        store
    }

    fn who(number: Option<&str>, phone: Option<&str>) -> Who {
        Who { number: number.map(str::to_owned), phone: phone.map(str::to_owned), interview: None }
    }

    #[tokio::test]
    async fn a_person_is_listed_handed_out_and_only_then_erased() {
        let folder = std::env::temp_dir().join(format!("viva-person-{}", random::hex::<8>()));
        std::fs::create_dir(&folder).unwrap();
        let (settings, store) = (Sources::default().load().unwrap(), store(&folder).await);
        let nobody = ExportArgs { who: who(Some("A3"), None), into: folder.clone() };
        assert!(PersonCommand::Export(nobody).run(&settings, &store).await.is_err());
        let export = ExportArgs { who: who(None, Some("+86 139 0013 9000")), into: folder.clone() };
        let told = PersonCommand::Export(export).run(&settings, &store).await.unwrap();
        assert_eq!(told.lines().count(), 2, "both have this phone: {told}");
        for path in told.lines() {
            assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let erase = |yes| {
            let args = EraseArgs { who: who(Some("a1"), None), keep_result: false, yes };
            PersonCommand::Erase(args).run(&settings, &store)
        };
        let listed = erase(false).await.unwrap();
        assert!(listed.contains("张三") && listed.contains("would be erased"), "{listed}");
        let text = || async { format!("{:?}", store.events(INTERVIEW.0, 0).await.unwrap()) };
        assert!(text().await.contains("张三"));
        erase(true).await.unwrap();
        let left = text().await;
        assert!(!left.contains("张三") && left.contains("李四") && left.contains("person_erased"), "{left}");
        assert!(erase(true).await.is_err(), "nobody has this number any more");
        let deeds = store.deeds(None, 10).await.unwrap();
        let deeds: Vec<_> =
            deeds.iter().map(|deed| (deed.content.deed.as_str(), deed.content.actor.as_str())).collect();
        assert_eq!(
            deeds,
            [
                ("person_erased", "command line"),
                ("person_exported", "command line"),
                ("person_exported", "command line")
            ]
        );
        store.close().await;
        std::fs::remove_dir_all(folder).unwrap();
    }
}
