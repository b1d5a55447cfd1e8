//! All rooms of this server, and who sits where.

use super::{
    Room,
    gathered::Gathered,
    place::Place,
    policy::Policy,
    request::{Request, RoomHandle, Seated},
    trial::{LASTS, TEST, Trial},
    troubles::Troubled,
    whip::WhipRequest,
};
use crate::{
    metrics::Metrics,
    outbox::Outbox,
    plane::{MediaPlane, PlaneEvent, Shard},
    problem::Problem,
    random,
    rate::Rate,
    settings::Settings,
    stop::Stop,
    turn::Turn,
};
use dashmap::DashMap;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    sync::{Notify, broadcast, mpsc, oneshot},
    time::Instant,
};
use tracing::Instrument;
use viva_interview::InterviewId;
use viva_media::{Fingerprint, ParticipantId, RoomId};
use viva_sfu::{Event, TransportStats};
use viva_signaling::message::{CloseReason, ErrorCode, IceServer};
use viva_signaling::token::Claims;

/// Begins the names of rooms that belong to an interview, and of no others.
const INTERVIEW: &str = "interview:";
/// Requests that may wait for a room.
const MAILBOX: usize = 1024;
/// Times of bad network that may wait to be noted.
const TROUBLES: usize = 256;
/// How often an entrance is tried when the room closes under it.
const ENTRANCES: usize = 4;

/// All rooms. Cheap to clone.
#[derive(Clone)]
pub struct Rooms(Arc<Inner>);

struct Inner {
    settings: Arc<Settings>,
    metrics: Metrics,
    plane: MediaPlane,
    fingerprint: Fingerprint,
    turn: Turn,
    stop: Stop,
    by_name: Mutex<HashMap<Arc<str>, RoomHandle>>,
    by_id: DashMap<RoomId, RoomHandle>,
    by_participant: DashMap<ParticipantId, RoomHandle>,
    /// Told whenever a room has closed.
    closed: Notify,
    /// Told of times of bad network.
    troubled: broadcast::Sender<Troubled>,
}

impl Rooms {
    /// No rooms yet.
    pub fn new(
        settings: Arc<Settings>,
        metrics: Metrics,
        (plane, fingerprint): (MediaPlane, Fingerprint),
        turn: Turn,
        stop: Stop,
    ) -> Self {
        let (by_name, by_id, by_participant, closed) = Default::default();
        let (troubled, _) = broadcast::channel(TROUBLES);
        let inner = Inner {
            settings,
            metrics,
            plane,
            fingerprint,
            turn,
            stop,
            by_name,
            by_id,
            by_participant,
            closed,
            troubled,
        };
        Self(Arc::new(inner))
    }

    /// Tells of times of bad network in interviews, each when it begins, becomes worse and is over.
    pub fn troubles(&self) -> broadcast::Receiver<Troubled> {
        self.0.troubled.subscribe()
    }

    pub(super) fn troubled(&self) -> &broadcast::Sender<Troubled> {
        &self.0.troubled
    }

    /// The certificate that every answer names.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.0.fingerprint
    }

    /// What a seat's client is told of TURN.
    pub(super) fn ice_servers(&self, participant: ParticipantId) -> Vec<IceServer> {
        self.0.turn.ice_servers(participant)
    }

    /// Where the room of a seat lives, as long as there is that seat.
    pub fn shard_of(&self, participant: ParticipantId) -> Option<Shard> {
        let shard = self.room_of(participant)?.shard;
        self.0.plane.shards().get(shard).cloned()
    }

    /// Returns when no room is left; useful when the program stops, since no new one is opened then.
    pub async fn closed(&self) {
        loop {
            let closed = self.0.closed.notified();
            if self.0.by_id.is_empty() {
                return;
            }
            closed.await;
        }
    }

    /// Takes a seat in the token's room, which is made where it does not exist. A token that names a seat in an interview
    /// comes with the interview's policy.
    pub async fn join(
        &self,
        claims: Claims,
        policy: Option<Arc<Policy>>,
        outbox: Outbox,
        re: Option<u32>,
    ) -> Result<Seated, Problem> {
        let room = match (&claims.seat, &policy) {
            (Some(_), Some(_)) => format!("{INTERVIEW}{}", claims.room),
            (None, None) => plain(&claims.room)?.to_owned(),
            _ => return Err(ErrorCode::Unauthorized.into()),
        };
        let (claims, outbox) = (&claims, &outbox);
        self.enter(&room, |reply| Request::Join {
            claims: claims.clone(),
            policy: policy.clone(),
            outbox: outbox.clone(),
            re,
            reply,
        })
        .await
    }

    /// An interview's rights have changed: they hold when this returns. Nothing to do where nobody sits.
    pub async fn enforce(&self, interview: InterviewId, policy: Arc<Policy>) {
        if let Some(room) = self.room_of_interview(interview) {
            room.ask(|reply| Request::Govern { policy, reply }).await;
        }
    }

    /// Closes a device's seat in an interview: its connection ends with this reason, its media at once.
    pub async fn dismiss(&self, place: Place, reason: CloseReason) {
        if let Some(room) = self.room_of_interview(place.interview) {
            room.ask(|reply| Request::Dismiss { place, reason, reply }).await;
        }
    }

    fn room_of_interview(&self, interview: InterviewId) -> Option<RoomHandle> {
        let by_name = self.0.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        by_name.get(format!("{INTERVIEW}{interview}").as_str()).cloned()
    }

    /// Takes a seat again.
    pub async fn resume(
        &self,
        session: &str,
        media: bool,
        outbox: Outbox,
        re: Option<u32>,
    ) -> Result<Seated, Problem> {
        let gone = || Problem::new(ErrorCode::SessionGone, "no seat is kept for this session");
        let participant = session.get(..16).and_then(|id| id.parse().ok()).ok_or_else(gone)?;
        let room = self.room_of(participant).ok_or_else(gone)?;
        let session = session.to_owned();
        room.ask(|reply| Request::Resume { participant, session, media, outbox, re, reply })
            .await
            .unwrap_or_else(|| Err(gone()))
    }

    /// Takes a seat in a room by plain HTTP.
    pub(super) async fn enter_by_whip<T>(
        &self,
        room: &str,
        request: impl Fn(oneshot::Sender<Result<T, Problem>>) -> WhipRequest,
    ) -> Result<T, Problem> {
        self.enter(plain(room)?, |reply| Request::Whip(request(reply))).await
    }

    /// Asks about a seat that was taken by plain HTTP.
    pub(super) async fn ask_by_whip<T>(
        &self,
        participant: ParticipantId,
        request: impl FnOnce(oneshot::Sender<Result<T, Problem>>) -> WhipRequest,
    ) -> Result<T, Problem> {
        let gone = || Problem::new(ErrorCode::NotFound, "no such session");
        let room = self.room_of(participant).ok_or_else(gone)?;
        room.ask(|reply| Request::Whip(request(reply))).await.unwrap_or_else(|| Err(gone()))
    }

    /// Tells the room that an event of the media plane is about.
    pub(crate) async fn tell(&self, event: Event) {
        if let Some(room) = self.room_of_event(&event) {
            let _ = room.requests.send(Box::new(Request::Event(event))).await;
        }
    }

    /// Passes on what the media plane tells, until it ends.
    pub async fn route(self, mut events: mpsc::Receiver<PlaneEvent>) {
        while let Some(event) = events.recv().await {
            match event {
                PlaneEvent::Unit { event, .. } => self.tell(event).await,
                PlaneEvent::Died { shard } => {
                    tracing::error!(shard, "a shard of the media plane has died; its rooms are closed");
                    let rooms: Vec<_> = self.0.by_id.iter().map(|entry| entry.value().clone()).collect();
                    for room in rooms.into_iter().filter(|room| room.shard == shard) {
                        let _ = room.requests.send(Box::new(Request::ShardDied)).await;
                    }
                }
            }
        }
    }

    /// Hands each room the newest counters of its transports.
    pub fn measured(&self, transports: Vec<TransportStats>) {
        let mut by_room: BTreeMap<RoomId, Vec<TransportStats>> = BTreeMap::new();
        for transport in transports {
            by_room.entry(transport.room).or_default().push(transport);
        }
        for (room, transports) in by_room {
            if let Some(room) = self.0.by_id.get(&room) {
                // A room that is too busy for it judges by the next ones.
                let _ = room.requests.try_send(Box::new(Request::Measured(transports)));
            }
        }
    }

    /// Connection tests now.
    pub fn tests(&self) -> usize {
        tests(&self.0.by_name.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The rooms now, for tests.
    #[cfg(test)]
    pub(crate) fn ids(&self) -> Vec<RoomId> {
        self.0.by_id.iter().map(|entry| *entry.key()).collect()
    }

    /// Rooms and seats now.
    pub fn count(&self) -> (usize, usize) {
        (self.0.by_id.len(), self.0.by_participant.len())
    }

    /// A seat was taken.
    pub(super) fn seat(&self, participant: ParticipantId, room: &RoomHandle) {
        self.0.by_participant.insert(participant, room.clone());
    }

    /// A seat is gone.
    pub(super) fn unseat(&self, participant: ParticipantId) {
        self.0.by_participant.remove(&participant);
    }

    /// A room takes nobody any more.
    pub(super) fn forget(&self, room: &RoomHandle) {
        let mut by_name = self.0.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        if by_name.get(&room.name).is_some_and(|known| known.id == room.id) {
            by_name.remove(&room.name);
        }
    }

    /// A room's place in the media plane is free.
    pub(super) fn release(&self, room: RoomId) {
        self.0.plane.release(room);
        self.0.by_id.remove(&room);
        self.0.closed.notify_waiters();
    }

    async fn enter<T>(
        &self,
        name: &str,
        request: impl Fn(oneshot::Sender<Result<T, Problem>>) -> Request,
    ) -> Result<T, Problem> {
        for _ in 0..ENTRANCES {
            let room = self.open(name)?;
            if let Some(answer) = room.ask(&request).await {
                return answer;
            }
            self.forget(&room);
        }
        Err(Problem::new(ErrorCode::Unavailable, "the room closes"))
    }

    /// The room of this name, made where it does not exist.
    fn open(&self, name: &str) -> Result<RoomHandle, Problem> {
        let inner = &self.0;
        if inner.stop.is_stopping() {
            return Err(Problem::new(ErrorCode::Unavailable, "the server stops"));
        }
        let mut by_name = inner.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = by_name.get(name) {
            return Ok(room.clone());
        }
        // Who was let begin finds a place though others began at the same moment.
        let most = inner.settings.max_tests.saturating_mul(5) / 4;
        if name.starts_with(TEST) && tests(&by_name) >= most.max(1) {
            return Err(Problem::new(ErrorCode::TooMany, "too many connection tests at once").after(LASTS));
        }
        let id = RoomId(random::id());
        let shard =
            inner.plane.place(id).map_err(|error| Problem::new(ErrorCode::Unavailable, error.to_string()))?;
        let (handle, requests) = self.handle(id, name, &shard);
        by_name.insert(handle.name.clone(), handle.clone());
        inner.by_id.insert(id, handle.clone());
        let room = Room {
            id,
            name: name.to_owned(),
            interview: name.strip_prefix(INTERVIEW).and_then(|id| id.parse().ok()),
            policy: None,
            trial: Trial::of(name, &inner.settings, Instant::now()),
            settings: inner.settings.clone(),
            metrics: inner.metrics.clone(),
            shard,
            rooms: self.clone(),
            handle: handle.clone(),
            seats: BTreeMap::new(),
            publications: BTreeMap::new(),
            speaker: None,
            gathered: Gathered::default(),
            connections: 0,
            published: 0,
            complaints: Rate::new(0.1, 10.0, Instant::now()),
            unsaid: 0,
        };
        let span = tracing::info_span!(parent: None, "room", %id);
        tokio::spawn(room.run(requests, inner.stop.clone()).instrument(span));
        Ok(handle)
    }

    fn handle(&self, id: RoomId, name: &str, shard: &Shard) -> (RoomHandle, mpsc::Receiver<Box<Request>>) {
        let (sender, requests) = mpsc::channel(MAILBOX);
        (RoomHandle { id, name: name.into(), shard: shard.index(), requests: sender }, requests)
    }

    fn room_of(&self, participant: ParticipantId) -> Option<RoomHandle> {
        self.0.by_participant.get(&participant).map(|entry| entry.value().clone())
    }

    fn room_of_event(&self, event: &Event) -> Option<RoomHandle> {
        match event {
            Event::ActiveSpeaker { room, .. } => self.0.by_id.get(room).map(|entry| entry.value().clone()),
            Event::Transport { participant, .. }
            | Event::Slot { participant, .. }
            | Event::Wanted { participant, .. }
            | Event::HandshakeFailed { participant, .. }
            | Event::Excess { participant, .. }
            | Event::Left { participant, .. } => self.room_of(*participant),
            // Nothing that a client is told depends on it.
            Event::Publication { .. } => None,
        }
    }
}

/// The rooms of connection tests among these.
fn tests(rooms: &HashMap<Arc<str>, RoomHandle>) -> usize {
    rooms.keys().filter(|name| name.starts_with(TEST)).count()
}

/// The name of a room that belongs to no interview.
fn plain(name: &str) -> Result<&str, Problem> {
    if name.starts_with(INTERVIEW) { Err(ErrorCode::Unauthorized.into()) } else { Ok(name) }
}
