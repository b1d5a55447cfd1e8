//! What a client says.

use super::state::TrackSource;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// A client's message with the number that the answer to it repeats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ClientEnvelope {
    /// Chosen by the client, growing; repeated as `re` in the answer. A message without one gets no answer but errors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub id: Option<u32>,
    /// Its fields stand beside `id`.
    #[serde(flatten)]
    pub message: ClientMessage,
}

/// A client's message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientMessage {
    /// The first message on every connection; answered by `welcome`.
    Hello {
        /// The version of the protocol that the client speaks: 1.
        version: u32,
        /// Name and version of the client software, for the log; at most 200 characters.
        client: String,
    },
    /// Takes a seat with a token; answered by `joined`.
    Join {
        /// As printed by `viva token`.
        token: String,
    },
    /// Takes the seat of an earlier connection again, within the time that `joined` named; answered by `joined`.
    Resume {
        /// From the newest `joined`.
        session: String,
        /// False when the client has lost its peer connection (a reloaded page): the seat's publications and slots
        /// go, and the next `offer` builds new ones on a new transport. True when the media path still stands.
        media: bool,
    },
    /// What the client wants to send and receive; answered by `answer`. The client always offers.
    Offer {
        /// The session description (RFC 8829).
        sdp: String,
        /// What each sending media section carries.
        tracks: Vec<PublishedTrack>,
    },
    /// Asks for new credentials before those of the newest `joined` end; answered by `ice_servers`.
    IceServers {},
    /// A candidate of the client (RFC 8838). The server is ICE-lite and learns addresses from the checks, so that
    /// it only looks at the form; `null` is the end of candidates.
    Trickle {
        /// `candidate:…`, without `a=`.
        candidate: Option<String>,
    },
    /// What video slots should show from now on; slots not named stay as they are. Answered by `done`.
    View {
        /// One entry a slot.
        slots: Vec<SlotView>,
    },
    /// Mutes or unmutes one of the client's own publications; answered by `done`.
    Mute {
        /// The media section that carries it.
        mid: String,
        /// False lets it be heard or seen again.
        muted: bool,
    },
    /// What the seat does in its interview; answered by `done`. Only in rooms that belong to one.
    Act {
        /// Chosen by the client, 1 to 64 visible ASCII characters: the same command repeated is done once.
        command: String,
        /// What is done. This crate passes it on unread, at most [`MAX_ACTION`](super::MAX_ACTION) bytes of message.
        #[ts(type = "SeatAction")]
        action: Value,
    },
    /// Asks for earlier lines of chat; answered by `chat`. Only in rooms that belong to an interview.
    History {
        /// The id of the oldest line that the client has: those directly before it are wanted.
        before: String,
    },
    /// Asks for a `stats` message now.
    Stats {},
    /// Keeps the connection alive; answered by `pong`.
    Ping {},
    /// Leaves the room for good; answered by `closed`.
    Leave {},
}

/// What a sending media section carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PublishedTrack {
    /// The media section.
    pub mid: String,
    /// Where sound or picture comes from.
    pub source: TrackSource,
    /// Muted from the start?
    #[serde(default)]
    pub muted: bool,
}

/// What one video slot should show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SlotView {
    /// The slot's media section.
    pub mid: String,
    /// Which publication; `null` empties the slot.
    pub publication: Option<String>,
    /// Height of the tile in device pixels: the smallest layer at least so high is sent, else the largest.
    pub height: u16,
}
