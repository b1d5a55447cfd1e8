//! The outbox of SMS as administrators see it.

use crate::{
    http::{
        App,
        body::{Asked, Json},
        session::Administrator,
    },
    problem::Problem,
    settings::SmsProvider,
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

/// Which part of the outbox.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Part {
    /// The id of the last message that is known: the newest that came after it.
    #[param(value_type = u64, required = false, maximum = 9223372036854775807_u64)]
    after: Option<u64>,
    /// The id of the first message that is known: those before it.
    #[param(value_type = u64, required = false, maximum = 9223372036854775807_u64)]
    before: Option<u64>,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
struct Delivery {
    /// Grows.
    id: u64,
    at: u64,
    phone: String,
    kind: Kind,
    text: String,
    state: Delivered,
    attempts: u32,
    #[schema(required)]
    error: Option<String>,
}

/// What has become of a message.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Delivered {
    /// It is kept here, since no provider is set: it goes out when one is, if it is of use then.
    Kept,
    /// It waits.
    Queued,
    /// It is being sent.
    Sending,
    /// The provider has accepted it.
    Sent,
    /// It will not be sent.
    Failed,
}

/// What a message is for.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Invitation,
    Reminder,
    /// The code of an identity check.
    Identity,
    /// Sent by an administrator to see how it looks.
    Trial,
}

impl Kind {
    fn of(kind: &str) -> Self {
        match kind {
            "identity" => Self::Identity,
            "reminder" => Self::Reminder,
            kind if kind.starts_with("trial_") => Self::Trial,
            _ => Self::Invitation,
        }
    }
}

impl Delivered {
    fn of(state: MessageState, provider: SmsProvider) -> Self {
        match state {
            state if provider.keeps(state) => Self::Kept,
            MessageState::Queued => Self::Queued,
            MessageState::Sending => Self::Sending,
            MessageState::Sent => Self::Sent,
            MessageState::Failed => Self::Failed,
        }
    }
}

impl Delivery {
    fn of(message: Message, provider: SmsProvider) -> Self {
        let Message { position, content, state, attempts, error, .. } = message;
        let (at, phone, text) = (content.at, content.phone, content.text);
        let (kind, state) = (Kind::of(&content.kind), Delivered::of(state, provider));
        Self { id: position, at, phone, kind, text, state, attempts, error }
    }
}

/// The newest messages, or the newest before one, at most 1000, the oldest of them first.
#[utoipa::path(get, path = "/api/admin/outbox", tag = "administration", params(Part), responses(
    (status = 200, body = Vec<Delivery>)))]
async fn outbox(
    State(app): State<App>,
    _: Administrator,
    Asked(Part { after, before }): Asked<Part>,
) -> Result<Json<Vec<Delivery>>, Problem> {
    if [after, before].into_iter().flatten().any(|id| i64::try_from(id).is_err()) {
        return Err(Problem::new(ErrorCode::Malformed, "no message has so high an id"));
    }
    let messages = app.store.messages(None, before, PAGE).await?;
    let news = messages.into_iter().filter(|message| after.is_none_or(|after| message.position > after));
    let mut news: Vec<Delivery> = news.map(|message| Delivery::of(message, app.settings.sms)).collect();
    news.reverse();
    Ok(Json(news))
}
