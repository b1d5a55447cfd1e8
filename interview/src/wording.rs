//! How a file for people is written: labels in one language, times as the clocks of the interview show them.

use crate::{Cell, Language, Time};

/// The language of a file, and the clocks by which its times are told.
#[derive(Clone, Copy)]
pub struct Wording<'a> {
    /// Of labels and words.
    pub language: Language,
    /// What the clocks are called, such as 北京时间: stands in the heads of the times.
    pub zone: &'a str,
    /// Seconds that the clocks are ahead of UTC at a time.
    pub offset: &'a dyn Fn(Time) -> i32,
}

impl Wording<'_> {
    /// The text in the language of the file.
    pub(crate) const fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        self.language.of(zh, en)
    }

    /// The head of a column of times: 公布时间（北京时间）.
    pub fn time_head(&self, zh: &str, en: &str) -> String {
        match self.language {
            Language::Zh => format!("{zh}（{}）", self.zone),
            Language::En => format!("{en} ({})", self.zone),
        }
    }

    /// What the clocks showed; empty for never.
    pub fn time(&self, at: Option<Time>) -> Cell {
        Cell::Moment(at.map(|at| at.local((self.offset)(at))))
    }
}
