//! What a seated client says, and the answers.

use super::{Room, media::refusal, seat::Occupancy};
use crate::{outbox::Outbox, problem::Problem};
use viva_media::{Audience, Mid, ParticipantId};
use viva_sfu::Command;
use viva_signaling::message::{ClientEnvelope, ClientMessage, CloseReason, ErrorCode, ServerMessage};

impl Room {
    pub(super) async fn say(&mut self, id: ParticipantId, from: u64, envelope: ClientEnvelope) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        let Occupancy::Here { connection, outbox } = &seat.occupancy else { return };
        if *connection != from {
            return;
        }
        let outbox = outbox.clone();
        // The client has its newest session: the one before opens nothing any more.
        let old = seat.sessions.len().saturating_sub(1);
        seat.sessions.drain(..old);

        let ClientEnvelope { id: re, message } = envelope;
        let done = match message {
            ClientMessage::Offer { sdp, tracks } => match self.offer(id, &sdp, &tracks).await {
                Ok(answer) => {
                    outbox.answer(re, answer.message());
                    self.announce(&answer);
                    return self.fill_all().await;
                }
                Err(problem) => Err(problem),
            },
            ClientMessage::View { slots } => self.view(id, &slots).await,
            ClientMessage::Mute { mid, muted } => self.mute(id, &mid, muted).await,
            // Addresses are learnt from connectivity checks, so that no candidate can be a bad one.
            ClientMessage::Trickle { .. } => Ok(()),
            ClientMessage::Stats {} => {
                return outbox.answer(re, ServerMessage::Stats { report: self.report(id) });
            }
            ClientMessage::IceServers {} => {
                let ice_servers = self.rooms.ice_servers(id);
                return outbox.answer(re, ServerMessage::IceServers { ice_servers });
            }
            ClientMessage::Leave {} => return self.remove(id, CloseReason::Left).await,
            ClientMessage::Ping {} => {
                return outbox.answer(re, ServerMessage::Pong {});
            }
            ClientMessage::Act { .. } | ClientMessage::History { .. } => {
                Err(Problem::new(ErrorCode::NotFound, "what a seat does goes to its interview"))
            }
            ClientMessage::Hello { .. } | ClientMessage::Join { .. } | ClientMessage::Resume { .. } => {
                Err(Problem::new(ErrorCode::AlreadyJoined, "this connection has its seat"))
            }
        };
        finish(&outbox, re, done);
    }

    /// Mutes or unmutes one of the seat's own publications.
    async fn mute(&mut self, id: ParticipantId, mid: &str, muted: bool) -> Result<(), Problem> {
        let mid: Option<Mid> = mid.parse().ok();
        let own = self.publications.values_mut().find(|p| p.owner == id && Some(p.mid) == mid);
        let publication =
            own.ok_or_else(|| Problem::new(ErrorCode::NotFound, "nothing is sent in this section"))?;
        let publication_id = publication.id;
        let silent = muted || publication.audience == Audience::NOBODY;
        let mute = Command::Mute { publication: publication_id, muted: silent };
        self.shard.command(mute).await.map_err(refusal)?;
        publication.muted_in_unit = silent;
        if publication.muted != muted {
            publication.muted = muted;
            self.tell_changed(publication_id);
        }
        Ok(())
    }
}

fn finish(outbox: &Outbox, re: Option<u32>, done: Result<(), Problem>) {
    match done {
        Ok(()) if re.is_some() => outbox.answer(re, ServerMessage::Done {}),
        Ok(()) => {}
        Err(problem) => outbox.error(re, problem.code, problem.detail),
    }
}
