//! The program `viva`: HTTP and WebSocket in front, rooms in the middle, the media plane behind.
//!
//! Requests flow one way: `http` asks a `sitting` (a running interview) or a `room`, a `sitting` writes to the `store` and
//! then commands its `room`, a `room` commands the `plane`; what comes back are answers and events.

pub mod account;
mod acme;
pub mod attempts;
pub mod cli;
pub mod client;
pub mod clock;
pub mod demo;
pub mod descriptors;
pub mod digest;
pub mod disk;
pub mod doctor;
pub mod downloads;
pub mod face;
pub mod file;
pub mod health;
pub mod http;
pub mod institution;
pub mod limit;
pub mod links;
pub mod listen;
pub mod log;
pub mod meter;
pub mod metrics;
pub mod outbox;
pub mod person;
pub mod plane;
pub mod problem;
pub mod random;
pub mod rate;
pub mod reload;
pub mod retention;
pub mod room;
pub mod secret;
pub mod serve;
pub mod settings;
pub mod sitting;
pub mod sms;
pub mod spool;
pub mod stop;
pub mod store;
pub mod table;
pub mod text;
pub mod time_zone;
pub mod tls;
pub mod tokens;
mod turn;
pub mod writes;

#[cfg(test)]
mod tests;
