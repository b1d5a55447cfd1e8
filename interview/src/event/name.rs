//! An event's name, with whom it happened, what it erases and what it refuses.

use super::{ErasureEvent, Event};
use crate::{Refused, SeatId};

impl Event {
    /// Its name: the `event` of its JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Created { .. } => "created",
            Self::Changed { .. } => "changed",
            Self::Deleted => "deleted",
            Self::StaffAdded { .. } => "staff_added",
            Self::StaffRemoved { .. } => "staff_removed",
            Self::CandidateAdded { .. } => "candidate_added",
            Self::CandidatesImported { .. } => "candidates_imported",
            Self::CandidateChanged { .. } => "candidate_changed",
            Self::CandidateRemoved { .. } => "candidate_removed",
            Self::CodeIssued { .. } => "code_issued",
            Self::PhotoSet { .. } => "photo_set",
            Self::Paper(event) => event.name(),
            Self::Helm(event) => event.name(),
            Self::Question(event) => event.name(),
            Self::Draw(event) => event.name(),
            Self::Rehearsal(event) => event.name(),
            Self::StaffCheck(event) => event.name(),
            Self::Message(event) => event.name(),
            Self::Entered { .. } => "entered",
            Self::PasswordPassed { .. } => "password_passed",
            Self::PasswordWrong { .. } => "password_wrong",
            Self::SmsSent { .. } => "sms_sent",
            Self::SmsWrong { .. } => "sms_wrong",
            Self::IdentityPassed { .. } => "identity_passed",
            Self::ConsentTold { .. } => "consent_told",
            Self::FaceCompared { .. } => "face_compared",
            Self::FaceLookedAt { .. } => "face_looked_at",
            Self::Erasure(event) => event.name(),
            Self::VerificationAsked { .. } => "verification_asked",
            Self::PledgeAccepted { .. } => "pledge_accepted",
            Self::Checked { .. } => "checked",
            Self::DeviceTroubled { .. } => "device_troubled",
            Self::ChecksPassed { .. } => "checks_passed",
            Self::Called { .. } => "called",
            Self::Turn(event) => event.name(),
            Self::SentBack { .. } => "sent_back",
            Self::Deferred { .. } => "deferred",
            Self::Returned { .. } => "returned",
            Self::Finished { .. } => "finished",
            Self::Removed { .. } => "removed",
            Self::Readmitted { .. } => "readmitted",
            Self::Left { .. } => "left",
            Self::StageEntered { .. } => "stage_entered",
            Self::Addressed { .. } => "addressed",
            Self::WordGiven { .. } => "word_given",
            Self::ScreenInvited { .. } => "screen_invited",
            Self::SlidesInvited { .. } => "slides_invited",
            Self::HandRaised { .. } => "hand_raised",
            Self::SecondCameraOffered { .. } => "second_camera_offered",
            Self::SecondCameraPaired { .. } => "second_camera_paired",
            Self::SecondCameraDropped { .. } => "second_camera_dropped",
            Self::Muted { .. } => "muted",
            Self::Said { .. } => "said",
            Self::ScoresSaved { .. } => "scores_saved",
            Self::ScoresSubmitted { .. } => "scores_submitted",
            Self::ScoresLocked { .. } => "scores_locked",
            Self::NoteKept { .. } => "note_kept",
            Self::ResultDrafted { .. } => "result_drafted",
            Self::ResultDraftDropped { .. } => "result_draft_dropped",
            Self::ResultPublished { .. } => "result_published",
            Self::ResultWithdrawn { .. } => "result_withdrawn",
            Self::ResultCorrected { .. } => "result_corrected",
            Self::ResultConfirmed { .. } => "result_confirmed",
            Self::IncidentMarked { .. } => "incident_marked",
            Self::Network(event) => event.name(),
        }
    }

    /// The seat with which it happened; of scores and results the candidate's.
    pub const fn seat(&self) -> Option<SeatId> {
        match self {
            Self::Created { .. }
            | Self::Changed { .. }
            | Self::Deleted
            | Self::CandidatesImported { .. }
            | Self::Draw(_)
            | Self::StageEntered { .. } => None,
            Self::StaffAdded { seat, .. }
            | Self::StaffRemoved { seat }
            | Self::CandidateAdded { seat, .. }
            | Self::CandidateChanged { seat, .. }
            | Self::CandidateRemoved { seat }
            | Self::CodeIssued { seat, .. }
            | Self::PhotoSet { seat, .. }
            | Self::Entered { seat, .. }
            | Self::PasswordPassed { seat }
            | Self::PasswordWrong { seat, .. }
            | Self::SmsSent { seat, .. }
            | Self::SmsWrong { seat, .. }
            | Self::IdentityPassed { seat, .. }
            | Self::ConsentTold { seat, .. }
            | Self::FaceCompared { seat, .. }
            | Self::FaceLookedAt { seat, .. }
            | Self::VerificationAsked { seat }
            | Self::PledgeAccepted { seat, .. }
            | Self::Checked { seat, .. }
            | Self::DeviceTroubled { seat, .. }
            | Self::ChecksPassed { seat, .. }
            | Self::Removed { seat, .. }
            | Self::Readmitted { seat }
            | Self::Left { seat }
            | Self::SecondCameraOffered { seat, .. }
            | Self::SecondCameraPaired { seat, .. }
            | Self::SecondCameraDropped { seat }
            | Self::Muted { seat, .. }
            | Self::Said { seat, .. } => Some(*seat),
            Self::Called { candidate, .. }
            | Self::SentBack { candidate }
            | Self::Deferred { candidate }
            | Self::Returned { candidate }
            | Self::Finished { candidate }
            | Self::WordGiven { candidate, .. }
            | Self::ScreenInvited { candidate, .. }
            | Self::SlidesInvited { candidate, .. }
            | Self::HandRaised { candidate, .. }
            | Self::ScoresSaved { candidate, .. }
            | Self::ScoresSubmitted { candidate, .. }
            | Self::ScoresLocked { candidate }
            | Self::NoteKept { candidate, .. }
            | Self::ResultDrafted { candidate, .. }
            | Self::ResultDraftDropped { candidate }
            | Self::ResultPublished { candidate, .. }
            | Self::ResultWithdrawn { candidate, .. }
            | Self::ResultCorrected { candidate, .. }
            | Self::ResultConfirmed { candidate } => Some(*candidate),
            Self::Turn(event) => Some(event.candidate()),
            Self::Paper(event) => Some(event.seat()),
            Self::Erasure(event) => event.seat(),
            Self::Helm(event) => Some(event.seat()),
            Self::Question(event) => Some(event.seat()),
            Self::Network(event) => Some(event.seat()),
            Self::Rehearsal(event) => event.seat(),
            Self::Message(event) => Some(event.seat()),
            Self::StaffCheck(event) => Some(event.seat()),
            Self::Addressed { candidate } | Self::IncidentMarked { candidate, .. } => *candidate,
        }
    }
}

impl Event {
    /// Does it erase something of the records before it? Then the state is folded anew from what [`crate::redact`] leaves.
    pub const fn erases(&self) -> bool {
        matches!(self, Self::Erasure(event) if !matches!(event, ErasureEvent::PicturesErased { .. }))
    }

    /// The refusal that goes with what is recorded although it failed.
    pub(crate) const fn refusal(&self) -> Option<Refused> {
        match self {
            Self::PasswordWrong { locked_until: Some(until), .. }
            | Self::SmsWrong { locked_until: Some(until), .. } => Some(Refused::Locked { until: *until }),
            Self::PasswordWrong { .. } => Some(Refused::PasswordWrong),
            Self::SmsWrong { .. } => Some(Refused::SmsWrong),
            _ => None,
        }
    }
}
