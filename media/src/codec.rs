//! Codecs and their kinds.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Audio or video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// Sound.
    Audio,
    /// Pictures.
    Video,
}

/// An encoding that the unit knows how to forward, without its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodecKind {
    /// RFC 7587, clock 48,000 Hz.
    Opus,
    /// Redundant audio over Opus (RFC 2198), clock 48,000 Hz.
    Red,
    /// RFC 7741, clock 90,000 Hz.
    Vp8,
    /// RFC 6184, clock 90,000 Hz.
    H264,
}

impl CodecKind {
    /// Audio or video.
    pub const fn media_kind(self) -> MediaKind {
        match self {
            Self::Opus | Self::Red => MediaKind::Audio,
            Self::Vp8 | Self::H264 => MediaKind::Video,
        }
    }

    /// RTP timestamp units a second.
    pub const fn clock_rate(self) -> u32 {
        match self {
            Self::Opus | Self::Red => 48_000,
            Self::Vp8 | Self::H264 => 90_000,
        }
    }

    /// The name in `a=rtpmap`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opus => "opus",
            Self::Red => "red",
            Self::Vp8 => "VP8",
            Self::H264 => "H264",
        }
    }
}

impl fmt::Display for CodecKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The part of `profile-level-id` that two ends must share (RFC 6184 §8.1): profile and constraint flags, not the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct H264Profile {
    /// `profile_idc`.
    pub profile_idc: u8,
    /// `profile-iop`: the constraint flags.
    pub constraints: u8,
}

/// A codec with what must be equal at both ends for a packet to be forwarded as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Codec {
    /// RFC 7587.
    Opus,
    /// RFC 2198 over Opus.
    Red,
    /// RFC 7741.
    Vp8,
    /// RFC 6184, packetization-mode 1.
    H264(H264Profile),
}

impl Codec {
    /// The codec without its parameters.
    pub const fn kind(self) -> CodecKind {
        match self {
            Self::Opus => CodecKind::Opus,
            Self::Red => CodecKind::Red,
            Self::Vp8 => CodecKind::Vp8,
            Self::H264(_) => CodecKind::H264,
        }
    }
}
