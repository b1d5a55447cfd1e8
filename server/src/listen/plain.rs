//! Plain HTTP beside HTTPS: leads there, and answers the ACME server (RFC 8555 §8.3).

use crate::tls::Tls;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::sync::Arc;

/// When whoever comes before there is a certificate may come again.
const AGAIN: &str = "10";

#[derive(Clone)]
struct Lead {
    tls: Tls,
    /// Names that are led to themselves; all others to the first one.
    names: Arc<[String]>,
}

/// Answers everything; `names` are those of the server.
pub fn router(tls: Tls, names: Vec<String>) -> Router {
    Router::new()
        .route("/.well-known/acme-challenge/{token}", get(answer))
        .fallback(lead)
        .with_state(Lead { tls, names: names.into() })
}

async fn answer(State(lead): State<Lead>, Path(token): Path<String>) -> Response {
    let answer = lead.tls.challenges().plain(&token);
    answer.map_or_else(|| StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
}

async fn lead(State(lead): State<Lead>, headers: HeaderMap, uri: Uri) -> Response {
    if lead.tls.certificate().is_none() {
        let said = "There is no certificate yet: it is being asked for. Please try again in a moment.\n\
                    还没有证书，正在申请。请稍后再试。\n";
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, AGAIN)], said).into_response();
    }
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let target = format!("{}{path}", lead.base(&headers));
    match HeaderValue::from_str(&target) {
        Ok(target) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, target)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

impl Lead {
    /// Where HTTPS is, under the name by which somebody comes, if that is ours.
    fn base(&self, headers: &HeaderMap) -> String {
        let base = self.tls.base();
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default();
        let Some(name) = self.names.iter().find(|name| name.eq_ignore_ascii_case(host)) else {
            return base.to_owned();
        };
        let port = base.rsplit_once(':').map(|(_, port)| port).filter(|port| port.parse::<u16>().is_ok());
        port.map_or_else(|| format!("https://{name}"), |port| format!("https://{name}:{port}"))
    }
}
