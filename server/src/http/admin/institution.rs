//! What the institution says about itself, as administrators change it.

use crate::{
    http::{App, body::Json, openapi::refusals, session::Administrator},
    institution::Institution,
    problem::Problem,
};
use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};

refusals! {
    WriteRefused: TextEmpty, TextTooLong, SmsTextRefused;
}

/// All of them.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read, write))
}

/// The settings.
#[utoipa::path(get, path = "/api/admin/settings", tag = "administration", responses(
    (status = 200, body = Institution)))]
async fn read(State(app): State<App>, _: Administrator) -> Result<Json<Institution>, Problem> {
    Institution::read(&*app.store).await.map(Json)
}

/// Other settings, all of them.
#[utoipa::path(put, path = "/api/admin/settings", tag = "administration", request_body = Institution, responses(
    (status = 200, body = Institution), WriteRefused))]
async fn write(
    State(app): State<App>,
    _: Administrator,
    Json(institution): Json<Institution>,
) -> Result<Json<Institution>, Problem> {
    institution.write(&*app.store).await?;
    Ok(Json(institution))
}
