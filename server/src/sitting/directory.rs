//! The running interviews of this server.

use super::{
    Sitting,
    creation::placed,
    fresh_command, refusal,
    request::{Asker, Entry, Look, Pictures, Request, Visit},
    write,
};
use crate::{
    clock::now,
    digest::Digests,
    outbox::Outbox,
    problem::Problem,
    room::{Rooms, Seated},
    settings::Settings,
    sms::Delivery,
    stop::Stop,
    store::{NewMessage, SeatRow, Store},
};
use axum::body::Bytes;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{mpsc, oneshot};
use tracing::Instrument;
use viva_interview::{
    Action, Actor, AdministratorAction, ChatPart, Command, Interview, InterviewId, Presence, Record, SeatId,
    SeatView, ServerAction, Time,
};
use viva_signaling::message::ErrorCode;

/// Requests that may wait for an interview.
const MAILBOX: usize = 1024;
/// How often an interview is asked when it ends under the request.
const ENTRANCES: usize = 4;

/// What a running interview acts on. Cheap to clone.
#[derive(Clone)]
pub struct Surroundings {
    /// What outlives a restart.
    pub store: Arc<dyn Store>,
    /// Its room is one of these.
    pub rooms: Rooms,
    /// Sends what the outbox holds; none where messages stay in it.
    pub delivery: Option<Arc<Delivery>>,
    /// The settings.
    pub settings: Arc<Settings>,
    /// Opens the passwords that messages tell.
    pub digests: Digests,
    /// Tells when the program stops.
    pub stop: Stop,
}

/// All running interviews. Cheap to clone.
#[derive(Clone)]
pub struct Sittings(Arc<Inner>);

struct Inner {
    around: Surroundings,
    open: Mutex<HashMap<InterviewId, mpsc::Sender<Request>>>,
    /// Held while rooms of a table are looked for among the names that there are, and made.
    making: tokio::sync::Mutex<()>,
}

impl Sittings {
    /// None yet.
    pub fn new(around: Surroundings) -> Self {
        Self(Arc::new(Inner { around, open: Mutex::default(), making: tokio::sync::Mutex::default() }))
    }

    /// Waits until nobody else on this server makes rooms by their names.
    pub async fn making(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.making.lock().await
    }

    /// Does what somebody wants.
    ///
    /// # Errors
    /// It is refused, there is no such interview, or the store fails.
    pub async fn command(&self, interview: InterviewId, mut command: Command) -> Result<(), Problem> {
        if let Action::Administrator(AdministratorAction::Change(setup)) = command.action {
            let setup = placed(setup).map_err(refusal)?;
            command.action = Action::Administrator(AdministratorAction::Change(setup));
        }
        let visit = Visit { command: Some(command), ..Visit::default() };
        self.visit(interview, visit, |_, _| ()).await
    }

    /// Does what a seat wants on its connection; when it is done, the connection has its answer.
    ///
    /// # Errors
    /// As [`Sittings::command`]; nothing was answered then.
    pub async fn act(&self, interview: InterviewId, command: Command, asker: Asker) -> Result<(), Problem> {
        self.ask(interview, |reply| Request::Act {
            command: Box::new(command.clone()),
            asker: asker.clone(),
            reply,
        })
        .await?
    }

    /// Sends SMS that belong to no interview.
    ///
    /// # Errors
    /// The store fails.
    pub async fn send(&self, messages: &[NewMessage]) -> Result<(), Problem> {
        let Surroundings { store, delivery, .. } = &self.0.around;
        store.enqueue(messages).await?;
        if let Some(delivery) = delivery {
            delivery.wake();
        }
        Ok(())
    }

    /// Records that pictures of face checks are erased.
    ///
    /// # Errors
    /// As [`Sittings::command`].
    pub async fn note_erased(
        &self,
        interview: InterviewId,
        pictures: u64,
        before: Time,
    ) -> Result<(), Problem> {
        let action = Action::Server(ServerAction::NoteErased { pictures, before });
        self.command(interview, Command { id: fresh_command(), by: Actor::System, action }).await
    }

    /// Gives an interview up, before anybody has entered.
    ///
    /// # Errors
    /// As [`Sittings::command`].
    pub async fn delete(&self, interview: InterviewId, by: Actor) -> Result<(), Problem> {
        self.remove(interview, by, AdministratorAction::Delete).await
    }

    /// Deletes a closed interview with everything of it; that it was is written down.
    ///
    /// # Errors
    /// As [`Sittings::command`].
    pub async fn delete_closed(
        &self,
        interview: InterviewId,
        by: Actor,
        name: String,
    ) -> Result<(), Problem> {
        self.remove(interview, by, AdministratorAction::DeleteClosed { name }).await?;
        Ok(self.store().scrub().await?)
    }

    pub(super) async fn remove(
        &self,
        interview: InterviewId,
        by: Actor,
        action: AdministratorAction,
    ) -> Result<(), Problem> {
        let command = Command { id: fresh_command(), by, action: Action::Administrator(action) };
        self.ask(interview, |reply| Request::Delete { command: Box::new(command.clone()), reply }).await?
    }

    /// Looks at an interview.
    ///
    /// # Errors
    /// There is no such interview, or the store fails.
    pub async fn look<T: Send + 'static>(
        &self,
        interview: InterviewId,
        look: impl Fn(&Interview, &Presence) -> T + Clone + Send + 'static,
    ) -> Result<T, Problem> {
        self.visit(interview, Visit::default(), look).await
    }

    /// Does what a visit wants, and looks at the interview as it is then: one request.
    ///
    /// # Errors
    /// As [`Sittings::command`]; a newer entry with the code has the candidate's seat.
    pub async fn visit<T: Send + 'static>(
        &self,
        interview: InterviewId,
        visit: Visit,
        look: impl Fn(&Interview, &Presence) -> T + Clone + Send + 'static,
    ) -> Result<T, Problem> {
        let (seen, mut sight) = mpsc::channel(ENTRANCES);
        self.ask(interview, |reply| {
            let (look, seen) = (look.clone(), seen.clone());
            let look: Look = Box::new(move |interview, presence| {
                let _ = seen.try_send(look(interview, presence));
            });
            Request::Visit { visit: Box::new(visit.clone()), look, reply }
        })
        .await??;
        sight.try_recv().map_err(|_| ErrorCode::Internal.into())
    }

    /// What a seat may know now.
    ///
    /// # Errors
    /// As [`Sittings::look`], or there is no such seat.
    pub async fn view(&self, interview: InterviewId, seat: SeatId) -> Result<SeatView, Problem> {
        let view = self.look(interview, move |interview, presence| interview.view(seat, now(), presence));
        view.await?.ok_or_else(not_here)
    }

    /// The lines of chat that a seat may read directly before the line `before`.
    ///
    /// # Errors
    /// As [`Sittings::look`].
    pub async fn earlier_chat(
        &self,
        interview: InterviewId,
        seat: SeatId,
        before: String,
    ) -> Result<ChatPart, Problem> {
        self.look(interview, move |interview, _| interview.earlier_chat(seat, &before)).await
    }

    /// Everything that has happened in an interview.
    ///
    /// # Errors
    /// There is no such interview, or the store fails.
    pub async fn records(&self, interview: InterviewId) -> Result<Vec<Record>, Problem> {
        // What an end of the server has cut off is given its end when the interview is loaded.
        self.look(interview, |_, _| ()).await?;
        let records = write::read_all(&*self.0.around.store, interview).await?;
        if records.is_empty() {
            return Err(Problem::new(ErrorCode::NotFound, "no such interview"));
        }
        Ok(records)
    }

    /// Ends whatever an account has in running interviews: its connections and their media. Tokens that were made for it are
    /// refused by what it has become.
    ///
    /// # Errors
    /// The store fails.
    pub async fn dismiss(&self, account: &str) -> Result<(), Problem> {
        for row in self.0.around.store.seats_of_account(account).await? {
            let Some(sitting) = self.running(InterviewId(row.interview)) else { continue };
            let (reply, done) = oneshot::channel();
            if sitting.send(Request::Dismiss { seat: SeatId(row.seat), reply }).await.is_ok() {
                let _ = done.await;
            }
        }
        Ok(())
    }

    /// A candidate's page sends its picture to the staff: does anybody look?
    ///
    /// # Errors
    /// The candidate has not asked for a look, or another entry has the seat.
    pub async fn show(
        &self,
        interview: InterviewId,
        from: (SeatId, u32),
        jpeg: Bytes,
    ) -> Result<bool, Problem> {
        self.ask(interview, |reply| Request::Show { from, jpeg: jpeg.clone(), reply }).await?
    }

    /// The pictures of a candidate who has asked the staff for a look, for a seat of the staff that has the picture `has`.
    ///
    /// # Errors
    /// The candidate has not asked, or this seat may not look.
    pub async fn look_at(
        &self,
        interview: InterviewId,
        seat: SeatId,
        by: SeatId,
        has: u64,
    ) -> Result<Pictures, Problem> {
        self.ask(interview, |reply| Request::LookAt { seat, by, has, reply }).await?
    }

    /// Takes a seat in the interview's room.
    ///
    /// # Errors
    /// The interview does not let it in, or the room does not.
    pub async fn enter(&self, interview: InterviewId, entry: impl Fn() -> Entry) -> Result<Seated, Problem> {
        self.ask(interview, |reply| Request::Enter { entry: entry(), reply }).await?
    }

    /// A connection has taken its seat again.
    pub async fn back(&self, seated: &Seated, outbox: &Outbox) {
        let Some(place) = seated.place else { return };
        let (participant, connection) = (seated.participant, seated.connection);
        let back = Request::Back { place, participant, connection, outbox: outbox.clone() };
        self.tell(place.interview, back).await;
    }

    /// A connection is no more.
    pub async fn lost(&self, seated: &Seated) {
        let Some(place) = seated.place else { return };
        let (participant, connection) = (seated.participant, seated.connection);
        let sitting = self.running(place.interview);
        if let Some(sitting) = sitting {
            let _ = sitting.send(Request::Lost { place, participant, connection }).await;
        }
    }

    async fn tell(&self, interview: InterviewId, request: Request) {
        if let Ok(sitting) = self.open(interview) {
            let _ = sitting.send(request).await;
        }
    }

    /// Asks, and waits for the answer; anew where the interview ends under the request.
    async fn ask<T>(
        &self,
        interview: InterviewId,
        request: impl Fn(oneshot::Sender<T>) -> Request,
    ) -> Result<T, Problem> {
        for _ in 0..ENTRANCES {
            let sitting = self.open(interview)?;
            let (reply, answer) = oneshot::channel();
            if sitting.send(request(reply)).await.is_ok()
                && let Ok(answer) = answer.await
            {
                return Ok(answer);
            }
            self.forget(interview, &sitting);
            if let Some(problem) = self.missing(interview).await {
                return Err(problem);
            }
        }
        Err(Problem::new(ErrorCode::Unavailable, "the interview ends"))
    }

    /// Why an interview could not be loaded, if that is so.
    async fn missing(&self, interview: InterviewId) -> Option<Problem> {
        match self.0.around.store.events(interview.0, 0).await {
            Ok(events) if events.is_empty() => Some(Problem::new(ErrorCode::NotFound, "no such interview")),
            Ok(_) => None,
            Err(error) => Some(error.into()),
        }
    }

    /// What outlives a restart.
    pub(super) fn store(&self) -> &dyn Store {
        &*self.0.around.store
    }

    /// The tasks of all that run.
    pub(super) fn all_running(&self) -> Vec<mpsc::Sender<Request>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn running(&self, interview: InterviewId) -> Option<mpsc::Sender<Request>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner).get(&interview).cloned()
    }

    /// The task of this interview, begun where it does not run.
    fn open(&self, interview: InterviewId) -> Result<mpsc::Sender<Request>, Problem> {
        if self.0.around.stop.is_stopping() {
            return Err(Problem::new(ErrorCode::Unavailable, "the server stops"));
        }
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sitting) = open.get(&interview) {
            return Ok(sitting.clone());
        }
        let (sender, mut requests) = mpsc::channel(MAILBOX);
        open.insert(interview, sender.clone());
        let (sittings, own) = (self.clone(), sender.clone());
        let span = tracing::info_span!(parent: None, "interview", id = %interview);
        let run = async move {
            match Sitting::load(interview, sittings.0.around.clone()).await {
                Ok(sitting) => sitting.run(&mut requests).await,
                Err(problem) => tracing::debug!(detail = problem.detail, "an interview was not loaded"),
            }
            sittings.forget(interview, &own);
            // What still waits is answered by being dropped: who asked tries again, with a new task.
            requests.close();
        };
        tokio::spawn(run.instrument(span));
        Ok(sender)
    }

    fn forget(&self, interview: InterviewId, sitting: &mpsc::Sender<Request>) {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.get(&interview).is_some_and(|known| known.same_channel(sitting)) {
            open.remove(&interview);
        }
    }

    /// Where an invitation's code leads.
    ///
    /// # Errors
    /// The store fails.
    pub async fn seat_of_code(&self, code: &str) -> Result<Option<(InterviewId, SeatId)>, Problem> {
        let row = self.0.around.store.seat_of_code(code).await?;
        Ok(row.map(|SeatRow { interview, seat }| (InterviewId(interview), SeatId(seat))))
    }
}

/// Nobody has this seat.
pub fn not_here() -> Problem {
    Problem::new(ErrorCode::NotYourSeat, "this seat is not in the interview")
}
