//! One connection, from its first byte to its last.

use super::{answer::Answer, doors::Ticket, watch::Watch};
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
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::watch,
    time::{Instant, sleep_until},
};

/// Bytes that are kept of a head, and of an answer that the peer does not take.
const BUFFER: usize = 32 * 1024;

/// Serves one connection until it ends, is late, or is to end.
pub async fn run(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    remote: SocketAddr,
    ticket: Ticket,
    router: Router,
    mut ending: watch::Receiver<bool>,
) {
    let ticket = Arc::new(ticket);
    let watch = ticket.watch.clone();
    let io = TokioIo::new(Watched { stream, watch: watch.clone(), _ticket: ticket.clone() });
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
