//! `viva-bench`: what forwarding costs, beside the floor of the same machine in the same run.

mod client;
mod cpu;
mod floor;
mod forward;
mod parameters;

use clap::{Parser, Subcommand};
use std::{error::Error, io::Write};

/// What the program is asked to do.
#[derive(Parser)]
#[command(about, version)]
struct Arguments {
    #[command(subcommand)]
    command: Measurement,
}

#[derive(Subcommand)]
enum Measurement {
    /// One publisher, many receivers, over real sockets with real DTLS and SRTP.
    Forward(forward::Options),
}

fn main() -> Result<(), Box<dyn Error>> {
    let report = match Arguments::parse().command {
        Measurement::Forward(options) => forward::run(&options)?,
    };
    writeln!(std::io::stdout(), "{report}")?;
    Ok(())
}
