//! How long, how many, how often: every list, every text and every try has its bound.

use crate::{Role, Time};

/// How much one seat may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Writing {
    /// Lines in any minute.
    pub a_minute: usize,
    /// Lines in one interview.
    pub lines: usize,
    /// Bytes in one interview.
    pub bytes: usize,
}

/// How much a seat of this role may write: a candidate asks and answers, the staff leads many at once.
pub const fn writing(role: Role) -> Writing {
    match role {
        Role::Candidate => Writing { a_minute: 20, lines: 500, bytes: 256 * 1024 },
        Role::Examiner | Role::Host | Role::Patrol => {
            Writing { a_minute: 60, lines: 5000, bytes: 4 * 1024 * 1024 }
        }
    }
}

/// How long a seat without a connection still counts as taken, in milliseconds.
pub const MOMENT: u64 = 15_000;
/// Links for a second camera that are made for one candidate.
pub const SECOND_CAMERA_LINKS: u32 = 200;
/// How long such a link holds, in milliseconds.
pub const SECOND_CAMERA_LINK: u64 = 3 * 60_000;
/// Tries with the face that an interview may allow.
pub const FACE_ATTEMPTS: u8 = 10;
/// Comparisons of faces that are recorded of one candidate, those for the staff included.
pub const FACE_TRIALS: u32 = 200;
/// Comparisons of faces that the staff sees of one candidate.
pub const FACE_TRIALS_SHOWN: usize = 20;
/// Troubles with devices that a candidate's page may tell of.
pub const DEVICE_TROUBLES: u32 = 100;
/// Times of bad network that are noted of one candidate.
pub const TROUBLES: u32 = 200;
/// Papers of one candidate.
pub const PAPERS: usize = 10;
/// Bytes of a paper.
pub const PAPER_BYTES: u64 = 20 << 20;
/// Bytes of all papers of one candidate.
pub const PAPERS_BYTES_OF_CANDIDATE: u64 = 60 << 20;
/// Bytes of all papers of an interview: as much as sixteen megabytes of each of its candidates.
pub const PAPERS_BYTES: u64 = 8 << 30;
/// Pages that slides can be turned to.
pub const PAPER_PAGES: u32 = 10_000;
/// Characters of the name of a paper; more are cut off.
pub const PAPER_NAME: usize = 100;
/// No reminder goes to a candidate within this time after a message, in milliseconds.
pub const REMINDER_PAUSE: u64 = 10 * 60_000;
/// Candidates of an interview.
pub const CANDIDATES: usize = 500;
/// Imports of candidates that are known, the newest.
pub const IMPORTS: usize = 20;
/// How long an import can be undone, in milliseconds.
pub const UNDO_IMPORT: u64 = 24 * 60 * 60_000;
/// Seats of the staff of an interview.
pub const STAFF: usize = 60;
/// The latest time of an interview: the end of the year 9999, the last that dates of four digits can name.
pub const LATEST: Time = Time(253_402_300_799_999);
/// Stages of an interview.
pub const STAGES: usize = 20;
/// The longest planned time of a stage, in minutes.
pub const STAGE_MINUTES: u32 = 24 * 60;
/// The most minutes that are added to a stage at once.
pub const EXTENSION: u32 = 240;
/// Criteria of an interview.
pub const CRITERIA: usize = 50;
/// The most points of a criterion or a result, in hundredths.
pub const POINTS: u32 = 1_000_000;
/// The largest weight of a criterion.
pub const WEIGHT: u32 = 10_000;
/// Sets of questions of an interview.
pub const QUESTION_SETS: usize = 60;
/// Questions of an interview, of all sets together.
pub const QUESTIONS: usize = 200;
/// Incidents of an interview.
pub const INCIDENTS: usize = 2000;
/// Changes of stage that minutes tell.
pub const MINUTES_STAGES: usize = 500;
/// Lines of one kind that minutes tell of a candidate.
pub const MINUTES_LINES: usize = 30;
/// Lines of chat that an interview keeps at hand; older ones are in the record alone.
pub const CHAT_KEPT: usize = 2000;
/// Bytes of the lines of chat that an interview keeps at hand.
pub const CHAT_BYTES: usize = 2 * 1024 * 1024;
/// Lines of chat that are read at once.
pub const PART_LINES: usize = 100;
/// Bytes of lines of chat that are read at once; one line may be more.
pub const PART_BYTES: usize = 32 * 1024;
/// The length of a minute in milliseconds.
pub const MINUTE: u64 = 60_000;
/// Ids of commands remembered of each seat.
pub const COMMANDS_OF_SEAT: usize = 64;
/// Ids of commands remembered of all who have no seat.
pub const COMMANDS_OF_OTHERS: usize = 256;

/// Characters of the name of an interview, a person, a criterion.
pub const NAME: usize = 100;
/// Draws of one interview.
pub const DRAWS: usize = 100;
/// People on a list that is given for a draw.
pub const DRAW_ENTRIES: usize = 2000;
/// Rooms that are given for a draw.
pub const DRAW_LOTS: usize = 200;
/// Characters of the name of a time zone.
pub const TIME_ZONE: usize = 64;
/// Characters of the name of a stage.
pub const STAGE_NAME: usize = 50;
/// Characters of the number of an exam card.
pub const NUMBER: usize = 40;
/// Characters of a phone's number.
pub const PHONE: usize = 20;
/// Characters of an account's name.
pub const ACCOUNT: usize = 100;
/// Characters of a digest.
pub const DIGEST: usize = 256;
/// Bytes of a password as the server sealed it.
pub const SEALED: usize = 1024;
/// Characters of a device's name; more are cut off.
pub const DEVICE: usize = 200;
/// Characters of a line of chat.
pub const LINE: usize = 2000;
/// Characters of a pledge.
pub const PLEDGE: usize = 5000;
/// Characters of the name of an external verifier.
pub const VERIFIER: usize = 100;
/// Characters of a remark on a score sheet or a result.
pub const REMARK: usize = 2000;
/// Characters of an examiner's private note of a candidate.
pub const PRIVATE_NOTE: usize = 2000;
/// Characters of a question.
pub const QUESTION: usize = 1000;
/// Characters of an outcome.
pub const OUTCOME: usize = 100;
/// Characters of a reason.
pub const REASON: usize = 500;
/// Characters of the note of an incident.
pub const NOTE: usize = 1000;

/// Wrong passwords until the invitation is locked for [`LOCK`].
pub const WRONG_PASSWORDS: u8 = 5;
/// Wrong SMS codes until the identity step is locked for [`LOCK`].
pub const WRONG_SMS: u8 = 5;
/// How often a candidate asks to be looked at by the staff, in one interview.
pub const STAFF_CHECKS: u32 = 50;
/// A rehearsal is opened so long before its interview opens, or not at all, in milliseconds.
pub const REHEARSAL: u64 = 10 * 60_000;
/// How long after the closing of an interview a candidate who has entered in time may still come back, in milliseconds:
/// an interview runs over its time, and not for days.
pub const OVERTIME: u64 = 12 * 3_600_000;
/// So long a device that was tried again with the same outcome leaves no new record, in milliseconds.
pub const SAME_CHECK: u64 = 60_000;
/// Records that a candidate's seat may leave in one interview.
pub const RECORDS_OF_CANDIDATE: u64 = 2000;
/// Bytes of the records that a candidate's seat may leave in one interview.
pub const BYTES_OF_CANDIDATE: u64 = 2 << 20;
/// Records that a seat of the staff may leave in one interview.
pub const RECORDS_OF_STAFF: u64 = 50_000;
/// Bytes of the records that a seat of the staff may leave in one interview.
pub const BYTES_OF_STAFF: u64 = 64 << 20;
/// Bytes of the records of all candidates of an interview.
pub const BYTES_OF_CANDIDATES: u64 = 256 << 20;
/// How long a lock holds, in milliseconds.
pub const LOCK: u64 = 15 * 60_000;
/// How long an SMS code holds, in milliseconds.
pub const SMS_VALID: u64 = 5 * 60_000;
/// From one SMS to the next, in milliseconds.
pub const SMS_PAUSE: u64 = 60_000;
/// SMS codes sent to one candidate in one interview.
pub const SMS_SENDS: u32 = 10;
