//! Where somebody sits in a room that belongs to an interview: the seat, and by which device.

use viva_interview::{InterviewId, SeatId};

/// A seat in an interview, as one device has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The interview that the room belongs to.
    pub interview: InterviewId,
    /// The seat in it.
    pub seat: SeatId,
    /// What sits there.
    pub device: Device,
}

/// What sits in a seat of an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Device {
    /// The person's own page.
    Page,
    /// A phone that is paired with the seat as its second camera: it shows, and hears, sees and does nothing.
    Phone {
        /// The link by which it came.
        link: u32,
    },
}

impl Device {
    /// As a token says it: by the link, if it is a phone's.
    pub const fn of(second_camera: Option<u32>) -> Self {
        match second_camera {
            Some(link) => Self::Phone { link },
            None => Self::Page,
        }
    }
}
