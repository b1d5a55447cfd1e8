//! What the fuzzer feeds: one function a target, each asserting more than that nothing panics.
//!
//! `tests/tests/fuzz_replay.rs` runs them on stable Rust over the committed corpus; `make fuzz TARGET=…` explores.

use viva_signaling::message::ClientEnvelope;

/// A target's body.
pub type Body = fn(&[u8]);

/// Every target by its name: that of its wrapper in `tests/fuzz/fuzz_targets` and of its folder of the corpus.
pub const TARGETS: [(&str, Body); 1] = [("websocket_message", websocket_message)];

/// A text of the WebSocket: what is understood is written so that it is understood the same again.
pub fn websocket_message(data: &[u8]) {
    let Ok(envelope) = serde_json::from_slice::<ClientEnvelope>(data) else { return };
    let text = serde_json::to_string(&envelope).expect("a message can be written");
    let again: ClientEnvelope = serde_json::from_str(&text).expect("what was written can be read");
    assert_eq!(again, envelope, "{text}");
}
