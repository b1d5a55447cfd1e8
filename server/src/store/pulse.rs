//! How the newest write ended: what a caller may expect of the next.

use super::StoreError;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

/// The newest write of a store. Cheap to clone; all clones tell the same.
#[derive(Debug, Clone, Default)]
pub struct Pulse(Arc<Mutex<Option<Beat>>>);

/// One write.
#[derive(Debug, Clone)]
pub struct Beat {
    /// When it ended.
    pub at: Instant,
    /// Why the database did not do it.
    pub failed: Option<String>,
}

impl Pulse {
    /// The newest write, if there was any.
    pub fn newest(&self) -> Option<Beat> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A write is over. What the caller has done wrong says nothing of the database.
    pub fn note<T>(&self, outcome: &Result<T, StoreError>) {
        let failed = match outcome {
            Ok(_) => None,
            Err(error @ (StoreError::Unavailable(_) | StoreError::Refused(_) | StoreError::Corrupt(_))) => {
                Some(error.to_string())
            }
            Err(_) => return,
        };
        let beat = Beat { at: Instant::now(), failed };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(beat);
    }
}
