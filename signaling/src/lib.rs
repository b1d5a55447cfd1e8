//! The client protocol and the negotiation of SDP, sans-IO.
