//! A workload under way: what is made ready, and what is counted.

use std::error::Error;

/// A workload under way.
pub trait Task {
    /// Everything up to where counting may begin: connected, warm, with caches as full as they become, and with all
    /// that comes in during so many rounds.
    ///
    /// # Errors
    /// Where a step of this fails.
    fn new(rounds: u32) -> Result<Self, Box<dyn Error>>
    where
        Self: Sized;

    /// What is counted.
    fn run(&mut self);

    /// How many operations that were.
    ///
    /// # Errors
    /// Where it did not do what it is there for: a figure of something else would be worse than none.
    fn done(&mut self) -> Result<u64, Box<dyn Error>>;
}
