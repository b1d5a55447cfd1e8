//! A server on a free port, and clients of it.

use crate::{
    links::SeatFor,
    random,
    serve::Server,
    settings::{Settings, Sources},
};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message},
};
use viva_signaling::message::{
    ClientEnvelope, ClientMessage, CloseReason, IceServer, ServerEnvelope, ServerMessage, VERSION,
};

/// Nothing on one machine takes so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// Settings for a test, with some of them changed.
pub fn settings(changes: &[(&str, &str)]) -> Settings {
    let mut sources = Sources { file: None, ..Sources::default() };
    let base = [
        ("listen", "127.0.0.1:0"),
        ("media_port", "0"),
        ("media_addresses", "127.0.0.1"),
        ("shards", "1"),
        ("secret", "a secret of tests, longer than 32 characters"),
    ];
    let folder = std::env::temp_dir().join(format!("viva-test-{}", random::hex::<8>()));
    sources.flags.insert("data_dir".to_owned(), folder.display().to_string());
    for (key, value) in base.iter().chain(changes) {
        sources.flags.insert((*key).to_owned(), (*value).to_owned());
    }
    sources.load().unwrap()
}

pub async fn server(changes: &[(&str, &str)]) -> Server {
    Server::start(settings(changes)).await.unwrap()
}

/// A token of a room `exam` for somebody who may do everything.
pub fn token(server: &Server, name: &str) -> String {
    token_for(server, "exam", name, true, true)
}

pub fn token_for(server: &Server, room: &str, name: &str, publish: bool, subscribe: bool) -> String {
    let (room, name, identity) = (room.to_owned(), name.to_owned(), name.to_owned());
    let seat = SeatFor { room, identity, name, publish, subscribe };
    seat.token(&server.tokens, Duration::from_secs(60)).unwrap()
}

/// An offer of a browser's form: sends sound and picture, receives in one slot each.
pub fn offer(ufrag: &str) -> String {
    let session =
        "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2 3\r\n";
    let section = |kind: &str, mid: u8, direction: &str| {
        let (pt, map) = if kind == "audio" { (111, "opus/48000/2") } else { (96, "VP8/90000") };
        let print = ["AB"; 32].join(":");
        format!(
            "m={kind} 9 UDP/TLS/RTP/SAVPF {pt}\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na=rtcp-mux\r\na={direction}\r\n\
             a=ice-ufrag:{ufrag}\r\na=ice-pwd:{ufrag}aaaaaaaaaaaaaaaaaaaaaaaa\r\na=setup:actpass\r\n\
             a=fingerprint:sha-256 {print}\r\na=rtpmap:{pt} {map}\r\n"
        )
    };
    let sections = [
        section("audio", 0, "sendonly"),
        section("video", 1, "sendonly"),
        section("audio", 2, "recvonly"),
        section("video", 3, "recvonly"),
    ];
    session.to_owned() + &sections.concat()
}

/// One page's connection.
pub struct Client {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_id: u32,
    /// Bytes of the messages that came.
    pub bytes: usize,
}

/// What a client keeps of `joined`.
pub struct Joined {
    pub participant: String,
    pub session: String,
    pub resumed: bool,
    pub participants: usize,
    pub publications: usize,
    pub ice_servers: Vec<IceServer>,
}

impl Client {
    pub async fn connect(server: &Server) -> Self {
        let (socket, _) = connect_async(format!("ws://{}/ws", server.address)).await.unwrap();
        Self { socket, next_id: 0, bytes: 0 }
    }

    pub async fn joined(server: &Server, name: &str) -> (Self, Joined) {
        let mut client = Self::connect(server).await;
        client.hello().await;
        let joined = client.join(&token(server, name)).await;
        (client, joined)
    }

    pub async fn hello(&mut self) {
        self.say(ClientMessage::Hello { version: VERSION, client: "test".into() }).await;
        assert!(matches!(self.answer().await, ServerMessage::Welcome { .. }));
    }

    pub async fn join(&mut self, token: &str) -> Joined {
        self.say(ClientMessage::Join { token: token.to_owned() }).await;
        joined(self.answer().await)
    }

    /// Sends a message with the next id.
    pub async fn say(&mut self, message: ClientMessage) {
        self.next_id += 1;
        let envelope = ClientEnvelope { id: Some(self.next_id), message };
        self.raw(serde_json::to_string(&envelope).unwrap()).await;
    }

    pub async fn raw(&mut self, text: impl Into<tungstenite::Utf8Bytes>) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    /// The next message of any kind; `None` at the end.
    pub async fn next(&mut self) -> Option<ServerEnvelope> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("an answer in time")? {
                Ok(Message::Text(text)) => {
                    self.bytes += text.len();
                    return Some(serde_json::from_str(&text).unwrap());
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The answer to the newest message; news before it are passed over.
    pub async fn answer(&mut self) -> ServerMessage {
        loop {
            let envelope = self.next().await.expect("an answer");
            if envelope.re == Some(self.next_id) {
                return envelope.message;
            }
        }
    }

    /// The first message that `pick` takes.
    pub async fn until<T>(&mut self, pick: impl Fn(&ServerMessage) -> Option<T>) -> T {
        loop {
            if let Some(found) = pick(&self.next().await.expect("more messages").message) {
                return found;
            }
        }
    }

    /// Reads to the end: the reason of the last message.
    pub async fn closed(&mut self) -> Option<CloseReason> {
        let mut reason = None;
        while let Some(envelope) = self.next().await {
            if let ServerMessage::Closed { reason: r } = envelope.message {
                reason = Some(r);
            }
        }
        reason
    }
}

pub fn joined(message: ServerMessage) -> Joined {
    match message {
        ServerMessage::Joined {
            participant,
            session,
            resumed,
            participants,
            publications,
            ice_servers,
            ..
        } => Joined {
            participant,
            session,
            resumed,
            participants: participants.len(),
            publications: publications.len(),
            ice_servers,
        },
        other => panic!("joined, not {other:?}"),
    }
}
