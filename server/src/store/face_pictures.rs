//! Pictures that were kept of face checks, encrypted.

use super::{
    Sql, StoreError,
    sql::{Columns, hex, stored},
};
use async_trait::async_trait;
use std::fmt;

/// The largest such picture.
const MOST_BYTES: usize = 1024 * 1024;

/// What the camera showed when a check ended: a JPEG.
#[derive(Clone, PartialEq, Eq)]
pub struct FacePicture {
    /// When it was taken.
    pub at: u64,
    /// The file.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for FacePicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FacePicture({} bytes)", self.bytes.len())
    }
}

/// Pictures of face checks, by interview, seat and number.
#[async_trait]
pub trait FacePictureStore {
    /// Keeps a picture, in the place of one of the same number whose record was never written.
    ///
    /// # Errors
    /// `Invalid`: too large. `NotFound`: there is no such interview.
    async fn put_face_picture(
        &self,
        interview: u64,
        seat: u64,
        number: u32,
        picture: &FacePicture,
    ) -> Result<(), StoreError>;

    /// The picture of this number, while it is kept.
    async fn face_picture(
        &self,
        interview: u64,
        seat: u64,
        number: u32,
    ) -> Result<Option<FacePicture>, StoreError>;

    /// The interviews that have pictures of checks that were taken before, with how many.
    async fn old_face_pictures(&self, before: u64) -> Result<Vec<(u64, u64)>, StoreError>;

    /// Deletes the pictures of checks of an interview that were taken before.
    async fn remove_old_face_pictures(&self, interview: u64, before: u64) -> Result<(), StoreError>;

    /// Encrypts with the newest key what is under an older one, or under none, photos as well; how many there were.
    async fn reseal_pictures(&self) -> Result<u64, StoreError>;
}

/// What a sealed picture belongs to.
pub(super) fn subject(interview: u64, seat: u64, number: u32) -> String {
    format!("face {} {} {number}", hex(interview), hex(seat))
}

#[async_trait]
impl FacePictureStore for Sql {
    async fn put_face_picture(
        &self,
        interview: u64,
        seat: u64,
        number: u32,
        picture: &FacePicture,
    ) -> Result<(), StoreError> {
        if picture.bytes.len() > MOST_BYTES {
            return Err(StoreError::Invalid("the picture of a face check is larger than 1 MiB".to_owned()));
        }
        let sealed = self.seal(&subject(interview, seat, number), &picture.bytes)?;
        self.write(async {
            let mut tx = self.begin().await?;
            sqlx::query(
                "INSERT INTO face_pictures (interview, seat, number, at, bytes) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (interview, seat, number) DO UPDATE SET at = excluded.at, bytes = excluded.bytes",
            )
            .bind(hex(interview))
            .bind(hex(seat))
            .bind(i64::from(number))
            .bind(stored(picture.at))
            .bind(sealed.as_slice())
            .execute(&mut *tx)
            .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn face_picture(
        &self,
        interview: u64,
        seat: u64,
        number: u32,
    ) -> Result<Option<FacePicture>, StoreError> {
        let found = self.read(async {
            let row = sqlx::query(
                "SELECT at, bytes FROM face_pictures WHERE interview = $1 AND seat = $2 AND number = $3",
            )
            .bind(hex(interview))
            .bind(hex(seat))
            .bind(i64::from(number))
            .fetch_optional(self.readers())
            .await?;
            let Some(row) = row else { return Ok(None) };
            Ok(Some(FacePicture { at: row.number("at")?, bytes: row.bytes("bytes")? }))
        });
        let Some(FacePicture { at, bytes }) = found.await? else { return Ok(None) };
        let bytes = self.unseal(&subject(interview, seat, number), bytes)?;
        Ok(Some(FacePicture { at, bytes }))
    }

    async fn old_face_pictures(&self, before: u64) -> Result<Vec<(u64, u64)>, StoreError> {
        self.read(async {
            let rows = sqlx::query(
                "SELECT interview, COUNT(*) AS pictures FROM face_pictures WHERE at < $1 GROUP BY interview ORDER BY interview",
            )
            .bind(stored(before))
            .fetch_all(self.readers())
            .await?;
            rows.iter().map(|row| Ok((row.id("interview")?, row.number("pictures")?))).collect()
        })
        .await
    }

    async fn remove_old_face_pictures(&self, interview: u64, before: u64) -> Result<(), StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            sqlx::query("DELETE FROM face_pictures WHERE interview = $1 AND at < $2")
                .bind(hex(interview))
                .bind(stored(before))
                .execute(&mut *tx)
                .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn reseal_pictures(&self) -> Result<u64, StoreError> {
        self.reseal_all().await
    }
}
