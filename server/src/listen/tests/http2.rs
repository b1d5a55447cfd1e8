//! HTTP/2 over TLS: who uses it well, and who does not.

use super::*;
use crate::{
    listen::watch::Times,
    tls::tests::{Folder, connect},
};
use axum::{
    body::Bytes,
    http::{HeaderName, Request, StatusCode},
};
use h2::{
    Reason,
    client::{Builder, SendRequest},
};
use tokio_rustls::client::TlsStream;

/// A client's connection, and the task that drives it: it ends when the connection does.
struct Client {
    requests: SendRequest<Bytes>,
    driven: tokio::task::JoinHandle<Result<(), h2::Error>>,
}

/// A server over TLS, with its certificate's folder, its end and its metrics.
struct Secure {
    address: SocketAddr,
    folder: Folder,
    metrics: Metrics,
    end: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<()>,
}

impl Secure {
    async fn new(limits: Limits) -> Self {
        let (folder, metrics) = (Folder::new(), Metrics::new().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel::<()>();
        let (tls, until) = (folder.tls().unwrap(), async { drop(ended.await) });
        let served =
            tokio::spawn(serve(listener, Speech::pages(router(), tls), limits, metrics.clone(), until));
        Self { address, folder, metrics, end: Some(end), served }
    }

    async fn handshake(&self) -> TlsStream<TcpStream> {
        let stream = connect(self.address, self.folder.certificate(), &[b"h2", b"http/1.1"]).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        stream
    }

    async fn client(&self, builder: &Builder) -> Client {
        let (requests, connection) = builder.handshake(self.handshake().await).await.unwrap();
        Client { requests, driven: tokio::spawn(connection) }
    }

    fn refused(&self, reason: &str) -> bool {
        let text = crate::tls::tests::text(&self.metrics);
        text.contains(&format!("viva_http_refused_total{{reason=\"{reason}\"}} 1"))
    }
}

fn request(path: &str) -> Request<()> {
    Request::get(format!("https://localhost{path}")).body(()).unwrap()
}

impl Client {
    async fn ask(&self, path: &str) -> Result<(StatusCode, Vec<u8>), h2::Error> {
        let mut requests = self.requests.clone().ready().await?;
        let answer = requests.send_request(request(path), true)?.0.await?;
        let (status, mut body, mut text) = (answer.status(), answer.into_body(), Vec::new());
        while let Some(part) = body.data().await {
            let part = part?;
            body.flow_control().release_capacity(part.len())?;
            text.extend_from_slice(&part);
        }
        Ok((status, text))
    }
}

#[tokio::test]
async fn many_requests_share_a_connection_and_what_is_said_between_them_is_no_head() {
    let server = Secure::new(Limits::new(1, 100, (HEAD, LONG))).await;
    let stream = server.handshake().await;
    let (requests, mut connection) = Builder::new().handshake::<_, Bytes>(stream).await.unwrap();
    let mut ping = connection.ping_pong().unwrap();
    let client = Client { requests, driven: tokio::spawn(connection) };
    for _ in 0..10 {
        let asked = futures_util::future::join_all((0..60).map(|_| client.ask("/")));
        for answer in asked.await {
            assert_eq!(answer.unwrap(), (StatusCode::OK, b"hello".to_vec()));
        }
    }
    // For longer than a head may take.
    let until = Instant::now() + HEAD * 2;
    while Instant::now() < until {
        ping.ping(h2::Ping::opaque()).await.unwrap();
        tokio::time::sleep(SHORT).await;
    }
    assert_eq!(client.ask("/").await.unwrap().0, StatusCode::OK);
    assert_eq!(client.ask("/large").await.unwrap().1.len(), 64 << 20);
}

#[tokio::test]
async fn who_asks_for_nothing_or_nothing_more_is_closed() {
    let server = Secure::new(Limits::new(100, 100, (HEAD, SHORT))).await;
    let silent = server.client(&Builder::new()).await;
    silent.driven.await.unwrap().unwrap_or_default();
    assert!(server.refused("late_head"));
    let idle = server.client(&Builder::new()).await;
    assert_eq!(idle.ask("/").await.unwrap().0, StatusCode::OK);
    idle.driven.await.unwrap().unwrap_or_default();
    assert!(server.refused("idle"));
}

#[tokio::test]
async fn who_gives_an_answer_no_window_is_closed_and_who_gives_little_is_not() {
    let limits =
        Limits { times: Times { head: LONG, idle: LONG, stuck: HEAD }, ..Limits::new(9, 9, (LONG, LONG)) };
    let server = Secure::new(limits).await;
    let slow = server.client(Builder::new().initial_window_size(1024)).await;
    let slowly = async {
        let answer = slow.requests.clone().ready().await.unwrap().send_request(request("/parts"), true);
        let mut body = answer.unwrap().0.await.unwrap().into_body();
        let mut came = 0;
        while let Some(part) = body.data().await {
            let part = part.unwrap();
            came += part.len();
            tokio::time::sleep(SHORT).await;
            body.flow_control().release_capacity(part.len()).unwrap();
        }
        came
    };
    let none = server.client(Builder::new().initial_window_size(0)).await;
    let mut requests = none.requests.clone().ready().await.unwrap();
    let _answer = requests.send_request(request("/parts"), true).unwrap();
    let (came, closed) = tokio::join!(slowly, none.driven);
    closed.unwrap().unwrap_or_default();
    assert!(server.refused("stuck"));
    assert_eq!(came, PARTS * PART);
}

#[tokio::test]
async fn who_takes_back_what_it_asks_for_is_closed_and_others_are_not() {
    let server = Secure::new(Limits::new(100, 100, (LONG, LONG))).await;
    let other = server.client(&Builder::new()).await;
    let rapid = server.client(&Builder::new()).await;
    let mut asked = 0;
    // It is refused at last, however the resets fall.
    while let Ok(mut requests) = rapid.requests.clone().ready().await {
        let Ok((_, mut body)) = requests.send_request(request("/never"), true) else { break };
        body.send_reset(Reason::CANCEL);
        asked += 1;
        if asked % 50 == 0 {
            assert_eq!(other.ask("/").await.unwrap().0, StatusCode::OK);
        }
        assert!(asked < 100_000, "it goes on and on");
    }
    let _ = rapid.driven.await.unwrap();
    assert_eq!(other.ask("/").await.unwrap().0, StatusCode::OK);
    // A page that is left takes some back.
    for _ in 0..200 {
        let mut requests = other.requests.clone().ready().await.unwrap();
        let (_, mut body) = requests.send_request(request("/never"), true).unwrap();
        body.send_reset(Reason::CANCEL);
        assert_eq!(other.ask("/").await.unwrap().0, StatusCode::OK);
    }
}

#[tokio::test]
async fn heads_that_are_too_long_and_garbage_end_only_themselves() {
    let server = Secure::new(Limits::new(100, 100, (LONG, LONG))).await;
    let client = server.client(&Builder::new()).await;
    let mut long = request("/");
    for n in 0..100 {
        long.headers_mut().insert(
            HeaderName::from_bytes(format!("x-{n}").as_bytes()).unwrap(),
            "x".repeat(1000).parse().unwrap(),
        );
    }
    let mut requests = client.requests.clone().ready().await.unwrap();
    let answer = requests.send_request(long, true).unwrap().0.await;
    assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status().as_u16() == 431));
    let mut garbage = server.handshake().await;
    garbage.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
    garbage.write_all(&[0xff; 4096]).await.unwrap();
    let mut rest = Vec::new();
    let _ = garbage.read_to_end(&mut rest).await;
    let good = server.client(&Builder::new()).await;
    assert_eq!(good.ask("/").await.unwrap().0, StatusCode::OK);
}

#[tokio::test]
async fn at_the_end_what_is_under_way_ends_and_who_does_not_answer_is_closed() {
    let mut server = Secure::new(Limits::new(100, 100, (LONG, LONG))).await;
    let client = server.client(&Builder::new()).await;
    assert_eq!(client.ask("/").await.unwrap().0, StatusCode::OK);
    // It has spoken HTTP/2, and answers no word of the end.
    let mut mute = server.handshake().await;
    mute.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    let mut settings = [0; 9];
    mute.read_exact(&mut settings).await.unwrap();
    drop(server.end.take());
    client.driven.await.unwrap().unwrap_or_default();
    server.served.await.unwrap();
}
