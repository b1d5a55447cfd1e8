//! Actions of a candidate that come by HTTP: the path to the waiting room, and the second camera; the actor is the
//! candidate's seat.

use crate::{Check, Code, ConsentTerms, DeviceProblem, PaperFile};

/// A step of the candidate's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathAction {
    /// Enters with the code; again with another device, which then has the seat.
    Enter {
        /// As the person wrote it.
        code: Code,
    },
    /// The password of the invitation.
    Password {
        /// Its digest, made as the one in the invitation.
        digest: String,
    },
    /// Wants a code by SMS.
    SendSms {
        /// The digest of the code that the server has made for this.
        digest: String,
    },
    /// Shows the code of the SMS.
    VerifySms {
        /// The digest of what was typed, made as that of the invitation's password.
        digest: String,
    },
    /// Says yes or no to the comparison of faces.
    Consent {
        /// The terms that were shown.
        terms: ConsentTerms,
        /// Yes, or no: then the SMS is the way.
        given: bool,
    },
    /// Wants to be looked at by the staff.
    AskStaff {},
    /// Does not want it any more.
    DropStaff {},
    /// Accepts the pledge.
    AcceptPledge {
        /// The version that was read.
        version: u32,
    },
    /// A device was tried.
    Check {
        /// The device that was tried.
        check: Check,
        /// Did it work?
        passed: bool,
        /// The device's name, as the browser tells it.
        device: String,
    },
    /// The page cannot use a device, or can again.
    ReportDevice {
        /// Which device.
        check: Check,
        /// Why not; none: it can be used again.
        problem: Option<DeviceProblem>,
    },
    /// A paper that the store has under this number.
    AddPaper {
        /// Never given before.
        number: u32,
        /// What it is.
        paper: PaperFile,
    },
    /// Takes an own paper away.
    RemovePaper {
        /// Which.
        number: u32,
    },
    /// Wants a link for a second camera.
    OfferSecondCamera {},
    /// Comes back after leaving, or after being let go.
    ComeBack {},
    /// A phone has come by a link.
    PairSecondCamera {
        /// The link's number.
        link: u32,
    },
    /// The second camera goes.
    DropSecondCamera {
        /// The link by which the phone came that says so; none of the candidate, who means whichever there is.
        link: Option<u32>,
    },
}
