//! Pictures under an old key, or under none, are encrypted anew with the newest one.

use super::{
    Sql, StoreError, face_pictures, photos,
    sql::{Columns, hex},
};

/// A picture's place: interview, seat, and the number of a check's picture; none of a photo.
type Place = (u64, u64, Option<u32>);

impl Sql {
    /// Encrypts anew what is not under the newest key; how many pictures were. One at a time: however many there are, the
    /// memory of one is taken.
    pub(super) async fn reseal_all(&self) -> Result<u64, StoreError> {
        let mut done = 0;
        for place in self.places().await? {
            // Erased or replaced meanwhile: what is new is under the newest key.
            let Some(kept) = self.kept_at(place).await? else { continue };
            if self.is_fresh(&kept) {
                continue;
            }
            let of = subject(place);
            let sealed = self.seal(&of, &self.unseal(&of, kept.clone())?)?;
            done += self.replace(place, &kept, &sealed).await?;
        }
        Ok(done)
    }

    async fn places(&self) -> Result<Vec<Place>, StoreError> {
        self.read(async {
            let photos = sqlx::query("SELECT interview, seat FROM photos ORDER BY interview, seat");
            let photos = photos.fetch_all(self.readers()).await?;
            let faces = "SELECT interview, seat, number FROM face_pictures ORDER BY interview, seat, number";
            let faces = sqlx::query(faces).fetch_all(self.readers()).await?;
            let photo = |row| Ok((Columns::id(row, "interview")?, Columns::id(row, "seat")?, None));
            let face = |row| {
                let number = u32::try_from(Columns::number(row, "number")?).unwrap_or(u32::MAX);
                Ok((Columns::id(row, "interview")?, Columns::id(row, "seat")?, Some(number)))
            };
            photos.iter().map(photo).chain(faces.iter().map(face)).collect()
        })
        .await
    }

    async fn kept_at(&self, (interview, seat, number): Place) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(async {
            let query = match number {
                Some(number) => sqlx::query(
                    "SELECT bytes FROM face_pictures WHERE interview = $1 AND seat = $2 AND number = $3",
                )
                .bind(hex(interview))
                .bind(hex(seat))
                .bind(i64::from(number)),
                None => sqlx::query("SELECT bytes FROM photos WHERE interview = $1 AND seat = $2")
                    .bind(hex(interview))
                    .bind(hex(seat)),
            };
            query.fetch_optional(self.readers()).await?.map(|row| row.bytes("bytes")).transpose()
        })
        .await
    }

    /// Puts the picture there, if it is still the one that was read.
    async fn replace(
        &self,
        (interview, seat, number): Place,
        kept: &[u8],
        sealed: &[u8],
    ) -> Result<u64, StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            let query = match number {
                Some(number) => sqlx::query(
                    "UPDATE face_pictures SET bytes = $1 WHERE bytes = $2 AND interview = $3 AND seat = $4 AND number = $5",
                )
                .bind(sealed)
                .bind(kept)
                .bind(hex(interview))
                .bind(hex(seat))
                .bind(i64::from(number)),
                None => sqlx::query(
                    "UPDATE photos SET bytes = $1 WHERE bytes = $2 AND interview = $3 AND seat = $4",
                )
                .bind(sealed)
                .bind(kept)
                .bind(hex(interview))
                .bind(hex(seat)),
            };
            let changed = query.execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(changed.rows_affected())
        })
        .await
    }
}

fn subject((interview, seat, number): Place) -> String {
    match number {
        Some(number) => face_pictures::subject(interview, seat, number),
        None => photos::subject(interview, seat),
    }
}
