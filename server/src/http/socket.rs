//! One WebSocket: reads a client's messages in their order, writes what the room tells it, ends with a reason.

use super::App;
use crate::{
    outbox::{Outbox, OutboxReader, Outgoing, outbox},
    rate::Rate,
    room::Seated,
};
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use std::{ops::ControlFlow, pin::pin, time::Duration};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use viva_signaling::message::{
    ClientEnvelope, ClientMessage, CloseReason, ErrorCode, ServerMessage, VERSION,
};

/// How long the last message may take.
const FAREWELL: Duration = Duration::from_secs(1);
/// Messages of a wrong form after which a client is no client of ours.
const MALFORMED_LIMIT: u32 = 10;
/// Bytes of a message that cost as much as one more message.
const BYTES_A_TOKEN: f64 = 4096.0;

/// Runs until the connection ends; the seat, if there is one, outlives it.
pub async fn run(app: App, socket: WebSocket) {
    let (sink, stream) = socket.split();
    let (outbox, reader) = outbox(app.settings.outgoing_queue);
    let mut connection = Connection::new(app.clone(), outbox.clone());
    let mut writer =
        Box::pin(write(sink, reader, app.settings.ping_interval.0, app.settings.write_timeout.0));
    let reason = tokio::select! {
        reason = connection.read(stream) => Some(reason),
        reason = &mut writer => reason,
    };
    let ended_by_peer = connection.ended_by_peer;
    if let (Some(reason), false) = (reason, ended_by_peer) {
        outbox.close(reason);
        let _ = timeout(FAREWELL, writer).await;
    }
    let reason = reason.filter(|_| !ended_by_peer);
    tracing::debug!(?reason, "a connection has ended");
    app.metrics.socket_closed(reason);
    connection.lost().await;
}

/// The reading side.
struct Connection {
    app: App,
    outbox: Outbox,
    rate: Rate,
    malformed: u32,
    greeted: bool,
    seat: Option<Seated>,
    ended_by_peer: bool,
}

impl Connection {
    fn new(app: App, outbox: Outbox) -> Self {
        let (rate, burst) = (app.settings.message_rate.into(), app.settings.message_burst.into());
        let rate = Rate::new(rate, burst, Instant::now());
        Self { app, outbox, rate, malformed: 0, greeted: false, seat: None, ended_by_peer: false }
    }

    /// Reads until there is a reason to end.
    async fn read(&mut self, mut stream: SplitStream<WebSocket>) -> CloseReason {
        let must_join = Instant::now() + self.app.settings.join_timeout.0;
        let silence = self.app.settings.ping_interval.0 * 3;
        let mut stop = self.app.stop.clone();
        loop {
            let next = tokio::select! {
                biased;
                () = stop.stopped() => return CloseReason::ServerStopping,
                () = sleep_until(must_join), if self.seat.is_none() => return CloseReason::Idle,
                next = timeout(silence, stream.next()) => next,
            };
            let text = match next {
                Ok(Some(Ok(Message::Text(text)))) => Some(text),
                Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => None,
                Ok(Some(Ok(Message::Binary(_)))) => {
                    self.outbox.error(None, ErrorCode::Malformed, "binary messages have no meaning here");
                    return CloseReason::Abuse;
                }
                Ok(Some(Ok(Message::Close(_))) | None) | Err(_) => {
                    self.ended_by_peer = true;
                    return CloseReason::Left;
                }
                Ok(Some(Err(error))) => {
                    tracing::debug!(%error, "a WebSocket failed");
                    return CloseReason::Abuse;
                }
            };
            if let ControlFlow::Break(reason) = self.text(text.as_ref().map(|text| text.as_str())).await {
                return reason;
            }
        }
    }

    /// Weighs a message (`None`: one of the WebSocket's own) and acts on it.
    async fn text(&mut self, text: Option<&str>) -> ControlFlow<CloseReason> {
        let length = text.map_or(0, str::len);
        if !self.rate.take(1.0 + length as f64 / BYTES_A_TOKEN, Instant::now()) {
            self.outbox.error(None, ErrorCode::RateLimited, "messages come faster than the limit");
            return ControlFlow::Break(CloseReason::Abuse);
        }
        let Some(text) = text else { return ControlFlow::Continue(()) };
        if length > self.app.settings.message_bytes {
            let limit = self.app.settings.message_bytes;
            self.outbox.error(None, ErrorCode::TooLarge, format!("a message has at most {limit} bytes"));
            return ControlFlow::Break(CloseReason::Abuse);
        }
        match serde_json::from_str::<ClientEnvelope>(text) {
            Ok(envelope) => self.message(envelope).await,
            Err(error) => {
                self.malformed += 1;
                self.outbox.error(None, ErrorCode::Malformed, error.to_string());
                if self.malformed >= MALFORMED_LIMIT {
                    return ControlFlow::Break(CloseReason::Abuse);
                }
                ControlFlow::Continue(())
            }
        }
    }

    async fn message(
        &mut self,
        ClientEnvelope { id: re, message }: ClientEnvelope,
    ) -> ControlFlow<CloseReason> {
        match (message, &self.seat) {
            (ClientMessage::Hello { version, client }, _) => self.hello(re, version, &client),
            (ClientMessage::Ping {}, _) => self.outbox.answer(re, ServerMessage::Pong {}),
            _ if !self.greeted => self.outbox.error(re, ErrorCode::NotJoined, "`hello` comes first"),
            (ClientMessage::Join { .. } | ClientMessage::Resume { .. }, Some(_)) => {
                self.outbox.error(re, ErrorCode::AlreadyJoined, "this connection has its seat");
            }
            (ClientMessage::Join { token }, None) => self.join(re, &token).await,
            (ClientMessage::Resume { session, media }, None) => self.resume(re, &session, media).await,
            (_, None) => self.outbox.error(re, ErrorCode::NotJoined, "`join` or `resume` comes first"),
            (message, Some(seat)) => {
                let envelope = ClientEnvelope { id: re, message };
                if !seat.room.say(seat.participant, seat.connection, envelope).await {
                    return ControlFlow::Break(CloseReason::RoomClosed);
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn hello(&mut self, re: Option<u32>, version: u32, client: &str) {
        if version != VERSION {
            let detail = format!("this server speaks version {VERSION}");
            return self.outbox.error(re, ErrorCode::UnsupportedVersion, detail);
        }
        self.greeted = true;
        tracing::debug!(client = %client.chars().take(200).collect::<String>(), "hello");
        let server = concat!("viva/", env!("CARGO_PKG_VERSION")).to_owned();
        self.outbox.answer(re, ServerMessage::Welcome { version: VERSION, server });
    }

    async fn join(&mut self, re: Option<u32>, token: &str) {
        let claims = match self.app.tokens.verify(token) {
            Ok(claims) => claims,
            Err(code) => {
                self.app.metrics.token_refused();
                return self.outbox.error(re, code, "this token opens no room");
            }
        };
        match self.app.rooms.join(claims, self.outbox.clone(), re).await {
            Ok(seat) => self.seat = Some(seat),
            Err(problem) => self.outbox.error(re, problem.code, problem.detail),
        }
    }

    async fn resume(&mut self, re: Option<u32>, session: &str, media: bool) {
        match self.app.rooms.resume(session, media, self.outbox.clone(), re).await {
            Ok(seat) => self.seat = Some(seat),
            Err(problem) => self.outbox.error(re, problem.code, problem.detail),
        }
    }

    /// Tells the room that this connection is no more.
    async fn lost(self) {
        if let Some(Seated { room, participant, connection }) = self.seat {
            room.lost(participant, connection).await;
        }
    }
}

/// Writes until the queue's end, a cut, or a failure. Gives the reason that came through the queue.
async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    mut reader: OutboxReader,
    ping: Duration,
    patience: Duration,
) -> Option<CloseReason> {
    let mut ping = interval(ping);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let cut = async {
        let cut = reader.cut.wait_for(Option::is_some).await;
        cut.ok().and_then(|reason| *reason)
    };
    let mut cut = pin!(cut);
    loop {
        let outgoing = tokio::select! {
            biased;
            reason = &mut cut => return farewell(&mut sink, reason?).await,
            outgoing = reader.queue.recv() => outgoing?,
            _ = ping.tick() => {
                sink.send(Message::Ping(bytes::Bytes::new())).await.ok()?;
                continue;
            }
        };
        let envelope = match outgoing {
            Outgoing::Message(envelope) => envelope,
            Outgoing::Close(reason) => return farewell(&mut sink, reason).await,
        };
        let text = serde_json::to_string(&envelope).ok()?;
        tokio::select! {
            biased;
            reason = &mut cut => return farewell(&mut sink, reason?).await,
            sent = timeout(patience, sink.send(Message::text(text))) => match sent {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return None,
                Err(_) => return farewell(&mut sink, CloseReason::TooSlow).await,
            },
        }
    }
}

/// The last message and the closing handshake, as far as the peer takes them.
async fn farewell(sink: &mut SplitSink<WebSocket, Message>, reason: CloseReason) -> Option<CloseReason> {
    let message = ServerMessage::Closed { reason };
    let envelope = viva_signaling::message::ServerEnvelope { re: None, message };
    let text = serde_json::to_string(&envelope).ok()?;
    let code = match reason {
        CloseReason::Left | CloseReason::RoomClosed => close_code::NORMAL,
        CloseReason::ServerStopping => close_code::AWAY,
        CloseReason::Replaced | CloseReason::Removed => close_code::NORMAL,
        CloseReason::Abuse | CloseReason::TooSlow | CloseReason::Idle => close_code::POLICY,
    };
    let last = async {
        sink.send(Message::text(text)).await.ok()?;
        sink.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await.ok()
    };
    let _ = timeout(FAREWELL, last).await;
    Some(reason)
}
