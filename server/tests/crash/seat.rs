//! The WebSocket of a seat, as its page opens it; `None` is a lost connection everywhere.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Map, Value, json};
use std::time::Duration;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};
use viva_signaling::message::{ServerMessage, VERSION};

/// Nothing on one machine takes so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection that has its seat.
pub struct Seat {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_id: u32,
    /// What it knows of the interview, and as `messages` the lines of its chat.
    pub view: Value,
    known: Map<String, Value>,
    lines: Vec<Value>,
    /// It was told of its chat, though there may be no line.
    reads: bool,
    /// What it might come back with, had the server not died.
    pub session: String,
}

impl Seat {
    /// Comes back with the session of before, which died with the server, and takes the seat with the token.
    pub async fn take(base: &str, token: &str, session: Option<&str>) -> Option<Self> {
        let (socket, _) = connect_async(format!("{}/ws", base.replacen("http", "ws", 1))).await.ok()?;
        let (view, known, lines) = Default::default();
        let mut seat = Self { socket, next_id: 0, view, known, lines, reads: false, session: String::new() };
        seat.ask(json!({ "type": "hello", "version": VERSION, "client": "crash" })).await?;
        if let Some(session) = session {
            let answer = seat.ask(json!({ "type": "resume", "session": session, "media": false })).await?;
            assert_eq!(answer["code"], "session_gone", "{answer}");
        }
        let joined = seat.ask(json!({ "type": "join", "token": token })).await?;
        assert_eq!(joined["type"], "joined", "the token opens the seat: {joined}");
        seat.session = joined["session"].as_str().unwrap().to_owned();
        while seat.view.is_null() || !seat.reads {
            seat.next().await?;
        }
        Some(seat)
    }

    /// Sends `act`; the error's code when it is refused.
    pub async fn act(&mut self, command: &str, action: &Value) -> Option<Result<(), String>> {
        let answer = self.ask(json!({ "type": "act", "command": command, "action": action })).await?;
        match answer["type"].as_str() {
            Some("done") => Some(Ok(())),
            _ => Some(Err(answer["code"].as_str().unwrap().to_owned())),
        }
    }

    /// Listens until the view is so.
    pub async fn until(&mut self, is: impl Fn(&Value) -> bool) -> Option<()> {
        while !is(&self.view) {
            self.next().await?;
        }
        Some(())
    }

    /// Listens for a while.
    pub async fn listen(&mut self, time: Duration) -> Option<()> {
        let until = Instant::now() + time;
        loop {
            match timeout_at(until, self.next()).await {
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(_) => return Some(()),
            }
        }
    }

    async fn ask(&mut self, mut message: Value) -> Option<Value> {
        self.next_id += 1;
        message["id"] = json!(self.next_id);
        self.socket.send(Message::text(message.to_string())).await.ok()?;
        loop {
            let message = self.next().await?;
            if message["re"] == self.next_id {
                return Some(message);
            }
        }
    }

    async fn next(&mut self) -> Option<Value> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("a message in time")? {
                Ok(Message::Text(text)) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    assert_ne!(message["type"], "closed", "{message}");
                    if let Ok(told) = serde_json::from_str::<ServerMessage>(&text)
                        && told.take_into(&mut self.known)
                    {
                        self.view = Value::Object(self.known.clone());
                    }
                    if message["type"] == "chat" {
                        self.reads = true;
                        self.lines.extend(message["lines"].as_array().unwrap().iter().cloned());
                    }
                    if self.view.is_object() {
                        self.view["messages"] = Value::Array(self.lines.clone());
                    }
                    return Some(message);
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }
}
