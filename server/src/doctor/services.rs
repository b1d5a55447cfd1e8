//! What viva stands on: the database, the provider of SMS, the proxies in front.

use super::{Check, Finding};
use crate::{
    settings::{Settings, SmsProvider},
    sms,
};
use sqlx::{AnyConnection, Connection, Row, any::install_default_drivers};
use std::time::Duration;

/// The database: does it answer? Nothing is written, and no table is made.
pub async fn database(settings: &Settings) -> Vec<Finding> {
    let url = settings.database.0.as_str();
    let file = settings.data_dir.join("viva.db");
    if url.is_empty() && !file.exists() {
        let detail = format!("{} is made at the first start (SQLite)", file.display());
        return vec![Finding::ok(Check::Database, detail)];
    }
    let read = connection(settings, "SELECT count(*) FROM _sqlx_migrations").await;
    let kind = if url.is_empty() { "SQLite" } else { "PostgreSQL" };
    vec![match read {
        Ok(connection) => {
            let _ = connection.close().await;
            Finding::ok(Check::Database, format!("{kind} answers"))
        }
        // Before the first start there is no such table.
        Err(sqlx::Error::Database(error)) if error.message().contains("_sqlx_migrations") => {
            Finding::ok(Check::Database, format!("{kind} answers; its tables are made at the first start"))
        }
        // The text of the driver's errors holds no password.
        Err(error) if url.is_empty() => Finding::wrong(
            Check::Database,
            format!("{}: {error}", file.display()),
            "look as the account that viva runs as; a damaged file comes from the backup",
        ),
        Err(error) => Finding::wrong(
            Check::Database,
            format!("PostgreSQL does not answer: {error}"),
            "try `psql` with the URL of the setting `database`; runbook deploy/runbooks/store-down.md",
        ),
    }]
}

/// The clock of the database, since 1970, where it is another machine's.
pub async fn database_time(settings: &Settings) -> Option<Duration> {
    if settings.database.0.is_empty() {
        return None;
    }
    let mut connection = connection(settings, "SELECT 1").await.ok()?;
    let text = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
    let row = sqlx::query(text).fetch_one(&mut connection).await.ok()?;
    let milliseconds: i64 = row.try_get(0).ok()?;
    let _ = connection.close().await;
    Some(Duration::from_millis(u64::try_from(milliseconds).ok()?))
}

/// A connection that has answered a question.
async fn connection(settings: &Settings, asked: &'static str) -> sqlx::Result<AnyConnection> {
    install_default_drivers();
    let file = settings.data_dir.join("viva.db");
    let url = match settings.database.0.as_str() {
        "" => format!("sqlite://{}?mode=ro", file.display()),
        url => url.to_owned(),
    };
    let mut connection = AnyConnection::connect(&url).await?;
    sqlx::query(asked).fetch_all(&mut connection).await?;
    Ok(connection)
}

/// The account with the provider of SMS, as far as it can be judged without sending one.
pub fn sms(settings: &Settings) -> Finding {
    match (settings.sms, sms::sender(settings)) {
        (SmsProvider::Outbox, _) => Finding::warning(
            Check::Sms,
            "nobody sends SMS: codes wait in the outbox, where administrators read them",
            "set `sms` and what its provider needs: docs/configuration.md",
        ),
        (provider, Ok(_)) => Finding::ok(
            Check::Sms,
            format!(
                "{} has all that it needs; whether it takes a message, only one that is sent shows",
                provider.as_str()
            ),
        ),
        (provider, Err(error)) => Finding::wrong(
            Check::Sms,
            format!("{}: {error}", provider.as_str()),
            "docs/configuration.md, `sms_…`",
        ),
    }
}

/// The proxies in front, as far as the settings tell.
pub fn proxies(settings: &Settings) -> Finding {
    if settings.speaks_tls() {
        if settings.trusted_proxies.0.is_empty() {
            return Finding::ok(Check::Proxies, "viva speaks TLS itself, and nobody stands in front");
        }
        return Finding::warning(
            Check::Proxies,
            "viva speaks TLS itself, and `trusted_proxies` names some: whoever comes from there may say that it is somebody else",
            "leave `trusted_proxies` empty where nobody stands in front",
        );
    }
    if !settings.is_secure() {
        let detail = "people come by plain HTTP";
        if settings.listen.ip().is_loopback() {
            return Finding::ok(Check::Proxies, format!("{detail}, on this machine alone"));
        }
        return Finding::wrong(
            Check::Proxies,
            format!("{detail}: browsers give no camera and no microphone to it"),
            "viva serve --domain NAME, or set `tls_certificate`, or `public_url` to the https:// of a proxy",
        );
    }
    let trusted = settings.proxies();
    if trusted.is_empty() {
        return Finding::warning(
            Check::Proxies,
            "a proxy stands in front, and `trusted_proxies` names none: all people count as one address",
            "set `trusted_proxies` to the proxy's address, such as 127.0.0.1,::1",
        );
    }
    let named = trusted.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Finding::ok(Check::Proxies, format!("what {named} say of people's addresses is believed"))
}
