//! The typed parameters that bench clients agree on with the unit, without any SDP.

use viva_media::{
    Codec, CodecParameters, Encoding, Extension, ExtensionMap, IceCredentials, MediaKind, MediaParameters,
    Mid, PublicationId, PublicationParameters, SlotParameters, Ssrc,
};
use viva_peer::numbers::{self, VP8, VP8_RTX};

/// The stream that the publisher sends.
pub const PUBLISHED: Ssrc = Ssrc(1000);

/// The stream that a receiver gets.
pub const RECEIVED: Ssrc = Ssrc(2000);

/// The only publication.
pub const PUBLICATION: PublicationId = PublicationId(1);

/// The media section of every client.
pub fn mid() -> Mid {
    Mid::new(b"0").unwrap_or_else(|_| unreachable!("a digit is a mid"))
}

/// Credentials of a client or of the unit for it.
pub fn credentials(name: &str, index: usize) -> IceCredentials {
    IceCredentials {
        ufrag: format!("{name}{index}"),
        pwd: format!("{name}-password-of-the-bench-{index:08}"),
    }
}

/// What Chromium agrees on for video: the transport-wide number and the send time are rewritten in every packet.
pub fn extensions() -> ExtensionMap {
    numbers::extensions(&[Extension::AbsSendTime, Extension::TransportWideCc, Extension::Mid])
}

fn codecs() -> Vec<CodecParameters> {
    vec![CodecParameters {
        codec: Codec::Vp8,
        pt: VP8,
        rtx: Some(VP8_RTX),
        nack: true,
        pli: true,
        fir: false,
    }]
}

/// What a client sends that has one camera and one encoding of VP8.
pub fn publisher() -> MediaParameters {
    let encoding = Encoding { rid: None, ssrc: Some(PUBLISHED), rtx_ssrc: Some(Ssrc(PUBLISHED.0 + 1)) };
    let publication = PublicationParameters {
        id: PUBLICATION,
        mid: mid(),
        kind: MediaKind::Video,
        codecs: codecs(),
        encodings: vec![encoding],
    };
    MediaParameters {
        extensions: extensions(),
        publications: vec![publication],
        ..MediaParameters::default()
    }
}

/// One slot for video.
pub fn receiver() -> MediaParameters {
    let slot = SlotParameters {
        mid: mid(),
        kind: MediaKind::Video,
        ssrc: RECEIVED,
        rtx_ssrc: Some(Ssrc(RECEIVED.0 + 1)),
        codecs: codecs(),
    };
    MediaParameters { extensions: extensions(), slots: vec![slot], ..MediaParameters::default() }
}
