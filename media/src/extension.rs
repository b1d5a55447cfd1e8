//! RTP header extensions that the unit reads, rewrites or passes on, and the ids negotiated for them.

use serde::{Deserialize, Serialize};

/// A header extension by its meaning (RFC 8285).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Extension {
    /// Media section of the packet (RFC 9143 §15.1).
    Mid,
    /// Encoding of the packet (RFC 8852).
    Rid,
    /// Encoding that a retransmission repairs (RFC 8852).
    RepairedRid,
    /// Loudness from the client to the mixer (RFC 6464).
    AudioLevel,
    /// Transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01).
    TransportWideCc,
    /// Absolute send time, 6.18 fixed point seconds.
    AbsSendTime,
    /// Rotation of the picture (3GPP TS 26.114).
    VideoOrientation,
    /// Limits for the receiver's jitter buffer.
    PlayoutDelay,
    /// Dependency descriptor (AV1 RTP specification, appendix A).
    DependencyDescriptor,
}

impl Extension {
    /// All of them, in the order of their discriminants.
    pub const ALL: [Self; 9] = [
        Self::Mid,
        Self::Rid,
        Self::RepairedRid,
        Self::AudioLevel,
        Self::TransportWideCc,
        Self::AbsSendTime,
        Self::VideoOrientation,
        Self::PlayoutDelay,
        Self::DependencyDescriptor,
    ];

    /// The URI in `a=extmap`.
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Mid => "urn:ietf:params:rtp-hdrext:sdes:mid",
            Self::Rid => "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
            Self::RepairedRid => "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
            Self::AudioLevel => "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
            Self::TransportWideCc => {
                "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
            }
            Self::AbsSendTime => "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
            Self::VideoOrientation => "urn:3gpp:video-orientation",
            Self::PlayoutDelay => "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
            Self::DependencyDescriptor => {
                "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"
            }
        }
    }

    /// The extension that a URI means, if the unit knows it.
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|extension| extension.uri() == uri)
    }
}

/// Which id stands for which extension on one transport: ids 1 to 14, the one-byte form (RFC 8285 §4.2).
///
/// Media sections that share a transport share their ids (RFC 8843 §7.1.4, RFC 8285 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExtensionMap {
    ids: [u8; Extension::ALL.len()],
    extensions: [Option<Extension>; 15],
}

impl ExtensionMap {
    /// Binds `id` (1 to 14) to `extension`; an id out of that range is left out, since the one-byte form cannot carry it.
    pub fn insert(&mut self, id: u8, extension: Extension) {
        if !(1..=14).contains(&id) {
            return;
        }
        if let Some(old) = self.extensions[usize::from(id)] {
            self.ids[old as usize] = 0;
        }
        let before = std::mem::replace(&mut self.ids[extension as usize], id);
        if before != 0 && before != id {
            self.extensions[usize::from(before)] = None;
        }
        self.extensions[usize::from(id)] = Some(extension);
    }

    /// The id of `extension`, if it is negotiated.
    pub const fn id(&self, extension: Extension) -> Option<u8> {
        match self.ids[extension as usize] {
            0 => None,
            id => Some(id),
        }
    }

    /// The extension that `id` stands for, if it is negotiated.
    pub fn extension(&self, id: u8) -> Option<Extension> {
        self.extensions.get(usize::from(id)).copied().flatten()
    }

    /// All negotiated pairs, by id.
    pub fn iter(&self) -> impl Iterator<Item = (u8, Extension)> + '_ {
        (0u8..).zip(&self.extensions).filter_map(|(id, extension)| extension.map(|e| (id, e)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_in_the_order_of_the_discriminants() {
        for (index, extension) in Extension::ALL.into_iter().enumerate() {
            assert_eq!(extension as usize, index);
            assert_eq!(Extension::from_uri(extension.uri()), Some(extension));
        }
    }

    #[test]
    fn the_last_binding_of_an_id_or_extension_wins() {
        let mut map = ExtensionMap::default();
        map.insert(3, Extension::Mid);
        map.insert(3, Extension::Rid);
        assert_eq!((map.id(Extension::Mid), map.extension(3)), (None, Some(Extension::Rid)));
        map.insert(5, Extension::Rid);
        assert_eq!((map.extension(3), map.id(Extension::Rid)), (None, Some(5)));
        map.insert(0, Extension::Mid);
        map.insert(15, Extension::Mid);
        assert_eq!(map.iter().collect::<Vec<_>>(), [(5, Extension::Rid)]);
    }
}
