//! The face check over HTTP: the terms, consent, and a WebSocket on which frames come and hints go.

use super::{
    App,
    body::Json,
    candidate::Holder,
    openapi::refusals,
    upgrade::{Opener, Socket, Upgrade},
};
use crate::{
    clock::{now, unix_time},
    face::{Check, Judged, Progress, Turn, Verifier, failed, judge, score, told},
    problem::Problem,
    random,
    rate::Rate,
    sitting::{Visit, fresh_command, not_here, refusal},
    store::FacePicture,
    text,
};
use axum::{extract::State, http::HeaderMap, response::Response};
use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use std::{ops::ControlFlow, time::Duration};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::{Bytes, Message};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_face::{Analysis, Picture, Side};
use viva_interview::{
    Action, Actor, CandidateView, Command, ConsentTerms, FaceClientMessage, FaceOutcome, FaceServerMessage,
    FaceTrial, Interview, PathAction, Presence, SeatView, ServerAction, Time,
};
use viva_signaling::message::ErrorCode;

/// Frames a second that are looked at, at most.
const FRAMES: u32 = 5;
/// The longest frame with its nonce, in bytes: a JPEG of 640 × 480 has a fifth of it.
const FRAME_BYTES: usize = 256 * 1024;
/// The width of a frame, in pixels.
const FRAME_WIDTH: u32 = 480;
/// How long somebody may look into the camera without beginning.
const LOOKING: Duration = Duration::from_secs(10 * 60);
/// How long a connection may say nothing.
const SILENCE: Duration = Duration::from_secs(60);
/// How long a message may take to leave.
const SLOW: Duration = Duration::from_secs(10);
/// How large the bytes of a nonce are.
const NONCE: usize = 16;

refusals! {
    ConsentRefused: AnotherStep, FaceTermsChanged, InterviewDeleted, InvitationExpired, SeatFull;
    PledgeRefused: AnotherStep, InterviewDeleted, PledgeChanged, InvitationExpired, SeatFull;
}

/// All but the WebSocket.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(terms)).routes(routes!(consent)).routes(routes!(pledge))
}

/// To what a candidate is asked to consent.
#[derive(Debug, Serialize, ToSchema)]
struct Terms {
    /// Faces can be compared now; otherwise the SMS is the way.
    ready: bool,
    #[serde(flatten)]
    terms: ConsentTerms,
    /// The service that the pictures are sent to for comparison; null where this server compares.
    #[schema(required)]
    service: Option<String>,
}

/// What a candidate says to the terms.
#[derive(Debug, Deserialize, ToSchema)]
struct Told {
    version: u32,
    kept_days: u32,
    verifier: String,
    /// Yes, or no: then the SMS is the way.
    given: bool,
}

/// Which pledge a candidate accepts.
#[derive(Debug, Deserialize, ToSchema)]
struct Accepted {
    version: u32,
}

/// To what the candidate is asked to consent before faces are compared.
#[utoipa::path(get, path = "/api/candidate/identity/face", tag = "candidate", security(("candidate" = [])), responses(
    (status = 200, body = Terms)))]
async fn terms(State(app): State<App>, _: Holder) -> Json<Terms> {
    let ready = app.faces.missing().is_none();
    let service = app.faces.verifier().map(Verifier::name);
    Json(Terms { ready, terms: app.faces.terms(), service })
}

/// Says yes or no to the comparison of faces. The terms are those that were shown.
#[utoipa::path(post, path = "/api/candidate/identity/consent", tag = "candidate", security(("candidate" = [])), request_body = Told, responses(
    (status = 200, body = CandidateView), ConsentRefused))]
async fn consent(
    State(app): State<App>,
    holder: Holder,
    Json(Told { version, kept_days, verifier, given }): Json<Told>,
) -> Result<Json<SeatView>, Problem> {
    let terms = ConsentTerms { version, kept_days, verifier };
    if terms != app.faces.terms() {
        return Err(Problem::new(
            ErrorCode::FaceTermsChanged,
            "these are not the terms any more: read them again",
        ));
    }
    holder.command(&app, Action::Path(PathAction::Consent { terms, given }), None).await
}

/// Accepts the pledge.
#[utoipa::path(post, path = "/api/candidate/pledge", tag = "candidate", security(("candidate" = [])), request_body = Accepted, responses(
    (status = 200, body = CandidateView), PledgeRefused))]
async fn pledge(
    State(app): State<App>,
    holder: Holder,
    Json(Accepted { version }): Json<Accepted>,
) -> Result<Json<SeatView>, Problem> {
    holder.command(&app, Action::Path(PathAction::AcceptPledge { version }), None).await
}

/// Opens the WebSocket of a face check for a candidate who may begin one.
pub async fn socket(
    State(app): State<App>,
    holder: Holder,
    headers: HeaderMap,
    upgrade: Upgrade,
) -> Result<Response, Problem> {
    app.origins.admit(&headers)?;
    if app.stop.is_stopping() {
        return Err(Problem::new(ErrorCode::Unavailable, "the server stops"));
    }
    app.faces.pool()?;
    let (interview, seat) = holder.place();
    app.writes.face_check(interview, seat, unix_time()).map_err(Problem::too_fast)?;
    may_begin(&app, holder).await?;
    let turn = app.faces.turn(interview, seat);
    let permit = app.sockets.clone().try_acquire_owned();
    let permit = permit.map_err(|_| Problem::new(ErrorCode::Unavailable, "too many connections"))?;
    let run = move |socket, opener: Opener| async move {
        opener.open();
        app.metrics.socket_opened();
        Talk { app: app.clone(), holder, socket, check: None, nonce: random::bytes(), turn, first: None }
            .run()
            .await;
        app.metrics.socket_closed(None);
        drop(permit);
    };
    Ok(upgrade.answer(FRAME_BYTES, run))
}

/// Is the person to turn the head? Refused where no face may be compared now.
async fn may_begin(app: &App, holder: Holder) -> Result<bool, Problem> {
    let (_, seat) = holder.place();
    let terms = app.faces.terms();
    let look = move |known: &Interview, _: &Presence| known.face_may_begin(seat, &terms);
    holder.visit(app, None, None, look).await?.map_err(refusal)
}

/// One connection.
struct Talk {
    app: App,
    holder: Holder,
    socket: Socket,
    check: Option<Check>,
    /// Of the frames that count now.
    nonce: [u8; NONCE],
    /// Nobody else checks the seat meanwhile.
    turn: Turn,
    /// The first frame of the check that looks ahead, for another comparer: all that follow show the same face.
    first: Option<Vec<u8>>,
}

/// A frame that was looked at.
struct Seen {
    nonce: [u8; NONCE],
    picture: Picture,
    analysis: Analysis,
}

impl Talk {
    async fn run(mut self) {
        let outcome = self.talk().await;
        if let Err(problem) = outcome {
            let code = problem.code.code();
            let _ = self.say(&FaceServerMessage::Error { code, detail: problem.detail }).await;
        }
        let _ = timeout(SLOW, self.socket.close(None)).await;
        drop(self.turn);
    }

    async fn say(&mut self, message: &FaceServerMessage) -> Result<(), Problem> {
        let text = serde_json::to_string(message)
            .map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
        let sent = timeout(SLOW, self.socket.send(Message::text(text))).await;
        match sent {
            Ok(Ok(())) => Ok(()),
            _ => Err(Problem::new(ErrorCode::RequestTimeout, "the page does not read")),
        }
    }

    async fn talk(&mut self) -> Result<(), Problem> {
        let frame_bytes = u32::try_from(FRAME_BYTES).unwrap_or(u32::MAX);
        let welcome = FaceServerMessage::Welcome {
            nonce: text::hex(&self.nonce),
            frames_a_second: FRAMES,
            frame_bytes,
            frame_width: FRAME_WIDTH,
        };
        self.say(&welcome).await?;
        let began = Instant::now();
        let mut rate = Rate::new(f64::from(FRAMES), f64::from(FRAMES), began);
        let mut hinted = None;
        let mut stop = self.app.stop.clone();
        loop {
            let deadline = self.check.as_ref().map_or(LOOKING, Check::deadline);
            let next = tokio::select! {
                biased;
                () = stop.stopped() => return Err(Problem::new(ErrorCode::Unavailable, "the server stops")),
                () = self.turn.taken_over() => return Ok(()),
                () = sleep_until(began + deadline) => {
                    let Some(check) = &mut self.check else {
                        return Err(Problem::new(ErrorCode::RequestTimeout, "nothing was begun for ten minutes"));
                    };
                    let progress = check.handle_timeout(began.elapsed());
                    if self.progress(progress, None).await?.is_break() {
                        return Ok(());
                    }
                    continue;
                }
                next = timeout(SILENCE, self.socket.next()) => next,
            };
            let frame = match next {
                Ok(Some(Ok(Message::Binary(frame)))) => frame,
                Ok(Some(Ok(Message::Text(text)))) => {
                    let message = serde_json::from_str::<FaceClientMessage>(&text);
                    let FaceClientMessage::Start {} =
                        message.map_err(|error| Problem::new(ErrorCode::Malformed, error.to_string()))?;
                    self.start(began.elapsed()).await?;
                    continue;
                }
                Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => continue,
                Err(_) => return Err(Problem::new(ErrorCode::RequestTimeout, "no frame came")),
                Ok(Some(Ok(Message::Close(_) | Message::Frame(_)) | Err(_)) | None) => return Ok(()),
            };
            // What is too much, and what belongs to a check before, is as if it had not come.
            let Some((nonce, jpeg)) = split(&frame).filter(|(nonce, _)| *nonce == self.nonce) else {
                continue;
            };
            if !rate.take(1.0, Instant::now()) {
                continue;
            }
            let Some(seen) = self.look(nonce, frame.slice_ref(jpeg)).await? else { continue };
            if let Some(check) = &mut self.check {
                let progress = check.handle_frame(seen.nonce, &seen.analysis, began.elapsed());
                self.keep_first(&seen)?;
                if self.progress(progress, Some(&seen)).await?.is_break() {
                    return Ok(());
                }
            } else {
                let hint = seen.analysis.hint(&self.app.faces.rules().limits).map(told);
                if hinted != Some(hint) {
                    hinted = Some(hint);
                    self.say(&FaceServerMessage::Hint { hint }).await?;
                }
            }
        }
    }

    /// Looks at a frame; nothing where it is no picture. Only frames of a check are compared.
    async fn look(&mut self, nonce: [u8; NONCE], jpeg: Bytes) -> Result<Option<Seen>, Problem> {
        let compares = self.check.is_some();
        let job = move |analyser: &viva_face::Analyser| {
            let Ok(picture) = Picture::decode(&jpeg) else { return Ok(None) };
            let analysis = if compares { analyser.analyse(&picture) } else { analyser.look(&picture) };
            analysis.map(|analysis| Some(Seen { nonce, picture, analysis })).map_err(|fault| failed(&fault))
        };
        let faces = self.app.faces.clone();
        let Ok(place) = faces.pool()?.submit(job) else { return Ok(None) };
        self.tell_queue(place.ahead()).await?;
        place.answer().await?
    }

    /// 请稍候，前面还有 n 位, where it is worth a word.
    async fn tell_queue(&mut self, ahead: u64) -> Result<(), Problem> {
        if ahead <= 3 {
            return Ok(());
        }
        self.say(&FaceServerMessage::Queue { ahead: u32::try_from(ahead).unwrap_or(u32::MAX) }).await
    }

    /// 开始校验: from now on it counts.
    async fn start(&mut self, now_here: Duration) -> Result<(), Problem> {
        if self.check.is_some() {
            return Ok(());
        }
        let turns = may_begin(&self.app, self.holder).await?;
        let (interview, seat) = self.holder.place();
        let photo = self.app.store.photo(interview.0, seat.0).await?;
        let photo = photo.ok_or_else(|| Problem::new(ErrorCode::FaceNotOffered, "there is no photo"))?;
        // One comparison a seat at a time, however many connections it opens: whoever is taken over waits for none.
        let faces = self.app.faces.clone();
        let reference = if faces.verifier().is_some() {
            None
        } else {
            self.tell_queue(faces.pool()?.waiting()).await?;
            tokio::select! {
                biased;
                () = self.turn.taken_over() => return Err(taken_over()),
                reference = faces.reference(photo) => Some(reference?),
            }
        };
        self.first = None;
        self.nonce = random::bytes();
        let side = if random::id() & 1 == 0 { Side::Left } else { Side::Right };
        let rules = self.app.faces.rules().clone();
        let (check, progress) = Check::begin(reference, self.nonce, turns.then_some(side), &rules, now_here);
        let left = check.deadline().saturating_sub(now_here);
        self.check = Some(check);
        let now = now();
        let until = Time(now.0.saturating_add(u64::try_from(left.as_millis()).unwrap_or(u64::MAX)));
        self.say(&FaceServerMessage::Check { nonce: text::hex(&self.nonce), until, now }).await?;
        self.progress(progress, None).await.map(drop)
    }

    /// Tells the page, and where it is over, first the record.
    async fn progress(
        &mut self,
        progress: Progress,
        seen: Option<&Seen>,
    ) -> Result<ControlFlow<()>, Problem> {
        let Progress { mut messages, end } = progress;
        if let Some(end) = end {
            let Judged { outcome, alike, problem } = self.judged(end, seen).await;
            self.record(outcome, alike, seen).await?;
            if let Some(problem) = problem {
                return Err(problem);
            }
            if let Some(FaceServerMessage::Result { outcome: told, .. }) = messages.last_mut() {
                *told = outcome;
            }
        }
        for message in &messages {
            self.say(message).await?;
        }
        Ok(if end.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }

    /// Keeps the first frame that looks ahead, where somebody else compares.
    fn keep_first(&mut self, seen: &Seen) -> Result<(), Problem> {
        let faces = &self.app.faces;
        let ahead = seen.analysis.hint(&faces.rules().limits).is_none();
        if faces.verifier().is_some() && self.first.is_none() && ahead {
            self.first = Some(jpeg(seen)?);
        }
        Ok(())
    }

    /// What comes of a check that has ended so; where somebody else compares, with what they say to photo and pictures.
    async fn judged(&mut self, end: (FaceOutcome, Option<f32>), seen: Option<&Seen>) -> Judged {
        let (first, store, (interview, seat)) = (self.first.take(), &self.app.store, self.holder.place());
        let asked = self.app.faces.verifier().map(|verifier| async move {
            let last = seen.map(jpeg).transpose()?;
            let pictures: Vec<_> = first.into_iter().chain(last).collect();
            let photo = store.photo(interview.0, seat.0).await?;
            let photo = photo.ok_or_else(|| Problem::new(ErrorCode::FaceNotOffered, "there is no photo"))?;
            verifier.ask(&photo, &pictures).await
        });
        // A page that has been taken over, and a server that stops, wait for no verdict.
        let mut stop = self.app.stop.clone();
        let turn = &mut self.turn;
        let over = async {
            tokio::select! {
                biased;
                () = stop.stopped() => Problem::new(ErrorCode::Unavailable, "the server stops"),
                () = turn.taken_over() => taken_over(),
            }
        };
        judge(end, asked, over).await
    }

    /// Keeps the picture and what came of it.
    async fn record(
        &mut self,
        outcome: FaceOutcome,
        alike: Option<f32>,
        seen: Option<&Seen>,
    ) -> Result<(), Problem> {
        let (interview, seat) = self.holder.place();
        let look = move |known: &Interview, _: &Presence| known.next_picture(seat);
        let number = self.holder.visit(&self.app, None, None, look).await?.ok_or_else(not_here)?;
        let (mut kept, mut print) = (None, None);
        if let Some(seen) = seen {
            print = self.app.faces.print(&seen.picture, seen.analysis.face).await;
            let picture = FacePicture { at: now().0, bytes: jpeg(seen)? };
            self.app.store.put_face_picture(interview.0, seat.0, number, &picture).await?;
            kept = Some(number);
        }
        let score = alike.map(score);
        let verifier = self.app.faces.compared_by();
        let trial = FaceTrial { outcome, score, verifier, picture: kept, print };
        let action = Action::Server(ServerAction::NoteFace { seat, terms: self.app.faces.terms(), trial });
        let command = Command { id: fresh_command(), by: Actor::System, action };
        let visit = Visit { command: Some(command), ..self.holder.entry() };
        self.app.sittings.visit(interview, visit, |_, _| ()).await
    }
}

fn jpeg(seen: &Seen) -> Result<Vec<u8>, Problem> {
    seen.picture.jpeg().map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))
}

fn taken_over() -> Problem {
    Problem::new(ErrorCode::FaceCheckElsewhere, "another page checks this candidate")
}

fn split(frame: &Bytes) -> Option<([u8; NONCE], &[u8])> {
    let (nonce, jpeg) = frame.split_first_chunk::<NONCE>()?;
    Some((*nonce, jpeg))
}
