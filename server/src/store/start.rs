//! The start of a program whose database may start after it.

use super::{Store, StoreError, Vault, open};
use crate::{settings::Settings, store::StoreMeter};
use std::{sync::Arc, time::Duration};
use tokio::time::sleep;

/// The first pause between two tries; it doubles.
const FIRST: Duration = Duration::from_millis(250);
/// The longest.
const LONGEST: Duration = Duration::from_secs(10);

/// Opens the database as [`open`] does. A PostgreSQL that does not answer is asked again until it does, and `waits` hears each
/// time why: a machine may start its programs in any order.
///
/// # Errors
/// What does not mend itself: another password or name, an address that is none, tables of a newer program, a file that
/// cannot be written.
pub async fn open_in_any_order(
    settings: &Settings,
    vault: &Vault,
    meter: Option<StoreMeter>,
    mut waits: impl FnMut(&StoreError),
) -> Result<Arc<dyn Store>, StoreError> {
    let mut pause = FIRST;
    loop {
        match open(settings, vault.clone(), meter.clone()).await {
            Err(error @ StoreError::Unavailable(_)) if !settings.database.0.is_empty() => {
                tracing::warn!(%error, again_in = ?pause, "waiting for the database");
                waits(&error);
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST);
            }
            opened => return opened,
        }
    }
}
