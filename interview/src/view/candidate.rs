//! The candidate's part of a view, which follows.
