//! `viva-bench`: how fast a server forwards, beside the floor of the same machine in the same run.

mod client;
mod command;
mod cpu;
mod figures;
mod floor;
mod instructions;
mod load;
mod machine;
mod measure;
mod peer;
mod record;
mod report;
mod scenario;
mod scene;
mod sdp;
mod trace;

use clap::Parser as _;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    command::Arguments::parse().run().map_err(Into::into)
}
