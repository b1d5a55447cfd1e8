//! One WebSocket: reads a client's messages in their order, writes what the room tells it, ends with a reason.

use super::{
    App,
    unseated::Ticket,
    upgrade::{Opener, Socket},
};
use crate::{
    clock::unix_time,
    outbox::{Outbox, OutboxReader, Outgoing, outbox},
    problem::Problem,
    rate::Rate,
    room::{Device, Seated},
    sitting::{Asker, Entry, seat_command},
};
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use serde_json::Value;
use std::{net::IpAddr, ops::ControlFlow, pin::pin, time::Duration};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};
use viva_interview::{Action, InvalidText, SeatAction};
use viva_signaling::{
    message::{CloseReason, ErrorCode, ServerEnvelope, ServerMessage},
    session::{Limits, Session, Step},
    token::Claims,
};

/// How long the last message may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// Runs until the connection ends; the seat, if there is one, outlives it.
pub async fn run(app: App, socket: Socket, opener: Opener, address: IpAddr) {
    let (sink, mut stream) = socket.split();
    let (outbox, reader) = outbox(app.settings.outgoing_bytes);
    let mut connection = Connection::new(app.clone(), outbox.clone(), opener, address);
    let mut writer =
        Box::pin(write(sink, reader, app.settings.ping_interval.0, app.settings.write_timeout.0));
    let reason = tokio::select! {
        reason = connection.read(&mut stream) => match reason {
            Some(reason) => {
                outbox.close(reason);
                timeout(FAREWELL, writer).await.unwrap_or(Some(reason))
            }
            None => None,
        },
        reason = &mut writer => reason,
    };
    tracing::debug!(?reason, "a connection has ended");
    app.metrics.socket_closed(reason);
    Box::pin(connection.lost()).await;
    if reason.is_some() {
        // A socket that is closed with unread bytes is reset, and the reset may overtake the last message: what still
        // comes is read and forgotten until the peer has closed as well.
        let _ = timeout(FAREWELL, async { while let Some(Ok(_)) = stream.next().await {} }).await;
    }
}

/// The reading side.
struct Connection {
    app: App,
    outbox: Outbox,
    /// Where it comes from.
    address: IpAddr,
    session: Session,
    /// Of the WebSocket's own messages, which the session does not see.
    frames: Rate,
    began: Instant,
    seat: Option<Seated>,
    /// Among those without a seat, as long as it has none.
    ticket: Option<Ticket>,
    opener: Opener,
}

impl Connection {
    fn new(app: App, outbox: Outbox, opener: Opener, address: IpAddr) -> Self {
        let (rate, burst) = (app.settings.message_rate.into(), app.settings.message_burst.into());
        let limits = Limits { rate, burst, join: app.settings.join_timeout.0, ..Limits::default() };
        let began = Instant::now();
        let session = Session::new(limits, Duration::ZERO);
        let frames = Rate::new(rate, burst, began);
        let ticket = Some(app.unseated.enter(&outbox));
        Self { app, outbox, session, frames, began, seat: None, ticket, opener, address }
    }

    /// Reads until there is a reason to end, or the client has ended the connection.
    async fn read(&mut self, stream: &mut SplitStream<Socket>) -> Option<CloseReason> {
        let silence = self.app.settings.ping_interval.0 * 3;
        let mut stop = self.app.stop.clone();
        loop {
            let must_join = self.session.deadline().map(|deadline| self.began + deadline);
            let next = tokio::select! {
                biased;
                () = stop.stopped() => return Some(CloseReason::ServerStopping),
                () = sleep_until(must_join.unwrap_or(self.began)), if must_join.is_some() => return Some(CloseReason::Idle),
                next = timeout(silence, stream.next()) => next,
            };
            let step = match next {
                Ok(Some(Ok(Message::Text(text)))) => self.text(&text),
                Ok(Some(Ok(Message::Binary(_)))) => self.session.handle_binary(),
                Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => {
                    if self.frames.take(1.0, Instant::now()) {
                        continue;
                    }
                    return Some(CloseReason::Abuse);
                }
                Ok(Some(Ok(Message::Close(_) | Message::Frame(_))) | None) | Err(_) => {
                    return None;
                }
                Ok(Some(Err(error))) => {
                    tracing::debug!(%error, "a WebSocket failed");
                    return Some(CloseReason::Abuse);
                }
            };
            // On the heap while it lasts: a connection that waits, as nearly all do, shall not keep room for it.
            if let ControlFlow::Break(reason) = Box::pin(self.take(step)).await {
                return Some(reason);
            }
        }
    }

    fn text(&mut self, text: &str) -> Step {
        let limit = self.app.settings.message_bytes;
        if text.len() > limit {
            let detail = format!("a message has at most {limit} bytes");
            let message = ServerMessage::Error { code: ErrorCode::TooLarge, detail, retry_after: None };
            return Step::Close { error: ServerEnvelope { re: None, message }, reason: CloseReason::Abuse };
        }
        self.session.handle_text(text, self.began.elapsed())
    }

    async fn take(&mut self, step: Step) -> ControlFlow<CloseReason> {
        match step {
            Step::Answer(envelope) => self.outbox.answer(envelope.re, envelope.message),
            Step::Join { id, token } => self.join(id, &token).await,
            Step::Resume { id, session, media } => {
                let counted = self.counted().and_then(|()| {
                    let taken = self.app.writes.resume(self.address, &session, unix_time());
                    taken.map_err(Problem::too_fast)
                });
                let seat = match counted {
                    Ok(()) => self.app.rooms.resume(&session, media, self.outbox.clone(), id).await,
                    Err(problem) => Err(problem),
                };
                if let Ok(seat) = &seat {
                    self.app.sittings.back(seat, &self.outbox).await;
                }
                self.seated(id, seat);
            }
            Step::Room(envelope) => {
                if let Some(seat) = &self.seat
                    && !seat.room.say(seat.participant, seat.connection, envelope).await
                {
                    return ControlFlow::Break(CloseReason::RoomClosed);
                }
            }
            Step::Act { id, command, action } => {
                if let Err(problem) = self.seat_act(id, command, action).await {
                    refuse(&self.outbox, id, problem);
                }
            }
            Step::History { id, before } => match self.history(before).await {
                Ok(part) => self.outbox.answer(id, part),
                Err(problem) => refuse(&self.outbox, id, problem),
            },
            Step::Close { error, reason } => {
                self.outbox.answer(error.re, error.message);
                return ControlFlow::Break(reason);
            }
        }
        ControlFlow::Continue(())
    }

    async fn join(&mut self, re: Option<u32>, token: &str) {
        let seat = match self.claims(token) {
            Ok(claims) if claims.seat.is_some() => self.enter(claims, re).await,
            Ok(claims) => self.app.rooms.join(claims, None, self.outbox.clone(), re).await,
            Err(problem) => Err(problem),
        };
        self.seated(re, seat);
    }

    /// What a token says, if it opens something and its seat is not taken all the time.
    fn claims(&self, token: &str) -> Result<Claims, Problem> {
        self.counted()?;
        let claims = self.app.tokens.verify(token).map_err(|code| {
            self.app.metrics.token_refused();
            Problem::new(code, "this token opens no room")
        })?;
        let joined = self.app.writes.join(&claims.room, &claims.identity, unix_time());
        joined.map_err(Problem::too_fast).map(|()| claims)
    }

    /// Somebody behind this address changes something.
    fn counted(&self) -> Result<(), Problem> {
        self.app.writes.by_address(self.address, unix_time()).map_err(Problem::too_fast)
    }

    /// Takes a seat in an interview, as far as the interview lets it in.
    async fn enter(&self, claims: Claims, re: Option<u32>) -> Result<Seated, Problem> {
        let seat = claims.seat.as_deref().and_then(|seat| seat.parse().ok());
        let (Ok(interview), Some(seat)) = (claims.room.parse(), seat) else {
            return Err(ErrorCode::Unauthorized.into());
        };
        let device = Device::of(claims.second_camera);
        let entry = || Entry { seat, device, claims: claims.clone(), outbox: self.outbox.clone(), re };
        self.app.sittings.enter(interview, entry).await
    }

    /// What the seat does in its interview: stored and answered when this returns, but for an error.
    async fn seat_act(&self, re: Option<u32>, command: String, action: Value) -> Result<(), Problem> {
        let place = self.seat.as_ref().and_then(|seat| seat.place);
        let place =
            place.ok_or_else(|| Problem::new(ErrorCode::NotFound, "this room belongs to no interview"))?;
        if place.device != Device::Page {
            return Err(Problem::new(ErrorCode::Forbidden, "a second camera shows, and does nothing else"));
        }
        self.counted()?;
        let seat = self.app.writes.by_seat(place.interview, place.seat, unix_time());
        seat.map_err(Problem::too_fast)?;
        let malformed =
            |error: String| Problem::new(ErrorCode::Malformed, error.chars().take(200).collect::<String>());
        let action: SeatAction =
            serde_json::from_value(action).map_err(|error| malformed(error.to_string()))?;
        let id = command.parse().map_err(|error: InvalidText| malformed(error.to_string()))?;
        let command = seat_command(id, place.seat, Action::Seat(action));
        let asker = Asker { outbox: self.outbox.clone(), re };
        self.app.sittings.act(place.interview, command, asker).await
    }

    /// Lines of chat from before those that the client has.
    async fn history(&self, before: String) -> Result<ServerMessage, Problem> {
        let place =
            self.seat.as_ref().and_then(|seat| seat.place).filter(|place| place.device == Device::Page);
        let place = place.ok_or_else(|| Problem::new(ErrorCode::NotFound, "there is no chat here"))?;
        let part = self.app.sittings.earlier_chat(place.interview, place.seat, before).await?;
        let lines = part.lines.iter().filter_map(|line| serde_json::to_value(line).ok()).collect();
        Ok(ServerMessage::Chat { lines, before: part.before })
    }

    fn seated(&mut self, re: Option<u32>, seat: Result<Seated, Problem>) {
        match seat {
            Ok(seat) => {
                self.seat = Some(seat);
                self.session.joined();
                self.ticket = None;
                self.opener.open();
            }
            Err(problem) => {
                refuse(&self.outbox, re, problem);
                self.session.refused();
            }
        }
    }

    /// Tells the room that this connection is no more.
    async fn lost(self) {
        if let Some(seated) = self.seat {
            seated.room.lost(seated.participant, seated.connection).await;
            self.app.sittings.lost(&seated).await;
        }
    }
}

/// Answers with what was refused, and with the time after which it may be tried again.
fn refuse(outbox: &Outbox, re: Option<u32>, problem: Problem) {
    let Problem { code, detail, retry_after, .. } = problem;
    let seconds = retry_after.map(|wait| wait.as_millis().div_ceil(1000));
    let retry_after = seconds.map(|seconds| seconds.try_into().unwrap_or(u32::MAX));
    outbox.answer(re, ServerMessage::Error { code, detail, retry_after });
}

/// Writes until the last message, a cut, or a failure. Gives the reason that came through the queue.
async fn write(
    mut sink: SplitSink<Socket, Message>,
    mut reader: OutboxReader,
    ping: Duration,
    patience: Duration,
) -> Option<CloseReason> {
    let mut ping = interval(ping);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut cut = reader.cut.clone();
    let cut = async move {
        let cut = cut.wait_for(Option::is_some).await;
        cut.ok().and_then(|reason| *reason)
    };
    let mut cut = pin!(cut);
    loop {
        let outgoing = tokio::select! {
            biased;
            reason = &mut cut => return farewell(&mut sink, reason?).await,
            outgoing = reader.next() => outgoing,
            _ = ping.tick() => {
                sink.send(Message::Ping(bytes::Bytes::new())).await.ok()?;
                continue;
            }
        };
        let text = match outgoing {
            Outgoing::Text(text) => text,
            Outgoing::Close(reason) => return farewell(&mut sink, reason).await,
        };
        tokio::select! {
            biased;
            reason = &mut cut => return farewell(&mut sink, reason?).await,
            sent = timeout(patience, sink.send(Message::Text(text))) => match sent {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return None,
                Err(_) => return farewell(&mut sink, CloseReason::TooSlow).await,
            },
        }
    }
}

/// The last message and the closing handshake, as far as the peer takes them.
async fn farewell(sink: &mut SplitSink<Socket, Message>, reason: CloseReason) -> Option<CloseReason> {
    let message = ServerMessage::Closed { reason };
    let envelope = ServerEnvelope { re: None, message };
    let text = serde_json::to_string(&envelope).ok()?;
    let code = match reason {
        CloseReason::Left | CloseReason::RoomClosed => CloseCode::Normal,
        CloseReason::ServerStopping => CloseCode::Away,
        CloseReason::Replaced | CloseReason::Removed => CloseCode::Normal,
        CloseReason::Abuse | CloseReason::TooSlow | CloseReason::Idle => CloseCode::Policy,
    };
    let last = async {
        sink.send(Message::text(text)).await.ok()?;
        sink.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await.ok()
    };
    let _ = timeout(FAREWELL, last).await;
    Some(reason)
}
