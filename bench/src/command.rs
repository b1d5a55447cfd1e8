//! The command line.

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
    /// Lists the scenarios.
    List,
}

impl Arguments {
    /// Does it.
    ///
    /// # Errors
    /// In words for who typed it.
    pub fn run(self) -> Result<(), String> {
        match self.command {
            Command::Run(run) => run.run(),
            Command::List => list(),
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
