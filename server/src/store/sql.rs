//! The connections to SQLite or PostgreSQL, the migrations, and what their errors mean.

use super::{Pulse, SettingStore, Store, StoreError, Vault};
use crate::store::{Asked, StoreMeter};
use async_trait::async_trait;
use serde_json::Value;
use sqlx::{
    Any, AnyConnection, AnyPool, Connection, Executor, Row, SqlSafeStr, Transaction,
    any::{AnyPoolOptions, AnyRow, install_default_drivers},
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};
use std::{
    borrow::Cow,
    fmt::Write,
    fs::{self, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};
use tokio::time::{Instant, timeout};

/// How long a statement with all that it waits for may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// What the driver calls a connection to SQLite.
const SQLITE: &str = "SQLite";
/// Connections that read at once (SQLite), or that read and write (PostgreSQL).
const CONNECTIONS: u32 = 8;
/// What a probe writes, and how long it is: as much as a usual event takes, so that it needs room as that does.
const PROBE: (&str, usize) = ("probe", 8192);

/// Each migration by its number, for SQLite and for PostgreSQL. What stands here is never changed, only added to.
const MIGRATIONS: &[(i64, &str, &str, &str)] = &[
    (
        1,
        "first",
        include_str!("../../migrations/sqlite/0001_first.sql"),
        include_str!("../../migrations/postgres/0001_first.sql"),
    ),
    (
        2,
        "face_pictures",
        include_str!("../../migrations/sqlite/0002_face_pictures.sql"),
        include_str!("../../migrations/postgres/0002_face_pictures.sql"),
    ),
    (
        3,
        "erasures",
        include_str!("../../migrations/sqlite/0003_erasures.sql"),
        include_str!("../../migrations/postgres/0003_erasures.sql"),
    ),
    (
        4,
        "papers",
        include_str!("../../migrations/sqlite/0004_papers.sql"),
        include_str!("../../migrations/postgres/0004_papers.sql"),
    ),
    (
        5,
        "rehearsals",
        include_str!("../../migrations/sqlite/0005_rehearsals.sql"),
        include_str!("../../migrations/postgres/0005_rehearsals.sql"),
    ),
];

/// How a transaction that writes begins on SQLite: it does not find out late that another one writes.
const BEGIN_OF_SQLITE: &str = "BEGIN IMMEDIATE";

/// For each connection of SQLite: readers go on beside the one writer, a commit is on the disk, and what was deleted is
/// overwritten.
const SQLITE_CONNECTION: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;";

/// For each connection of PostgreSQL: nothing hangs, and a commit is on the disk.
const POSTGRES_CONNECTION: &str = "SET statement_timeout = '15s'; SET idle_in_transaction_session_timeout = '30s'; \
     SET synchronous_commit = on;";

/// The store over SQL. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sql {
    /// One connection for SQLite: its writers would only wait for each other.
    writer: AnyPool,
    readers: AnyPool,
    begin: &'static str,
    /// Encrypts pictures; none where a test has no need of it.
    vault: Option<Vault>,
    meter: Option<StoreMeter>,
    pulse: Pulse,
}

impl Sql {
    /// A file, made where it does not exist, readable by its owner alone.
    ///
    /// # Errors
    /// The folder cannot be written, the file is no database, or a newer program wrote it.
    pub async fn sqlite(path: &Path) -> Result<Self, StoreError> {
        let named = |reason: &dyn ToString| {
            StoreError::Unavailable(format!("{}: {}", path.display(), reason.to_string()))
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| named(&error))?;
        }
        private(path).map_err(|error| named(&error))?;
        let path_text = path.to_str().ok_or_else(|| named(&"the path is no UTF-8"))?;
        let url = format!("sqlite://{}?mode=rw", encoded_path(path_text));
        let writer = pool(&url, 1, SQLITE_CONNECTION).await.map_err(|error| named(&error))?;
        migrate(&writer, |&(.., sqlite, _)| sqlite).await.map_err(|error| named(&error))?;
        let readers = pool(&url, CONNECTIONS, SQLITE_CONNECTION).await.map_err(|error| named(&error))?;
        Ok(Self {
            writer,
            readers,
            begin: BEGIN_OF_SQLITE,
            vault: None,
            meter: None,
            pulse: Pulse::default(),
        })
    }

    /// A database of PostgreSQL by its URL, `postgres://user:password@host/name`; `?sslmode=verify-full` and
    /// `sslrootcert=…` as in libpq.
    ///
    /// # Errors
    /// It cannot be reached, refuses the user, or a newer program wrote it.
    pub async fn postgres(url: &str) -> Result<Self, StoreError> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(StoreError::Invalid("`database` must begin with postgres://".to_owned()));
        }
        let pool = pool(url, CONNECTIONS, POSTGRES_CONNECTION).await?;
        migrate(&pool, |&(.., postgres)| postgres).await?;
        Ok(Self {
            writer: pool.clone(),
            readers: pool,
            begin: "BEGIN",
            vault: None,
            meter: None,
            pulse: Pulse::default(),
        })
    }

    /// Counts what it does.
    pub fn metered(self, meter: Option<StoreMeter>) -> Self {
        Self { meter, ..self }
    }

    /// Encrypts pictures with this.
    pub fn sealed(self, vault: Vault) -> Self {
        Self { vault: Some(vault), ..self }
    }

    /// A picture as it is stored.
    pub(super) fn seal(&self, of: &str, picture: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.vault.as_ref().map_or_else(|| Ok(picture.to_vec()), |vault| vault.seal(of, picture))
    }

    /// Is a stored picture under the key that seals now?
    pub(super) fn is_fresh(&self, stored: &[u8]) -> bool {
        self.vault.as_ref().is_none_or(|vault| vault.is_fresh(stored))
    }

    /// A picture that was stored.
    pub(super) fn unseal(&self, of: &str, stored: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        match &self.vault {
            Some(vault) => vault.open(of, stored),
            None => Ok(stored),
        }
    }

    /// Reads, in time.
    pub(super) async fn read<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.counted(Asked::Read, work).await
    }

    /// Writes, in time.
    pub(super) async fn write<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.counted(Asked::Write, work).await
    }

    async fn counted<T>(
        &self,
        asked: Asked,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let began = Instant::now();
        let outcome = in_time(work).await;
        if asked == Asked::Write {
            self.pulse.note(&outcome);
        }
        if let Some(meter) = &self.meter {
            meter.over(asked, began.elapsed(), &outcome);
        }
        outcome
    }

    /// The connections for reading.
    pub(super) fn readers(&self) -> &AnyPool {
        &self.readers
    }

    /// The connection for writing, for what is no transaction.
    pub(super) fn writer(&self) -> &AnyPool {
        &self.writer
    }

    /// Is it a file of SQLite?
    pub(super) fn is_sqlite(&self) -> bool {
        self.begin == BEGIN_OF_SQLITE
    }

    /// Begins a transaction that writes.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        let (writer, begin) = (self.writer.clone(), self.begin);
        // In a task of its own: whoever gives up waiting leaves no connection in a transaction that nobody knows of.
        let begun = tokio::spawn(async move { writer.begin_with(begin).await });
        Ok(begun.await.map_err(|error| StoreError::Unavailable(error.to_string()))??)
    }
}

#[async_trait]
impl Store for Sql {
    async fn probe(&self, at: u64) -> Result<(), StoreError> {
        let (name, bytes) = PROBE;
        self.put_setting(name, &Value::String("0".repeat(bytes)), at).await
    }

    fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Ends what hangs with an error that says so.
async fn in_time<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let late = |_| Err(StoreError::Unavailable(format!("no answer within {} s", PATIENCE.as_secs())));
    timeout(PATIENCE, work).await.unwrap_or_else(late)
}

async fn pool(url: &str, connections: u32, each: &'static str) -> Result<AnyPool, StoreError> {
    install_default_drivers();
    // A pool tries again and again and then tells of the time only; one connection tells the reason at once.
    let first = async {
        let mut connection = AnyConnection::connect(url).await?;
        connection.execute(each).await?;
        connection.close().await
    };
    timeout(CONNECT, first).await.map_err(|_| sqlx::Error::PoolTimedOut)??;
    let options = AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(CONNECT)
        .after_connect(move |connection, _| Box::pin(async move { connection.execute(each).await.map(drop) }))
        .after_release(|connection, _| Box::pin(is_free(connection)));
    Ok(options.connect(url).await?)
}

/// Is a connection that comes back out of its transaction? One that is not is closed, and another opened in its place.
///
/// SQLite ends a transaction by itself when the disk is full or fails, and then refuses to roll it back; the connection
/// counts as inside for ever and begins no other.
async fn is_free(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    if connection.backend_name() == SQLITE {
        // The rollback waits in the connection's worker: what is asked after it is answered after it.
        connection.ping().await?;
    }
    let free = !connection.is_in_transaction();
    if !free {
        tracing::warn!("a connection to the database does not leave its transaction and is closed");
    }
    Ok(free)
}

async fn migrate(
    pool: &AnyPool,
    dialect: impl Fn(&(i64, &str, &'static str, &'static str)) -> &'static str,
) -> Result<(), StoreError> {
    let migrations = MIGRATIONS.iter().map(|row| {
        let name = Cow::Owned(row.1.to_owned());
        Migration::new(row.0, name, MigrationType::Simple, dialect(row).into_sql_str(), false)
    });
    let migrator = Migrator::with_migrations(migrations.collect());
    migrator.run(pool).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => StoreError::from(error),
        // Another program has written them.
        other => StoreError::Refused(format!("its tables: {other}")),
    })
}

/// The file is made by us, so that nobody else may read it; SQLite gives its other files the same permissions.
fn private(path: &Path) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path).map(drop)
}

/// A path as the part of a URL: `?`, `#` and `%` are letters like all others in a file's name.
fn encoded_path(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '?' | '#' | '%' => {
                let _ = write!(text, "%{:02X}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) if database.is_unique_violation() => Self::Conflict,
            sqlx::Error::Database(database) if database.is_foreign_key_violation() => {
                Self::NotFound("thing that this belongs to")
            }
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::ColumnNotFound(_) => {
                Self::Corrupt(error.to_string())
            }
            sqlx::Error::Configuration(_) | sqlx::Error::Tls(_) => Self::Refused(error.to_string()),
            sqlx::Error::Database(database) if database.code().is_some_and(|code| refuses(&code)) => {
                Self::Refused(database.message().to_owned())
            }
            sqlx::Error::PoolTimedOut => Self::Unavailable("no connection to it".to_owned()),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

/// Does a person have to mend this SQLSTATE: who asks, the database's name, a missing right?
fn refuses(code: &str) -> bool {
    code.starts_with("28") || code == "3D000" || code == "42501"
}

/// A number or a time as the database keeps it.
pub(super) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// An id as the database keeps it.
pub(super) fn hex(id: u64) -> String {
    format!("{id:016x}")
}

/// A text from outside, if it fits.
pub(super) fn fits<'a>(what: &str, text: &'a str, bytes: usize) -> Result<&'a str, StoreError> {
    if text.len() > bytes {
        return Err(StoreError::Invalid(format!("{what} is longer than {bytes} bytes")));
    }
    // PostgreSQL keeps every character but this.
    if text.contains('\0') {
        return Err(StoreError::Invalid(format!("{what} contains a NUL")));
    }
    Ok(text)
}

/// Reads columns of a row by their names.
pub(super) trait Columns {
    fn text(&self, column: &str) -> Result<String, StoreError>;
    fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError>;
    fn number(&self, column: &str) -> Result<u64, StoreError>;
    fn maybe_number(&self, column: &str) -> Result<Option<u64>, StoreError>;
    fn id(&self, column: &str) -> Result<u64, StoreError>;
    fn maybe_id(&self, column: &str) -> Result<Option<u64>, StoreError>;
    fn truth(&self, column: &str) -> Result<bool, StoreError>;
    fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError>;
}

impl Columns for AnyRow {
    fn text(&self, column: &str) -> Result<String, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn number(&self, column: &str) -> Result<u64, StoreError> {
        unsigned(column, self.try_get(column)?)
    }

    fn maybe_number(&self, column: &str) -> Result<Option<u64>, StoreError> {
        self.try_get::<Option<i64>, _>(column)?.map(|number| unsigned(column, number)).transpose()
    }

    fn id(&self, column: &str) -> Result<u64, StoreError> {
        id(column, &self.text(column)?)
    }

    fn maybe_id(&self, column: &str) -> Result<Option<u64>, StoreError> {
        self.maybe_text(column)?.map(|text| id(column, &text)).transpose()
    }

    fn truth(&self, column: &str) -> Result<bool, StoreError> {
        Ok(self.number(column)? != 0)
    }

    fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        Ok(self.try_get(column)?)
    }
}

fn unsigned(column: &str, number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Corrupt(format!("{column} is {number}")))
}

fn id(column: &str, text: &str) -> Result<u64, StoreError> {
    u64::from_str_radix(text, 16).map_err(|_| StoreError::Corrupt(format!("{column} is {text:?}")))
}
