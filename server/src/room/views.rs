//! What video slots show: as a page wishes, or by themselves for those who cannot wish.

use super::{Room, media::refusal, seat::Occupancy};
use crate::problem::Problem;
use std::cmp::Reverse;
use viva_media::{MediaKind, Mid, ParticipantId, PublicationId};
use viva_sfu::{Command, View};
use viva_signaling::{
    message::{ErrorCode, SlotView, TrackSource},
    sdp::MAX_SLOTS,
};

/// The height that a receiver by plain HTTP gets: it shows one picture, as large as it comes.
const OUTSIDE_HEIGHT: u16 = u16::MAX;

impl Room {
    /// Sets what a page's slots show; the first fault is told when all others are done.
    pub(super) async fn view(&mut self, id: ParticipantId, slots: &[SlotView]) -> Result<(), Problem> {
        if slots.len() > MAX_SLOTS {
            return Err(Problem::new(ErrorCode::TooMany, format!("there are at most {MAX_SLOTS} slots")));
        }
        let mut first = Ok(());
        for slot in slots {
            let done = self.view_one(id, slot).await;
            first = first.and(done);
        }
        first
    }

    async fn view_one(&mut self, id: ParticipantId, slot: &SlotView) -> Result<(), Problem> {
        let mid: Mid = slot.mid.parse().map_err(|error| {
            Problem::new(ErrorCode::NotFound, format!("no video slot: the mid is {error}"))
        })?;
        let unknown_slot = || Problem::new(ErrorCode::NotFound, format!("no video slot {mid}"));
        let publication = match &slot.publication {
            None => None,
            Some(text) => {
                let publication = text.parse().ok().and_then(|id| self.publications.get(&id));
                // What may not be received is not there.
                let publication = publication
                    .filter(|p| p.owner != id && p.kind == MediaKind::Video && p.audience.allows(id));
                Some(
                    publication
                        .ok_or_else(|| Problem::new(ErrorCode::NotFound, format!("no video for slot {mid}")))?
                        .id,
                )
            }
        };
        let media = self.seats.get(&id).and_then(|seat| seat.media.as_ref());
        let media = media.ok_or_else(|| Problem::new(ErrorCode::NotFound, "`offer` comes first"))?;
        if !media.slots().iter().any(|slot| slot.mid == mid && slot.kind == MediaKind::Video) {
            return Err(unknown_slot());
        }
        let view = publication.map(|publication| View { publication, height: slot.height });
        self.shard.command(Command::View { participant: id, mid, view }).await.map_err(refusal)
    }

    /// Fills the slots of everybody who came by plain HTTP to receive: the newest cameras and screens.
    pub(super) async fn fill_all(&mut self) {
        let receivers = self
            .seats
            .values()
            .filter(|seat| matches!(&seat.occupancy, Occupancy::Whip(session) if !session.publishes));
        for id in receivers.map(|seat| seat.id).collect::<Vec<_>>() {
            self.fill(id).await;
        }
    }

    pub(super) async fn fill(&mut self, id: ParticipantId) {
        let Some(media) = self.seats.get(&id).and_then(|seat| seat.media.as_ref()) else { return };
        let video = media.slots().iter().filter(|slot| slot.kind == MediaKind::Video);
        let slots: Vec<(Mid, Option<PublicationId>)> =
            video.map(|slot| (slot.mid, media.views.get(&slot.mid).copied())).collect();
        let mut newest: Vec<_> =
            self.publications.values().filter(|p| p.kind == MediaKind::Video && p.owner != id).collect();
        newest.sort_by_key(|p| (p.source != TrackSource::Camera, Reverse(p.order)));
        let mut sources = newest.into_iter().map(|p| p.id).collect::<Vec<_>>().into_iter();
        let mut chosen = Vec::new();
        for (mid, before) in slots {
            // A publication that this receiver cannot decode leaves its place to the next.
            let now = loop {
                let Some(publication) = sources.next() else { break None };
                let view = View { publication, height: OUTSIDE_HEIGHT };
                let command = Command::View { participant: id, mid, view: Some(view) };
                if before == Some(publication) || self.shard.command(command).await.is_ok() {
                    break Some(publication);
                }
            };
            if now.is_none() && before.is_some() {
                let _ = self.shard.command(Command::View { participant: id, mid, view: None }).await;
            }
            chosen.extend(now.map(|publication| (mid, publication)));
        }
        if let Some(media) = self.seats.get_mut(&id).and_then(|seat| seat.media.as_mut()) {
            media.views = chosen.into_iter().collect();
        }
    }
}
