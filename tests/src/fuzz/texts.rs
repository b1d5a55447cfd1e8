//! Texts from a client: messages of the WebSocket.

use super::Verdict::{self, Refused, Understood};
use viva_signaling::message::ClientEnvelope;

/// A text of the WebSocket: what is understood is written so that it is understood the same again.
pub fn websocket_message(data: &[u8]) -> Verdict {
    let Ok(envelope) = serde_json::from_slice::<ClientEnvelope>(data) else { return Refused };
    let text = serde_json::to_string(&envelope).expect("a message can be written");
    let again: ClientEnvelope = serde_json::from_str(&text).expect("what was written can be read");
    assert_eq!(again, envelope, "{text}");
    Understood
}
