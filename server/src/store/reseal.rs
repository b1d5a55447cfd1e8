//! Pictures and papers under an old key, or under none, are encrypted anew with the newest one.

use super::{
    Sql, StoreError, face_pictures, papers, photos,
    sql::{Columns, hex},
};

/// Where a sealed file is kept.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Photo,
    /// The picture of a check, by its number.
    Face(u32),
    /// A paper, by its number.
    Paper(u32),
}

/// A sealed file's place: interview, seat, and which of the files of that seat.
type Place = (u64, u64, Kind);

impl Sql {
    /// Encrypts anew what is not under the newest key; how many files were. One at a time: however many there are, the
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
        let mut places = Vec::new();
        let photos =
            "SELECT interview, seat, CAST(0 AS BIGINT) AS number FROM photos ORDER BY interview, seat";
        let faces = "SELECT interview, seat, number FROM face_pictures ORDER BY interview, seat, number";
        let papers = "SELECT interview, seat, number FROM papers ORDER BY interview, seat, number";
        type Named = (&'static str, fn(u32) -> Kind);
        let kinds: [Named; 3] = [(photos, |_| Kind::Photo), (faces, Kind::Face), (papers, Kind::Paper)];
        for (query, kind) in kinds {
            let found = self.read(async {
                let rows = sqlx::query(query).fetch_all(self.readers()).await?;
                let place = |row| {
                    let number = u32::try_from(Columns::number(row, "number")?).unwrap_or(u32::MAX);
                    Ok((Columns::id(row, "interview")?, Columns::id(row, "seat")?, kind(number)))
                };
                rows.iter().map(place).collect::<Result<Vec<Place>, _>>()
            });
            places.extend(found.await?);
        }
        Ok(places)
    }

    async fn kept_at(&self, (interview, seat, kind): Place) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(async {
            let query = match kind {
                Kind::Photo => sqlx::query("SELECT bytes FROM photos WHERE interview = $1 AND seat = $2"),
                Kind::Face(_) => sqlx::query(
                    "SELECT bytes FROM face_pictures WHERE interview = $1 AND seat = $2 AND number = $3",
                ),
                Kind::Paper(_) => {
                    sqlx::query("SELECT bytes FROM papers WHERE interview = $1 AND seat = $2 AND number = $3")
                }
            };
            let query = query.bind(hex(interview)).bind(hex(seat));
            let query = match kind {
                Kind::Photo => query,
                Kind::Face(number) | Kind::Paper(number) => query.bind(i64::from(number)),
            };
            query.fetch_optional(self.readers()).await?.map(|row| row.bytes("bytes")).transpose()
        })
        .await
    }

    /// Puts the file there, if it is still the one that was read.
    async fn replace(
        &self,
        (interview, seat, kind): Place,
        kept: &[u8],
        sealed: &[u8],
    ) -> Result<u64, StoreError> {
        self.write(async {
            let mut tx = self.begin().await?;
            let query = match kind {
                Kind::Photo => sqlx::query(
                    "UPDATE photos SET bytes = $1 WHERE bytes = $2 AND interview = $3 AND seat = $4",
                ),
                Kind::Face(_) => sqlx::query(
                    "UPDATE face_pictures SET bytes = $1 WHERE bytes = $2 AND interview = $3 AND seat = $4 AND number = $5",
                ),
                Kind::Paper(_) => sqlx::query(
                    "UPDATE papers SET bytes = $1 WHERE bytes = $2 AND interview = $3 AND seat = $4 AND number = $5",
                ),
            };
            let query = query.bind(sealed).bind(kept).bind(hex(interview)).bind(hex(seat));
            let query = match kind {
                Kind::Photo => query,
                Kind::Face(number) | Kind::Paper(number) => query.bind(i64::from(number)),
            };
            let changed = query.execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(changed.rows_affected())
        })
        .await
    }
}

fn subject((interview, seat, kind): Place) -> String {
    match kind {
        Kind::Photo => photos::subject(interview, seat),
        Kind::Face(number) => face_pictures::subject(interview, seat, number),
        Kind::Paper(number) => papers::subject(interview, seat, number),
    }
}
