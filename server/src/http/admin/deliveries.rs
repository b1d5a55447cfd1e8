//! The outbox of SMS as administrators see it.

use crate::{
    http::{
        App,
        body::{Asked, Json},
        problem::Problem,
        session::Administrator,
    },
    sitting::store_problem,
    store::{Message, MessageState},
};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_signaling::message::ErrorCode;

/// Messages in one answer at most.
const PAGE: u32 = 1000;

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(outbox))
}

/// From where on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct After {
    /// The id of the last message that is known.
    #[param(value_type = u64, required = false, maximum = 9223372036854775807_u64)]
    after: Option<u64>,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
struct Delivery {
    /// Grows.
    id: u64,
    at: u64,
    phone: String,
    text: String,
    state: MessageState,
    attempts: u32,
    #[schema(required)]
    error: Option<String>,
}

impl From<Message> for Delivery {
    fn from(message: Message) -> Self {
        let Message { position, content, state, attempts, error, .. } = message;
        let (at, phone, text) = (content.at, content.phone, content.text);
        Self { id: position, at, phone, text, state, attempts, error }
    }
}

/// The newest messages, at most 1000, the oldest of them first.
#[utoipa::path(get, path = "/api/admin/outbox", tag = "administration", params(After), responses(
    (status = 200, body = Vec<Delivery>)))]
async fn outbox(
    State(app): State<App>,
    _: Administrator,
    Asked(After { after }): Asked<After>,
) -> Result<Json<Vec<Delivery>>, Problem> {
    if after.is_some_and(|after| i64::try_from(after).is_err()) {
        return Err(Problem::new(ErrorCode::Malformed, "no message has so high an id"));
    }
    let messages = app.store.messages(None, None, PAGE).await.map_err(store_problem)?;
    let news = messages.into_iter().filter(|message| after.is_none_or(|after| message.position > after));
    let mut news: Vec<Delivery> = news.map(Delivery::from).collect();
    news.reverse();
    Ok(Json(news))
}
