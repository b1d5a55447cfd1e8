//! The server over real sockets.

mod client;
mod pages;
mod seats;
mod shelter;
mod whip;
