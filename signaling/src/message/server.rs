//! What the server says.

use super::{
    error::ErrorCode,
    state::{IceServer, NetworkQuality, ParticipantState, PermissionState, PublicationState, StatsReport},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use ts_rs::TS;
use viva_media::MediaKind;

/// A server's message with the number of the client's message that it answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ServerEnvelope {
    /// The `id` of the message that this answers; absent on news.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub re: Option<u32>,
    /// Its fields stand beside `re`.
    #[serde(flatten)]
    pub message: ServerMessage,
}

/// A server's message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// Answers `hello`: from now on a seat may be taken.
    Welcome {
        /// The version of the protocol that the server speaks: 1.
        version: u32,
        /// Name and version of the server software.
        server: String,
    },
    /// Answers `join` and `resume`: the whole room as it is now.
    Joined {
        /// The room's name.
        room: String,
        /// The client's own participant id.
        participant: String,
        /// The client's own name, from its token.
        name: String,
        /// Opens the seat again by `resume`; a new one with every `joined`.
        session: String,
        /// Ways by which media gets through where nothing else does; none where the server does not speak TURN.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(optional, as = "Option<Vec<IceServer>>")]
        ice_servers: Vec<IceServer>,
        /// How long the seat is kept after a lost connection, in milliseconds.
        resume_ms: u32,
        /// True when the seat was kept and its publications and slots still stand.
        resumed: bool,
        /// What the client may do.
        permissions: PermissionState,
        /// Everybody else who has a seat in the room.
        participants: Vec<ParticipantState>,
        /// Everything that the client may receive.
        publications: Vec<PublicationState>,
    },
    /// Answers `offer`: the client's connection as it stands now.
    Answer {
        /// The session description, with all candidates of the server.
        sdp: String,
        /// The publications that stand now, one a sending media section.
        publications: Vec<AnswerPublication>,
        /// The slots that stand now, one a receiving media section.
        slots: Vec<AnswerSlot>,
    },
    /// Answers `ice_servers`: the ways anew, with credentials that are good from now on.
    IceServers {
        /// As in `joined`.
        ice_servers: Vec<IceServer>,
    },
    /// Answers what needs no other answer.
    Done {},
    /// Answers `ping`; the connection is alive.
    Pong {},
    /// A message was refused, or the connection is about to be closed; the session goes on unless `closed` follows.
    Error {
        /// From the one table of errors.
        code: ErrorCode,
        /// What went wrong, in English, for the developer; the person's text follows from the code.
        detail: String,
        /// Seconds after which it may be tried again, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        retry_after: Option<u32>,
    },
    /// Somebody came, or something about them changed.
    Participant {
        /// The participant as it is now.
        participant: ParticipantState,
    },
    /// Somebody left for good.
    ParticipantLeft {
        /// The id of who left.
        participant: String,
    },
    /// A publication came, or something about it changed.
    Publication {
        /// The publication as it is now.
        publication: PublicationState,
    },
    /// A publication went, or may no longer be received.
    PublicationGone {
        /// The id that it had.
        publication: String,
    },
    /// What fills a slot from its next key frame on.
    Slot {
        /// The slot's media section.
        mid: String,
        /// Which publication; `null` when it is empty.
        publication: Option<String>,
        /// Why it is empty, where the client asked for what it cannot be given: `codec_unsupported`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        code: Option<ErrorCode>,
        /// The client's line carries nothing for it at present: its last picture stays, under a mark.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[ts(optional, as = "Option<bool>")]
        paused: bool,
        /// How well the client's line shows it: left out while that is good, or not measured.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        quality: Option<NetworkQuality>,
    },
    /// Somebody else speaks, or nobody.
    ActiveSpeaker {
        /// The id of who speaks; `null` when nobody does.
        participant: Option<String>,
    },
    /// The layers of the client's own publication that somebody receives: the others may pause.
    Wanted {
        /// The media section that carries it.
        mid: String,
        /// The rids to send; all of one when there is no simulcast.
        rids: Vec<String>,
        /// False when nobody receives it at all.
        any: bool,
    },
    /// The interview as this seat may know it: once after `joined`.
    Interview {
        /// What was known before is void.
        #[ts(type = "SeatView")]
        view: Value,
        /// Lists may be cut short: `interview_change` follows at once, and nothing is to be shown before the last.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[ts(optional, as = "Option<bool>")]
        more: bool,
    },
    /// What is different now in the newest view of the interview.
    InterviewChange {
        /// Fields of the view with another value than before.
        #[ts(type = "Record<string, unknown>")]
        fields: Map<String, Value>,
        /// Long lists of the view in which something is different, by the name of the field.
        #[ts(type = "Record<string, ListChange>")]
        lists: BTreeMap<String, ListChange>,
        /// More of the same change follows at once, and nothing is to be shown before the last.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[ts(optional, as = "Option<bool>")]
        more: bool,
    },
    /// Lines of chat that this seat may read: after `joined`, when somebody writes, and as the answer to `history`.
    Chat {
        /// They follow each other, the oldest first.
        #[ts(type = "ChatLine[]")]
        lines: Vec<Value>,
        /// The id of the line directly before the first, as far as this seat may read it; `null` when there is none. A
        /// line that the client does not have is asked for by `history`.
        before: Option<String>,
    },
    /// The client's own permissions changed.
    Permissions {
        /// What it may do now.
        permissions: PermissionState,
    },
    /// The quality of the client's own network changed.
    Quality {
        /// As the server sees it.
        quality: NetworkQuality,
    },
    /// The media path is gone or new; on `false` the client restarts ICE or builds a new connection.
    Media {
        /// Whether packets flow.
        connected: bool,
    },
    /// Answers `stats`: what the server knows at that moment.
    Stats {
        /// What the server measured.
        report: StatsReport,
    },
    /// The last message on a connection.
    Closed {
        /// What the client should do follows from it.
        reason: CloseReason,
    },
}

/// What is different in a list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
pub struct ListChange {
    /// How many elements it has now; those beyond are no more.
    pub length: usize,
    /// Elements that are new or different, with their places counted from 0.
    #[ts(type = "[number, unknown][]")]
    pub elements: Vec<(usize, Value)>,
}

impl ServerMessage {
    /// Takes an `interview` or `interview_change` into a view; true when it may be shown.
    pub fn take_into(&self, known: &mut Map<String, Value>) -> bool {
        match self {
            Self::Interview { view, more } => {
                *known = view.as_object().cloned().unwrap_or_default();
                !more
            }
            Self::InterviewChange { fields, lists, more } => {
                known.extend(fields.clone());
                for (name, change) in lists {
                    if let Value::Array(list) =
                        known.entry(name.clone()).or_insert_with(|| Value::Array(Vec::new()))
                    {
                        change.apply(list);
                    }
                }
                !more
            }
            _ => false,
        }
    }
}

impl ListChange {
    fn apply(&self, list: &mut Vec<Value>) {
        list.truncate(self.length);
        for (place, element) in &self.elements {
            match list.get_mut(*place) {
                Some(known) => known.clone_from(element),
                None => list.push(element.clone()),
            }
        }
    }
}

/// One of the client's publications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AnswerPublication {
    /// The media section.
    pub mid: String,
    /// The publication's id.
    pub publication: String,
}

/// One of the client's slots.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AnswerSlot {
    /// The media section.
    pub mid: String,
    /// Audio or video.
    #[ts(type = "\"audio\" | \"video\"")]
    pub kind: MediaKind,
}

/// Why a connection is closed, and with it what the client should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The client left. Do not come back by yourself.
    Left,
    /// The same seat joined elsewhere. Do not come back by yourself.
    Replaced,
    /// Removed by staff. Do not come back.
    Removed,
    /// The room was closed. Do not come back by yourself.
    RoomClosed,
    /// The server stops. Come back in a moment.
    ServerStopping,
    /// Too many messages, or messages of a wrong form. Come back later.
    Abuse,
    /// Nothing was read from the connection for too long. Come back.
    TooSlow,
    /// No `hello` and `join` within the time for it.
    Idle,
}
