//! Actions of an administrator: the interview, its people, its invitations.

use crate::{Code, CommandId, PaperFile, Password, Role, SeatId, Setup, Time, Trouble};
use std::collections::BTreeSet;

/// What an administrator, or the server, may want.
#[derive(Debug, Clone, PartialEq)]
pub enum AdministratorAction {
    /// Other names, times, stages, criteria. Stages up to the current one keep their kinds; criteria keep still once
    /// somebody has scored.
    Change(Setup),
    /// Gives the interview up, before anybody has entered.
    Delete,
    /// Deletes a closed interview with all that was in it.
    DeleteClosed {
        /// The interview's name, as a sign that this one is meant.
        name: String,
    },
    /// Ends a rehearsal: what is left of it is its report.
    EndRehearsal,
    /// Erases everything that tells of a candidate who is not inside.
    ErasePerson {
        /// Whose data are erased.
        seat: SeatId,
        /// The number of the exam card, as a sign that this one is meant.
        number: String,
        /// The number, the points and the result stay.
        keep_result: bool,
    },
    /// A new seat of the staff.
    AddStaff {
        /// An id that no seat of any interview has; the server draws it.
        seat: SeatId,
        /// The account that it belongs to; empty for a seat that opens by a link alone.
        account: String,
        /// The person's name.
        name: String,
        /// Any role but candidate.
        role: Role,
    },
    /// Marks a host as chair, or as none. Where none is marked, every host is one.
    SetChair {
        /// A host's seat.
        seat: SeatId,
        /// False: no chair any more.
        chair: bool,
    },
    /// Takes a seat of the staff away; one that has scored stays.
    RemoveStaff {
        /// Any seat but a candidate's.
        seat: SeatId,
    },
    /// New candidates: all of them, or none.
    AddCandidates(Vec<NewCandidate>),
    /// A list of candidates: who is new is added, who is known gets what the list says. All of them, or none; nobody is
    /// removed for being missing in it.
    ImportCandidates(Vec<ListedCandidate>),
    /// Takes those away whom an import has added, as long as none of them has entered, for [`limit::UNDO_IMPORT`] at most.
    ///
    /// [`limit::UNDO_IMPORT`]: crate::limit::UNDO_IMPORT
    UndoImport {
        /// The command that imported them.
        import: CommandId,
    },
    /// Other data of a candidate.
    ChangeCandidate {
        /// The candidate whose data these are.
        seat: SeatId,
        /// The person's name.
        name: String,
        /// The number of the exam card, unique in the interview.
        number: String,
        /// The registered phone; may be empty.
        phone: String,
        /// The password of the invitation.
        password: PasswordChange,
        /// The own time; `None` when the interview opens.
        starts_at: Option<Time>,
    },
    /// Takes candidates away who have not entered: all of these, or none.
    RemoveCandidates(BTreeSet<SeatId>),
    /// Another invitation code; the old one is void.
    IssueCode {
        /// The candidate who gets the new code.
        seat: SeatId,
        /// The new one.
        code: Code,
    },
    /// Whether the store has a photo of this candidate.
    SetPhoto {
        /// The candidate on the photo.
        seat: SeatId,
        /// Is there one?
        present: bool,
    },
    /// A paper that the store has under this number.
    AddPaper {
        /// The candidate of whom it tells.
        seat: SeatId,
        /// Never given before.
        number: u32,
        /// What it is.
        paper: PaperFile,
    },
    /// Takes a paper of a candidate away.
    RemovePaper {
        /// The candidate of whom it tells.
        seat: SeatId,
        /// Which.
        number: u32,
    },
    /// Sends a candidate the invitation by SMS, once more where it was sent before.
    Invite {
        /// A candidate with a registered phone.
        seat: SeatId,
    },
    /// Sends the invitation to all who have a phone and were not sent it yet.
    InviteAll,
    /// Reminds those of these candidates (`None`: of all) who have not passed their checks, where it is not too soon.
    Remind {
        /// Candidates; whoever needs no reminder gets none.
        seats: Option<Vec<SeatId>>,
    },
    /// Notes that a network has become bad, or worse; of the staff, and of a candidate who had very many such times, nothing is
    /// noted.
    BeginTrouble {
        /// Whose network it is.
        seat: SeatId,
        /// Since when.
        from: Time,
        /// The worst so far.
        worst: Trouble,
    },
    /// Notes a time of bad network that is over, with the same exceptions.
    NoteTrouble {
        /// Whose network it was.
        seat: SeatId,
        /// Since when.
        from: Time,
        /// When it was over.
        until: Time,
        /// The worst meanwhile.
        worst: Trouble,
        /// The server ended before it was over.
        cut_off: bool,
    },
}

/// A candidate as an administrator enters it, with the id and code that the server made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCandidate {
    /// An id that no seat of any interview has; the server draws it.
    pub seat: SeatId,
    /// The person's name.
    pub name: String,
    /// The number of the exam card, unique in the interview.
    pub number: String,
    /// The registered phone; may be empty.
    pub phone: String,
    /// The invitation's code.
    pub code: Code,
    /// The invitation's password, when it has one.
    pub password: Option<Password>,
    /// The own time, within that of the interview; none: when it opens.
    pub starts_at: Option<Time>,
}

/// A row of a list that is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCandidate {
    /// As it stands in the list. Of who is known the seat is the one that they have, and what is empty stays as it was.
    pub candidate: NewCandidate,
    /// Somebody has this number already, and is meant.
    pub known: bool,
}

/// What becomes of the password of an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordChange {
    /// The invitation keeps the password that it has, or none.
    Keep,
    /// There is none any more.
    Clear,
    /// Another one.
    Set(Password),
}
