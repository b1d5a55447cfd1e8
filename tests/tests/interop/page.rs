//! The WebSocket of a page.

use super::house::{PATIENCE, token};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::{
    net::TcpStream,
    time::{interval, timeout},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};
use viva_server::serve::Server;
use viva_signaling::message::{
    ClientEnvelope, ClientMessage, ErrorCode, PublishedTrack, ServerEnvelope, ServerMessage, SlotView,
    VERSION,
};

/// One page's connection. News that nobody asked for are kept until somebody does.
pub struct Page {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_id: u32,
    news: Vec<ServerMessage>,
}

impl Page {
    /// Takes a seat that may do everything.
    pub async fn join(server: &Server, room: &str, name: &str) -> Self {
        let (socket, _) = connect_async(format!("ws://{}/ws", server.address)).await.expect("a WebSocket");
        let mut page = Self { socket, next_id: 0, news: Vec::new() };
        page.ask(ClientMessage::Hello { version: VERSION, client: "interop".into() }).await;
        let token = token(server, room, name, true, true);
        match page.ask(ClientMessage::Join { token }).await {
            ServerMessage::Joined { publications, .. } => {
                page.news.extend(
                    publications.into_iter().map(|publication| ServerMessage::Publication { publication }),
                );
            }
            other => panic!("joined, not {other:?}"),
        }
        page
    }

    /// Offers; the answer's description.
    pub async fn offer(&mut self, sdp: String, tracks: Vec<PublishedTrack>) -> String {
        match self.ask(ClientMessage::Offer { sdp, tracks }).await {
            ServerMessage::Answer { sdp, .. } => sdp,
            other => panic!("an answer, not {other:?}"),
        }
    }

    /// Shows a publication in a slot.
    pub async fn view(&mut self, mid: &str, publication: &str, height: u16) {
        let slots = vec![SlotView { mid: mid.into(), publication: Some(publication.into()), height }];
        let done = self.ask(ClientMessage::View { slots }).await;
        assert!(matches!(done, ServerMessage::Done {}), "{done:?}");
    }

    /// Cipher and protocol of the transport, as the server names them once it has measured.
    pub async fn protocol(&mut self) -> String {
        let mut asked = interval(Duration::from_millis(100));
        loop {
            asked.tick().await;
            match self.ask(ClientMessage::Stats {}).await {
                ServerMessage::Stats { report } => {
                    if let Some(protocol) = report.protocol {
                        return protocol;
                    }
                }
                other => panic!("statistics, not {other:?}"),
            }
        }
    }

    /// Says something and waits for its answer.
    pub async fn ask(&mut self, message: ClientMessage) -> ServerMessage {
        self.next_id += 1;
        let envelope = ClientEnvelope { id: Some(self.next_id), message };
        let text = serde_json::to_string(&envelope).expect("JSON");
        self.socket.send(Message::text(text)).await.expect("an open WebSocket");
        loop {
            let envelope = self.next().await;
            if envelope.re == Some(self.next_id) {
                return envelope.message;
            }
            self.news.push(envelope.message);
        }
    }

    /// The first news, old or to come, that `pick` takes.
    pub async fn until<T>(&mut self, pick: impl Fn(&ServerMessage) -> Option<T>) -> T {
        loop {
            while !self.news.is_empty() {
                if let Some(found) = pick(&self.news.remove(0)) {
                    return found;
                }
            }
            let news = self.next().await.message;
            self.news.push(news);
        }
    }

    async fn next(&mut self) -> ServerEnvelope {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("a message in time") {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).expect("a message"),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("a message, not {other:?}"),
            }
        }
    }
}

/// A publication of video that is not muted.
pub fn video(message: &ServerMessage) -> Option<String> {
    match message {
        ServerMessage::Publication { publication } if publication.kind == viva_media::MediaKind::Video => {
            Some(publication.id.clone())
        }
        ServerMessage::Error { code: ErrorCode::Internal, detail, .. } => panic!("{detail}"),
        _ => None,
    }
}
