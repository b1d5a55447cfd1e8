//! The bounded queue of messages to one WebSocket, and how a connection is told to end.

use tokio::sync::{mpsc, watch};
use viva_signaling::message::{CloseReason, ErrorCode, ServerEnvelope, ServerMessage};

/// What waits to be written.
#[derive(Debug)]
pub enum Outgoing {
    /// A message; boxed, since the channel keeps room for 32 in each connection.
    Message(Box<ServerEnvelope>),
    /// The last message; the connection ends behind it.
    Close(CloseReason),
}

/// The writing end of a connection's queue. Never waits: who reads too slowly is cut off.
#[derive(Debug, Clone)]
pub struct Outbox {
    queue: mpsc::Sender<Outgoing>,
    cut: watch::Sender<Option<CloseReason>>,
}

/// The reading end.
#[derive(Debug)]
pub struct OutboxReader {
    /// Messages in order.
    pub queue: mpsc::Receiver<Outgoing>,
    /// Set when the connection must end now, whatever waits in the queue.
    pub cut: watch::Receiver<Option<CloseReason>>,
}

/// A queue of `capacity` messages.
pub fn outbox(capacity: usize) -> (Outbox, OutboxReader) {
    let (queue, queue_reader) = mpsc::channel(capacity);
    let (cut, cut_reader) = watch::channel(None);
    (Outbox { queue, cut }, OutboxReader { queue: queue_reader, cut: cut_reader })
}

impl Outbox {
    /// Answers the client's message `re`.
    pub fn answer(&self, re: Option<u32>, message: ServerMessage) {
        self.put(Outgoing::Message(Box::new(ServerEnvelope { re, message })));
    }

    /// Tells what nobody asked for.
    pub fn tell(&self, message: ServerMessage) {
        self.answer(None, message);
    }

    /// Answers the client's message `re` with an error; the session goes on.
    pub fn error(&self, re: Option<u32>, code: ErrorCode, detail: impl Into<String>) {
        self.answer(re, ServerMessage::Error { code, detail: detail.into() });
    }

    /// Ends the connection behind what waits already.
    pub fn close(&self, reason: CloseReason) {
        self.put(Outgoing::Close(reason));
    }

    /// Ends the connection now.
    pub fn cut(&self, reason: CloseReason) {
        self.cut.send_if_modified(|cut| {
            let first = cut.is_none();
            *cut = cut.or(Some(reason));
            first
        });
    }

    fn put(&self, outgoing: Outgoing) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.queue.try_send(outgoing) {
            self.cut(CloseReason::TooSlow);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_cuts_the_connection_and_the_first_reason_stays() {
        let (outbox, reader) = outbox(2);
        outbox.tell(ServerMessage::Pong {});
        outbox.close(CloseReason::Left);
        assert_eq!(*reader.cut.borrow(), None);
        outbox.tell(ServerMessage::Pong {});
        outbox.cut(CloseReason::Replaced);
        assert_eq!(*reader.cut.borrow(), Some(CloseReason::TooSlow));
    }
}
