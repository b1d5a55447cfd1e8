//! A client's WebSocket: asks and gets answers, and takes the news.

use super::detour::{Stream, encrypted};
use crate::{load::ClientId, peer::Stage};
use futures_util::{SinkExt as _, StreamExt as _};
use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};
use tokio::{
    net::TcpStream,
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};
use viva_signaling::message::{
    ClientEnvelope, ClientMessage, IceServer, PublicationState, ServerEnvelope, ServerMessage, VERSION,
};

/// How long an answer may take, under the heaviest load.
const PATIENCE: Duration = Duration::from_secs(30);

type Waiting = Arc<Mutex<HashMap<u32, oneshot::Sender<ServerMessage>>>>;

pub struct Socket {
    /// What others sent when it joined.
    pub publications: Vec<PublicationState>,
    /// What it was told of TURN.
    pub ice_servers: Vec<IceServer>,
    out: mpsc::UnboundedSender<Message>,
    waiting: Waiting,
    client: Arc<OnceLock<ClientId>>,
    task: JoinHandle<()>,
    next_id: u32,
}

impl Socket {
    /// Connects, says hello, joins.
    ///
    /// # Errors
    /// Where one of them is refused.
    pub async fn open(base: &str, stage: Stage, token: String) -> Result<Self, String> {
        let stream = connect(base).await?;
        let (mut sink, mut source) = stream.split();
        let (out, mut outgoing) = mpsc::unbounded_channel::<Message>();
        let (waiting, client) = (Waiting::default(), Arc::new(OnceLock::new()));
        let (answers, owner) = (Arc::clone(&waiting), Arc::clone(&client));
        let task = tokio::spawn(async move {
            loop {
                tokio::select! {
                    message = outgoing.recv() => match message {
                        Some(message) => if sink.send(message).await.is_err() { return },
                        None => return,
                    },
                    message = source.next() => match message {
                        Some(Ok(Message::Text(text))) => take(&text, &answers, &owner, &stage),
                        Some(Ok(_)) => {}
                        _ => return lock(&answers).clear(),
                    },
                }
            }
        });
        let mut socket = Self {
            publications: Vec::new(),
            ice_servers: Vec::new(),
            out,
            waiting,
            client,
            task,
            next_id: 1,
        };
        let hello = ClientMessage::Hello { version: VERSION, client: "viva-bench".to_owned() };
        socket.ask(hello).await?;
        let joined = socket.ask(ClientMessage::Join { token }).await?;
        if let ServerMessage::Joined { publications, ice_servers, .. } = joined {
            (socket.publications, socket.ice_servers) = (publications, ice_servers);
        }
        Ok(socket)
    }

    /// News about wanted encodings are for this client.
    pub fn belongs_to(&self, client: ClientId) {
        // It is said once.
        let _ = self.client.set(client);
    }

    /// Says something and waits for the answer.
    ///
    /// # Errors
    /// With the server's own words, or when none come.
    pub async fn ask(&mut self, message: ClientMessage) -> Result<ServerMessage, String> {
        let id = self.next_id;
        self.next_id += 1;
        let (reply, answer) = oneshot::channel();
        lock(&self.waiting).insert(id, reply);
        let text = serde_json::to_string(&ClientEnvelope { id: Some(id), message });
        let text = text.map_err(|error| error.to_string())?;
        self.out.send(Message::text(text)).map_err(|_| "the WebSocket is closed")?;
        let answer = timeout(PATIENCE, answer).await.map_err(|_| "no answer by WebSocket in time")?;
        match answer.map_err(|_| "the WebSocket closed before the answer")? {
            ServerMessage::Error { code, detail, .. } => Err(format!("{code:?}: {detail:?}")),
            other => Ok(other),
        }
    }

    /// Ends the connection without a word.
    pub fn close(&self) {
        self.task.abort();
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.close();
    }
}

/// Opens the WebSocket of the server at this base: over TLS where that says so.
async fn connect(base: &str) -> Result<WebSocketStream<Box<dyn Stream>>, String> {
    let (scheme, address) = base.split_once("://").unwrap_or(("http", base));
    let at: SocketAddr = address.parse().map_err(|_| "the server has no address")?;
    let stream: io::Result<Box<dyn Stream>> = if scheme == "https" {
        encrypted(at).await.map(|stream| Box::new(stream) as Box<dyn Stream>)
    } else {
        TcpStream::connect(at).await.map(|stream| Box::new(stream) as Box<dyn Stream>)
    };
    let stream = stream.map_err(|error| error.to_string())?;
    let url = format!("{}://{address}/ws", if scheme == "https" { "wss" } else { "ws" });
    client_async(url, stream).await.map(|(socket, _)| socket).map_err(|error| error.to_string())
}

fn take(text: &str, waiting: &Waiting, client: &OnceLock<ClientId>, stage: &Stage) {
    let Ok(ServerEnvelope { re, message }) = serde_json::from_str(text) else {
        tracing::warn!(text, "a message that cannot be read");
        return;
    };
    if let Some(reply) = re.and_then(|re| lock(waiting).remove(&re)) {
        let _ = reply.send(message);
    } else if let ServerMessage::Wanted { mid, rids, any } = message
        && let Some(client) = client.get()
    {
        stage.with_load(|load| load.wanted(*client, mid, rids, any));
    }
}

fn lock(waiting: &Waiting) -> std::sync::MutexGuard<'_, HashMap<u32, oneshot::Sender<ServerMessage>>> {
    // Every holder only looks up or takes out.
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}
