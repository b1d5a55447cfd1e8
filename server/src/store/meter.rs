//! What is counted of the store: how long its writes take, and what fails.

use super::StoreError;
use crate::meter::register;
use prometheus::{Histogram, HistogramOpts, IntCounterVec, Opts, Registry};
use std::time::Duration;

/// Bounds of the histogram of writes, in seconds: from a fast disk to the patience of the store.
const WRITE_SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0];

/// Counts for one store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct StoreMeter {
    writes: Histogram,
    failures: IntCounterVec,
}

/// What the store was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// To tell something.
    Read,
    /// To keep something.
    Write,
}

impl Asked {
    const fn label(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl StoreMeter {
    /// At zero, in this registry.
    ///
    /// # Errors
    /// A name is used there already.
    pub fn new(registry: &Registry) -> prometheus::Result<Self> {
        let writes =
            HistogramOpts::new("viva_store_write_seconds", "How long a write to the database takes.");
        let failures = Opts::new("viva_store_failures_total", "Reads and writes that the database failed.");
        let meter = Self {
            writes: register(registry, Histogram::with_opts(writes.buckets(WRITE_SECONDS.to_vec()))?)?,
            failures: register(registry, IntCounterVec::new(failures, &["operation"])?)?,
        };
        for asked in [Asked::Read, Asked::Write] {
            meter.failures.with_label_values(&[asked.label()]);
        }
        Ok(meter)
    }

    /// A request is over. Only what is the database's own fault is a failure.
    pub(crate) fn over<T>(&self, asked: Asked, took: Duration, outcome: &Result<T, StoreError>) {
        match outcome {
            Err(StoreError::Unavailable(_) | StoreError::Refused(_) | StoreError::Corrupt(_)) => {
                self.failures.with_label_values(&[asked.label()]).inc();
            }
            _ if asked == Asked::Write => self.writes.observe(took.as_secs_f64()),
            _ => {}
        }
    }
}
