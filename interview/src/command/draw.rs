//! Random draws: by hosts and administrators, with what only the server can add.

use crate::{DrawKind, Seed};

/// What somebody wants with a draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrawAction {
    /// Holds a seed and a list by a hash that is shown. A draw of the same kind that was begun and not drawn is given up.
    Commit {
        /// The number that it gets: of two who begin at once, one is told to look again.
        number: u32,
        /// What is drawn.
        kind: DrawKind,
        /// For rooms: who is to get one; otherwise empty.
        entries: Vec<String>,
        /// For rooms: the rooms; otherwise empty.
        lots: Vec<String>,
        /// Why it is drawn again; asked for where it was drawn or begun before.
        reason: Option<String>,
        /// The seed, which only the server knows.
        seed: Seed,
        /// From this the server finds the seed again; it tells nobody else anything.
        salt: String,
        /// The seed of the draw that is given up, where the server finds it.
        given_up: Option<Seed>,
    },
    /// Draws, and shows the seed.
    Draw {
        /// The number of the draw.
        number: u32,
        /// What witnesses say now; may be empty.
        words: String,
        /// The seed that is held by the commitment.
        seed: Seed,
    },
}
