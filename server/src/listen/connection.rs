//! One connection, from its first byte to its last.

use super::{Speech, answer::Answer, doors::Ticket, relay, watch::Watch};
use crate::{
    tls::{HANDSHAKE, HTTP_2},
    turn::{Door, looks_like_turn},
};
use axum::{Router, extract::ConnectInfo};
use hyper::{
    Request, Response,
    body::Incoming,
    server::conn::{http1, http2},
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{
    convert::Infallible,
    io::{self, IoSlice},
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{
        AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _,
        ReadBuf,
    },
    net::TcpStream,
    sync::watch,
    time::{Instant, sleep_until, timeout},
};
use tokio_rustls::server::TlsStream;

/// Bytes that are kept of a head, and of an answer that the peer does not take.
const BUFFER: usize = 32 * 1024;
/// Requests of one connection of HTTP/2 at once. Clients send 100 before they have heard of a limit (RFC 9113 §6.5.2).
const STREAMS: u32 = 100;
/// Bytes of bodies that one connection of HTTP/2 may send ahead of who reads them: 20 Mbit/s over 100 ms.
const WINDOW: u32 = 256 * 1024;
/// Bytes of one answer that wait for the peer's window.
const SEND_BUFFER: usize = 64 * 1024;
/// So many streams of one connection may break the protocol, or exceed their number.
const MOST_FAULTS: usize = 128;
/// Of a request without TLS so much is read, and thrown away.
const MOST_PLAIN: u64 = 64 * 1024;
/// And for so long.
const LINGERS: Duration = Duration::from_secs(1);

/// Who has come, and how long they may stay.
pub struct Guest {
    pub remote: SocketAddr,
    pub ticket: Arc<Ticket>,
    /// Everybody is to end what is under way.
    pub ending: watch::Receiver<bool>,
}

/// Serves one connection until it ends, is late, or is to end. Where TLS is spoken, the handshake is a part of what must come
/// in time.
pub async fn run(stream: TcpStream, mut guest: Guest, speech: Speech) {
    let Speech { router, tls, turn } = speech;
    let stream = Watched { stream, watch: guest.ticket.watch.clone(), _ticket: guest.ticket.clone() };
    if tls.is_none() && turn.is_none() {
        return serve(stream, guest, router).await;
    }
    let Some(first) = guest.during(first_byte(&stream.stream)).await else { return };
    let Some(tls) = tls else {
        return match turn.filter(|_| matches!(first, Ok(Some(first)) if looks_like_turn(first))) {
            Some(door) => relay::plain(stream, guest, &door).await,
            None => serve(stream, guest, router).await,
        };
    };
    if first.is_ok_and(|first| first != Some(HANDSHAKE)) {
        return guest.refuse_plain(stream, tls.base()).await;
    }
    let (is_many, address) = (guest.ticket.is_many, guest.remote.ip());
    let shaken = async {
        if !is_many {
            tls.may_shake_hands(address).await;
        }
        tls.accept(stream).await
    };
    match guest.during(shaken).await {
        Some(Ok(Some(stream))) => speak(stream, guest, router, turn).await,
        // The ACME server has seen what it asked for.
        Some(Ok(None)) | None => {}
        Some(Err(error)) => {
            tracing::debug!(%error, remote = %guest.remote, "a handshake failed");
            guest.ticket.refused("handshake");
        }
    }
}

/// What comes first, which stays where it is; `None` where nothing comes.
async fn first_byte(stream: &TcpStream) -> io::Result<Option<u8>> {
    let mut first = [0];
    let read = stream.peek(&mut first).await?;
    Ok(first.first().copied().filter(|_| read > 0))
}

impl Guest {
    /// What comes of it, as long as there is time for it; `None`: there is not.
    pub(super) async fn during<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        let watch = self.ticket.watch.clone();
        loop {
            tokio::select! {
                done = work.as_mut() => return Some(done),
                _ = self.ending.wait_for(|ending| *ending) => return None,
                () = watch.crowded.notified() => {
                    self.ticket.crowded();
                    return None;
                }
                () = sleep_until(watch.look_at(Instant::now())) => {
                    if let Some(late) = watch.late(Instant::now()) {
                        self.ticket.late(late);
                        return None;
                    }
                }
            }
        }
    }

    /// Says to whoever speaks plain HTTP where HTTPS is.
    async fn refuse_plain(&self, mut stream: Watched<TcpStream>, base: &str) {
        self.ticket.refused("plain");
        let said = format!("This port speaks HTTPS: {base}/\n");
        let answer = format!(
            "HTTP/1.1 308 Permanent Redirect\r\nlocation: {base}/\r\ncontent-type: text/plain\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{said}",
            said.len()
        );
        // What is left unread of a request would reset the connection before the answer is read.
        let said = async {
            stream.write_all(answer.as_bytes()).await?;
            stream.shutdown().await?;
            tokio::io::copy(&mut (&mut stream).take(MOST_PLAIN), &mut tokio::io::sink()).await
        };
        let _ = timeout(LINGERS, said).await;
    }
}

/// Speaks with a client after the handshake, in what it asks for by ALPN (RFC 7301). Whatever else shares the port is told
/// apart here.
async fn speak(
    mut stream: TlsStream<Watched<TcpStream>>,
    mut guest: Guest,
    router: Router,
    turn: Option<Door>,
) {
    match (stream.get_ref().1.alpn_protocol(), turn) {
        (Some(HTTP_2), _) => Box::pin(serve_multiplexed(stream, guest, router)).await,
        (_, None) => Box::pin(serve(stream, guest, router)).await,
        // Clients of TURN mostly ask for nothing, and Firefox asks for HTTP/1.1 where it comes through a proxy: their first
        // byte tells.
        (_, Some(door)) => {
            let Some(first) = guest.during(first_within(&mut stream)).await else { return };
            if first.is_some_and(looks_like_turn) {
                Box::pin(relay::within_tls(stream, guest, &door)).await;
            } else {
                Box::pin(serve(stream, guest, router)).await;
            }
        }
    }
}

/// What comes first within TLS, which stays where it is.
async fn first_within(stream: &mut (impl AsyncBufRead + Unpin)) -> Option<u8> {
    stream.fill_buf().await.ok()?.first().copied()
}

/// HTTP/1.1.
async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, guest: Guest, router: Router) {
    let service = service(&guest, router);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // It counts the time between two requests as one for the head; the watch knows them apart.
        .header_read_timeout(None::<Duration>)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    drive(connection, |connection| connection.graceful_shutdown(), guest).await;
}

/// HTTP/2 (RFC 9113). WebSockets are not offered in it (RFC 8441): browsers open a connection of HTTP/1.1 for each.
async fn serve_multiplexed(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    guest: Guest,
    router: Router,
) {
    guest.ticket.watch.multiplexed();
    let service = service(&guest, router);
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(BUFFER as u32)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .max_local_error_reset_streams(MOST_FAULTS)
        .serve_connection(TokioIo::new(stream), service);
    drive(connection, |connection| connection.graceful_shutdown(), guest).await;
}

/// What each request goes to.
fn service(
    guest: &Guest,
    router: Router,
) -> impl Service<Request<Incoming>, Response = Response<Answer>, Error = Infallible, Future: Send + 'static> + use<>
{
    let (remote, watch) = (guest.remote, guest.ticket.watch.clone());
    let router = TowerToHyperService::new(router);
    service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(remote));
        let busy = Busy::new(watch.clone());
        let answer = router.call(request);
        async move { Ok::<_, Infallible>(answer.await?.map(|body| Answer::new(body, busy))) }
    })
}

/// Lets requests come and go until the peer ends, is late, or is to end, as `end` asks it to.
async fn drive<C: Future<Output = hyper::Result<()>>>(
    connection: C,
    end: impl Fn(Pin<&mut C>),
    mut guest: Guest,
) {
    let mut connection = pin!(connection);
    let Guest { remote, ticket, ending } = &mut guest;
    let watch = ticket.watch.clone();
    let mut ends = pin!(async {
        let _ = ending.wait_for(|ending| *ending).await;
    });
    let mut ends_at = None;
    loop {
        let now = Instant::now();
        let look_at = ends_at.filter(|ends_at| now < *ends_at).unwrap_or_else(|| watch.look_at(now));
        tokio::select! {
            outcome = connection.as_mut() => {
                if let Err(error) = outcome {
                    tracing::debug!(%error, %remote, "a connection failed");
                }
                break;
            }
            () = ends.as_mut(), if ends_at.is_none() => {
                ends_at = Some(Instant::now() + LINGERS);
                end(connection.as_mut());
            }
            () = watch.crowded.notified() => {
                if let Some(late) = watch.late(Instant::now()) {
                    return ticket.late(late);
                }
                if watch.does_nothing_for(Instant::now()).is_some() {
                    return ticket.crowded();
                }
            }
            () = sleep_until(look_at) => {
                let now = Instant::now();
                if let Some(late) = watch.late(now) {
                    tracing::debug!(?late, %remote, "a connection is closed");
                    return ticket.late(late);
                }
                // By HTTP/2 the end waits for a word of the peer.
                if ends_at.is_some_and(|ends_at| now >= ends_at) && watch.does_nothing_for(now).is_some() {
                    return;
                }
            }
        }
    }
    // The socket lives on where a WebSocket has taken it.
    watch.upgraded();
}

/// A request under way, until its answer is written.
pub struct Busy {
    watch: Arc<Watch>,
    /// There is an answer.
    answered: bool,
    /// Its next step is the server's.
    ours: bool,
}

impl Busy {
    fn new(watch: Arc<Watch>) -> Self {
        watch.begins();
        Self { watch, answered: false, ours: true }
    }

    /// The answer is there.
    pub fn answers(&mut self) {
        self.answered = true;
        self.moves(true);
    }

    /// The answer goes on, and the next step is the peer's or the server's.
    pub fn moves(&mut self, to_peer: bool) {
        self.watch.moves(Instant::now());
        if self.ours == to_peer {
            self.ours = !to_peer;
            self.watch.turns(to_peer);
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if !self.answered {
            self.watch.reset();
        }
        if self.ours {
            self.watch.turns(true);
        }
        self.watch.ends(Instant::now());
    }
}

/// A socket that tells what passes through it. It holds the connection's place as long as it is open.
pub(super) struct Watched<S> {
    pub(super) stream: S,
    watch: Arc<Watch>,
    _ticket: Arc<Ticket>,
}

impl<S> Watched<S> {
    fn took<T>(&self, outcome: &Poll<io::Result<T>>) {
        self.watch.took(outcome.is_ready(), Instant::now());
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.watch.came(Instant::now());
        }
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.took(&outcome);
        outcome
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.took(&outcome);
        outcome
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
