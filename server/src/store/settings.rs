//! Settings that administrators change while the program runs, as JSON by name.

use super::{
    Sql, StoreError,
    sql::{Columns, fits, stored},
};
use async_trait::async_trait;
use serde_json::Value;

/// The longest setting, in bytes of its JSON: a logo fits.
const MAX_SETTING_BYTES: usize = 1024 * 1024;

/// Settings as JSON by name.
#[async_trait]
pub trait SettingStore {
    /// The setting of this name.
    async fn setting(&self, name: &str) -> Result<Option<Value>, StoreError>;

    /// Keeps a setting in the place of the older one.
    ///
    /// # Errors
    /// `Invalid`: longer than 1 MiB.
    async fn put_setting(&self, name: &str, value: &Value, at: u64) -> Result<(), StoreError>;
}

#[async_trait]
impl SettingStore for Sql {
    async fn setting(&self, name: &str) -> Result<Option<Value>, StoreError> {
        self.read(async {
            let row = sqlx::query("SELECT json FROM settings WHERE name = $1")
                .bind(fits("the name", name, 256)?)
                .fetch_optional(self.readers())
                .await?;
            let Some(row) = row else { return Ok(None) };
            let read = serde_json::from_str(&row.text("json")?);
            read.map(Some).map_err(|error| StoreError::Corrupt(format!("setting {name}: {error}")))
        })
        .await
    }

    async fn put_setting(&self, name: &str, value: &Value, at: u64) -> Result<(), StoreError> {
        let json = value.to_string();
        self.write(async {
            let mut tx = self.begin().await?;
            sqlx::query(
                "INSERT INTO settings (name, json, changed_at) VALUES ($1, $2, $3) \
                 ON CONFLICT (name) DO UPDATE SET json = excluded.json, changed_at = excluded.changed_at",
            )
            .bind(fits("the name", name, 256)?)
            .bind(fits("the setting", &json, MAX_SETTING_BYTES)?)
            .bind(stored(at))
            .execute(&mut *tx)
            .await?;
            Ok(tx.commit().await?)
        })
        .await
    }
}
