//! What is left of a rehearsal: who has come, with what, and which checks went well. No scores, no names.

mod table;
mod tries;

pub use table::rehearsal_table;
pub(crate) use tries::Tries;

use crate::{Check, DeviceKind, DeviceProblem, Method, SeatId, Step, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A check of a device in a rehearsal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RehearsedCheck {
    /// Did the newest try work?
    pub passed: bool,
    /// On what it was tried; null where the browser does not tell.
    #[schema(required)]
    pub device: Option<DeviceKind>,
}

/// The checks of somebody's devices in a rehearsal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct RehearsedChecks {
    /// 扬声器检测; null where it was not tried.
    #[schema(required)]
    pub speaker: Option<RehearsedCheck>,
    /// 麦克风检测; null where it was not tried.
    #[schema(required)]
    pub microphone: Option<RehearsedCheck>,
    /// 视频检测; null where it was not tried.
    #[schema(required)]
    pub camera: Option<RehearsedCheck>,
}

impl RehearsedChecks {
    /// Did all of them work?
    pub const fn all_passed(&self) -> bool {
        let Self { speaker: Some(speaker), microphone: Some(microphone), camera: Some(camera) } = self else {
            return false;
        };
        speaker.passed && microphone.passed && camera.passed
    }
}

/// A device that a page could not use in a rehearsal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
pub struct RehearsedTrouble {
    /// Which device.
    pub check: Check,
    /// Why.
    pub problem: DeviceProblem,
}

/// How far a candidate came in a rehearsal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Rehearsed {
    /// The candidate; the interview knows the name, as long as it has it.
    pub seat: SeatId,
    /// When they first came; null for who did not.
    #[schema(required)]
    pub entered_at: Option<Time>,
    /// Where on the path they were last.
    #[ts(type = "Step | \"invited\"")]
    pub step: Step,
    /// How they showed who they are; null where they did not.
    #[schema(required)]
    pub shown_by: Option<Method>,
    /// On what they came last; null where the browser does not tell.
    #[schema(required)]
    pub device: Option<DeviceKind>,
    /// The newest try of each device.
    pub checks: RehearsedChecks,
    /// A host let them pass the checks.
    pub waived: bool,
    /// Wrong passwords or codes have locked them out for a while.
    pub locked: bool,
    /// Each device that could not be used, also where it could later.
    pub troubles: Vec<RehearsedTrouble>,
    /// How often their network was bad.
    pub network: u32,
    /// They were led in.
    pub called: bool,
}
