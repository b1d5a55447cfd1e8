//! What can be wrong with a text that should become one of this crate's types.

/// A text that is not of the form its type asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Longer than the type can hold.
    #[error("longer than {0} bytes")]
    TooLong(usize),
    /// Nothing in it.
    #[error("empty")]
    Empty,
    /// A character that the form does not allow.
    #[error("a character that is not allowed")]
    Character,
}
