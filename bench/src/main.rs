//! `viva-bench`: how fast a server forwards, beside the floor of the same machine in the same run.

mod client;
mod command;
mod cpu;
mod figures;
mod floor;
mod instructions;
mod line;
mod link;
mod load;
mod machine;
mod measure;
mod peer;
mod record;
mod report;
mod scenario;
mod scene;
mod sdp;
mod tally;
mod trace;

use clap::Parser as _;
use std::error::Error;
use tracing_subscriber::EnvFilter;

fn main() -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_from_env("BENCH_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    command::Arguments::parse().run().map_err(Into::into)
}
