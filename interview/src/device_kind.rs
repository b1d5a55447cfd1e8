//! What kind of device somebody comes with.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What kind of device a browser runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// A desktop or a notebook.
    Computer,
    /// Between the two.
    Tablet,
    /// One that fits a hand.
    Phone,
}
