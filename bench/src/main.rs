//! `viva-bench`: how fast a server forwards, beside the floor of the same machine in the same run.

use clap::Parser as _;
use std::error::Error;
use tracing_subscriber::EnvFilter;
use viva_bench::command::Arguments;

fn main() -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_from_env("BENCH_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    Arguments::parse().run().map_err(Into::into)
}
