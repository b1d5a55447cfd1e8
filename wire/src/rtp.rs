//! RTP headers: a reader that borrows, a writer that does not allocate, extensions, sequence numbers and RTX.

mod extensions;
mod header;
mod padding;
mod retransmission;
mod sequence;
mod writer;

pub use extensions::{AudioLevel, Elements, Extensions};
pub use header::Header;
pub use padding::fill_padding;
pub use retransmission::{OSN_LEN, read_original_sequence, write_original_sequence};
pub use sequence::Unwrapper;
pub use writer::{Fields, HeaderWriter, MAX_ELEMENT, header_len, long_header_len, max_header_len};

/// Bytes of the header that every RTP packet has (RFC 3550 §5.1).
pub const FIXED_LEN: usize = 12;
