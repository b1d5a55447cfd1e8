//! What the tests share: reading the sources of the house, and the bodies that the fuzzer feeds.

pub mod fuzz;
pub mod source;
