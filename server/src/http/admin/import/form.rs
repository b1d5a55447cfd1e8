//! The form of an import as it comes in: the table in memory, the photos on the disk.

use super::{archive::MAX_PHOTOS, blocking, fault::unreadable, plan::Choices};
use crate::{
    http::App,
    problem::Problem,
    table::{MAX_FILE, without_pictures},
};
use axum::{
    extract::{
        Multipart,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::StatusCode,
};
use std::{
    fs::File,
    io::{self, Write},
};
use viva_signaling::message::ErrorCode;

/// The longest list of choices, in bytes.
const MAX_CHOICES: usize = 64 * 1024;
/// How a workbook begins, as every ZIP archive with something in it.
const WORKBOOK: &[u8] = b"PK\x03\x04";

/// What came. Files are nameless, for their owner alone.
pub struct Uploaded {
    /// The table; of a workbook that is large by its pictures all but these.
    pub file: Vec<u8>,
    /// The workbook, whole.
    pub workbook: Option<File>,
    /// An archive.
    pub photos: Option<File>,
    pub choices: Choices,
}

/// Reads a form.
///
/// # Errors
/// It is no such form, or too large.
pub async fn uploaded(
    app: &App,
    form: Result<Multipart, MultipartRejection>,
    photos: bool,
) -> Result<Uploaded, Problem> {
    let mut form = form.map_err(|error| Problem::new(ErrorCode::UnsupportedMediaType, error.body_text()))?;
    let (mut table, mut archive, mut choices) = (None, None, Choices::default());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("file") => table = Some(read_table(app, field).await?),
            Some("photos") if photos => archive = Some(spooled(app, field).await?),
            Some("choices") => {
                let json = bytes(field, MAX_CHOICES).await?;
                if json.is_empty() {
                    continue;
                }
                let read = serde_json::from_slice(&json);
                choices =
                    read.map_err(|error| Problem::new(ErrorCode::Malformed, format!("`choices`: {error}")))?;
            }
            // A field whose name was mistyped shall not be left out in silence.
            _ => {
                let known = "the fields of the form are `file`, `photos` and `choices`";
                return Err(Problem::new(ErrorCode::Malformed, known));
            }
        }
    }
    let (file, workbook) =
        table.ok_or_else(|| Problem::new(ErrorCode::Malformed, "the form has no field `file`"))?;
    Ok(Uploaded { file, workbook, photos: archive, choices })
}

/// A table in memory. A workbook waits on the disk besides, with the pictures in it: these may be many.
async fn read_table(app: &App, mut field: Field<'_>) -> Result<(Vec<u8>, Option<File>), Problem> {
    let mut bytes = Vec::new();
    let mut length = 0;
    let mut workbook: Option<File> = None;
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        length += chunk.len();
        if length <= MAX_FILE {
            bytes.extend_from_slice(&chunk);
            continue;
        }
        // Once it is on the disk, it is known to be one.
        if length > MAX_PHOTOS || (workbook.is_none() && !bytes.starts_with(WORKBOOK)) {
            return Err(too_large("the field is too large", MAX_FILE));
        }
        let mut file = match workbook.take() {
            Some(file) => file,
            None => kept(app, &std::mem::take(&mut bytes))?,
        };
        file.write_all(&chunk).map_err(failed)?;
        workbook = Some(file);
    }
    match workbook {
        Some(file) => {
            let slim = blocking(move || without_pictures(&file).map(|slim| (slim, file))).await?;
            slim.map(|(slim, file)| (slim, Some(file))).map_err(|error| unreadable(&error))
        }
        None if bytes.starts_with(WORKBOOK) => {
            let file = kept(app, &bytes)?;
            Ok((bytes, Some(file)))
        }
        None => Ok((bytes, None)),
    }
}

fn kept(app: &App, bytes: &[u8]) -> Result<File, Problem> {
    let mut file = app.spool.file().map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    Ok(file)
}

fn failed(error: io::Error) -> Problem {
    Problem::new(ErrorCode::Internal, error.to_string())
}

async fn bytes(mut field: Field<'_>, most: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > most {
            return Err(too_large("the field is too large", most));
        }
    }
    Ok(bytes)
}

/// Photos may be many: they wait on the disk.
async fn spooled(app: &App, mut field: Field<'_>) -> Result<File, Problem> {
    let mut file = app.spool.file().map_err(failed)?;
    let mut length = 0;
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        length += chunk.len();
        if length > MAX_PHOTOS {
            return Err(too_large("the photos are too large", MAX_PHOTOS));
        }
        file.write_all(&chunk).map_err(failed)?;
    }
    Ok(file)
}

fn too_large(detail: &str, most: usize) -> Problem {
    let limit = if most < 1024 * 1024 {
        format!("{} KiB", most / 1024)
    } else {
        format!("{} MiB", most / 1024 / 1024)
    };
    Problem::new(ErrorCode::TooLarge, detail).limited(limit)
}

fn broken(error: MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large("the form is too large", MAX_FILE + MAX_PHOTOS),
        _ => Problem::new(ErrorCode::Malformed, error.body_text()),
    }
}
