//! A seat: who sits there, whether somebody does, and the media that goes with it.

use super::{judgement::Judgement, place::Place, scale::Scale};
use crate::outbox::{News, Outbox};
use std::collections::BTreeMap;
use tokio::time::Instant;
use viva_media::{Fingerprint, Mid, ParticipantId, Path, Permissions, PublicationId, SlotParameters};
use viva_sfu::TransportStats;
use viva_signaling::{
    message::{CloseReason, NetworkQuality, ParticipantState, PermissionState, ServerMessage},
    sdp::Negotiated,
};

/// One seat.
pub(super) struct Seat {
    pub id: ParticipantId,
    /// Whose seat it is: the same identity never sits twice.
    pub identity: String,
    pub name: String,
    /// The seat in the interview that the room belongs to.
    pub place: Option<Place>,
    /// Who speaks, as the client was told.
    pub speaker: Option<ParticipantId>,
    pub permissions: Permissions,
    /// What opens the seat again, newest last. The one before stays good until the client has shown that it got the
    /// newest.
    pub sessions: Vec<String>,
    pub occupancy: Occupancy,
    pub media: Option<Media>,
    /// What its network is said to be.
    pub judgement: Judgement,
    /// It sends more than it may.
    pub excess: bool,
    /// The certificate of a peer connection whose transport has ended: it cannot be brought back to life.
    pub dead: Option<Fingerprint>,
    /// Somebody was told of it.
    pub announced: bool,
    /// When the newest offer for a new transport came, until media flows: for the histogram of join times.
    pub offered_at: Option<Instant>,
}

/// Whether somebody sits there.
pub(super) enum Occupancy {
    /// A page, by this connection.
    Here { connection: u64, outbox: Outbox },
    /// A page whose connection was lost: the seat is kept so long.
    Away { until: Instant },
    /// Somebody by plain HTTP; there as long as the media is.
    Whip(WhipSession),
}

/// Somebody by plain HTTP.
pub(super) struct WhipSession {
    /// Sends (WHIP) or receives (WHEP).
    pub publishes: bool,
    /// The entity tag of the ICE session, without quotes.
    pub tag: String,
}

/// What fills a slot.
pub(super) struct Filled {
    pub publication: PublicationId,
    /// The seat's line carries nothing for it at present.
    pub paused: bool,
    /// How well the seat's line shows it.
    pub quality: Scale,
}

impl Filled {
    /// As the seat's client is told.
    pub(super) fn message(&self, mid: &Mid) -> ServerMessage {
        let quality = match self.quality.told() {
            NetworkQuality::Unknown | NetworkQuality::Good => None,
            weaker => Some(weaker),
        };
        let (mid, publication) = (mid.to_string(), Some(self.publication.to_string()));
        ServerMessage::Slot { mid, publication, code: None, paused: self.paused, quality }
    }
}

/// The media of a seat.
pub(super) struct Media {
    /// What was agreed, for the next offer.
    pub agreed: Negotiated,
    /// What the slots of somebody by plain HTTP were told to show.
    pub views: BTreeMap<Mid, PublicationId>,
    /// What fills each slot now.
    pub sources: BTreeMap<Mid, Filled>,
    /// Which layers of each publication somebody receives.
    pub wanted: BTreeMap<Mid, Wanted>,
    /// The path while packets flow.
    pub path: Option<Path>,
    /// Its newest counters.
    pub stats: Option<TransportStats>,
}

/// The layers of a publication that somebody receives.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub rids: Vec<String>,
    pub any: bool,
}

impl Wanted {
    pub(super) fn message(&self, mid: &Mid) -> ServerMessage {
        ServerMessage::Wanted { mid: mid.to_string(), rids: self.rids.clone(), any: self.any }
    }
}

impl Media {
    pub(super) fn new(agreed: Negotiated) -> Self {
        let (views, sources, wanted) = Default::default();
        Self { agreed, views, sources, wanted, path: None, stats: None }
    }

    /// The newest agreement; what concerned sections that went is forgotten.
    pub(super) fn renew(&mut self, agreed: Negotiated) {
        let slot = |mid: &Mid| agreed.media.slots.iter().any(|slot| slot.mid == *mid);
        self.views.retain(|mid, _| slot(mid));
        self.sources.retain(|mid, _| slot(mid));
        self.wanted.retain(|mid, _| agreed.media.publications.iter().any(|p| p.mid == *mid));
        self.agreed = agreed;
    }

    /// Where the seat receives.
    pub(super) fn slots(&self) -> &[SlotParameters] {
        &self.agreed.media.slots
    }
}

impl Seat {
    /// When the seat goes, if nobody comes back.
    pub(super) fn kept_until(&self) -> Option<Instant> {
        match self.occupancy {
            Occupancy::Away { until } => Some(until),
            _ => None,
        }
    }

    /// Tells the client, if it is there.
    pub(super) fn tell(&self, message: ServerMessage) {
        if let Occupancy::Here { outbox, .. } = &self.occupancy {
            outbox.tell(message);
        }
    }

    /// Tells the client, if it is there, what others are told too.
    pub(super) fn tell_news(&self, news: &News) {
        if let Occupancy::Here { outbox, .. } = &self.occupancy {
            outbox.tell_news(news);
        }
    }

    /// Ends the client's connection, if there is one.
    pub(super) fn close(&self, reason: CloseReason) {
        if let Occupancy::Here { outbox, .. } = &self.occupancy {
            outbox.close(reason);
        }
    }

    /// As the others see it.
    pub(super) fn state(&self) -> ParticipantState {
        ParticipantState {
            id: self.id.to_string(),
            name: self.name.clone(),
            connected: !matches!(self.occupancy, Occupancy::Away { .. }),
            quality: self.judgement.quality(),
            way: self.media.as_ref().and_then(|media| media.path).map(|path| path.carrier.into()),
            excess: self.excess,
            seat: self.place.map(|place| place.seat.to_string()),
        }
    }

    pub(super) fn permission_state(&self) -> PermissionState {
        PermissionState { publish: self.permissions.publish, subscribe: self.permissions.subscribe }
    }
}
