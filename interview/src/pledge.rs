//! The pledge (诚信承诺书): a text that candidates read and accept before they go on.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A text with its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Pledge {
    /// What is promised, in the institution's words.
    #[schema(min_length = 1, max_length = 5000)]
    pub text: String,
    /// Counted by the interview: one more whenever the text changes. What is sent here is not looked at.
    #[serde(default)]
    pub version: u32,
}
