//! The client protocol and the negotiation of SDP, sans-IO: texts in, typed parameters and texts out.

pub mod message;
pub mod sdp;
pub mod session;
pub mod token;

#[cfg(test)]
mod document;
#[cfg(test)]
mod typescript;
