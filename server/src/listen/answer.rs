//! The body of an answer, with the mark that its request is under way.

use super::connection::Busy;
use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::{
    pin::Pin,
    task::{Context, Poll},
};

/// The request counts as under way until this is dropped.
pub struct Answer {
    body: Body,
    busy: Busy,
}

impl Answer {
    /// Of a request that is answered with this.
    pub fn new(body: Body, mut busy: Busy) -> Self {
        busy.answers();
        Self { body, busy }
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let outcome = Pin::new(&mut self.body).poll_frame(cx);
        // What there is goes on to the peer; asked again, it has made room for it.
        self.busy.moves(outcome.is_ready());
        outcome
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
