//! What the pictures of an interview are encoded with.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The codec that pages encode cameras and screens with, where their browser can; else they take VP8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PictureCodec {
    /// Every browser has it.
    #[default]
    Vp8,
    /// Many devices encode it in hardware; not every browser has it.
    H264,
    /// A third less of the line than VP8 for the same picture, and more work for the computer.
    Vp9,
    /// Less of the line still, and much more work for the computer; not every browser has it.
    Av1,
}
