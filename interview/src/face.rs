//! The face check (身份验证): whether an interview has it, to what a person consents, and what came of each try.
//!
//! What is compared with what is the server's: here it is only known who said so. A face lets nobody in but by
//! [`crate::ServerAction::NoteFace`], which no seat and no administrator can send.

use crate::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// When faces are compared with the reference photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaceUse {
    /// Never: the SMS alone.
    #[default]
    Off,
    /// At the first entry.
    Once,
    /// At the first entry and whenever somebody comes back with the invitation's code.
    EachEntry,
}

/// How an interview finds out who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct IdentityRules {
    /// When faces are compared.
    pub face: FaceUse,
    /// Failed tries with the face until the SMS alone is left: 1 to 10.
    #[schema(minimum = 1, maximum = 10)]
    pub attempts: u8,
    /// The person is asked to turn the head to a side that is drawn by lot.
    pub turn: bool,
    /// A candidate may show themselves to a host instead, over a picture before the room.
    #[serde(default = "offered")]
    pub staff: bool,
}

/// In a setup that does not say.
const fn offered() -> bool {
    true
}

impl Default for IdentityRules {
    fn default() -> Self {
        Self { face: FaceUse::Off, attempts: 3, turn: true, staff: true }
    }
}

/// To what a person consents, or not: the server's text has a version, and says how long pictures are kept and who compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ConsentTerms {
    /// The version of the text.
    pub version: u32,
    /// So many days the pictures are kept.
    pub kept_days: u32,
    /// Who compares: `viva` for the server itself, `external: <name>` for another service; empty in records that do not tell.
    #[serde(default)]
    pub verifier: String,
}

impl ConsentTerms {
    /// As they stand in records: names of verifiers come from settings, and records have bounds.
    pub(crate) fn cut(self) -> Self {
        Self { verifier: crate::text::cut(&self.verifier, crate::limit::VERIFIER), ..self }
    }
}

/// What a person said to the terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct Consent {
    /// To these.
    pub terms: ConsentTerms,
    /// Yes, or no: then the SMS is the way.
    pub given: bool,
    /// When it was said.
    pub at: Time,
}

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaceOutcome {
    /// The same person, and every step of the check was followed.
    Passed,
    /// Not like the photo.
    Different,
    /// Not clear enough to be told: better light, closer, nothing before the face.
    Unclear,
    /// The head was not turned in time, or to the other side.
    NotFollowed,
    /// Another face came in the middle of it.
    Changed,
    /// No face was to be seen until the time was over.
    NotSeen,
    /// The comparison itself failed; it is not the person's fault and does not count.
    Failed,
}

impl FaceOutcome {
    /// Is it one of the tries that an interview allows?
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Passed | Self::Failed)
    }

    /// Should a person of the staff look at it?
    pub const fn is_suspect(self) -> bool {
        matches!(self, Self::Different | Self::Changed)
    }
}

/// One comparison of a face with the reference photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FaceTrial {
    /// What came of it.
    pub outcome: FaceOutcome,
    /// The cosine of the two faces in ten-thousandths, or what an external verifier says instead; null where no two were
    /// compared.
    #[schema(required)]
    pub score: Option<i32>,
    /// What compared: the models of this server, or the name of an external verifier.
    pub verifier: String,
    /// The number of the picture that was kept of it; null where none was.
    #[schema(required)]
    pub picture: Option<u32>,
    /// A print or a screen may have been held before the camera: how sure the model is of a living face, in ten-thousandths. Null
    /// where there is no doubt, and where no model looked.
    #[serde(default)]
    #[schema(required)]
    pub print: Option<i32>,
}

impl FaceTrial {
    /// Should a person of the staff look at it?
    pub const fn is_suspect(&self) -> bool {
        self.outcome.is_suspect() || self.print.is_some()
    }
}

/// A comparison with its time, as the staff sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct FaceTrialView {
    /// What was found.
    #[serde(flatten)]
    pub trial: FaceTrial,
    /// When.
    pub at: Time,
    /// Called for by the staff, from the picture that was being sent; else by the candidate at the identity step.
    pub in_room: bool,
}

/// How it stands with a candidate's face check, for the candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct FaceView {
    /// Whether it is offered, and why not.
    pub offer: FaceOffer,
    /// Tries that are left.
    pub attempts_left: u8,
    /// The person will be asked to turn the head.
    pub turn: bool,
    /// What the person said to the terms; null while not asked.
    #[schema(required)]
    pub consent: Option<Consent>,
}

/// Is the face check offered?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaceOffer {
    /// The interview has none.
    Off,
    /// There is no reference photo.
    NoPhoto,
    /// All tries have failed.
    UsedUp,
    /// The person may begin, once they have consented.
    Open,
}
