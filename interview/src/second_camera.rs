//! A candidate's second camera (双机位): whether an interview wants one, links of one use, and what was paired by one.

use crate::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Whether candidates show themselves from a second side, by a phone that is paired with their seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondCamera {
    /// There is none.
    #[default]
    Off,
    /// Who wants one may have it.
    Allowed,
    /// Candidates are asked for one; the host sees who has none.
    Asked,
}

/// The links that were made for a seat, and the phone that came by one. Links are counted from 1: a link's number names
/// the pairing that it made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Pairing {
    pub(crate) links: u32,
    /// Until when the newest link holds; none when it was used or taken back.
    open_until: Option<Time>,
    /// The link by which the phone came.
    pub(crate) paired: Option<u32>,
}

impl Pairing {
    /// One more link; the one before holds no longer.
    pub(crate) const fn offer(&mut self, until: Time) {
        self.links = self.links.saturating_add(1);
        self.open_until = Some(until);
    }

    /// Does this link hold?
    pub(crate) fn holds(&self, link: u32, now: Time) -> bool {
        link == self.links && self.open_until.is_some_and(|until| now < until)
    }

    /// The newest link with its end, while it was not used.
    pub(crate) fn open(&self) -> Option<(u32, Time)> {
        self.open_until.map(|until| (self.links, until))
    }

    /// A phone has come by a link, which is used up; a phone before it is no longer paired.
    pub(crate) const fn pair(&mut self, link: u32) {
        self.open_until = None;
        self.paired = Some(link);
    }

    /// No phone, and no link for one.
    pub(crate) const fn end(&mut self) {
        self.open_until = None;
        self.paired = None;
    }

    /// Is there anything to end?
    pub(crate) const fn is_none(&self) -> bool {
        self.open_until.is_none() && self.paired.is_none()
    }
}
