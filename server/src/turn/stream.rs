//! TURN in a connection, until it is proven: over TCP, or within TLS beside the pages.

use super::{Door, Welcome, quota::Permit};
use crate::plane::{Link, Shard};
use std::{any::Any, io, net::SocketAddr};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use viva_turn::{Grant, MAX_MESSAGE, first_length};

/// Messages before a client has its allocation: the challenge, a stale nonce, questions where it comes from.
const MESSAGES: usize = 16;

/// A client that may be handed over.
pub struct Admitted {
    door: Door,
    grant: Grant,
    shard: Shard,
    permit: Permit,
    /// What came behind its request.
    early: Vec<u8>,
}

/// Whether a connection that begins with this byte carries TURN: no method of HTTP and no record of TLS does.
pub const fn looks_like_turn(first: u8) -> bool {
    first < 4
}

impl Door {
    /// Talks with a client until it may be handed over; `None`: it may not, and there is nothing more to say.
    ///
    /// # Errors
    /// Of the connection.
    pub async fn converse(
        &self,
        stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
        from: SocketAddr,
    ) -> io::Result<Option<Admitted>> {
        let mut inbox = Vec::new();
        for _ in 0..MESSAGES {
            let length = loop {
                match first_length(&inbox) {
                    Ok(Some(length)) if length <= inbox.len() => break length,
                    Ok(_) => {}
                    Err(_) => {
                        self.0.metrics.turn_refused("malformed");
                        return Ok(None);
                    }
                }
                inbox.reserve(MAX_MESSAGE);
                if stream.read_buf(&mut inbox).await? == 0 {
                    return Ok(None);
                }
            };
            let message: Vec<u8> = inbox.drain(..length).collect();
            match self.greet(from, &message) {
                Welcome::Answer(answer) => stream.write_all(&answer).await?,
                Welcome::Admitted(grant, shard, permit) => {
                    let (door, grant) = (self.clone(), *grant);
                    return Ok(Some(Admitted { door, grant, shard, permit, early: inbox }));
                }
                Welcome::Nothing => return Ok(None),
            }
        }
        self.0.metrics.turn_refused("patience");
        Ok(None)
    }
}

impl Admitted {
    /// Gives its connection away. `held` lives as long as that.
    pub fn hand_over(self, link: Link, held: impl Any + Send) {
        let Self { door, grant, shard, permit, early } = self;
        door.hand_over((grant, shard), early, link, (permit, held));
    }
}
