//! Coming and going: join, resume, a lost connection, leave.

use super::{
    Room,
    judgement::Judgement,
    place::{Device, Place},
    request::Seated,
    seat::{Occupancy, Seat},
    trial::ENDS,
    troubles::Troubles,
};
use crate::{outbox::Outbox, problem::Problem, random};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use tokio::time::Instant;
use viva_media::{ParticipantId, Permissions};
use viva_sfu::Command;
use viva_signaling::message::{CloseReason, ErrorCode, ServerMessage};
use viva_signaling::token::Claims;

impl Room {
    pub(super) async fn join(
        &mut self,
        claims: Claims,
        outbox: Outbox,
        re: Option<u32>,
    ) -> Result<Seated, Problem> {
        let place = self.place(&claims)?;
        let mut claims = claims;
        if let Some(trial) = &mut self.trial {
            trial.joined(claims.expires);
            // Both ends of a connection test come with one token.
            if self.seats.len() >= ENDS {
                return Err(Problem::new(ErrorCode::TooMany, "a connection test has two ends"));
            }
            claims.identity = random::hex::<16>();
        }
        let id = self.take_seat(claims, place).await?;
        Ok(self.welcome(id, outbox, re, false))
    }

    /// Gives a new seat to an identity; an older seat of the same identity goes.
    pub(super) async fn take_seat(
        &mut self,
        claims: Claims,
        place: Option<Place>,
    ) -> Result<ParticipantId, Problem> {
        let earlier = self.seats.values().find(|seat| seat.identity == claims.identity).map(|seat| seat.id);
        if let Some(earlier) = earlier {
            self.remove(earlier, CloseReason::Replaced).await;
        }
        if self.seats.len() >= self.settings.max_seats {
            return Err(Problem::new(ErrorCode::TooMany, "the room is full"));
        }
        let id = ParticipantId(random::id());
        let seat = Seat {
            id,
            identity: claims.identity,
            name: claims.name,
            place,
            speaker: None,
            permissions: Permissions { publish: claims.publish, subscribe: claims.subscribe },
            sessions: Vec::new(),
            occupancy: Occupancy::Away { until: Instant::now() + self.settings.resume_window.0 },
            media: None,
            dead: None,
            judgement: Judgement::new(self.metrics.networks(), Troubles::of(place, self.rooms.troubled())),
            excess: false,
            offered_at: None,
            announced: false,
        };
        tracing::info!(participant = %id, "seat taken");
        self.seats.insert(id, Box::new(seat));
        self.rooms.seat(id, &self.handle);
        self.metrics.seat_taken();
        self.readmit().await;
        Ok(id)
    }

    /// The seat in the room's interview that a token names; a token of another kind of room opens nothing here.
    fn place(&self, claims: &Claims) -> Result<Option<Place>, Problem> {
        match (self.interview, claims.seat.as_deref().map(str::parse)) {
            (None, None) => Ok(None),
            (Some(interview), Some(Ok(seat))) => {
                Ok(Some(Place { interview, seat, device: Device::of(claims.second_camera) }))
            }
            _ => Err(ErrorCode::Unauthorized.into()),
        }
    }

    pub(super) async fn resume(
        &mut self,
        id: ParticipantId,
        session: &str,
        media: bool,
        outbox: Outbox,
        re: Option<u32>,
    ) -> Result<Seated, Problem> {
        let seat = self.seats.get(&id).filter(|seat| {
            let same = |known: &String| verify_slices_are_equal(known.as_bytes(), session.as_bytes()).is_ok();
            seat.sessions.iter().any(same)
        });
        let seat =
            seat.ok_or_else(|| Problem::new(ErrorCode::SessionGone, "no seat is kept for this session"))?;
        seat.close(CloseReason::Replaced);
        let stands = media && seat.media.is_some();
        if !stands {
            self.drop_media(id).await;
        }
        self.metrics.resumed();
        Ok(self.welcome(id, outbox, re, stands))
    }

    /// Seats a connection and tells everybody.
    fn welcome(&mut self, id: ParticipantId, outbox: Outbox, re: Option<u32>, resumed: bool) -> Seated {
        self.connections += 1;
        let connection = self.connections;
        let session = format!("{id}{}", random::hex::<16>());
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.occupancy = Occupancy::Here { connection, outbox: outbox.clone() };
            let old = seat.sessions.len().saturating_sub(1);
            seat.sessions.drain(..old);
            seat.sessions.push(session.clone());
        }
        if let Some(seat) = self.seats.get(&id) {
            let joined = ServerMessage::Joined {
                room: self.name.clone(),
                participant: id.to_string(),
                name: seat.name.clone(),
                session,
                ice_servers: self.rooms.ice_servers(id),
                resume_ms: self.settings.resume_window.0.as_millis().try_into().unwrap_or(u32::MAX),
                resumed,
                permissions: seat.permission_state(),
                participants: self.participants_for(id),
                publications: self.publications_for(id),
            };
            outbox.answer(re, joined);
        }
        self.all_others_are_known(id);
        self.catch_up(id, &outbox);
        self.tell_participant(id);
        let place = self.seats.get(&id).and_then(|seat| seat.place);
        Seated { room: self.handle.clone(), participant: id, connection, place }
    }

    /// What a client that comes (back) must know besides `joined`: the speaker, its slots, its media.
    fn catch_up(&mut self, id: ParticipantId, outbox: &Outbox) {
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.speaker = None;
        }
        self.tell_speaker();
        let Some(media) = self.seats.get(&id).and_then(|seat| seat.media.as_ref()) else { return };
        outbox.tell(ServerMessage::Media { connected: media.path.is_some() });
        for (mid, filled) in &media.sources {
            outbox.tell(filled.message(mid));
        }
        for (mid, wanted) in &media.wanted {
            outbox.tell(wanted.message(mid));
        }
    }

    /// A connection is no more: the seat is kept for a while.
    pub(super) async fn lost(&mut self, id: ParticipantId, lost: u64) {
        let until = Instant::now() + self.settings.resume_window.0;
        if let Some(seat) = self.seats.get_mut(&id)
            && matches!(seat.occupancy, Occupancy::Here { connection, .. } if connection == lost)
        {
            seat.occupancy = Occupancy::Away { until };
            self.tell_participant(id);
        }
    }

    /// Seats that nobody came back to.
    pub(super) async fn expire(&mut self, now: Instant) {
        let expired = self.seats.values().filter(|seat| seat.kept_until().is_some_and(|until| until <= now));
        for id in expired.map(|seat| seat.id).collect::<Vec<_>>() {
            self.remove(id, CloseReason::Left).await;
        }
    }

    /// A seat goes for good, with all its media.
    pub(super) async fn remove(&mut self, id: ParticipantId, reason: CloseReason) {
        self.drop_media(id).await;
        let Some(seat) = self.seats.remove(&id) else { return };
        seat.close(reason);
        self.tell_left(*seat);
        self.rooms.unseat(id);
        // A shard that is too busy for it ends them when they are not refreshed.
        if let Err(error) = self.shard.close_relays(id) {
            tracing::debug!(participant = %id, %error, "allocations of a seat that left");
        }
        self.metrics.seat_left();
        tracing::info!(participant = %id, ?reason, "seat left");
    }

    /// The seat's media goes; the seat stays.
    pub(super) async fn drop_media(&mut self, id: ParticipantId) {
        let Some(media) = self.seats.get_mut(&id).and_then(|seat| seat.media.take()) else { return };
        drop(media);
        if let Err(error) = self.shard.command(Command::Leave { participant: id }).await {
            tracing::debug!(participant = %id, %error, "leaving the media plane");
        }
        self.publications_gone(|publication| publication.owner == id).await;
    }
}
