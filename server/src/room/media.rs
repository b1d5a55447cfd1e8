//! An offer becomes an agreement, the agreement becomes commands to the media plane, and news to the others.

use super::{Room, policy::effective_source, publication::Publication, seat::Media};
use crate::{plane::CommandError, problem::Problem, random};
use tokio::time::Instant;
use viva_media::{
    Audience, IceCredentials, MediaKind, Mid, ParticipantId, Permissions, Priority, PublicationId,
    PublicationParameters, Ssrc,
};
use viva_sfu::{Allowance, Command, PublicationTerms, Refused};
use viva_signaling::{
    message::{AnswerPublication, AnswerSlot, ErrorCode, PublishedTrack, ServerMessage, TrackSource},
    sdp::{Allocate, Bandwidth, Negotiated, OfferError, OfferReason, Terms, negotiate},
};

/// What came of an offer.
pub(super) struct Answer {
    sdp: String,
    publications: Vec<AnswerPublication>,
    slots: Vec<AnswerSlot>,
    /// Publications that are new, or of another source or mute than before.
    changed: Vec<PublicationId>,
}

/// A publication that an offer brings or changes.
struct Planned {
    publication: Publication,
    /// How much it may send, where that is another than before.
    allowance: Option<Allowance>,
}

impl Planned {
    fn terms(&self) -> PublicationTerms {
        let Publication { audience, priority, muted_in_unit, .. } = &self.publication;
        let (priority, muted) = (*priority, *muted_in_unit);
        PublicationTerms { audience: audience.clone(), priority, allowance: self.allowance, muted }
    }
}

impl Answer {
    pub(super) fn message(&self) -> ServerMessage {
        let Self { sdp, publications, slots, .. } = self;
        ServerMessage::Answer { sdp: sdp.clone(), publications: publications.clone(), slots: slots.clone() }
    }

    pub(super) fn into_sdp(self) -> String {
        self.sdp
    }
}

impl Room {
    /// Negotiates, commands the media plane, and keeps the agreement. Nothing changes when anything is refused.
    pub(super) async fn offer(
        &mut self,
        id: ParticipantId,
        sdp: &str,
        tracks: &[PublishedTrack],
    ) -> Result<Answer, Problem> {
        let Some(seat) = self.seats.get(&id) else { return Err(ErrorCode::NotJoined.into()) };
        let previous = seat.media.as_ref().map(|media| &media.agreed);
        let screens = self.screens(id, tracks);
        let (agreed, fresh) = self.negotiate(seat.permissions, previous, sdp, &screens)?;
        if fresh {
            if seat.dead == Some(agreed.transport.fingerprint) {
                let detail = "the media path of this peer connection is gone for good: build a new one";
                return Err(Problem::new(ErrorCode::SessionGone, detail));
            }
            self.drop_media(id).await;
        }
        let planned: Vec<_> =
            agreed.media.publications.iter().filter_map(|sent| self.plan(id, sent, tracks)).collect();
        self.command_media(id, &agreed, fresh, &planned).await?;
        Ok(self.keep(id, agreed, planned).await)
    }

    /// The sections of an offer that show a screen: by what it says, else by what they showed before.
    fn screens(&self, id: ParticipantId, tracks: &[PublishedTrack]) -> Vec<Mid> {
        let said = |mid: Mid| tracks.iter().any(|track| track.mid == mid.as_str());
        let before = self.publications.values().filter(|publication| publication.owner == id);
        let before = before.filter(|publication| publication.source == TrackSource::Screen);
        let kept = before.map(|publication| publication.mid).filter(|mid| !said(*mid));
        let now = tracks.iter().filter(|track| track.source == TrackSource::Screen);
        kept.chain(now.filter_map(|track| track.mid.parse().ok())).collect()
    }

    /// The agreement, and whether it stands on a new transport. `screens` are the sections that show one.
    pub(super) fn negotiate(
        &self,
        permissions: Permissions,
        previous: Option<&Negotiated>,
        sdp: &str,
        screens: &[Mid],
    ) -> Result<(Negotiated, bool), Problem> {
        let local = credentials();
        let bits = |source| self.settings.allowance(source).bits;
        let named: Vec<_> = screens.iter().map(|mid| (*mid, bits(TrackSource::Screen))).collect();
        let terms = Terms {
            local: &local,
            fingerprint: self.rooms.fingerprint(),
            candidates: self.shard.candidates(),
            permissions,
            bandwidth: Bandwidth { named: &named, others: Some(bits(TrackSource::Camera)) },
        };
        let bad = |error: OfferError| Problem::new(ErrorCode::BadOffer, error.to_string());
        match negotiate(sdp, &terms, previous, &mut Random) {
            Ok(agreed) => Ok((agreed, previous.is_none())),
            // Another certificate is another peer connection: it takes the place of the one before.
            Err(error) => match (previous, &error.reason) {
                (Some(previous), OfferReason::FingerprintChanged | OfferReason::FewerSections) => {
                    match negotiate(sdp, &terms, None, &mut Random) {
                        Ok(new) if new.transport.fingerprint != previous.transport.fingerprint => {
                            Ok((new, true))
                        }
                        _ => Err(bad(error)),
                    }
                }
                _ => Err(bad(error)),
            },
        }
    }

    /// Tells the media plane of the agreement, and what holds for the publications that it brings, in one trip.
    async fn command_media(
        &mut self,
        id: ParticipantId,
        agreed: &Negotiated,
        fresh: bool,
        planned: &[Planned],
    ) -> Result<(), Problem> {
        let Some(seat) = self.seats.get_mut(&id) else { return Ok(()) };
        let (room, participant, permissions) = (self.id, id, seat.permissions);
        let transport = agreed.transport.clone();
        let mut commands = Vec::with_capacity(2);
        if fresh {
            seat.offered_at = Some(Instant::now());
            commands.push(Command::Join { room, participant, permissions, transport });
        } else if agreed.ice_restarted {
            let (local, remote) = (transport.local, transport.remote);
            commands.push(Command::RestartIce { participant, local, remote });
        }
        let terms = planned.iter().map(|planned| (planned.publication.id, planned.terms())).collect();
        commands.push(Command::Negotiate { participant, media: agreed.media.clone(), terms });
        let done = self.shard.commands(commands).await;
        if done.is_err() && fresh {
            let _ = self.shard.command(Command::Leave { participant }).await;
        }
        done.map_err(refusal)
    }

    /// Keeps the agreement and brings the room's publications in step with it.
    async fn keep(&mut self, id: ParticipantId, agreed: Negotiated, planned: Vec<Planned>) -> Answer {
        let sent = &agreed.media.publications;
        let stays = |publication: PublicationId| sent.iter().any(|p| p.id == publication);
        self.publications_gone(|publication| publication.owner == id && !stays(publication.id)).await;
        let changed = planned.iter().map(|planned| planned.publication.id).collect();
        for Planned { publication, .. } in planned {
            let before = self.publications.insert(publication.id, publication.clone());
            if let Some(before) = before.filter(|before| before.audience != publication.audience) {
                self.tell_lost(&publication, &before.audience);
            }
        }
        let text = |mid: Mid| mid.to_string();
        let answer = Answer {
            sdp: agreed.answer.clone(),
            publications: sent
                .iter()
                .map(|p| AnswerPublication { mid: text(p.mid), publication: p.id.to_string() })
                .collect(),
            slots: agreed.media.slots.iter().map(|s| AnswerSlot { mid: text(s.mid), kind: s.kind }).collect(),
            changed,
        };
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.dead = None;
            match &mut seat.media {
                Some(media) => media.renew(agreed),
                None => seat.media = Some(Media::new(agreed)),
            }
        }
        answer
    }

    /// One publication as the offer wants it; `None` when it stays as it is, and nobody must hear of it.
    fn plan(
        &mut self,
        owner: ParticipantId,
        parameters: &PublicationParameters,
        tracks: &[PublishedTrack],
    ) -> Option<Planned> {
        let PublicationParameters { id, mid, kind, .. } = *parameters;
        let track = tracks.iter().find(|track| track.mid == mid.as_str());
        let before = self.publications.get(&id);
        let place = self.seats.get(&owner).and_then(|seat| seat.place);
        let source = track.map_or_else(
            || {
                before.map_or_else(
                    || effective_source(kind, TrackSource::default_of(kind), place),
                    |before| before.source,
                )
            },
            |track| effective_source(kind, track.source, place),
        );
        let muted = track.map_or(before.is_some_and(|p| p.muted), |track| track.muted);
        if before.is_some_and(|publication| publication.source == source && publication.muted == muted) {
            return None;
        }
        let order = before.map_or(self.published, |publication| publication.order);
        self.published += u64::from(before.is_none());
        let other = before.map_or(TrackSource::default_of(kind), |before| before.source) != source;
        let allowance = (other || (before.is_none() && self.trial.is_some())).then(|| self.allowance(source));
        let audience = self.audience(owner, source);
        let muted_in_unit = muted || audience == Audience::NOBODY;
        let publication = Publication {
            id,
            owner,
            seat: place.map(|place| place.seat),
            mid,
            kind,
            source,
            muted,
            audience,
            priority: if kind == MediaKind::Video { self.priority(owner) } else { Priority::Usual },
            muted_in_unit,
            order,
        };
        Some(Planned { publication, allowance })
    }

    /// How much a publication may send follows from what it shows: a screen more than a camera; in a connection test no more
    /// than the test.
    fn allowance(&self, source: TrackSource) -> Allowance {
        let usual = self.settings.allowance(source);
        let most = self.trial.as_ref().map_or(u64::MAX, |_| u64::from(self.settings.test_kbps) * 1000);
        Allowance { bits: usual.bits.min(most), ..usual }
    }

    /// Tells the others what an offer brought.
    pub(super) fn announce(&mut self, answer: &Answer) {
        for publication in &answer.changed {
            self.tell_publication(*publication);
        }
    }

    /// Forgets publications and tells their receivers.
    pub(super) async fn publications_gone(&mut self, gone: impl Fn(&Publication) -> bool) {
        let gone: Vec<_> = self.publications.values().filter(|p| gone(p)).map(|p| p.id).collect();
        for id in &gone {
            if let Some(publication) = self.publications.remove(id) {
                let gone = ServerMessage::PublicationGone { publication: id.to_string() };
                self.tell_receivers(&publication, gone);
            }
        }
        if !gone.is_empty() {
            self.fill_all().await;
        }
    }
}

/// New ICE credentials of ours: 48 and 144 random bits (RFC 8445 §5.3 asks for 24 and 128).
pub(super) fn credentials() -> IceCredentials {
    IceCredentials { ufrag: random::hex::<6>(), pwd: random::hex::<18>() }
}

/// New ids from the system's random source.
struct Random;

impl Allocate for Random {
    fn publication(&mut self) -> PublicationId {
        PublicationId(random::id())
    }

    fn ssrc(&mut self) -> Ssrc {
        Ssrc(u32::from_le_bytes(random::bytes()))
    }
}

/// What a client is told when the media plane refuses.
pub(super) fn refusal(error: CommandError) -> Problem {
    let code = match error {
        CommandError::Refused(refused) => match refused {
            Refused::UnknownPublication | Refused::UnknownSlot => ErrorCode::NotFound,
            Refused::UnknownParticipant => ErrorCode::SessionGone,
            Refused::NotPermitted => ErrorCode::Forbidden,
            Refused::Codec => ErrorCode::CodecUnsupported,
            Refused::Limit => ErrorCode::TooMany,
            Refused::Ambiguous => ErrorCode::BadOffer,
            Refused::OtherRoom => ErrorCode::Internal,
        },
        CommandError::Busy | CommandError::Ended => ErrorCode::Unavailable,
    };
    Problem::new(code, error.to_string())
}
