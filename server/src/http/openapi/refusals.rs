//! What addresses refuse with: the codes that each handler names, with those of every request of its kind, as responses.

use std::collections::{BTreeMap, BTreeSet};
use utoipa::openapi::{
    Content, Header, Ref, RefOr, Response,
    extensions::Extensions,
    path::{Operation, ParameterIn},
    response::ResponseBuilder,
    schema::{AllOfBuilder, ObjectBuilder, Type},
};
use viva_signaling::message::ErrorCode;

/// Where the codes that a handler names wait in the description until they become responses.
const NAMED: &str = "x-codes";

/// Types that stand in the description of a handler for the codes that it may refuse with, besides those of every
/// request of its kind.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: $($code:ident),+;)+) => {$(
        $(#[$doc])*
        enum $name {}

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>> {
                $crate::http::openapi::named(&[$(viva_signaling::message::ErrorCode::$code),+])
            }
        }
    )+};
}
pub(in crate::http) use refusals;

/// These codes, to be read by [`complete`].
pub fn named(codes: &[ErrorCode]) -> BTreeMap<String, RefOr<Response>> {
    let codes: Vec<&str> = codes.iter().map(|code| code.code()).collect();
    let extensions = Extensions::from_iter([(NAMED, codes)]);
    let response = ResponseBuilder::new().extensions(Some(extensions)).build();
    BTreeMap::from([("default".to_owned(), RefOr::T(response))])
}

/// Writes the responses of all that an operation may refuse with.
pub fn complete(operation: &mut Operation, path: &str, changes: bool) {
    let mut statuses: BTreeMap<u16, BTreeSet<ErrorCode>> = BTreeMap::new();
    let codes = taken(operation).into_iter().chain(of_its_kind(operation, path, changes));
    for code in codes.collect::<Vec<_>>() {
        statuses.entry(code.status()).or_default().insert(code);
    }
    let refused = statuses.iter().map(|(status, codes)| (status.to_string(), RefOr::T(response(codes))));
    operation.responses.responses.extend(refused);
}

/// The codes that the handler named.
fn taken(operation: &mut Operation) -> Vec<ErrorCode> {
    let Some(RefOr::T(response)) = operation.responses.responses.remove("default") else { return Vec::new() };
    let named = response.extensions.as_ref().and_then(|extensions| extensions.get(NAMED)?.as_array());
    let named: Vec<&str> = named.into_iter().flatten().filter_map(|code| code.as_str()).collect();
    ErrorCode::ALL.iter().copied().filter(|code| named.contains(&code.code())).collect()
}

/// The codes of every request of this kind under `/api`.
fn of_its_kind(operation: &Operation, path: &str, changes: bool) -> Vec<ErrorCode> {
    if !path.starts_with("/api/") {
        return Vec::new();
    }
    let mut codes = vec![ErrorCode::Internal, ErrorCode::Unavailable, ErrorCode::StoreUnavailable];
    if changes {
        codes.push(ErrorCode::RateLimited);
    }
    if changes || path.starts_with("/api/admin/") {
        codes.push(ErrorCode::Forbidden);
    }
    if operation.security.is_some() {
        codes.push(ErrorCode::Unauthorized);
    }
    // Whoever was in a rehearsal is told so, whatever they ask for.
    if path.starts_with("/api/candidate") && !path.starts_with("/api/candidates") {
        codes.push(ErrorCode::RehearsalOver);
    }
    if let Some(RefOr::T(body)) = &operation.request_body {
        codes.extend([ErrorCode::TooLarge, ErrorCode::RequestTimeout]);
        if body.content.keys().any(|kind| kind == "application/json" || kind == "multipart/form-data") {
            codes.extend([ErrorCode::Malformed, ErrorCode::UnsupportedMediaType]);
        }
    }
    for parameter in operation.parameters.iter().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        match parameter.parameter_in {
            ParameterIn::Path => codes.push(ErrorCode::NotFound),
            ParameterIn::Query => codes.push(ErrorCode::Malformed),
            _ => {}
        }
    }
    codes
}

/// A problem with one of these codes, all of one status.
fn response(codes: &BTreeSet<ErrorCode>) -> Response {
    let words = codes.iter().map(|code| code.code());
    let code = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
    let own = ObjectBuilder::new().property("code", code);
    let problem = AllOfBuilder::new().item(Ref::from_schema_name("Problem")).item(own);
    let texts: Vec<&str> = codes.iter().map(|code| code.en()).collect();
    let content = Content::new(Some(problem));
    let response = ResponseBuilder::new().description(texts.join(" / ")).content("application/json", content);
    let waits = [ErrorCode::RateLimited, ErrorCode::SmsTooSoon, ErrorCode::Locked];
    if waits.iter().any(|code| codes.contains(code)) {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
        response.header("Retry-After", Header::new(seconds)).build()
    } else {
        response.build()
    }
}
