//! The outbox of SMS as administrators see it.

use crate::{
    http::{
        App,
        body::{Asked, Json},
        openapi,
        problem::Problem,
        session::Administrator,
    },
    sitting::store_problem,
    sms::{KEPT, SmsProvider},
    store::Message,
};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Messages in one answer at most.
const PAGE: u32 = 1000;

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(outbox))
}

/// Which part of the outbox.
#[derive(Debug, Deserialize, IntoParams)]
struct Part {
    /// The id of the last message that is known: the newest that came after it.
    after: Option<u64>,
    /// The id of the first message that is known: those before it.
    before: Option<u64>,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
struct Delivery {
    /// Grows.
    id: u64,
    at: u64,
    phone: String,
    text: String,
    /// `kept` (here, since no provider is set), `queued`, `sending`, `sent` or `failed`.
    state: &'static str,
    attempts: u32,
    error: Option<String>,
}

impl Delivery {
    fn of(message: Message, provider: SmsProvider) -> Self {
        let Message { position, content, state, attempts, error, .. } = message;
        let (at, phone, text) = (content.at, content.phone, content.text);
        let state = if provider.keeps(state) { KEPT } else { state.as_str() };
        Self { id: position, at, phone, text, state, attempts, error }
    }
}

/// The newest messages, or the newest before one, at most 1000, the oldest of them first.
#[utoipa::path(get, path = "/api/admin/outbox", tag = "administration", params(Part), responses(
    (status = 200, body = Vec<Delivery>), (status = "default", body = openapi::ProblemBody)))]
async fn outbox(
    State(app): State<App>,
    _: Administrator,
    Asked(Part { after, before }): Asked<Part>,
) -> Result<Json<Vec<Delivery>>, Problem> {
    let messages = app.store.messages(None, before, PAGE).await.map_err(store_problem)?;
    let news = messages.into_iter().filter(|message| after.is_none_or(|after| message.position > after));
    let mut news: Vec<Delivery> = news.map(|message| Delivery::of(message, app.settings.sms)).collect();
    news.reverse();
    Ok(Json(news))
}
