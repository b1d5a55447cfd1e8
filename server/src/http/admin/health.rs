//! What is wrong with the server, for the banner of the administration.

use crate::{
    health::Concern,
    http::{App, body::Json, session::Administrator},
    problem::Problem,
};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The server's state.
#[derive(Debug, Serialize, ToSchema)]
struct HealthBody {
    /// What is wrong, the worst first; nothing when all is well.
    concerns: Vec<Concern>,
    /// Bytes left on the disk of the data directory, where the system tells of it.
    #[schema(required)]
    disk_free: Option<u64>,
    /// Bytes of that disk.
    #[schema(required)]
    disk_size: Option<u64>,
}

/// The route.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read))
}

/// What is wrong now.
#[utoipa::path(get, path = "/api/admin/health", tag = "administration", responses(
    (status = 200, body = HealthBody)))]
async fn read(State(app): State<App>, _: Administrator) -> Result<Json<HealthBody>, Problem> {
    let disk = app.health.disk();
    let (disk_free, disk_size) = (disk.map(|disk| disk.free), disk.map(|disk| disk.size));
    let mut concerns = app.health.concerns().await;
    let fault = app.proxies.fault().map(str::to_owned);
    concerns.extend(fault.map(|detail| Concern { code: "proxies", detail, stops: false }));
    Ok(Json(HealthBody { concerns, disk_free, disk_size }))
}
