//! Reference photos of candidates.

use super::{
    Sql, StoreError,
    sql::{Columns, fits, hex, stored},
};
use crate::text;
use async_trait::async_trait;
use aws_lc_rs::digest;
use std::fmt;

/// The largest photo.
pub const MAX_PHOTO_BYTES: usize = 5 * 1024 * 1024;

/// A photo of a candidate.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    /// When it was put there.
    pub at: u64,
    /// `image/jpeg` or `image/png`.
    pub content_type: String,
    /// The SHA-256 of the bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Photo {
    /// A photo with its digest.
    pub fn new(content_type: &str, bytes: Vec<u8>, at: u64) -> Self {
        let sha256 = text::hex(digest::digest(&digest::SHA256, &bytes).as_ref());
        Self { at, content_type: content_type.to_owned(), sha256, bytes }
    }
}

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Photo({}, {} bytes)", self.content_type, self.bytes.len())
    }
}

/// Reference photos.
#[async_trait]
pub trait PhotoStore {
    /// Keeps the photo of a seat in the place of the older one.
    ///
    /// # Errors
    /// `Invalid`: larger than [`MAX_PHOTO_BYTES`]. `NotFound`: there is no such interview.
    async fn put_photo(&self, interview: u64, seat: u64, photo: &Photo) -> Result<(), StoreError>;

    /// The photo of a seat; in a rehearsal that of the interview.
    async fn photo(&self, interview: u64, seat: u64) -> Result<Option<Photo>, StoreError>;

    /// The seats of an interview that have a photo.
    async fn photo_seats(&self, interview: u64) -> Result<Vec<u64>, StoreError>;

    /// Deletes the photo of a seat, if there is one.
    async fn remove_photo(&self, interview: u64, seat: u64) -> Result<(), StoreError>;

    /// How many photos [`PhotoStore::remove_old_photos`] would delete.
    async fn old_photos(&self, before: u64) -> Result<u64, StoreError>;

    /// Deletes the photos of all interviews in which nothing has happened since `before`; how many.
    async fn remove_old_photos(&self, before: u64) -> Result<u64, StoreError>;
}

/// What a sealed photo belongs to.
pub(super) fn subject(interview: u64, seat: u64) -> String {
    format!("photo {} {}", hex(interview), hex(seat))
}

#[async_trait]
impl PhotoStore for Sql {
    async fn put_photo(&self, interview: u64, seat: u64, photo: &Photo) -> Result<(), StoreError> {
        if photo.bytes.len() > MAX_PHOTO_BYTES {
            return Err(StoreError::Invalid(format!(
                "the photo is larger than {} MiB",
                MAX_PHOTO_BYTES / 1024 / 1024
            )));
        }
        let sealed = self.seal(&subject(interview, seat), &photo.bytes)?;
        self.write(async {
            let mut tx = self.begin().await?;
            sqlx::query(
                "INSERT INTO photos (interview, seat, at, content_type, sha256, bytes) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (interview, seat) DO UPDATE SET \
                 at = excluded.at, content_type = excluded.content_type, sha256 = excluded.sha256, bytes = excluded.bytes",
            )
            .bind(hex(interview))
            .bind(hex(seat))
            .bind(stored(photo.at))
            .bind(fits("the content type", &photo.content_type, 64)?)
            .bind(fits("the digest", &photo.sha256, 64)?)
            .bind(sealed.as_slice())
            .execute(&mut *tx)
            .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn photo(&self, interview: u64, seat: u64) -> Result<Option<Photo>, StoreError> {
        let found = self.read(async {
            let row = sqlx::query(
                "SELECT interview, at, content_type, sha256, bytes FROM photos WHERE seat = $2 AND interview = \
                 COALESCE((SELECT interview FROM rehearsals WHERE rehearsal = $1 AND ended_at IS NULL), $1)",
            )
            .bind(hex(interview))
            .bind(hex(seat))
            .fetch_optional(self.readers())
            .await?;
            let Some(row) = row else { return Ok(None) };
            let photo = Photo {
                at: row.number("at")?,
                content_type: row.text("content_type")?,
                sha256: row.text("sha256")?,
                bytes: row.bytes("bytes")?,
            };
            Ok(Some((row.id("interview")?, photo)))
        });
        let Some((kept_with, photo)) = found.await? else { return Ok(None) };
        let bytes = self.unseal(&subject(kept_with, seat), photo.bytes)?;
        Ok(Some(Photo { bytes, ..photo }))
    }

    async fn photo_seats(&self, interview: u64) -> Result<Vec<u64>, StoreError> {
        self.read(async {
            let rows = sqlx::query("SELECT seat FROM photos WHERE interview = $1 ORDER BY seat")
                .bind(hex(interview))
                .fetch_all(self.readers())
                .await?;
            rows.iter().map(|row| row.id("seat")).collect()
        })
        .await
    }

    async fn remove_photo(&self, interview: u64, seat: u64) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            sqlx::query("DELETE FROM photos WHERE interview = $1 AND seat = $2")
                .bind(hex(interview))
                .bind(hex(seat))
                .execute(&mut *tx)
                .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn old_photos(&self, before: u64) -> Result<u64, StoreError> {
        self.read(async {
            let row = sqlx::query(
                "SELECT COUNT(*) AS photos FROM photos WHERE at < $1 \
                 AND interview IN (SELECT id FROM interviews WHERE changed_at < $1)",
            )
            .bind(stored(before))
            .fetch_one(self.readers())
            .await?;
            row.number("photos")
        })
        .await
    }

    async fn remove_old_photos(&self, before: u64) -> Result<u64, StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            let gone = sqlx::query(
                "DELETE FROM photos WHERE at < $1 AND interview IN (SELECT id FROM interviews WHERE changed_at < $1)",
            )
            .bind(stored(before))
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            Ok(gone.rows_affected())
        })
        .await
    }
}
