//! What the fuzzer feeds: one function a target, each asserting more than that nothing panics.
//!
//! `tests/tests/fuzz_replay.rs` runs them on stable Rust over the committed corpus; `make fuzz TARGET=…` explores.

mod feedback;
mod packets;
mod pictures;
mod tables;
mod texts;
mod tokens;
mod turn;
mod unit;

pub use feedback::rtcp;
pub use packets::{demux, dependency_descriptor, payload_descriptors, rtp, stun};
pub use pictures::picture;
pub use tables::table;
pub use texts::{sdp_fragment, sdp_offer, websocket_message};
pub use tokens::token;
pub use turn::turn;
pub use unit::unit;

/// A target's body.
pub type Body = fn(&[u8]) -> Verdict;

/// What became of an input; the corpus of every target has both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was well-formed, and all that follows from that was asserted.
    Understood,
    /// It was refused.
    Refused,
}

/// Every target by its name: that of its wrapper in `tests/fuzz/fuzz_targets` and of its folder of the corpus.
pub const TARGETS: [(&str, Body); 14] = [
    ("demux", demux),
    ("stun", stun),
    ("rtp", rtp),
    ("rtcp", rtcp),
    ("payload_descriptors", payload_descriptors),
    ("dependency_descriptor", dependency_descriptor),
    ("sdp_offer", sdp_offer),
    ("sdp_fragment", sdp_fragment),
    ("websocket_message", websocket_message),
    ("unit", unit),
    ("token", token),
    ("table", table),
    ("picture", picture),
    ("turn", turn),
];
