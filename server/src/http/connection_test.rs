//! The connection test that anybody may run: a private room of one's own.

use super::{App, address::ClientAddress, body::Json, openapi::refusals, seats::Token};
use crate::{
    clock::unix_time,
    links::SeatFor,
    problem::Problem,
    random,
    room::{LASTS, TEST},
};
use axum::extract::State;
use std::time::Duration;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_signaling::message::ErrorCode;

/// When it is worth asking again when too many run: most last a minute.
const AGAIN: Duration = Duration::from_secs(20);

refusals! {
    TestRefused: RateLimited, TooMany;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(begin))
}

/// A token for a room that nobody else can enter: the page joins twice with it, sends by one connection and receives by
/// the other.
#[utoipa::path(post, path = "/api/connection-test", tag = "connection test", responses(
    (status = 200, body = Token), TestRefused))]
async fn begin(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
) -> Result<Json<Token>, Problem> {
    app.tests.take(address, unix_time()).map_err(|wait| {
        Problem::new(ErrorCode::RateLimited, "too many tests from this address").after(wait)
    })?;
    if app.rooms.tests() >= app.settings.max_tests {
        return Err(Problem::new(ErrorCode::TooMany, "too many connection tests at once").after(AGAIN));
    }
    let room = format!("{TEST}{}", random::hex::<16>());
    let name = "connection test".to_owned();
    let seat = SeatFor { room, identity: name.clone(), name, publish: true, subscribe: true };
    let token = seat.token(&app.tokens, LASTS);
    let token = token.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
    Ok(Json(Token { token }))
}
