//! Codecs and their kinds.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Audio or video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// Sound: a microphone, or what a shared screen plays.
    Audio,
    /// Pictures: a camera or a screen.
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
    /// RFC 9628, clock 90,000 Hz.
    Vp9,
    /// AV1's RTP specification, clock 90,000 Hz.
    Av1,
}

impl CodecKind {
    /// All of them, in the order of their discriminants.
    pub const ALL: [Self; 6] = [Self::Opus, Self::Red, Self::Vp8, Self::H264, Self::Vp9, Self::Av1];

    /// Audio or video.
    pub const fn media_kind(self) -> MediaKind {
        match self {
            Self::Opus | Self::Red => MediaKind::Audio,
            Self::Vp8 | Self::H264 | Self::Vp9 | Self::Av1 => MediaKind::Video,
        }
    }

    /// RTP timestamp units a second.
    pub const fn clock_rate(self) -> u32 {
        match self {
            Self::Opus | Self::Red => 48_000,
            Self::Vp8 | Self::H264 | Self::Vp9 | Self::Av1 => 90_000,
        }
    }

    /// The name in `a=rtpmap`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opus => "opus",
            Self::Red => "red",
            Self::Vp8 => "VP8",
            Self::H264 => "H264",
            Self::Vp9 => "VP9",
            Self::Av1 => "AV1",
        }
    }
}

impl fmt::Display for CodecKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An H.264 profile as two ends must share it: by its meaning, however `profile-level-id` spells it, and without the
/// level (RFC 6184 §8.1 table 5, §8.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum H264Profile {
    /// What is common to Baseline, Main and Extended: `42e0`, `42c0`, `4240`, `4d80`, `58c0`…
    ConstrainedBaseline,
    /// With flexible order of macroblocks and redundant slices, as far as its name goes.
    Baseline,
    /// With B frames and CABAC.
    Main,
    /// Baseline and Main with switching slices.
    Extended,
    /// With 8×8 transforms.
    High,
    /// [`Self::High`] without interlacing (constraint flag 4).
    ProgressiveHigh,
    /// [`Self::ProgressiveHigh`] without B frames (constraint flags 4 and 5).
    ConstrainedHigh,
    /// Any other, compared as it is spelt.
    Other {
        /// `profile_idc` as RFC 6184 §8.1 has it.
        profile_idc: u8,
        /// `profile-iop`: the constraint flags.
        constraints: u8,
    },
}

impl H264Profile {
    /// The profile that `profile_idc` and `profile-iop` spell (RFC 6184 table 5; ITU-T H.264 §A.2).
    pub fn spelt(profile_idc: u8, constraints: u8) -> Self {
        const BASELINE: u8 = 0x42;
        const MAIN: u8 = 0x4d;
        const EXTENDED: u8 = 0x58;
        const HIGH: u8 = 0x64;
        let set = |flag: u8| constraints & (0x80 >> flag) != 0;
        match (profile_idc, set(0), set(1)) {
            (BASELINE, _, true) | (MAIN, true, _) | (EXTENDED, true, true) => Self::ConstrainedBaseline,
            (BASELINE, _, false) | (EXTENDED, true, false) => Self::Baseline,
            (MAIN, false, _) if !set(2) => Self::Main,
            (EXTENDED, false, false) => Self::Extended,
            (HIGH, false, false) => match constraints {
                0x00 => Self::High,
                0x08 => Self::ProgressiveHigh,
                0x0c => Self::ConstrainedHigh,
                _ => Self::Other { profile_idc, constraints },
            },
            _ => Self::Other { profile_idc, constraints },
        }
    }

    /// Must a decoder of this profile be able to decode what is encoded by `sent` (ITU-T H.264 §A.2.1 to §A.2.4)?
    pub fn decodes(self, sent: Self) -> bool {
        let rank = |profile| match profile {
            Self::ConstrainedBaseline => Some(0),
            Self::ConstrainedHigh => Some(2),
            Self::ProgressiveHigh => Some(3),
            Self::High => Some(4),
            _ => None,
        };
        self == sent
            || match (self, sent) {
                (Self::Baseline | Self::Main | Self::Extended, Self::ConstrainedBaseline)
                | (Self::Extended, Self::Baseline)
                | (Self::High, Self::Main) => true,
                _ => rank(self).zip(rank(sent)).is_some_and(|(ours, theirs)| ours > theirs),
            }
    }
}

/// What two ends must agree on for H.264 (RFC 6184 §8.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct H264Format {
    /// Both ends must name the same one.
    pub profile: H264Profile,
    /// `packetization-mode=1`: units may be gathered and fragmented. Else each packet is one unit (mode 0).
    pub fragments: bool,
}

impl H264Format {
    /// Can a receiver of this format decode what is sent in `sent`? Single units are a part of both modes.
    pub fn decodes(self, sent: Self) -> bool {
        self.profile.decodes(sent.profile) && (self.fragments || !sent.fragments)
    }
}

/// A codec with what decides whether a packet of it can be forwarded as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Codec {
    /// RFC 7587: voices and all other sound.
    Opus,
    /// RFC 2198 over Opus.
    Red,
    /// RFC 7741: every browser sends and decodes it.
    Vp8,
    /// RFC 6184, in one of its formats.
    H264(H264Format),
    /// RFC 9628, in this profile: 0 to 3. Each says how pictures are sampled; a decoder of one need not know another.
    Vp9(u8),
    /// AV1, in this profile: 0 (Main) to 2.
    Av1(u8),
}

impl Codec {
    /// The codec without its parameters.
    pub const fn kind(self) -> CodecKind {
        match self {
            Self::Opus => CodecKind::Opus,
            Self::Red => CodecKind::Red,
            Self::Vp8 => CodecKind::Vp8,
            Self::H264(_) => CodecKind::H264,
            Self::Vp9(_) => CodecKind::Vp9,
            Self::Av1(_) => CodecKind::Av1,
        }
    }

    /// Can one stream of it have spatial layers?
    pub const fn has_layers(self) -> bool {
        matches!(self, Self::Vp9(_) | Self::Av1(_))
    }

    /// Can a receiver of this codec decode what is sent as `sent`?
    pub fn decodes(self, sent: Self) -> bool {
        match (self, sent) {
            (Self::H264(ours), Self::H264(sent)) => ours.decodes(sent),
            // AV1 §A.2: High takes Main, Professional takes both.
            (Self::Av1(ours), Self::Av1(sent)) => ours >= sent,
            _ => self == sent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use H264Profile::*;

    #[test]
    fn a_profile_is_one_however_it_is_spelt() {
        // RFC 6184 table 5.
        for (spelt, profile) in [
            (0x42e0, ConstrainedBaseline),
            (0x42c0, ConstrainedBaseline),
            (0x4240, ConstrainedBaseline),
            (0x4d80, ConstrainedBaseline),
            (0x4de0, ConstrainedBaseline),
            (0x58c0, ConstrainedBaseline),
            (0x4200, Baseline),
            (0x4280, Baseline),
            (0x42a0, Baseline),
            (0x5880, Baseline),
            (0x4d00, Main),
            (0x4d40, Main),
            (0x5800, Extended),
            (0x6400, High),
            (0x6408, ProgressiveHigh),
            (0x640c, ConstrainedHigh),
            (0xf400, Other { profile_idc: 0xf4, constraints: 0 }),
            (0x6e10, Other { profile_idc: 0x6e, constraints: 0x10 }),
        ] {
            let [profile_idc, constraints] = u16::to_be_bytes(spelt);
            assert_eq!(H264Profile::spelt(profile_idc, constraints), profile, "{spelt:04x}");
        }
    }

    #[test]
    fn a_decoder_takes_its_own_profile_and_those_within_it() {
        let all = [ConstrainedBaseline, Baseline, Main, Extended, High, ProgressiveHigh, ConstrainedHigh];
        let within: [&[H264Profile]; 7] = [
            &[ConstrainedBaseline],
            &[ConstrainedBaseline, Baseline],
            &[ConstrainedBaseline, Main],
            &[ConstrainedBaseline, Baseline, Extended],
            &[ConstrainedBaseline, Main, High, ProgressiveHigh, ConstrainedHigh],
            &[ConstrainedBaseline, ProgressiveHigh, ConstrainedHigh],
            &[ConstrainedBaseline, ConstrainedHigh],
        ];
        for (ours, within) in all.into_iter().zip(within) {
            let decoded: Vec<_> = all.into_iter().filter(|sent| ours.decodes(*sent)).collect();
            assert_eq!(decoded, within, "{ours:?}");
        }
        let intra = |constraints| Other { profile_idc: 0x6e, constraints };
        assert!(intra(0x10).decodes(intra(0x10)) && !intra(0x10).decodes(intra(0)));
    }

    #[test]
    fn profiles_that_contain_others_decode_them() {
        assert!(Codec::Av1(1).decodes(Codec::Av1(0)) && !Codec::Av1(0).decodes(Codec::Av1(1)));
        assert!(Codec::Vp9(0).decodes(Codec::Vp9(0)) && !Codec::Vp9(2).decodes(Codec::Vp9(0)));
        assert!(!Codec::Vp9(0).decodes(Codec::Av1(0)) && !Codec::Av1(0).decodes(Codec::Vp8));
    }

    #[test]
    fn all_kinds_are_in_the_order_of_their_discriminants() {
        for (place, kind) in CodecKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place);
        }
    }

    #[test]
    fn single_units_are_for_everybody_and_fragments_are_not() {
        let format = |fragments| H264Format { profile: Main, fragments };
        for (ours, sent, decodes) in
            [(false, false, true), (true, false, true), (true, true, true), (false, true, false)]
        {
            assert_eq!(format(ours).decodes(format(sent)), decodes, "{ours} {sent}");
        }
    }
}
