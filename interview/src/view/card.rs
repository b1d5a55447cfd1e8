//! The card's part of a view, which follows.
