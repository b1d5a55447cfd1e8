//! Opus (RFC 7587): a payload is one packet of RFC 6716, and every packet is a place to begin.

use super::Frame;
use crate::Error;

/// Accepts any payload with a TOC byte (RFC 6716 §3.1). The rest is left to the decoder, since it may be encrypted
/// end to end behind that byte.
pub(super) fn inspect(payload: &[u8]) -> Result<Frame, Error> {
    if payload.is_empty() {
        return Err(Error::Descriptor);
    }
    Ok(Frame { starts_frame: true, key_frame: true, ..Frame::default() })
}
