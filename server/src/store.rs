//! What outlives a restart: events of interviews, accounts, sessions, settings, photos, papers, outgoing SMS.
//!
//! One trait per kind of thing, all together [`Store`]; one implementation, [`Sql`], over SQLite and PostgreSQL. Times are
//! milliseconds since 1970 UTC and come from the caller; ids are 64 random bits and come from the caller too.

mod accounts;
mod deeds;
mod erasures;
mod events;
mod face_pictures;
mod meter;
mod outbox;
mod papers;
mod photos;
mod pulse;
mod rehearsals;
mod reseal;
mod sessions;
mod settings;
mod sql;
mod start;
#[cfg(test)]
mod tests;
mod vault;

pub use accounts::{Account, AccountChange, AccountStore};
pub use deeds::{Deed, DeedStore, NewDeed};
pub use erasures::{Clock, ErasureStore};
pub use events::{Batch, EventStore, Index, SeatRow, StoredEvent, StoredInterview};
pub use face_pictures::{FacePicture, FacePictureStore};
pub use meter::{Asked, StoreMeter};
pub use outbox::{Message, MessageState, NewMessage, OutboxStore, Outcome, Take, Taken};
pub use papers::PaperStore;
pub use photos::{MAX_PHOTO_BYTES, Photo, PhotoStore};
pub use pulse::{Beat, Pulse};
pub use rehearsals::{EndedRehearsal, RehearsalStore, StoredRehearsal};
pub use sessions::{FirstCode, Session, SessionStore};
pub use settings::SettingStore;
pub use sql::Sql;
pub use start::open_in_any_order;
pub use vault::{Unusable, Vault};

use crate::settings::Settings;
use async_trait::async_trait;
use std::{fmt::Debug, sync::Arc};

/// Everything that outlives a restart.
#[async_trait]
pub trait Store:
    EventStore
    + AccountStore
    + SessionStore
    + SettingStore
    + PhotoStore
    + FacePictureStore
    + PaperStore
    + OutboxStore
    + ErasureStore
    + DeedStore
    + RehearsalStore
    + Debug
    + Send
    + Sync
{
    /// Writes something small, as a sign that the database keeps what it is given.
    async fn probe(&self, at: u64) -> Result<(), StoreError>;

    /// How the newest write ended.
    fn pulse(&self) -> Pulse;

    /// Closes every connection; what was answered before is kept.
    async fn close(&self);
}

/// Why the store did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else wrote first: read again, decide again.
    #[error("it has changed meanwhile; read it again")]
    Conflict,
    /// The named thing exists already and exists once.
    #[error("this {0} exists already")]
    Exists(&'static str),
    /// The named thing is not there.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The caller's fault: too long, or of no use.
    #[error("{0}")]
    Invalid(String),
    /// The database does not answer, or not in time. Whether a write happened is unknown: read again.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database is there and will not do: another password or name, tables of a newer program. Asking again is of no use.
    #[error("the database refuses: {0}")]
    Refused(String),
    /// The database holds what this program did not write.
    #[error("the database holds what cannot be read: {0}")]
    Corrupt(String),
}

/// Opens the database that the settings name and brings its tables up to date; pictures of people are encrypted by the vault,
/// what it does is counted by `meter`.
///
/// # Errors
/// The database cannot be reached or written, or a newer program has written it.
pub async fn open(
    settings: &Settings,
    vault: Vault,
    meter: Option<StoreMeter>,
) -> Result<Arc<dyn Store>, StoreError> {
    let store = match settings.database.0.as_str() {
        "" => Sql::sqlite(&settings.data_dir.join("viva.db")).await?,
        url => Sql::postgres(url).await?,
    };
    Ok(Arc::new(store.sealed(vault).metered(meter)))
}
