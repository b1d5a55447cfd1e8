//! What the doctor finds, for the administrators.

use crate::{
    doctor::Report,
    http::{App, body::Json, session::Administrator},
};
use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The route.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read))
}

/// Looks at the deployment as `viva doctor` does: it changes nothing, and takes some seconds at most.
#[utoipa::path(get, path = "/api/admin/doctor", tag = "administration", responses(
    (status = 200, body = Report)))]
async fn read(State(app): State<App>, _: Administrator) -> Json<Report> {
    let concerns = app.health.concerns().await;
    Json(app.doctor.report(concerns).await)
}
