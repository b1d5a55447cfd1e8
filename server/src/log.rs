//! The log: text for people or JSON for machines, to standard error; what is logged may change while the program runs.

use crate::settings::{LogFormat, Settings};
use std::{
    fmt,
    io::{self, IsTerminal},
};
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter,
    filter::{ParseError, filter_fn},
    layer::SubscriberExt,
    reload,
    util::SubscriberInitExt,
};

/// The running log.
pub struct Log(Box<dyn Fn(EnvFilter) -> Result<(), reload::Error> + Send + Sync>);

/// Why another filter was not taken.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// It does not parse.
    #[error("`log`: {0}")]
    Parse(#[from] ParseError),
    /// The log has ended.
    #[error("the log has ended: {0}")]
    Ended(#[from] reload::Error),
}

/// Starts the log.
///
/// # Errors
/// The filter of the settings does not parse.
pub fn start(settings: &Settings) -> Result<Log, ParseError> {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(settings)?)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    Ok(match settings.log_format {
        LogFormat::Text => {
            let builder = builder.with_target(false).with_filter_reloading();
            let handle = builder.reload_handle();
            builder.finish().with(filter_fn(is_shown)).init();
            Log(Box::new(move |filter| handle.reload(filter)))
        }
        LogFormat::Json => {
            let builder = builder.json().flatten_event(true).with_filter_reloading();
            let handle = builder.reload_handle();
            builder.finish().with(filter_fn(is_shown)).init();
            Log(Box::new(move |filter| handle.reload(filter)))
        }
    })
}

impl Log {
    /// From now on what these settings say is logged.
    ///
    /// # Errors
    /// The filter does not parse; all stays as it was.
    pub fn follow(&self, settings: &Settings) -> Result<(), FilterError> {
        Ok((self.0)(filter(settings)?)?)
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log(…)")
    }
}

fn filter(settings: &Settings) -> Result<EnvFilter, ParseError> {
    EnvFilter::builder().parse(&settings.log)
}

/// What other crates trace are whole messages, with the tokens in them: of them the log shows at most what is for debugging. What
/// the reader of STUN warns of is what any stranger may send, as often as they like: it is counted, and not logged.
fn is_shown(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    (*metadata.level() < Level::TRACE && !target.starts_with("stun_types")) || target.starts_with("viva")
}
