//! The HTTP API under `/api`: who may ask, how much, and all its routes.

use super::{
    App, admin, body::Json, candidate, connection_test, downloads, draws, face, guard, openapi, papers,
    seats, second_camera, session, writing,
};
use crate::{
    institution::{Institution, Texts},
    problem::Problem,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    middleware,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use viva_signaling::message::ErrorCode;

/// The largest body of a request, in bytes; uploads have limits of their own.
const MAX_BODY: usize = 1024 * 1024;

/// All routes under `/api`.
pub fn routes(app: &App) -> Router<App> {
    let small = OpenApiRouter::new()
        .routes(routes!(settings))
        .merge(candidate::routes())
        .merge(face::routes())
        .merge(second_camera::routes())
        .merge(session::routes())
        .merge(seats::routes())
        .merge(papers::routes())
        .merge(draws::routes())
        .merge(connection_test::routes())
        .merge(downloads::routes())
        .merge(admin::routes())
        .layer(DefaultBodyLimit::max(MAX_BODY));
    let all = small.merge(admin::uploads());
    openapi::described(all)
        .route(
            "/api/{*rest}",
            axum::routing::any(|| async { Problem::new(ErrorCode::NotFound, "no such address") }),
        )
        .layer(middleware::from_fn_with_state(app.clone(), writing::by_address))
        .layer(middleware::from_fn(guard::guard))
}

/// What every page may know.
#[derive(Debug, Serialize, ToSchema)]
struct PublicSettings {
    institution: String,
    #[schema(required)]
    logo_url: Option<String>,
    hotline: String,
    hotline_hours: String,
    texts: Texts,
    /// The server runs a demo.
    demo: bool,
}

/// What the institution says about itself.
#[utoipa::path(get, path = "/api/settings", tag = "settings", responses(
    (status = 200, body = PublicSettings)))]
async fn settings(State(app): State<App>) -> Result<Json<PublicSettings>, Problem> {
    let Institution { institution, logo_url, hotline, hotline_hours, texts, .. } =
        Institution::read(&*app.store).await?;
    let (demo, texts) = (app.settings.demo, texts.shown());
    Ok(Json(PublicSettings { institution, logo_url, hotline, hotline_hours, texts, demo }))
}
