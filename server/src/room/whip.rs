//! Seats of those who come by plain HTTP: WHIP (RFC 9725) to send, WHEP to receive.

use super::{
    Room, Rooms,
    media::{credentials, refusal},
    seat::{Occupancy, WhipSession},
};
use crate::{problem::Problem, random};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use tokio::sync::oneshot;
use viva_media::{ParticipantId, Permissions};
use viva_sfu::Command;
use viva_signaling::token::Claims;
use viva_signaling::{
    message::{CloseReason, ErrorCode, IceServer},
    sdp::{Bandwidth, Fragment, Terms},
};

/// What is asked of a room by plain HTTP.
pub(super) enum WhipRequest {
    Offer { offer: HttpOffer, reply: oneshot::Sender<Result<HttpAnswer, Problem>> },
    Patch { patch: Patch, reply: oneshot::Sender<Result<IceFragment, Problem>> },
    Delete { key: Key, reply: oneshot::Sender<Result<(), Problem>> },
}

/// Names a session and proves the right to it.
#[derive(Debug, Clone)]
pub struct Key {
    /// The last part of the session's address.
    pub session: String,
    /// Whose token came along.
    pub identity: String,
    /// Sends (WHIP) or receives (WHEP).
    pub publishes: bool,
}

/// An offer by plain HTTP.
#[derive(Debug, Clone)]
pub struct HttpOffer {
    /// From the token, narrowed to the one direction.
    pub claims: Claims,
    /// Sends (WHIP) or receives (WHEP).
    pub publishes: bool,
    /// The session description.
    pub sdp: String,
}

/// The answer to it.
#[derive(Debug, Clone)]
pub struct HttpAnswer {
    /// The session description.
    pub sdp: String,
    /// The last part of the session's address.
    pub session: String,
    /// The entity tag of the ICE session, without quotes.
    pub tag: String,
    /// What its client may use of TURN.
    pub ice_servers: Vec<IceServer>,
}

/// A trickle or restart by plain HTTP.
#[derive(Debug, Clone)]
pub struct Patch {
    /// Which session.
    pub key: Key,
    /// The entity tag that the client holds, without quotes; `*` for a restart.
    pub tag: String,
    /// What it says.
    pub fragment: Fragment,
}

/// What came of a [`Patch`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IceFragment {
    /// Candidates were taken; nothing to say.
    Taken,
    /// ICE was restarted.
    Restarted {
        /// The body, `application/trickle-ice-sdpfrag`.
        fragment: String,
        /// The new entity tag, without quotes.
        tag: String,
    },
}

impl Rooms {
    /// Takes a seat by plain HTTP.
    pub async fn offer_by_whip(&self, offer: HttpOffer) -> Result<HttpAnswer, Problem> {
        let room = offer.claims.room.clone();
        self.enter_by_whip(&room, |reply| WhipRequest::Offer { offer: offer.clone(), reply }).await
    }

    /// Trickles or restarts.
    pub async fn patch_by_whip(&self, patch: Patch) -> Result<IceFragment, Problem> {
        let participant = participant(&patch.key)?;
        self.ask_by_whip(participant, |reply| WhipRequest::Patch { patch, reply }).await
    }

    /// Gives the seat up.
    pub async fn delete_by_whip(&self, key: Key) -> Result<(), Problem> {
        let participant = participant(&key)?;
        self.ask_by_whip(participant, |reply| WhipRequest::Delete { key, reply }).await
    }
}

impl Room {
    pub(super) async fn handle_whip(&mut self, request: WhipRequest) {
        match request {
            WhipRequest::Offer { offer, reply } => {
                let _ = reply.send(self.answer_offer(offer).await);
            }
            WhipRequest::Patch { patch, reply } => {
                let _ = reply.send(self.apply_patch(patch).await);
            }
            WhipRequest::Delete { key, reply } => {
                let done = self.whip_seat(&key);
                if let Ok(id) = done {
                    self.remove(id, CloseReason::Left).await;
                }
                let _ = reply.send(done.map(drop));
            }
        }
    }

    async fn answer_offer(&mut self, offer: HttpOffer) -> Result<HttpAnswer, Problem> {
        let HttpOffer { claims, publishes, sdp } = offer;
        if self.interview.is_some() || claims.seat.is_some() || self.trial.is_some() {
            return Err(Problem::new(
                ErrorCode::Forbidden,
                "seats of an interview or a connection test are taken by the WebSocket",
            ));
        }
        let claims = Claims { publish: publishes, subscribe: !publishes, ..claims };
        // A bad offer costs nobody a seat, not even an earlier one of the same identity.
        let permissions = Permissions { publish: publishes, subscribe: !publishes };
        let (agreed, _) = self.negotiate(permissions, None, &sdp, &[])?;
        // Nor is one accepted by half (RFC 9725 §4.4): its client would believe to be seen and heard.
        if let Some(declined) = agreed.declined.first() {
            return Err(Problem::new(ErrorCode::BadOffer, declined.to_string()));
        }
        let id = self.take_seat(claims, None).await?;
        let answer = match self.offer(id, &sdp, &[]).await {
            Ok(answer) => answer,
            Err(problem) => {
                self.remove(id, CloseReason::Left).await;
                return Err(problem);
            }
        };
        let session = format!("{id}{}", random::hex::<16>());
        let mut tag = String::new();
        if let Some(seat) = self.seats.get_mut(&id) {
            tag = seat.media.as_ref().map(|media| media.agreed.ice_session()).unwrap_or_default();
            seat.sessions = vec![session.clone()];
            seat.occupancy = Occupancy::Whip(WhipSession { publishes, tag: tag.clone() });
        }
        self.tell_participant(id);
        self.announce(&answer);
        self.fill_all().await;
        let ice_servers = self.rooms.ice_servers(id);
        Ok(HttpAnswer { sdp: answer.into_sdp(), session, tag, ice_servers })
    }

    async fn apply_patch(&mut self, patch: Patch) -> Result<IceFragment, Problem> {
        let id = self.whip_seat(&patch.key)?;
        let unknown = || Problem::new(ErrorCode::NotFound, "no such session");
        let seat = self.seats.get_mut(&id).ok_or_else(unknown)?;
        let (Occupancy::Whip(session), Some(media)) = (&mut seat.occupancy, &mut seat.media) else {
            return Err(unknown());
        };
        let restarts = patch.fragment.restarts(&media.agreed);
        // RFC 9725 §4.3.1: a trickle names the ICE session that it belongs to, a restart any (§4.3.3).
        if patch.tag != "*" && (restarts || patch.tag != session.tag) {
            return Err(Problem::new(ErrorCode::PreconditionFailed, "If-Match names another ICE session"));
        }
        let Some(remote) = patch.fragment.credentials.filter(|_| restarts) else {
            return Ok(IceFragment::Taken);
        };
        let terms = Terms {
            local: &credentials(),
            fingerprint: self.rooms.fingerprint(),
            candidates: self.shard.candidates(),
            permissions: seat.permissions,
            bandwidth: Bandwidth::default(),
        };
        let restart = media.agreed.restart(remote, &terms);
        let transport = &restart.negotiated.transport;
        let command = Command::RestartIce {
            participant: id,
            local: transport.local.clone(),
            remote: transport.remote.clone(),
        };
        self.shard.command(command).await.map_err(refusal)?;
        let tag = restart.negotiated.ice_session();
        session.tag.clone_from(&tag);
        media.agreed = restart.negotiated;
        Ok(IceFragment::Restarted { fragment: restart.fragment, tag })
    }

    /// The seat of a session by plain HTTP. A session of somebody else is refused as a wrong token is.
    fn whip_seat(&self, key: &Key) -> Result<ParticipantId, Problem> {
        let unknown = || Problem::new(ErrorCode::NotFound, "no such session");
        let seat = participant(key).ok().and_then(|id| self.seats.get(&id)).ok_or_else(unknown)?;
        let same = |known: &String| verify_slices_are_equal(known.as_bytes(), key.session.as_bytes()).is_ok();
        match &seat.occupancy {
            Occupancy::Whip(session)
                if session.publishes == key.publishes && seat.sessions.iter().any(same) => {}
            _ => return Err(unknown()),
        }
        if seat.identity == key.identity { Ok(seat.id) } else { Err(ErrorCode::Unauthorized.into()) }
    }
}

/// The participant that a session's address begins with.
fn participant(key: &Key) -> Result<ParticipantId, Problem> {
    let id = key.session.get(..16).and_then(|id| id.parse().ok());
    id.ok_or_else(|| Problem::new(ErrorCode::NotFound, "no such session"))
}
