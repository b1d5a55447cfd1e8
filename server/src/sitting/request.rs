//! What a running interview is asked.

use super::{Shown, Sitting, present::Present};
use crate::{
    account::Grounds,
    clock::now,
    outbox::Outbox,
    problem::Problem,
    room::{Device, Place, Seated},
};
use axum::body::Bytes;
use std::ops::ControlFlow;
use tokio::{
    sync::{oneshot, watch},
    time::Instant,
};
use viva_interview::{Action, Actor, Command, Interview, PathAction, Presence, SeatId, SeatView, Step};
use viva_media::ParticipantId;
use viva_signaling::{
    message::{CloseReason, ErrorCode, ServerMessage},
    token::Claims,
};

/// A look at the state; nothing of it is kept.
pub(super) type Look = Box<dyn FnOnce(&Interview, &Presence) + Send>;

/// Those of a candidate, as they come.
pub type Pictures = watch::Receiver<Option<Shown>>;

/// A connection that wants its seat in the interview's room.
pub struct Entry {
    /// Whose.
    pub seat: SeatId,
    /// By which device.
    pub device: Device,
    /// From its token.
    pub claims: Claims,
    /// The connection.
    pub outbox: Outbox,
    /// The client's message that asks.
    pub re: Option<u32>,
}

/// Whoever is answered by the interview itself: on a connection that its own act closes, the answer goes first.
#[derive(Clone)]
pub struct Asker {
    /// The connection.
    pub outbox: Outbox,
    /// The client's message that asks.
    pub re: Option<u32>,
}

impl Asker {
    /// It is done.
    pub(super) fn done(self) {
        if self.re.is_some() {
            self.outbox.answer(self.re, ServerMessage::Done {});
        }
    }
}

/// What somebody wants who asks over HTTP: shown who it is, done, then looked at, in one request.
#[derive(Debug, Clone, Default)]
pub struct Visit {
    /// A candidate's seat, and which entry with the code it was let in by: a newer one takes its place.
    pub entry: Option<(SeatId, u32)>,
    /// To be done first; where it is refused nothing is looked at.
    pub command: Option<Command>,
    /// The code whose digest the command carries.
    pub sms_code: Option<String>,
}

/// One request.
pub(super) enum Request {
    /// A seat wants something on its connection.
    Act { command: Box<Command>, asker: Asker, reply: oneshot::Sender<Result<(), Problem>> },
    /// Somebody wants to do or to see something.
    Visit { visit: Box<Visit>, look: Look, reply: oneshot::Sender<Result<(), Problem>> },
    /// A candidate's page, by its seat and entry, sends its picture to the staff. Does anybody look?
    Show { from: (SeatId, u32), jpeg: Bytes, reply: oneshot::Sender<Result<bool, Problem>> },
    /// A seat of the staff that has the picture `has` looks at a candidate before the room.
    LookAt { seat: SeatId, by: SeatId, has: u64, reply: oneshot::Sender<Result<Pictures, Problem>> },
    /// A connection takes its seat in the room.
    Enter { entry: Entry, reply: oneshot::Sender<Result<Seated, Problem>> },
    /// A connection has taken its seat in the room again.
    Back { place: Place, participant: ParticipantId, connection: u64, outbox: Outbox },
    /// A connection is no more.
    Lost { place: Place, participant: ParticipantId, connection: u64 },
    /// Whoever sits there has lost the right to.
    Dismiss { seat: SeatId, reply: oneshot::Sender<()> },
    /// Accounts have changed: whoever sits there on grounds that are no more goes. Answered where all could be looked at.
    LookAgain { reply: oneshot::Sender<()> },
    /// The interview is given up; refused where the command is.
    Delete { command: Box<Command>, reply: oneshot::Sender<Result<(), Problem>> },
}

impl Sitting {
    /// Breaks when the interview is no more.
    pub(super) async fn handle(&mut self, request: Request) -> ControlFlow<()> {
        match request {
            Request::Act { command, asker, reply } => {
                let _ = reply.send(self.command(*command, None, Some(asker)).await);
            }
            Request::Visit { visit, look, reply } => {
                let _ = reply.send(self.visit(*visit, look).await);
            }
            Request::Show { from, jpeg, reply } => drop(reply.send(self.show(from, jpeg))),
            Request::LookAt { seat, by, has, reply } => drop(reply.send(self.look_at(seat, by, has))),
            Request::Enter { entry, reply } => {
                let _ = reply.send(self.enter(entry).await);
            }
            Request::Back { place: Place { seat, device, .. }, participant, connection, outbox } => {
                self.occupants.entry((seat, device)).or_default();
                self.enforce().await;
                self.seated(seat, device, Present::new(participant, connection, outbox));
                // Another may have been paired while it was away.
                self.dismiss_unpaired_phones().await;
            }
            Request::Lost { place: Place { seat, device, .. }, participant, connection } => {
                self.lost(seat, device, participant, connection);
            }
            Request::Dismiss { seat, reply } => {
                self.dismiss(seat, Device::Page, CloseReason::Removed).await;
                let _ = reply.send(());
            }
            Request::LookAgain { reply } => match self.look_again().await {
                Ok(()) => drop(reply.send(())),
                Err(error) => tracing::debug!(%error, "who sits on an account is not known"),
            },
            Request::Delete { command, reply } => {
                let deleted = self.delete(*command).await;
                let gone = deleted.is_ok();
                let _ = reply.send(deleted);
                if gone {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    }

    async fn visit(&mut self, visit: Visit, look: Look) -> Result<(), Problem> {
        let Visit { entry, command, sms_code } = visit;
        let enters = command.as_ref().and_then(who_enters);
        if let Some((seat, entry)) = entry {
            // Of a candidate who was taken away, it is said with what is done or seen.
            match self.interview.entries(seat) {
                Some(newest) if newest != entry => return Err(another_device()),
                Some(_) => self.arrives(seat),
                None => {}
            }
        }
        if let Some(command) = command {
            self.command(command, sms_code.as_deref(), None).await?;
        }
        if let Some(seat) = enters {
            self.arrives(seat);
        }
        look(&self.interview, &self.presence());
        Ok(())
    }

    /// The page of a candidate asks: the staff sees that they are there.
    pub(super) fn arrives(&mut self, seat: SeatId) {
        let connected = self.occupants.get(&(seat, Device::Page)).is_some_and(|one| one.present.is_some());
        let expected = self.interview.is_expected(seat);
        if expected && !connected && self.arrivals.note(seat, Instant::now(), now()) {
            self.changed();
        }
    }

    /// Seats a connection: the rights stand before anything can flow.
    async fn enter(&mut self, entry: Entry) -> Result<Seated, Problem> {
        if self.stale {
            self.catch_up().await?;
        }
        let Entry { seat, device, claims, outbox, re } = entry;
        let (claims, grounds) = match device {
            Device::Page => self.claims_of_page(seat, claims).await?,
            Device::Phone { link } => (self.claims_of_phone(seat, link, claims)?, None),
        };
        let occupant = self.occupants.entry((seat, device)).or_default();
        occupant.grounds = grounds.or(occupant.grounds.take());
        let policy = self.policy();
        let seated = self.around.rooms.join(claims, Some(policy), outbox.clone(), re).await?;
        self.seated(seat, device, Present::new(seated.participant, seated.connection, outbox));
        Ok(seated)
    }

    /// What a person's page may do in the room, if the interview lets it in, and the grounds on which it sits there.
    async fn claims_of_page(
        &self,
        seat: SeatId,
        claims: Claims,
    ) -> Result<(Claims, Option<Grounds>), Problem> {
        let (publish, grounds) = match self.interview.view(seat, now(), &self.presence()) {
            Some(SeatView::Candidate(view)) => match view.step {
                Step::Waiting | Step::Admitted => {
                    self.is_newest_entry(seat, claims.mark.as_deref())?;
                    self.interview.admits_candidates(now()).map_err(super::refusal)?;
                    (true, None)
                }
                Step::Left | Step::Removed => {
                    return Err(Problem::new(
                        ErrorCode::InvitationUsed,
                        "the candidate has left or was removed",
                    ));
                }
                _ => {
                    return Err(Problem::new(
                        ErrorCode::NotInRoom,
                        "the steps before the waiting room come first",
                    ));
                }
            },
            Some(SeatView::Panel(view)) => {
                (view.role.is_panel(), self.grounds(seat, claims.mark.as_deref()).await?)
            }
            None => return Err(Problem::new(ErrorCode::Unauthorized, "this seat is not in the interview")),
        };
        Ok((Claims { publish, subscribe: true, identity: seat.to_string(), ..claims }, grounds))
    }

    /// Has nobody entered with the candidate's code since the token was made?
    fn is_newest_entry(&self, seat: SeatId, mark: Option<&str>) -> Result<(), Problem> {
        let entry = self.interview.entries(seat).unwrap_or_default().to_string();
        if mark.is_none_or(|mark| mark == entry) { Ok(()) } else { Err(another_device()) }
    }
}

/// The candidate who enters with the code by this command.
const fn who_enters(command: &Command) -> Option<SeatId> {
    match command {
        Command { by: Actor::Seat(seat), action: Action::Path(PathAction::Enter { .. }), .. } => Some(*seat),
        _ => None,
    }
}

pub(super) fn another_device() -> Problem {
    Problem::new(ErrorCode::Unauthorized, "another device has entered with this invitation")
}
