//! The two languages that people are told things in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// In which language labels and words are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese, the first one.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// Of a text in both, the one in this language.
    pub const fn of<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}
