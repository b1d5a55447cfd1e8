//! One session with Janus by WebSocket: asks and gets answers, and hears of connections.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    net::TcpStream,
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

/// How long an answer may take, under the heaviest load.
const PATIENCE: Duration = Duration::from_secs(30);

/// What somebody waits for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Awaited {
    /// The answer to a transaction.
    Answer(String),
    /// The connection of a handle.
    Connection(u64),
}

type Waiting = Arc<Mutex<HashMap<Awaited, oneshot::Sender<Value>>>>;

pub struct Socket {
    out: mpsc::UnboundedSender<Message>,
    waiting: Waiting,
    session: u64,
    task: JoinHandle<()>,
    next: u32,
}

/// What a plugin answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// Its own words.
    pub data: Value,
    /// The session description that came with them.
    pub sdp: Option<String>,
}

impl Socket {
    /// Connects and begins a session.
    ///
    /// # Errors
    /// Where one of them is refused.
    pub async fn open(address: &str) -> Result<Self, String> {
        let request = format!("ws://{address}/").into_client_request();
        let mut request = request.map_err(|error| error.to_string())?;
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("janus-protocol"));
        let (stream, _) = connect_async(request).await.map_err(|error| error.to_string())?;
        let (out, outgoing) = mpsc::unbounded_channel();
        let waiting = Waiting::default();
        let task = tokio::spawn(carry(stream, outgoing, Arc::clone(&waiting)));
        let mut socket = Self { out, waiting, session: 0, task, next: 1 };
        let created = socket.say(json!({ "janus": "create" })).await?;
        socket.session = number(&created)?;
        Ok(socket)
    }

    /// Attaches to the videoroom; says the handle's number.
    ///
    /// # Errors
    /// With Janus' own words, or when none come.
    pub async fn attach(&mut self) -> Result<u64, String> {
        let body = json!({ "janus": "attach", "plugin": "janus.plugin.videoroom" });
        number(&self.ask(body).await?)
    }

    /// Lets a handle go, with its connection.
    ///
    /// # Errors
    /// With Janus' own words, or when none come.
    pub async fn detach(&mut self, handle: u64) -> Result<(), String> {
        self.ask(json!({ "janus": "detach", "handle_id": handle })).await.map(drop)
    }

    /// Ends the session, with all handles.
    ///
    /// # Errors
    /// With Janus' own words, or when none come.
    pub async fn destroy(&mut self) -> Result<(), String> {
        self.ask(json!({ "janus": "destroy" })).await.map(drop)
    }

    /// What Janus says of itself.
    ///
    /// # Errors
    /// With Janus' own words, or when none come.
    pub async fn info(&mut self) -> Result<Value, String> {
        self.say(json!({ "janus": "info" })).await
    }

    /// Says something to the videoroom and waits for the answer.
    ///
    /// # Errors
    /// With Janus' own words, or when none come.
    pub async fn message(&mut self, handle: u64, body: Value, jsep: Option<Value>) -> Result<Reply, String> {
        let mut request = json!({ "janus": "message", "handle_id": handle, "body": body });
        if let Some(jsep) = jsep {
            request["jsep"] = jsep;
        }
        reply(self.ask(request).await?)
    }

    /// Completes when the connection of a handle stands.
    pub fn connection(&self, handle: u64) -> Connection {
        let (stands, answer) = oneshot::channel();
        lock(&self.waiting).insert(Awaited::Connection(handle), stands);
        Connection(answer)
    }

    /// Ends the connection without a word.
    pub fn close(&self) {
        self.task.abort();
    }

    /// Says something within the session.
    async fn ask(&mut self, mut request: Value) -> Result<Value, String> {
        request["session_id"] = self.session.into();
        self.say(request).await
    }

    async fn say(&mut self, mut request: Value) -> Result<Value, String> {
        let transaction = self.next.to_string();
        self.next += 1;
        request["transaction"] = transaction.as_str().into();
        let (reply, answer) = oneshot::channel();
        lock(&self.waiting).insert(Awaited::Answer(transaction), reply);
        self.out.send(Message::text(request.to_string())).map_err(|_| "the WebSocket is closed")?;
        let answer = timeout(PATIENCE, answer).await.map_err(|_| "no answer from Janus in time")?;
        refused(answer.map_err(|_| "the WebSocket closed before the answer")?)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.close();
    }
}

/// A connection that is being made.
pub struct Connection(oneshot::Receiver<Value>);

impl Connection {
    /// Waits for it.
    ///
    /// # Errors
    /// Where it is not made in time.
    pub async fn stands(self) -> Result<(), String> {
        let stands = timeout(PATIENCE, self.0).await.map_err(|_| "Janus made no connection in time")?;
        stands.map(drop).map_err(|_| "the WebSocket closed before the connection stood".to_owned())
    }
}

async fn carry(
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    mut outgoing: mpsc::UnboundedReceiver<Message>,
    waiting: Waiting,
) {
    let (mut sink, mut source) = stream.split();
    loop {
        tokio::select! {
            message = outgoing.recv() => match message {
                Some(message) => if sink.send(message).await.is_err() { return lock(&waiting).clear() },
                None => return,
            },
            message = source.next() => match message {
                Some(Ok(Message::Text(text))) => take(&text, &waiting),
                Some(Ok(_)) => {}
                _ => return lock(&waiting).clear(),
            },
        }
    }
}

fn take(text: &str, waiting: &Waiting) {
    let Ok(message) = serde_json::from_str::<Value>(text) else {
        tracing::warn!(text, "a message that cannot be read");
        return;
    };
    let awaited = match message["janus"].as_str() {
        Some("webrtcup") => message["sender"].as_u64().map(Awaited::Connection),
        // The answer comes later, as an event of the same transaction.
        Some("ack") => None,
        _ => message["transaction"].as_str().map(|transaction| Awaited::Answer(transaction.to_owned())),
    };
    if let Some(asker) = awaited.and_then(|awaited| lock(waiting).remove(&awaited)) {
        // Who asked may have given up.
        let _ = asker.send(message);
    }
}

/// Janus, or its plugin, may refuse.
fn refused(message: Value) -> Result<Value, String> {
    let (core, plugin) = (&message["error"], &message["plugindata"]["data"]);
    let reasons = [(&core["code"], &core["reason"]), (&plugin["error_code"], &plugin["error"])];
    let refused = reasons.into_iter().find_map(|(code, reason)| Some((code.as_i64()?, reason.as_str()?)));
    match refused {
        Some((code, reason)) => Err(format!("Janus says {code}: {reason}")),
        None => Ok(message),
    }
}

fn reply(mut message: Value) -> Result<Reply, String> {
    let sdp = message["jsep"]["sdp"].as_str().map(str::to_owned);
    match message["plugindata"]["data"].take() {
        Value::Null => Err(format!("Janus answered {message}")),
        data => Ok(Reply { data, sdp }),
    }
}

/// The number of a new session or handle.
fn number(message: &Value) -> Result<u64, String> {
    message["data"]["id"].as_u64().ok_or_else(|| format!("Janus answered {message}, and named nothing"))
}

fn lock(waiting: &Waiting) -> MutexGuard<'_, HashMap<Awaited, oneshot::Sender<Value>>> {
    // Every holder only puts in or takes out.
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_and_the_plugin_refuse_in_ways_of_their_own() {
        let core = json!({ "janus": "error", "error": { "code": 458, "reason": "No such session" } });
        assert_eq!(refused(core), Err("Janus says 458: No such session".to_owned()));
        let data = json!({ "videoroom": "event", "error_code": 428, "error": "No such feed" });
        let plugin = json!({ "janus": "event", "plugindata": { "data": data } });
        assert_eq!(refused(plugin), Err("Janus says 428: No such feed".to_owned()));
        assert!(refused(json!({ "janus": "success", "data": { "id": 5 } })).is_ok());
    }

    #[test]
    fn an_event_answers_what_an_ack_only_acknowledged() {
        let waiting = Waiting::default();
        let (asker, mut answer) = oneshot::channel();
        lock(&waiting).insert(Awaited::Answer("7".to_owned()), asker);
        take(r#"{"janus":"ack","transaction":"7"}"#, &waiting);
        assert!(answer.try_recv().is_err());
        take(
            r#"{"janus":"event","transaction":"7","plugindata":{"data":{"a":1}},"jsep":{"type":"offer","sdp":"v=0"}}"#,
            &waiting,
        );
        let reply = reply(answer.try_recv().expect("an answer")).expect("a plugin's answer");
        assert_eq!((reply.data, reply.sdp.as_deref()), (json!({ "a": 1 }), Some("v=0")));
    }

    #[test]
    fn a_connection_is_told_by_its_handle() {
        let waiting = Waiting::default();
        let (asker, mut answer) = oneshot::channel();
        lock(&waiting).insert(Awaited::Connection(9), asker);
        take(r#"{"janus":"webrtcup","session_id":1,"sender":8}"#, &waiting);
        assert!(answer.try_recv().is_err());
        take(r#"{"janus":"webrtcup","session_id":1,"sender":9}"#, &waiting);
        assert!(answer.try_recv().is_ok());
    }
}
