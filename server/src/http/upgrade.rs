//! From an HTTP request to a WebSocket (RFC 6455 §4.2) whose client is heard only so far until it has its seat.

use crate::problem::Problem;
use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        handshake::derive_accept_key,
        protocol::{Role, WebSocketConfig},
    },
};
use viva_signaling::{message::ErrorCode, token::MAX_TOKEN};

/// What a client may send before it has its seat, in bytes: a few tries with the longest token. What it sends beyond
/// stays on its side of the line.
const UNSEATED: usize = 4 * MAX_TOKEN;

/// A WebSocket.
pub type Socket = WebSocketStream<Gate<TokioIo<Upgraded>>>;

/// A request that asks for a WebSocket.
pub struct Upgrade {
    key: HeaderValue,
    upgrade: OnUpgrade,
}

impl<S: Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let malformed = |detail| Problem::new(ErrorCode::Malformed, detail);
        let headers = &parts.headers;
        if !names(headers, &header::CONNECTION, "upgrade") || !names(headers, &header::UPGRADE, "websocket") {
            return Err(malformed("this address is for WebSockets"));
        }
        if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            return Err(malformed("the version of the WebSocket is 13"));
        }
        let key = headers.get(header::SEC_WEBSOCKET_KEY).cloned();
        let key = key.ok_or_else(|| malformed("no `sec-websocket-key`"))?;
        let upgrade = parts.extensions.remove::<OnUpgrade>();
        let upgrade = upgrade.ok_or_else(|| malformed("this connection cannot become a WebSocket"))?;
        Ok(Self { key, upgrade })
    }
}

impl Upgrade {
    /// The answer; `run` begins when the client has it. A frame and a message have at most `longest` bytes.
    pub fn answer<F>(self, longest: usize, run: impl FnOnce(Socket, Opener) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Self { key, upgrade } = self;
        let accept = derive_accept_key(key.as_bytes());
        tokio::spawn(async move {
            match upgrade.await {
                Ok(upgraded) => {
                    let (gate, opener) = gate(TokioIo::new(upgraded), UNSEATED);
                    let config = WebSocketConfig::default()
                        .max_message_size(Some(longest))
                        .max_frame_size(Some(longest))
                        // Clients say little; a longer message makes the buffer grow while it is read.
                        .read_buffer_size(4096)
                        .write_buffer_size(0);
                    let socket = WebSocketStream::from_raw_socket(gate, Role::Server, Some(config)).await;
                    run(socket, opener).await;
                }
                Err(error) => tracing::debug!(%error, "a connection did not become a WebSocket"),
            }
        });
        let headers = [
            (header::CONNECTION, HeaderValue::from_static("upgrade")),
            (header::UPGRADE, HeaderValue::from_static("websocket")),
            (header::SEC_WEBSOCKET_ACCEPT, HeaderValue::try_from(accept).unwrap_or(key)),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
    }
}

/// Is `word` among the words of a header, whatever their case?
fn names(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|known| known.trim().eq_ignore_ascii_case(word))
}

/// A stream of which only so many bytes are read until it is opened.
#[derive(Debug)]
pub struct Gate<S> {
    stream: S,
    left: usize,
    shared: Arc<Shared>,
}

/// Opens a [`Gate`].
#[derive(Debug)]
pub struct Opener(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    open: AtomicBool,
    reader: Mutex<Option<Waker>>,
}

fn gate<S>(stream: S, left: usize) -> (Gate<S>, Opener) {
    let shared = Arc::<Shared>::default();
    (Gate { stream, left, shared: shared.clone() }, Opener(shared))
}

impl Opener {
    /// From now on everything is read.
    pub fn open(&self) {
        self.0.open.store(true, Ordering::Release);
        let reader = self.0.reader.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Gate<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.shared.open.load(Ordering::Acquire) {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        if self.left == 0 {
            *self.shared.reader.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
            // It may have been opened between the two.
            if !self.shared.open.load(Ordering::Acquire) {
                return Poll::Pending;
            }
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        let room = self.left.min(buf.remaining());
        let mut part = ReadBuf::new(buf.initialize_unfilled_to(room));
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part))?;
        let read = part.filled().len();
        buf.advance(read);
        self.left -= read;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Gate<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn what_is_beyond_the_limit_stays_on_the_clients_side_until_the_gate_opens() {
        let (mut client, server) = duplex(8);
        let (mut gate, opener) = gate(server, 20);
        let sent = tokio::spawn(async move { client.write_all(&[7; 100]).await });
        let mut read = vec![0; 100];
        gate.read_exact(&mut read[..20]).await.unwrap();
        let rest = tokio::spawn(async move {
            gate.read_exact(&mut read[20..]).await.unwrap();
            read
        });
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(!rest.is_finished() && !sent.is_finished());
        opener.open();
        assert_eq!(rest.await.unwrap(), [7; 100]);
        sent.await.unwrap().unwrap();
    }

    #[test]
    fn a_header_of_several_words_is_read_word_by_word() {
        let headers = |value: &'static str| {
            HeaderMap::from_iter([(header::CONNECTION, HeaderValue::from_static(value))])
        };
        for (value, named) in
            [("keep-alive, Upgrade", true), ("UPGRADE", true), ("upgraded", false), ("", false)]
        {
            assert_eq!(names(&headers(value), &header::CONNECTION, "upgrade"), named, "{value}");
        }
    }
}
