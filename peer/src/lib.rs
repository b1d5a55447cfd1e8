//! A client of a media server, as the bench, the simulation and the doctor play it: checks, handshake, SRTP, headers, numbers, feedback.
//!
//! What a client sends and how it judges what it receives stays with whoever plays it: recorded traces and counters in the
//! bench, modelled encoders and decoders in the simulation. Time and chance are handed in; datagrams that are to be sent
//! are appended to [`Datagrams`].

mod connectivity;
mod description;
mod feedback;
mod handshake;
mod headers;
pub mod numbers;
mod outgoing;
mod random;
mod reflection;
mod sealing;
mod tls;
mod transport;
mod turn;

pub use connectivity::{CONSENT, Connectivity, Credentials, Ends, Rhythm};
pub use description::{Description, Indication, Structure, Template};
pub use feedback::{Arrivals, ArrivalsByStream, Opened};
pub use handshake::{Agreed, Closed, Handshake, fingerprint};
pub use headers::{Headers, Names};
pub use outgoing::Outgoing;
pub use random::Random;
pub use reflection::Reflection;
pub use sealing::Sealing;
pub use tls::tls_of_any_server;
pub use transport::Transport;
pub use turn::{TurnClient, TurnNews};

/// Datagrams that a client wants to be sent, in their order.
pub type Datagrams = Vec<Vec<u8>>;
