//! A room: one task that owns its seats and publications, and the only one that commands its part of the media plane.

mod directory;
mod entry;
mod gathered;
mod judgement;
mod media;
mod news;
mod place;
mod plane_events;
mod policy;
mod publication;
mod quality;
mod request;
mod say;
mod scale;
mod seat;
mod trial;
mod troubles;
mod views;
mod whip;

pub use directory::Rooms;
pub use place::{Device, Place};
pub use policy::Policy;
pub use request::{RoomHandle, Seated};
pub use trial::{LASTS, TEST};
pub use troubles::Troubled;
pub use whip::{HttpAnswer, HttpOffer, IceFragment, Key, Patch};

use crate::{metrics::Metrics, plane::Shard, rate::Rate, settings::Settings, stop::Stop};
use gathered::Gathered;
use publication::Publication;
use request::Request;
use seat::Seat;
use std::{collections::BTreeMap, sync::Arc};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};
use trial::Trial;
use viva_interview::InterviewId;
use viva_media::{ParticipantId, PublicationId, RoomId};
use viva_sfu::Command;
use viva_signaling::message::CloseReason;

/// The state of one room. Everything in it happens in the order of its requests.
struct Room {
    id: RoomId,
    name: String,
    /// The interview that it belongs to; seats, audiences and lists follow its policy then.
    interview: Option<InterviewId>,
    policy: Option<Arc<Policy>>,
    /// Bounds it where it is the room of a connection test.
    trial: Option<Trial>,
    settings: Arc<Settings>,
    metrics: Metrics,
    shard: Shard,
    rooms: Rooms,
    handle: RoomHandle,
    /// Boxed: a node of the tree has room for eleven, and most rooms have few.
    seats: BTreeMap<ParticipantId, Box<Seat>>,
    publications: BTreeMap<PublicationId, Publication>,
    speaker: Option<ParticipantId>,
    /// News that are told together.
    gathered: Gathered,
    /// Counts connections, so that a late word about an old one is told from the newest.
    connections: u64,
    /// Counts publications, for their order.
    published: u64,
    /// How often it may complain of clients in the log, and how often it would have since.
    complaints: Rate,
    unsaid: u64,
}

impl Room {
    /// Serves requests until the last seat is gone, or the program stops.
    async fn run(mut self, mut requests: mpsc::Receiver<Box<Request>>, mut stop: Stop) {
        tracing::info!(room = %self.name, id = %self.id, shard = self.shard.index(), "room opened");
        loop {
            let ends_at = self.trial.as_ref().map(|trial| trial.ends_at);
            let news_at = self.gathered.due();
            let next_leave = self.seats.values().filter_map(|seat| seat.kept_until()).min();
            tokio::select! {
                biased;
                () = stop.stopped() => {
                    self.close(CloseReason::ServerStopping).await;
                    break;
                }
                () = sleep_until(ends_at.unwrap_or_else(Instant::now)), if ends_at.is_some() => {
                    self.close(CloseReason::RoomClosed).await;
                    break;
                }
                request = requests.recv() => match request {
                    Some(request) => self.handle(*request).await,
                    None => break,
                },
                () = sleep_until(news_at.unwrap_or_else(Instant::now)), if news_at.is_some() => self.tell_gathered(),
                () = sleep_until(next_leave.unwrap_or_else(Instant::now)), if next_leave.is_some() => {
                    self.expire(Instant::now()).await;
                }
            }
            if self.gathered.due().is_some_and(|due| due <= Instant::now()) {
                self.tell_gathered();
            }
            if self.seats.is_empty() {
                break;
            }
        }
        self.rooms.forget(&self.handle);
        // What still waits in `requests` is answered by being dropped: who asked tries again, in a new room.
        requests.close();
        let _ = self.shard.command(Command::CloseRoom { room: self.id }).await;
        self.rooms.release(self.id);
        tracing::info!(room = %self.name, id = %self.id, "room closed");
    }

    async fn handle(&mut self, request: Request) {
        match request {
            Request::Join { claims, policy, outbox, re, reply } => {
                if let Some(policy) = policy {
                    self.enforce(policy).await;
                }
                let _ = reply.send(self.join(claims, outbox, re).await);
            }
            Request::Resume { participant, session, media, outbox, re, reply } => {
                let _ = reply.send(self.resume(participant, &session, media, outbox, re).await);
            }
            Request::Say { participant, connection, envelope } => {
                self.say(participant, connection, envelope).await;
            }
            Request::Lost { participant, connection } => self.lost(participant, connection).await,
            Request::Govern { policy, reply } => {
                self.enforce(policy).await;
                let _ = reply.send(());
            }
            Request::Dismiss { place, reason, reply } => {
                self.dismiss(place, reason).await;
                let _ = reply.send(());
            }
            Request::Whip(request) => self.handle_whip(request).await,
            Request::Event(event) => self.event(event).await,
            Request::Measured(transports) => {
                if self.sends_too_much(&transports, Instant::now()) {
                    self.close(CloseReason::Abuse).await;
                } else {
                    self.measured(transports);
                }
            }
            Request::ShardDied => self.close(CloseReason::ServerStopping).await,
        }
    }

    /// Everybody goes.
    async fn close(&mut self, reason: CloseReason) {
        for seat in self.seats.values() {
            seat.close(reason);
            self.rooms.unseat(seat.id);
            self.metrics.seat_left();
        }
        self.seats.clear();
        self.publications.clear();
    }
}
