//! Accepts HTTP connections: bounded in number, in all and from one address, each with a time for what it owes.
//!
//! Who sends no request, or a part of one, is closed in seconds; who is idle, in minutes. When no more may be open, those go
//! first that do nothing, from the address that has the most of them: whoever takes all places loses them again to those
//! who come.

mod answer;
mod connection;
mod doors;
pub mod plain;
mod relay;
#[cfg(test)]
mod tests;
mod watch;

pub use doors::Limits;

use crate::{metrics::Metrics, tls::Tls, turn::Door};
use axum::Router;
use connection::Guest;
use doors::Doors;
use std::{io, pin::pin, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::watch::channel, time::sleep};

/// How long nothing is accepted after the system has failed to: some descriptors become free meanwhile.
const PAUSE: Duration = Duration::from_millis(50);

/// What is spoken at a port.
#[derive(Clone)]
pub struct Speech {
    /// HTTP.
    pub router: Router,
    /// Within TLS, where it is ours.
    pub tls: Option<Tls>,
    /// TURN beside it.
    pub turn: Option<Door>,
}

impl Speech {
    /// HTTP and WebSocket alone.
    pub const fn pages(router: Router, tls: Option<Tls>) -> Self {
        Self { router, tls, turn: None }
    }
}

/// Serves until `until`; then everybody ends what is under way, and this returns when all have.
pub async fn serve(
    listener: TcpListener,
    speech: Speech,
    limits: Limits,
    metrics: Metrics,
    until: impl Future<Output = ()>,
) {
    let doors = Arc::new(Doors::new(limits, metrics));
    let (ending, _) = channel(false);
    let mut until = pin!(until);
    let mut fails = false;
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut until => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, remote)) => {
                fails = false;
                // A view that follows an answer must not wait until the client has acknowledged that: it takes its time, 40 ms
                // and more.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection sends small messages late");
                }
                // Who is not admitted is closed by being dropped.
                if let Some(ticket) = doors.admit(remote.ip().to_canonical()) {
                    let guest = Guest { remote, ticket: Arc::new(ticket), ending: ending.subscribe() };
                    tokio::spawn(connection::run(stream, guest, speech.clone()));
                }
            }
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                if !std::mem::replace(&mut fails, true) {
                    tracing::error!(%error, "HTTP connections cannot be accepted");
                }
                doors.make_room();
                tokio::select! {
                    () = &mut until => break,
                    () = sleep(PAUSE) => {}
                }
            }
        }
    }
    drop(listener);
    ending.send_replace(true);
    ending.closed().await;
}

/// Errors of accept(2) that concern only the connection at the head of the queue: the next may be sound.
fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted)
}
