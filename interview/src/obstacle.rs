//! What stands in the way of a command at this moment: a closed list, each with its own line in the table of errors.

/// Why something cannot be done in this state of the interview or of the candidate. The `Display` is the detail for the
/// developer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// The person is at another step than the page thought.
    #[error("the candidate is at another step")]
    AnotherStep,
    /// The interview was given up.
    #[error("the interview was given up")]
    InterviewDeleted,
    /// The steps before the waiting room come first.
    #[error("the steps before the waiting room come first")]
    NotInRoom,
    /// The candidate is not in the waiting room.
    #[error("the candidate is not in the waiting room")]
    CandidateNotWaiting,
    /// The candidate has left or was put out.
    #[error("the candidate has left or was put out")]
    CandidateOut,
    /// At this moment a candidate writes to the hosts alone.
    #[error("in this stage a candidate writes to the hosts")]
    HostsOnly,
    /// The candidate, or one of several, has entered and stays in the interview.
    #[error("the candidate has entered; a host can put them out")]
    CandidateEntered,
    /// No phone is registered for the candidate.
    #[error("no phone is registered for this candidate")]
    PhoneMissing,
    /// A stage that has begun is what it is.
    #[error("stages up to the current one keep their kinds")]
    StageBegun,
    /// Somebody has scored by these criteria.
    #[error("somebody has scored by these criteria")]
    CriteriaUsed,
    /// Somebody was asked these questions.
    #[error("somebody was asked these questions")]
    QuestionsAsked,
    /// A set of questions was drawn for somebody, and stays.
    #[error("a set of questions was drawn for somebody")]
    QuestionsDrawn,
    /// Such a draw was begun before: another one needs a reason.
    #[error("such a draw was begun before; another one needs a reason")]
    DrawnBefore,
    /// The draw was drawn or given up.
    #[error("this draw is over")]
    DrawOver,
    /// Somebody was led in: the order is used.
    #[error("somebody was led in; the order is not drawn any more")]
    DrawTooLate,
    /// What is drawn from is another than the one that the commitment holds.
    #[error("what is drawn from has changed since the commitment")]
    DrawListChanged,
    /// The server has another secret than when it committed.
    #[error("the seed of this commitment cannot be found any more")]
    DrawSeedLost,
    /// Fewer than two people, or no lots.
    #[error("a draw needs two people and something to draw")]
    NothingToDraw,
    /// A list that was given names something twice.
    #[error("the list names something twice")]
    DrawnTwice,
    /// Somebody has entered the interview.
    #[error("somebody has entered")]
    InterviewEntered,
    /// An id or a code that the server chose is taken.
    #[error("an id or a code is taken")]
    IdTaken,
    /// The examiner has scored, and stays in the interview.
    #[error("this examiner has scored; a host can put them out")]
    ExaminerScored,
    /// A candidate is led in.
    #[error("finish the current candidate or send them back first")]
    CandidateCurrent,
    /// The interview is in its last stage.
    #[error("the interview is over")]
    InterviewOver,
    /// Nobody waits to be called.
    #[error("nobody is waiting to be called")]
    NobodyWaits,
    /// No candidate is led in.
    #[error("no candidate is led in")]
    NobodyCurrent,
    /// The candidate does not wait.
    #[error("only who waits, or has yet to come, can be deferred")]
    CannotDefer,
    /// The candidate has the usual place in the queue.
    #[error("the candidate is not deferred")]
    NotDeferred,
    /// In a stage for all nobody waits to be talked to.
    #[error("in this stage nobody waits")]
    NoTalkHere,
    /// The candidate is with the panel, or cut from it on purpose.
    #[error("it is this candidate's turn")]
    OwnTurn,
    /// Not a stage for all candidates.
    #[error("the word is given in a stage for all candidates")]
    NoWordHere,
    /// The candidate is not before the panel.
    #[error("a screen is shared by the current candidate before the panel")]
    NoScreenHere,
    /// Only a PDF is slides.
    #[error("slides are a PDF")]
    SlidesNotPdf,
    /// The candidate is not before the panel.
    #[error("slides are shown by the current candidate before the panel")]
    NoSlidesHere,
    /// Nobody has asked the candidate to show slides.
    #[error("nobody has asked this candidate to show slides")]
    SlidesNotAsked,
    /// The candidate is not at the password or the identity step.
    #[error("the candidate is not at the password or the identity step")]
    IdentityPassed,
    /// This interview offers no check by the staff.
    #[error("this interview offers no check by the staff")]
    StaffCheckOff,
    /// The candidate has not asked to be looked at.
    #[error("the candidate has not asked to be looked at")]
    StaffCheckNotAsked,
    /// Whoever says so has not seen the candidate's picture just now.
    #[error("who confirms has not seen the candidate's picture just now")]
    PictureNotSeen,
    /// The candidate is at none of the checks of devices.
    #[error("the candidate is at none of the checks of devices")]
    NotAtChecks,
    /// Nobody put the seat out.
    #[error("nobody put this seat out")]
    NotOut,
    /// Not the stage in which results are confirmed.
    #[error("results are confirmed in the stage for it")]
    ConfirmClosed,
    /// The interview is still open.
    #[error("the interview is open")]
    InterviewOpen,
    /// A host is there, or another chair leads.
    #[error("a host is there, or another chair leads")]
    HelmHeld,
    /// The list of candidates is another than the one that was looked at.
    #[error("the candidates have changed meanwhile")]
    CandidatesChanged,
    /// An import is taken back for a day only.
    #[error("the import is too long ago")]
    ImportOld,
    /// A rehearsal has its people and its setup from the interview that is rehearsed.
    #[error("a rehearsal has its people and its setup from its interview")]
    Rehearsal,
    /// The interview has opened, or opens in a moment: it is too late for a rehearsal.
    #[error("the interview has opened, or opens in a moment")]
    RehearsalLate,
    /// The rehearsal is over, or the candidate is out of it.
    #[error("the rehearsal is over, or the candidate is out of it")]
    RehearsalOver,
    /// This interview has no second cameras.
    #[error("this interview has no second cameras")]
    NoSecondCamera,
}
