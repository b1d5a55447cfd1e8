//! From the text of the WebSocket to a message, or to the error that answers it.

use super::{ClientEnvelope, ErrorCode};
use serde::Deserialize;

/// The longest message of a client, in bytes: an offer of [`crate::sdp::MAX_OFFER`], escaped, with its tracks.
pub const MAX_MESSAGE: usize = 320 * 1024;

/// The longest `act`, in bytes: far more than the longest text that an interview takes.
pub const MAX_ACTION: usize = 32 * 1024;
/// The most characters of a command's id.
pub const MAX_COMMAND: usize = 64;

/// A text that is no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", .code.code())]
pub struct Unreadable {
    /// The number of the message, where that at least could be read.
    pub id: Option<u32>,
    /// What kind of error.
    pub code: ErrorCode,
    /// For the developer.
    pub detail: String,
}

impl ClientEnvelope {
    /// Reads a message.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::TooLarge`] or [`ErrorCode::Malformed`].
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        if text.len() > MAX_MESSAGE {
            let detail = format!("a message has at most {MAX_MESSAGE} bytes");
            return Err(Unreadable { id: None, code: ErrorCode::TooLarge, detail });
        }
        serde_json::from_str(text).map_err(|error| {
            let id = serde_json::from_str::<Numbered>(text).ok().and_then(|numbered| numbered.id);
            let detail: String = error.to_string().chars().take(200).collect();
            Unreadable { id, code: ErrorCode::Malformed, detail }
        })
    }
}

/// Any message, for its number alone.
#[derive(Deserialize)]
struct Numbered {
    #[serde(default)]
    id: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::{super::*, *};
    use serde_json::{Value, json};

    fn parse(text: &str) -> Result<ClientMessage, ErrorCode> {
        ClientEnvelope::parse(text).map(|envelope| envelope.message).map_err(|error| error.code)
    }

    #[test]
    fn every_message_of_a_client_has_the_documented_form() {
        let messages = [
            (
                json!({"type":"hello","version":1,"client":"web/1"}),
                ClientMessage::Hello { version: 1, client: "web/1".into() },
            ),
            (json!({"type":"join","token":"t"}), ClientMessage::Join { token: "t".into() }),
            (
                json!({"type":"resume","session":"s","media":true}),
                ClientMessage::Resume { session: "s".into(), media: true },
            ),
            (
                json!({"type":"offer","sdp":"v=0","tracks":[{"mid":"0","source":"second_camera","muted":true}]}),
                ClientMessage::Offer {
                    sdp: "v=0".into(),
                    tracks: vec![PublishedTrack {
                        mid: "0".into(),
                        source: TrackSource::SecondCamera,
                        muted: true,
                    }],
                },
            ),
            (json!({"type":"trickle","candidate":null}), ClientMessage::Trickle { candidate: None }),
            (
                json!({"type":"view","slots":[{"mid":"3","publication":null,"height":720}]}),
                ClientMessage::View {
                    slots: vec![SlotView { mid: "3".into(), publication: None, height: 720 }],
                },
            ),
            (
                json!({"type":"mute","mid":"0","muted":false}),
                ClientMessage::Mute { mid: "0".into(), muted: false },
            ),
            (
                json!({"type":"act","command":"c-1","action":{"do":"raise_hand","raised":true}}),
                ClientMessage::Act {
                    command: "c-1".into(),
                    action: json!({"do":"raise_hand","raised":true}),
                },
            ),
            (json!({"type":"history","before":"17"}), ClientMessage::History { before: "17".into() }),
            (json!({"type":"stats"}), ClientMessage::Stats {}),
            (json!({"type":"ice_servers"}), ClientMessage::IceServers {}),
            (json!({"type":"ping"}), ClientMessage::Ping {}),
            (json!({"type":"leave"}), ClientMessage::Leave {}),
        ];
        for (value, message) in messages {
            assert_eq!(parse(&value.to_string()), Ok(message.clone()));
            let with_id = ClientEnvelope { id: Some(7), message };
            let mut expected = value.clone();
            expected["id"] = json!(7);
            assert_eq!(serde_json::to_value(&with_id).ok(), Some(expected));
            assert_eq!(ClientEnvelope::parse(&serde_json::to_string(&with_id).unwrap()), Ok(with_id));
            let mut unknown = value;
            unknown["surprise"] = Value::Null;
            assert_eq!(parse(&unknown.to_string()), Err(ErrorCode::Malformed), "{unknown}");
        }
    }

    #[test]
    fn a_message_that_is_none_is_answered_with_its_number() {
        let id = |text: &str| ClientEnvelope::parse(text).unwrap_err().id;
        assert_eq!(id(r#"{"type":"dance","id":4}"#), Some(4));
        assert_eq!(id(r#"{"id":4,"type":"join"}"#), Some(4));
        assert_eq!(id(r#"{"id":-4,"type":"ping"}"#), None);
        assert_eq!(id("["), None);
    }

    #[test]
    fn hostile_texts_are_refused() {
        let deep = format!(r#"{{"type":"ping","x":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        let texts = [
            "",
            "null",
            "{}",
            "\u{feff}{\"type\":\"ping\"}",
            r#"{"type":"ping"}{"type":"ping"}"#,
            r#"{"type":"ping","type":"leave"}"#,
            r#"{"type":["ping"]}"#,
            r#"{"type":"ping","id":1e999}"#,
            r#"{"type":"ping","id":99999999999999999999}"#,
            r#"{"type":"hello","version":1.5,"client":""}"#,
            r#"{"type":"view","slots":[{"mid":"1","publication":null,"height":70000}]}"#,
            r#"{"type":"view","slots":[{"mid":"1","publication":null,"height":7,"x":1}]}"#,
            r#"{"type":"offer","sdp":"","tracks":[{"mid":"1","source":"mind"}]}"#,
            deep.as_str(),
        ];
        for text in texts {
            assert_eq!(
                parse(text),
                Err(ErrorCode::Malformed),
                "{}",
                text.chars().take(80).collect::<String>()
            );
        }
        let long = format!(r#"{{"type":"join","token":"{}"}}"#, "x".repeat(MAX_MESSAGE));
        assert_eq!(parse(&long), Err(ErrorCode::TooLarge));
    }
}
