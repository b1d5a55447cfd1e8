//! Why a device cannot be used, in the words of a candidate's page.

use crate::{Check, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Why a browser cannot use a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceProblem {
    /// The person, or the system, does not let the page use it.
    Denied,
    /// There is none.
    Missing,
    /// Another program has it.
    Busy,
    /// The page did not come by HTTPS, so that the browser lends it no device.
    Insecure,
    /// For a reason that the browser does not tell.
    Failed,
}

/// A device that cannot be used at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct DeviceTrouble {
    /// Which device.
    pub check: Check,
    /// Why.
    pub problem: DeviceProblem,
    /// Since when.
    pub since: Time,
}
