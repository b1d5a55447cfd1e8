//! Keeps `docs/protocol.md` in step: every message, error, close reason and limit stands there, and every example parses.

use crate::{
    message::{
        ClientEnvelope, ClientMessage, CloseReason, ErrorCode, MAX_ACTION, MAX_COMMAND, MAX_MESSAGE,
        ServerEnvelope, ServerMessage, VERSION,
    },
    sdp, token,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use ts_rs::{Config, TS};

const DOCUMENT: &str = include_str!("../../docs/protocol.md");

/// The part from one heading of the second level to the next.
fn part(heading: &str) -> &'static str {
    let start = DOCUMENT.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no part {heading}"));
    let part = &DOCUMENT[start + 1..];
    part.find("\n## ").map_or(part, |end| &part[..end])
}

fn examples(part: &str) -> Vec<&str> {
    part.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// The values of `type` that a message has, as its TypeScript says.
fn tags<T: TS>() -> Vec<String> {
    let declared = T::inline(&Config::new());
    declared
        .split("\"type\": \"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

/// Each message has its heading and an example under it that is read and written the same.
fn each_message<E: Serialize + DeserializeOwned, M: TS>(heading: &str) {
    let part = part(heading);
    let tags = tags::<M>();
    assert!(tags.len() >= 10, "{tags:?}");
    let headings: Vec<&str> = part.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    assert_eq!(headings, tags.iter().map(|tag| format!("`{tag}`")).collect::<Vec<_>>());
    for (tag, section) in tags.iter().zip(part.split("\n### ").skip(1)) {
        let examples = examples(section);
        assert!(!examples.is_empty(), "no example of {tag}");
        for text in examples {
            let example: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(example["type"], tag.as_str());
            let message: E = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(serde_json::to_value(&message).unwrap(), example, "{text}");
        }
    }
}

#[test]
fn every_message_of_the_client_is_described() {
    each_message::<ClientEnvelope, ClientMessage>("What the client says");
}

#[test]
fn every_message_of_the_server_is_described() {
    each_message::<ServerEnvelope, ServerMessage>("What the server says");
}

#[test]
fn the_table_of_errors_is_the_one_table() {
    let rows: Vec<&str> = part("Errors").lines().filter(|line| line.starts_with("| `")).collect();
    let wanted: Vec<String> = ErrorCode::ALL
        .iter()
        .map(|error| format!("| `{}` | {} | {} | {} |", error.code(), error.status(), error.zh(), error.en()))
        .collect();
    assert_eq!(rows, wanted, "\n{}\n", wanted.join("\n"));
}

#[test]
fn every_close_reason_is_described() {
    let declared = CloseReason::inline(&Config::new());
    let reasons: Vec<&str> = declared.split('"').skip(1).step_by(2).collect();
    let rows = part("Closing").lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(rows.collect::<Vec<_>>(), reasons);
}

#[test]
fn the_limits_are_those_of_the_code() {
    let limits = [
        ("version of the protocol", VERSION as usize),
        ("bytes of a message", MAX_MESSAGE),
        ("bytes of an `act`", MAX_ACTION),
        ("characters of a command's id", MAX_COMMAND),
        ("bytes of an offer", sdp::MAX_OFFER),
        ("media sections of an offer", sdp::MAX_SECTIONS),
        ("payload types of a media section", sdp::MAX_PAYLOAD_TYPES),
        ("header extensions of a media section", sdp::MAX_EXTENSIONS),
        ("rids of a media section", sdp::MAX_RIDS),
        ("encodings of a publication", sdp::MAX_ENCODINGS),
        ("publications of a client", sdp::MAX_PUBLICATIONS),
        ("slots of a client", sdp::MAX_SLOTS),
        ("characters of a name, room or identity", token::MAX_CHARACTERS),
        ("bytes of a token", token::MAX_TOKEN),
    ];
    let rows: Vec<&str> = part("Limits").lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert_eq!(rows, limits.map(|(what, limit)| format!("| {what} | {limit} |")));
}

#[test]
fn the_example_of_a_token_is_one() {
    let examples = examples(part("Tokens"));
    let claims: token::Claims = serde_json::from_str(examples[0]).unwrap();
    assert_eq!(claims.check(), Ok(()));
}
