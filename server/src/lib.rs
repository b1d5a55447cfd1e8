//! The program `viva`: HTTP and WebSocket in front, rooms in the middle, the media plane behind.
//!
//! Requests flow one way: `http` asks a `room`, a `room` commands the `plane`; what comes back are answers and events.

pub mod account;
pub mod cli;
pub mod http;
pub mod links;
pub mod log;
pub mod metrics;
pub mod outbox;
pub mod plane;
pub mod random;
pub mod rate;
pub mod room;
pub mod secret;
pub mod serve;
pub mod settings;
pub mod sms;
pub mod stop;
pub mod store;
pub mod tokens;

#[cfg(test)]
mod tests;
