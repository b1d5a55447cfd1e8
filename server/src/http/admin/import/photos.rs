//! Photos that come with a list: found in its archive and in its rows, and looked at before they are kept.

use super::{
    archive::{Found, Person, Photos, Placed},
    blocking,
    fault::{Fault, refused},
    form::Uploaded,
    plan::{Plan, UnfitPhotos},
};
use crate::{
    http::App,
    problem::Problem,
    table::{CellPicture, Table, is_photo, letters, pictures},
};
use std::{collections::BTreeMap, fs::File, time::Duration};
use tokio::time::{Instant, timeout_at};
use viva_interview::{CandidateRow, InterviewId, ListedCandidate, Step};
use viva_signaling::message::ErrorCode;

/// How long the photos of one import are looked at; those of a usual list take half a minute.
const LOOKING: Duration = Duration::from_secs(120);

/// Pictures in rows of the table.
#[derive(Debug, Default)]
pub struct Rows {
    placed: Vec<Placed>,
    /// Pictures that are in nobody's row.
    left_out: Vec<Fault>,
}

impl Rows {
    /// Whose pictures are in the rows of a workbook. Above the people they are nobody's: a seal, a logo.
    pub fn of(file: &[u8], table: &Table, plan: &Plan, lines: &[u32]) -> Self {
        let Some(sheet) = &table.sheet else { return Self::default() };
        let people: BTreeMap<u32, usize> = lines.iter().copied().zip(0..).collect();
        let mut rows = Self::default();
        let mut of: BTreeMap<usize, Vec<CellPicture>> = BTreeMap::new();
        for picture in pictures(file, sheet) {
            let line = picture.row.saturating_add(1);
            let hidden = table.rows.iter().any(|row| row.line == line && row.hidden);
            match people.get(&line) {
                Some(person) => of.entry(*person).or_default().push(picture),
                None if line <= plan.heading_row || hidden => {}
                None => {
                    let name = heading(plan, picture.column);
                    rows.left_out.push(Fault::new(line, &name, "photo_of_nobody").at(picture.column));
                }
            }
        }
        for (person, mut pictures) in of {
            // Beside the photo there may be a signature.
            if pictures.iter().any(|picture| is_photo(&heading(plan, picture.column))) {
                pictures.retain(|picture| is_photo(&heading(plan, picture.column)));
            }
            let placed = |CellPicture { column, part, .. }| Placed { person, part, column };
            rows.placed.extend(pictures.into_iter().map(placed));
        }
        rows
    }
}

/// What the column is called, or its letters.
fn heading(plan: &Plan, column: u32) -> String {
    let read = plan.columns.iter().find(|read| read.index == column);
    read.filter(|read| !read.heading.is_empty()).map_or_else(|| letters(column), |read| read.heading.clone())
}

/// What comes of the photos.
pub struct Looked {
    pub photos: Photos,
    /// What the person should know of those that are taken or left out.
    pub warnings: Vec<Fault>,
}

/// Finds the photos and looks whether faces can be compared with them.
///
/// # Errors
/// Everything that is no photo of one of these people; a face cannot be compared with it, and nobody said what then.
pub async fn looked(
    app: &App,
    uploaded: (Option<File>, Option<File>),
    rows: Rows,
    people: Vec<Person>,
    unfit: Option<UnfitPhotos>,
) -> Result<Looked, Problem> {
    let (archive, workbook) = uploaded;
    let Rows { placed, left_out } = rows;
    let found = blocking(move || {
        let mut photos = Photos::none();
        let mut faults = Vec::new();
        if let Some(archive) = archive {
            faults.extend(photos.add_archive(archive, &people).err().unwrap_or_default());
        }
        if let Some(workbook) = workbook.filter(|_| !placed.is_empty()) {
            faults.extend(photos.add_cells(workbook, &placed, &people).err().unwrap_or_default());
        }
        if faults.is_empty() { Ok(photos) } else { Err(faults) }
    });
    let photos = found.await?.map_err(refused)?;
    let (mut photos, verdicts, unseen) = verdicts(app, photos).await?;
    let mut warnings = left_out;
    if unseen > 0 {
        warnings.push(Fault::new(0, "photos", "photos_unchecked").most(unseen));
    }
    let faults = photos.found.iter().zip(&verdicts);
    let faults: Vec<Fault> = faults.filter_map(|(one, why)| why.map(|why| one.fault(why))).collect();
    match unfit {
        None if !faults.is_empty() => return Err(refused(faults)),
        Some(UnfitPhotos::Skip) => {
            let mut verdicts = verdicts.iter();
            photos.found.retain(|_| verdicts.next().is_none_or(Option::is_none));
        }
        None | Some(UnfitPhotos::Take) => {}
    }
    warnings.extend(faults);
    Ok(Looked { photos, warnings })
}

/// What is wrong with each photo, one at a time in memory; and how many could not be looked at.
async fn verdicts(
    app: &App,
    mut photos: Photos,
) -> Result<(Photos, Vec<Option<&'static str>>, usize), Problem> {
    let mut verdicts = Vec::new();
    if app.faces.missing().is_some() {
        let unseen = photos.found.len();
        return Ok((photos, verdicts, unseen));
    }
    let until = Instant::now() + LOOKING;
    while let Some(one) = photos.found.get(verdicts.len()).cloned() {
        let bytes;
        (photos, bytes) = read(photos, one).await?;
        match timeout_at(until, app.faces.fits(bytes.into())).await {
            Ok(Ok(verdict)) => verdicts.push(verdict.err().map(crate::face::Unfit::code)),
            Ok(Err(_)) | Err(_) => break,
        }
    }
    let unseen = photos.found.len() - verdicts.len();
    Ok((photos, verdicts, unseen))
}

/// Unpacks one photo, off the workers that serve; gives the archives back with it.
pub async fn read(mut photos: Photos, one: Found) -> Result<(Photos, Vec<u8>), Problem> {
    let (photos, bytes) = blocking(move || {
        let bytes = photos.read(&one);
        (photos, bytes)
    })
    .await?;
    Ok((photos, bytes.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?))
}

/// The photos that are not kept already as they are.
///
/// # Errors
/// Who has entered was known by another photo.
pub async fn unknown(
    app: &App,
    id: InterviewId,
    mut photos: Photos,
    listed: &[ListedCandidate],
    before: &[CandidateRow],
) -> Result<Photos, Problem> {
    let (mut unknown, mut faults) = (Vec::new(), Vec::new());
    for one in photos.found.clone() {
        let known = listed.get(one.person).filter(|row| row.known).map(|row| row.candidate.seat);
        if let Some(seat) = known {
            let bytes;
            (photos, bytes) = read(photos, one.clone()).await?;
            if app.store.photo(id.0, seat.0).await?.is_some_and(|photo| photo.bytes == bytes) {
                continue;
            }
            if before.iter().any(|row| row.seat == seat && row.step != Step::Invited) {
                faults.push(one.fault("entered"));
            }
        }
        unknown.push(one);
    }
    photos.found = unknown;
    if faults.is_empty() { Ok(photos) } else { Err(refused(faults)) }
}

/// What of a form has photos in it.
pub fn sources(uploaded: &mut Uploaded) -> (Option<File>, Option<File>) {
    (uploaded.photos.take(), uploaded.workbook.take())
}
