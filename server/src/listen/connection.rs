//! One connection, from its first byte to its last.

use super::{answer::Answer, doors::Ticket, watch::Watch};
use crate::tls::{HANDSHAKE, Tls};
use axum::{Router, extract::ConnectInfo};
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
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
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    net::TcpStream,
    sync::watch,
    time::{Instant, sleep_until, timeout},
};

/// Bytes that are kept of a head, and of an answer that the peer does not take.
const BUFFER: usize = 32 * 1024;
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

/// Serves one connection until it ends, is late, or is to end. `tls`: that is spoken here, and the handshake is a part of what
/// must come in time.
pub async fn run(stream: TcpStream, mut guest: Guest, router: Router, tls: Option<Tls>) {
    let watched =
        |stream| Watched { stream, watch: guest.ticket.watch.clone(), _ticket: guest.ticket.clone() };
    let Some(tls) = tls else { return serve(watched(stream), guest, router).await };
    let stream = watched(stream);
    let Some(first) = guest.during(first_byte(&stream.stream)).await else { return };
    if first.is_ok_and(|first| first != Some(HANDSHAKE)) {
        return guest.refuse_plain(stream, tls.base()).await;
    }
    match guest.during(tls.accept(stream)).await {
        Some(Ok(stream)) => serve(stream, guest, router).await,
        Some(Err(error)) => {
            tracing::debug!(%error, remote = %guest.remote, "a handshake failed");
            guest.ticket.refused("handshake");
        }
        None => {}
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
    async fn during<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
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

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    mut guest: Guest,
    router: Router,
) {
    let Guest { remote, ticket, ending } = &mut guest;
    let (remote, watch) = (*remote, ticket.watch.clone());
    let io = TokioIo::new(stream);
    let router = TowerToHyperService::new(router);
    let requests = watch.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(remote));
        let busy = Busy::new(requests.clone());
        let answer = router.call(request);
        async move { Ok::<_, Infallible>(answer.await?.map(|body| Answer::new(body, busy))) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // It counts the time between two requests as one for the head; the watch knows them apart.
        .header_read_timeout(None::<Duration>)
        .max_buf_size(BUFFER)
        .serve_connection(io, service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let mut ends = pin!(async {
        let _ = ending.wait_for(|ending| *ending).await;
    });
    let mut is_ending = false;
    loop {
        let look_at = watch.look_at(Instant::now());
        tokio::select! {
            outcome = connection.as_mut() => {
                if let Err(error) = outcome {
                    tracing::debug!(%error, %remote, "a connection failed");
                }
                break;
            }
            () = ends.as_mut(), if !is_ending => {
                is_ending = true;
                connection.as_mut().graceful_shutdown();
            }
            () = watch.crowded.notified() => {
                if watch.does_nothing_for(Instant::now()).is_some() {
                    return ticket.crowded();
                }
            }
            () = sleep_until(look_at) => {
                if let Some(late) = watch.late(Instant::now()) {
                    tracing::debug!(?late, %remote, "a connection is closed");
                    return ticket.late(late);
                }
            }
        }
    }
    // The socket lives on where a WebSocket has taken it.
    watch.upgraded();
}

/// A request under way, until its answer is written.
pub struct Busy(Arc<Watch>);

impl Busy {
    fn new(watch: Arc<Watch>) -> Self {
        watch.begins();
        Self(watch)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.ends(Instant::now());
    }
}

/// A socket that tells what passes through it. It holds the connection's place as long as it is open.
struct Watched<S> {
    stream: S,
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
