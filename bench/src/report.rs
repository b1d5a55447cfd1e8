//! What a run found out, for who reads it: a table for the terminal, a page with plots.

mod column;
#[cfg(test)]
mod example;
mod html;
mod number;
mod plot;
mod reading;
mod table;

pub use html::html;
pub use table::table;
