//! Papers of a candidate: files that the panel reads beside the video, one of them perhaps slides.

use crate::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What a paper is, told by its first bytes; what a client calls it is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// A document with pages.
    Pdf,
    /// A picture.
    Jpeg,
    /// A picture.
    Png,
    /// A picture.
    Webp,
}

impl PaperKind {
    /// The kind of a file that begins like this; none of any other file.
    pub fn of(beginning: &[u8]) -> Option<Self> {
        match beginning {
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    /// The `Content-Type` of such a file.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// How the name of such a file ends.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }
}

/// A file that is a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperFile {
    /// As it was called where it came from.
    pub name: String,
    /// What it is.
    pub kind: PaperKind,
    /// How large it is; 0 once it is erased.
    pub bytes: u64,
    /// The candidate turns its pages before the panel.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub slides: bool,
}

/// A paper, as those see it who may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct PaperView {
    /// Counted from 1 for each candidate, and never given again.
    pub number: u32,
    /// As the file was called where it came from.
    pub name: String,
    /// What it is.
    pub kind: PaperKind,
    /// How large it is.
    #[ts(type = "number")]
    pub bytes: u64,
    /// The slides, whose pages the candidate turns before the panel: at most one paper of a candidate.
    pub slides: bool,
    /// The candidate put it there, not the office.
    pub own: bool,
    /// When it was put there.
    pub at: Time,
}

/// Slides that are shown at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct SlidesView {
    /// The number of the paper.
    pub number: u32,
    /// The page, from 1; where the paper has fewer, its last one is meant.
    pub page: u32,
}

/// The papers of one candidate.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Papers {
    kept: Vec<PaperView>,
    /// The highest number that was given.
    last: u32,
    /// The candidate was led in before the panel: from then on the papers are what the panel has read.
    pub(crate) fixed: bool,
}

impl Papers {
    /// One that is gone.
    pub(crate) fn remove(&mut self, number: u32) {
        self.kept.retain(|paper| paper.number != number);
    }

    /// A new one; of slides only the newest are.
    pub(crate) fn add(&mut self, number: u32, own: bool, paper: &PaperFile, at: Time) {
        self.last = self.last.max(number);
        let PaperFile { name, kind, bytes, slides } = paper.clone();
        if bytes == 0 {
            return;
        }
        if slides {
            self.kept.iter_mut().for_each(|other| other.slides = false);
        }
        self.kept.push(PaperView { number, name, kind, bytes, slides, own, at });
    }

    /// All that there are, the oldest first.
    pub(crate) fn kept(&self) -> &[PaperView] {
        &self.kept
    }

    pub(crate) fn paper(&self, number: u32) -> Option<&PaperView> {
        self.kept.iter().find(|paper| paper.number == number)
    }

    /// The number from which on none was given.
    pub(crate) const fn next(&self) -> u32 {
        self.last.saturating_add(1)
    }

    /// How large all are together.
    pub(crate) fn bytes(&self) -> u64 {
        self.kept.iter().map(|paper| paper.bytes).sum()
    }

    /// The paper whose pages are turned before the panel.
    pub(crate) fn slides(&self) -> Option<&PaperView> {
        self.kept.iter().find(|paper| paper.slides)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        let png = b"\x89PNG\r\n\x1a\nrest";
        assert_eq!(PaperKind::of(b"%PDF-1.7\n"), Some(PaperKind::Pdf));
        assert_eq!(PaperKind::of(&[0xff, 0xd8, 0xff, 0xe0]), Some(PaperKind::Jpeg));
        assert_eq!(PaperKind::of(png), Some(PaperKind::Png));
        assert_eq!(PaperKind::of(b"RIFF\x10\0\0\0WEBPVP8 "), Some(PaperKind::Webp));
        for other in
            [&b""[..], b"%PDF", b"<html>", b"PK\x03\x04", b"RIFF\x10\0\0\0WAVE", &png[..7], b" %PDF-1"]
        {
            assert_eq!(PaperKind::of(other), None, "{other:?}");
        }
    }
}
