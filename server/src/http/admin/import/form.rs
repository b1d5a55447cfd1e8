//! The form of an import as it comes in: the table in memory, the photos on the disk.

use super::{archive::MAX_PHOTOS, plan::Choices};
use crate::{http::App, problem::Problem, table::MAX_FILE};
use axum::{
    extract::{
        Multipart,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::StatusCode,
};
use std::{fs::File, io::Write};
use viva_signaling::message::ErrorCode;

/// The longest list of choices, in bytes.
const MAX_CHOICES: usize = 64 * 1024;

/// What came.
pub struct Uploaded {
    pub file: Vec<u8>,
    /// Nameless, for its owner alone.
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
    let (mut file, mut archive, mut choices) = (None, None, Choices::default());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("file") => file = Some(bytes(field, MAX_FILE).await?),
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
    let file = file.ok_or_else(|| Problem::new(ErrorCode::Malformed, "the form has no field `file`"))?;
    Ok(Uploaded { file, photos: archive, choices })
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
    let failed = |error: std::io::Error| Problem::new(ErrorCode::Internal, error.to_string());
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
