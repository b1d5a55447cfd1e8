//! What a candidate's page and the server say to each other during a face check, on a WebSocket of its own.

use crate::{FaceOutcome, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What would make a face easier to compare, in the order in which it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FaceHint {
    /// No face is to be seen.
    NoFace,
    /// More than one is.
    SeveralFaces,
    /// Closer.
    TooFar,
    /// Further away.
    TooClose,
    /// The face is too far to the person's own left, which is the left of a mirrored preview: move to the right.
    OffLeft,
    /// Too far to the person's own right: move to the left.
    OffRight,
    /// At the upper edge.
    OffUp,
    /// At the lower edge.
    OffDown,
    /// More light.
    TooDark,
    /// Less light.
    TooBright,
    /// The light comes from behind.
    Backlit,
    /// Hold still, wipe the lens.
    Blurred,
    /// Hold the head upright.
    Tilted,
    /// Look into the camera.
    NotFrontal,
}

/// What a person is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FaceAsk {
    /// Look into the camera.
    LookAhead,
    /// Turn the head to the person's own left.
    TurnLeft,
    /// Turn the head to the person's own right.
    TurnRight,
}

/// What the page says; frames come as binary messages beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaceClientMessage {
    /// 开始校验: from now on it counts.
    Start {},
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FaceServerMessage {
    /// The first message: how frames are to be sent.
    Welcome {
        /// 32 hexadecimal digits; their 16 bytes stand before the JPEG of every frame.
        nonce: String,
        /// So many frames a second are looked at, at most; of more, the newest.
        frames_a_second: u32,
        /// The longest binary message.
        frame_bytes: u32,
        /// The width that a frame should have, in pixels.
        frame_width: u32,
    },
    /// What the newest frame lacks; null for nothing.
    Hint {
        /// The first of what would help.
        hint: Option<FaceHint>,
    },
    /// The server compares others first.
    Queue {
        /// So many.
        ahead: u32,
    },
    /// The check has begun. Frames bear this nonce from now on; with another one they are refused.
    Check {
        /// As in `welcome`.
        nonce: String,
        /// When it is over at the latest, by the server's clock.
        until: Time,
        /// The server's clock now.
        now: Time,
    },
    /// What the person shall do now, until told otherwise.
    Ask {
        /// One thing.
        ask: FaceAsk,
    },
    /// It is over; the connection ends. How many tries are left stands in the view.
    Result {
        /// What came of it.
        outcome: FaceOutcome,
        /// What would help the next time.
        advice: Vec<FaceHint>,
    },
    /// It cannot go on; the connection ends.
    Error {
        /// A code of the table of errors.
        code: &'static str,
        /// For the developer.
        detail: String,
    },
}
