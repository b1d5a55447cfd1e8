//! What is to be done once the events are stored.

use crate::SeatId;

/// Something for the server to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Sends an SMS.
    SendSms {
        /// The candidate who gets it.
        seat: SeatId,
        /// The phone that was registered when this was decided.
        phone: String,
        /// What it says.
        text_kind: SmsKind,
    },
    /// Somebody may send or receive other things than before: ask [`crate::Interview::rights`] and
    /// [`crate::Interview::may_receive`] anew.
    Permissions,
    /// Somebody knows other things than before: ask [`crate::Interview::view`] anew.
    Views,
    /// Somebody has written: ask [`crate::Interview::chat`] for what each seat does not have yet.
    Chat,
    /// A candidate has turned the slides to this page: it belongs into [`crate::Presence`], and changes views.
    Page {
        /// Whose slides they are.
        seat: SeatId,
        /// The page, from 1.
        page: u32,
    },
    /// Ends the connections of a seat, after the views.
    Close {
        /// The seat whose connections end.
        seat: SeatId,
        /// What its pages are told.
        reason: CloseReason,
    },
}

/// What an SMS says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsKind {
    /// The invitation with its code and link.
    Invitation,
    /// The same once more, to who has not passed the checks.
    Reminder,
    /// The six digits whose digest came with the command.
    Code,
}

/// Why a seat's connections end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// The host put the person out, or the seat is no more.
    Removed,
    /// The person left.
    Left,
}
