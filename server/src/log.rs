//! The log: text for people or JSON for machines, to standard error.

use crate::settings::{LogFormat, Settings};
use std::io::{self, IsTerminal};
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter,
    filter::{ParseError, filter_fn},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Starts the log.
///
/// # Errors
/// The filter of the settings does not parse.
pub fn start(settings: &Settings) -> Result<(), ParseError> {
    let filter = EnvFilter::builder().parse(&settings.log)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    match settings.log_format {
        LogFormat::Text => builder.with_target(false).finish().with(filter_fn(is_shown)).init(),
        LogFormat::Json => builder.json().flatten_event(true).finish().with(filter_fn(is_shown)).init(),
    }
    Ok(())
}

/// What other crates trace are whole messages, with the tokens in them: of them the log shows at most what is for debugging.
fn is_shown(metadata: &Metadata<'_>) -> bool {
    *metadata.level() < Level::TRACE || metadata.target().starts_with("viva")
}
