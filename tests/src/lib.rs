//! What the tests share: reading the sources of the house, the bodies that the fuzzer feeds, the simulated world,
//! the scoreboard of bandwidth.

pub mod board;
pub mod fuzz;
pub mod pair;
pub mod sim;
pub mod source;
