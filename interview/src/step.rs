//! The words of the candidate's path: steps, checks, ways to show who one is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Where a candidate is: the same words as in the addresses of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Has not entered yet.
    #[ts(skip)]
    Invited,
    /// Is asked for the password.
    Password,
    /// Is asked who it is.
    Identity,
    /// Reads the pledge.
    Pledge,
    /// Tries the speaker.
    Speaker,
    /// Tries the microphone.
    Microphone,
    /// Tries the camera.
    Camera,
    /// Waits; in a stage for all (briefing, joint announcement) takes part in it.
    Waiting,
    /// Was led in.
    Admitted,
    /// Has left for good.
    Left,
    /// Was put out.
    Removed,
}

/// A device check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// 扬声器检测: a melody plays, and the person says whether it is heard.
    Speaker,
    /// 麦克风检测: the person hears their own voice, and says so.
    Microphone,
    /// 视频检测: the person sees their own picture, and says so.
    Camera,
}

impl Check {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Speaker, Self::Microphone, Self::Camera];
}

/// How somebody's identity was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By a code sent to the registered phone.
    Sms,
    /// By comparing the face with the reference photo.
    Face,
    /// By a host, who has seen the person over a picture before the room.
    Staff,
    /// By the host, who gave a reason.
    Override,
}
