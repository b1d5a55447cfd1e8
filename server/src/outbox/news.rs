//! News as they wait for a client: a text, and what they are about.

use tokio_tungstenite::tungstenite::Utf8Bytes;
use viva_signaling::message::{ServerEnvelope, ServerMessage};

/// A message that answers nothing, written once for all who get it.
#[derive(Debug, Clone)]
pub struct News {
    pub(super) subject: Option<Subject>,
    pub(super) text: Utf8Bytes,
}

/// What newer news replace older ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) thing: Thing,
    /// It is no more, or no longer for this client.
    pub(super) goes: bool,
}

/// Something of which only the newest state counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Thing {
    Participant(String),
    Publication(String),
    Slot(String),
    Wanted(String),
    Speaker,
    Quality,
    Media,
    Permissions,
}

impl News {
    /// These news.
    pub fn new(message: ServerMessage) -> Self {
        let subject = Subject::of(&message);
        let text = text(&ServerEnvelope { re: None, message }).unwrap_or_default();
        Self { subject, text }
    }
}

impl Subject {
    /// `None` of what must not be merged.
    fn of(message: &ServerMessage) -> Option<Self> {
        let stays = |thing| Some(Self { thing, goes: false });
        let goes = |thing| Some(Self { thing, goes: true });
        match message {
            ServerMessage::Participant { participant } => stays(Thing::Participant(participant.id.clone())),
            ServerMessage::ParticipantLeft { participant } => goes(Thing::Participant(participant.clone())),
            ServerMessage::Publication { publication } => stays(Thing::Publication(publication.id.clone())),
            ServerMessage::PublicationGone { publication } => goes(Thing::Publication(publication.clone())),
            ServerMessage::Slot { mid, .. } => stays(Thing::Slot(mid.clone())),
            ServerMessage::Wanted { mid, .. } => stays(Thing::Wanted(mid.clone())),
            ServerMessage::ActiveSpeaker { .. } => stays(Thing::Speaker),
            ServerMessage::Quality { .. } => stays(Thing::Quality),
            ServerMessage::Media { .. } => stays(Thing::Media),
            ServerMessage::Permissions { .. } => stays(Thing::Permissions),
            _ => None,
        }
    }
}

/// A message as it is written.
pub(super) fn text(envelope: &ServerEnvelope) -> Option<Utf8Bytes> {
    match serde_json::to_string(envelope) {
        Ok(text) => Some(text.into()),
        Err(error) => {
            tracing::error!(%error, "a message cannot be written");
            None
        }
    }
}
