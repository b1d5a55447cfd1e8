//! `viva-instructions`: counts, and compares with the committed figures.

use clap::{Parser, Subcommand};
use std::error::Error;
use viva_instructions::{Options, Work, run, work};

/// What each step of a packet's way costs in instructions, beside the committed figures.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// One workload, in this process.
    #[command(hide = true)]
    Workload(Work),
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { options, command } = Arguments::parse();
    match command {
        Some(Command::Workload(one)) => work(&one),
        None => run(&options),
    }
}
