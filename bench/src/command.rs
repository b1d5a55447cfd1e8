//! The command line.

mod page;
mod record;
mod relay;
mod run;

use clap::{Parser, Subcommand};
use std::io::Write as _;

/// What the program is asked to do.
#[derive(Parser)]
#[command(about = "Measures how fast a server forwards, beside the floor of the same machine", version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs scenarios and prints what came of them.
    Run(run::Run),
    /// Makes the page of a run, or of several, from their files.
    Report(page::Page),
    /// Lists the scenarios.
    List,
    /// Records what Chromium sends, for the publishers of all scenarios to play.
    Record(record::Record),
    /// Stands between clients and a server, and makes their line bad.
    Relay(relay::Command),
}

impl Arguments {
    /// Does it.
    ///
    /// # Errors
    /// In words for who typed it.
    pub fn run(self) -> Result<(), String> {
        match self.command {
            Command::Run(run) => run.run(),
            Command::Report(page) => page.write(),
            Command::List => list(),
            Command::Record(record) => record.run(),
            Command::Relay(relay) => relay.run(),
        }
    }
}

fn list() -> Result<(), String> {
    for name in crate::scenario::Scenario::names() {
        let scenario = crate::scenario::Scenario::load(name)?;
        say(&format!("{name:<16} {}", scenario.about))?;
    }
    Ok(())
}

/// Prints a line.
fn say(text: &str) -> Result<(), String> {
    writeln!(std::io::stdout(), "{text}").map_err(|error| error.to_string())
}
