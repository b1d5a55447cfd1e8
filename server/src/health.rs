//! What is wrong with the server now: for readiness, the log, the metrics and the administrators.

use crate::{
    clock::now,
    disk::Disk,
    stop::Stop,
    store::{Beat, Store},
};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::{MissedTickBehavior, interval, timeout};
use utoipa::ToSchema;

/// How long a write that worked speaks for the next one.
const FRESH: Duration = Duration::from_secs(5);
/// How long a write that failed does: asking again and again is of no use, and costs the database.
const AGAIN: Duration = Duration::from_secs(1);
/// How long the database may take to show that it keeps what it is given.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it is looked where nobody asks.
const LOOK: Duration = Duration::from_secs(15);

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Concern {
    /// `store_fails`, `disk_low`, …: what pages and rules of alerts go by.
    pub code: &'static str,
    /// In English, for the operator.
    pub detail: String,
    /// The server takes no new rooms for it.
    pub stops: bool,
}

/// Tells what is wrong. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Health(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Arc<dyn Store>,
    data_dir: PathBuf,
    /// In bytes.
    disk_low: u64,
    /// One probe at a time, however many ask.
    probing: tokio::sync::Mutex<()>,
    /// What was found at the start and stays.
    noted: Mutex<BTreeMap<&'static str, Concern>>,
}

impl Health {
    /// Of a server with this store and this folder, whose disk is low below so many bytes.
    pub fn new(store: Arc<dyn Store>, data_dir: PathBuf, disk_low: u64) -> Self {
        let (probing, noted) = Default::default();
        Self(Arc::new(Inner { store, data_dir, disk_low, probing, noted }))
    }

    /// Something that somebody should know as long as the program runs; it does not stop new rooms.
    pub fn note(&self, code: &'static str, detail: String) {
        tracing::warn!(code, detail, "something is wrong");
        let mut noted = self.0.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.insert(code, Concern { code, detail, stops: false });
    }

    /// What was noted under this code is over.
    pub fn forget(&self, code: &'static str) {
        self.0.noted.lock().unwrap_or_else(PoisonError::into_inner).remove(code);
    }

    /// All that is wrong, in a bounded time; what stops new rooms stands first.
    pub async fn concerns(&self) -> Vec<Concern> {
        let mut concerns = Vec::new();
        if let Err(detail) = self.writable().await {
            concerns.push(Concern { code: "store_fails", detail, stops: true });
        }
        if let Some(disk) = self.disk().filter(|disk| disk.free < self.0.disk_low) {
            let detail = format!("{disk} are free on the disk of data_dir");
            concerns.push(Concern { code: "disk_low", detail, stops: false });
        }
        concerns.extend(self.0.noted.lock().unwrap_or_else(PoisonError::into_inner).values().cloned());
        concerns
    }

    /// Does the database keep what it is given? A write of a moment ago says so, otherwise a small one is tried.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn writable(&self) -> Result<(), String> {
        if let Some(known) = self.known() {
            return known;
        }
        let late = || format!("the database has kept nothing within {} s", PATIENCE.as_secs());
        let Ok(_one) = timeout(PATIENCE * 2, self.0.probing.lock()).await else { return Err(late()) };
        // Whoever waited is told what the one before has found.
        if let Some(known) = self.known() {
            return known;
        }
        let Ok(outcome) = timeout(PATIENCE, self.0.store.probe(now().0)).await else {
            let late = late();
            self.0.store.pulse().note::<()>(&Err(crate::store::StoreError::Unavailable(late.clone())));
            return Err(late);
        };
        outcome.map_err(|error| error.to_string())
    }

    /// What the newest write says, as long as that counts.
    fn known(&self) -> Option<Result<(), String>> {
        let Beat { at, failed } = self.0.store.pulse().newest()?;
        let counts = if failed.is_some() { AGAIN } else { FRESH };
        (at.elapsed() < counts).then(|| failed.map_or(Ok(()), Err))
    }

    /// Did the newest write work? Nothing is tried.
    pub fn wrote(&self) -> bool {
        self.0.store.pulse().newest().is_none_or(|beat| beat.failed.is_none())
    }

    /// The disk of the data directory, where the system tells of it.
    pub fn disk(&self) -> Option<Disk> {
        Disk::of(&self.0.data_dir).ok()
    }

    /// Looks from time to time, and logs what has become wrong and what is right again.
    pub async fn watch(self, mut stop: Stop) {
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut before: BTreeMap<&str, Concern> = BTreeMap::new();
        loop {
            tokio::select! {
                () = stop.stopped() => return,
                _ = ticks.tick() => {}
            }
            let found = self.concerns().await.into_iter().filter(|concern| self.is_passing(concern));
            let found: BTreeMap<&str, Concern> = found.map(|concern| (concern.code, concern)).collect();
            for Concern { code, detail, stops } in found.values() {
                match before.contains_key(code) {
                    true => {}
                    false if *stops => tracing::error!(code, detail, "something is wrong"),
                    false => tracing::warn!(code, detail, "something is wrong"),
                }
            }
            for code in before.keys().filter(|code| !found.contains_key(*code)) {
                tracing::info!(code, "it is right again");
            }
            before = found;
        }
    }

    /// Was it not said at the start?
    fn is_passing(&self, concern: &Concern) -> bool {
        !self.0.noted.lock().unwrap_or_else(PoisonError::into_inner).contains_key(concern.code)
    }
}
