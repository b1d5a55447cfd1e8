//! How slowly the body of a request may come.

use super::App;
use crate::problem::Problem;
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until};
use viva_signaling::message::ErrorCode;

/// Bytes for which a body has a second more: the least rate at which a large one may come.
const A_SECOND: u64 = 4096;
/// No body has longer.
const LONGEST: Duration = Duration::from_secs(3600);

/// Gives up on a body that does not come, or comes too slowly, with an answer that says so.
pub async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    if body.is_end_stream() {
        return next.run(Request::from_parts(head, body)).await;
    }
    let late = Arc::new(AtomicBool::new(false));
    let body = Body::new(Awaited::new(body, app.settings.body_timeout.0, late.clone()));
    let response = next.run(Request::from_parts(head, body)).await;
    if !late.load(Relaxed) {
        return response;
    }
    let mut response = Problem::from(ErrorCode::RequestTimeout).into_response();
    // What is left of the body is not waited for.
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A body that ends with an error when its time is up.
struct Awaited {
    body: Body,
    began: Instant,
    grace: Duration,
    received: u64,
    sleep: Pin<Box<Sleep>>,
    late: Arc<AtomicBool>,
}

impl Awaited {
    fn new(body: Body, grace: Duration, late: Arc<AtomicBool>) -> Self {
        let began = Instant::now();
        Self { body, began, grace, received: 0, sleep: Box::pin(sleep_until(began + grace)), late }
    }

    fn due(&self) -> Instant {
        self.began + (self.grace + Duration::from_secs(self.received / A_SECOND)).min(LONGEST)
    }
}

impl HttpBody for Awaited {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.received += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        // A body that dribbles is ready again and again: its time counts whether something is there or not.
        let due = self.due();
        if self.sleep.deadline() != due {
            self.sleep.as_mut().reset(due);
        }
        let ended = matches!(polled, Poll::Ready(None | Some(Err(_))));
        if !ended && self.sleep.as_mut().poll(cx).is_ready() {
            self.late.store(true, Relaxed);
            let late = io::Error::new(io::ErrorKind::TimedOut, "the body comes too slowly");
            return Poll::Ready(Some(Err(axum::Error::new(late))));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
