//! What a room is asked, and the handle to ask it.

use super::{place::Place, policy::Policy, whip::WhipRequest};
use crate::{outbox::Outbox, problem::Problem};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use viva_media::{ParticipantId, RoomId};
use viva_sfu::{Event, TransportStats};
use viva_signaling::message::{ClientEnvelope, CloseReason};
use viva_signaling::token::Claims;

/// A seat taken by a connection.
#[derive(Debug, Clone)]
pub struct Seated {
    /// The room.
    pub room: RoomHandle,
    /// The seat.
    pub participant: ParticipantId,
    /// Tells this connection from earlier ones of the seat.
    pub connection: u64,
    /// The seat in the interview that the room belongs to.
    pub place: Option<Place>,
}

/// One request.
pub(super) enum Request {
    /// A connection takes a seat with a token.
    Join {
        claims: Claims,
        /// Of the interview, when the token names a seat in one.
        policy: Option<Arc<Policy>>,
        outbox: Outbox,
        re: Option<u32>,
        reply: oneshot::Sender<Result<Seated, Problem>>,
    },
    /// A connection takes its seat again.
    Resume {
        participant: ParticipantId,
        session: String,
        media: bool,
        outbox: Outbox,
        re: Option<u32>,
        reply: oneshot::Sender<Result<Seated, Problem>>,
    },
    /// A seated client says something.
    Say { participant: ParticipantId, connection: u64, envelope: ClientEnvelope },
    /// A connection is no more.
    Lost { participant: ParticipantId, connection: u64 },
    /// The interview's rights have changed.
    Govern { policy: Arc<Policy>, reply: oneshot::Sender<()> },
    /// A device's seat in the interview is closed.
    Dismiss { place: Place, reason: CloseReason, reply: oneshot::Sender<()> },
    /// Somebody comes by plain HTTP.
    Whip(WhipRequest),
    /// The media plane tells something about a seat or the room.
    Event(Event),
    /// The newest counters of the room's transports.
    Measured(Vec<TransportStats>),
    /// The room's media is gone with its shard.
    ShardDied,
}

/// Asks a room. Cheap to clone.
#[derive(Debug, Clone)]
pub struct RoomHandle {
    pub(super) id: RoomId,
    pub(super) name: std::sync::Arc<str>,
    pub(super) shard: usize,
    /// Boxed: the channel keeps room for 32 requests in each room, however quiet it is.
    pub(super) requests: mpsc::Sender<Box<Request>>,
}

impl RoomHandle {
    /// Passes on what a seated client says; false when the room is no more.
    pub async fn say(&self, participant: ParticipantId, connection: u64, envelope: ClientEnvelope) -> bool {
        self.requests.send(Box::new(Request::Say { participant, connection, envelope })).await.is_ok()
    }

    /// Tells that a connection has ended.
    pub async fn lost(&self, participant: ParticipantId, connection: u64) {
        let _ = self.requests.send(Box::new(Request::Lost { participant, connection })).await;
    }

    /// Asks, and waits for the answer; `None` when the room closed meanwhile.
    pub(super) async fn ask<T>(&self, request: impl FnOnce(oneshot::Sender<T>) -> Request) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(Box::new(request(reply))).await.ok()?;
        answer.await.ok()
    }
}
