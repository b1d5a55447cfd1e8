//! What SIGHUP does: the settings are read again, and what can change while the program runs changes.

use crate::{
    log::Log,
    settings::{Settings, Sources},
};

/// Settings that hold from the moment they are read again; all others need a restart.
const AT_ONCE: [&str; 1] = ["log"];

/// Reads settings again. It never ends the program: settings that cannot be used leave everything as it is, with a reason in
/// the log.
#[derive(Debug)]
pub struct Reload {
    sources: Sources,
    log: Log,
    /// As text by name, to tell what has changed.
    known: Vec<(&'static str, String)>,
}

impl Reload {
    /// From the sources that the program has started with.
    pub fn new(sources: Sources, log: Log) -> Self {
        let known = sources.values().unwrap_or_default();
        Self { sources, log, known }
    }

    /// Reads them again.
    pub fn again(&mut self) {
        let read = self.sources.load().and_then(|settings| Ok((settings, self.sources.values()?)));
        let (settings, values) = match read {
            Ok(read) => read,
            Err(error) => return tracing::error!(%error, "the settings cannot be used and stay as they are"),
        };
        if !self.follow(&settings) {
            return;
        }
        let changed = values.iter().zip(&self.known).filter(|(new, old)| new != old);
        let late: Vec<&str> =
            changed.map(|((name, _), _)| *name).filter(|name| !AT_ONCE.contains(name)).collect();
        if late.is_empty() {
            tracing::info!("the settings are read again");
        } else {
            tracing::warn!(settings = late.join(", "), "the settings are read again; these need a restart");
        }
    }

    /// Everything that can change while the program runs. Certificates are looked at by themselves (`tls`).
    fn follow(&self, settings: &Settings) -> bool {
        let followed = self.log.follow(settings);
        if let Err(error) = &followed {
            tracing::error!(%error, "the settings cannot be used and stay as they are");
        }
        followed.is_ok()
    }
}
