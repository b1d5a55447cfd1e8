//! The panel's part of a view, which follows.
