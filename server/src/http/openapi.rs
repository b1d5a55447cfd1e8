//! The description of the HTTP API at `/api/openapi.json`, gathered from the handlers, with what holds for all of them.

mod refusals;

pub(super) use refusals::{named, refusals};

use super::{App, admin::Fault, body::Json, operator::Reader};
use axum::{
    Extension,
    response::{IntoResponse, Response},
};
use std::sync::Arc;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        OpenApi as Document, RefOr, Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Type},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// What is said of the API as a whole.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Viva",
        description = "Interviews over the internet. Cookies carry who asks; a request that changes something needs the \
                       header `X-Viva: 1`. Times are milliseconds since 1970 UTC, points hundredths, ids 16 lower-case \
                       hexadecimal digits. What goes wrong is a problem with a code of the table in docs/protocol.md."
    ),
    paths(
        super::whip::offer,
        super::whip::trickle,
        super::whip::delete,
        super::health::alive,
        super::health::ready,
        super::health::metrics,
        super::downloads::file,
    ),
    components(schemas(ProblemBody, viva_interview::Check)),
    modifiers(&SecuritySchemes)
)]
pub struct About;

/// An error.
#[derive(Debug, ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "describes what `Problem` writes to the readers of the API")]
pub(super) struct ProblemBody {
    /// From the one table of errors.
    code: String,
    /// In English, for the developer.
    detail: String,
    /// For the person.
    text: ProblemTexts,
    /// The rows of an import that cannot be taken.
    #[schema(required = false, nullable = false)]
    rows: Option<Vec<Fault>>,
    /// How much there may be, where there was too much; the texts name it, too.
    #[schema(required = false, nullable = false)]
    limit: Option<String>,
}

/// The person's texts of an error.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what `Problem` writes to the readers of the API")]
struct ProblemTexts {
    /// In Chinese.
    zh: String,
    /// In English.
    en: String,
}

/// The bytes of a photo.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes bodies of bytes to the readers of the API")]
pub(super) struct Picture(Vec<u8>);

/// The bytes of a paper.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes bodies of bytes to the readers of the API")]
pub(super) struct PaperBytes(Vec<u8>);

/// How somebody shows who they are.
#[derive(Debug)]
struct SecuritySchemes;

/// The session of somebody of the staff; the routes under `/api/admin` are for administrators alone.
pub const STAFF: &str = "staff";
/// The candidate who has entered with an invitation.
pub const CANDIDATE: &str = "candidate";
/// The phone that is paired as a candidate's second camera.
pub const SECOND_CAMERA: &str = "second_camera";
/// The token of a seat.
pub const SEAT: &str = "seat";

impl Modify for SecuritySchemes {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let cookie = |name: &str, about: &str| {
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(name, about)))
        };
        components.add_security_scheme(
            STAFF,
            cookie(super::session::COOKIE, "The session that `POST /api/session` begins."),
        );
        components.add_security_scheme(
            CANDIDATE,
            cookie(super::candidate::COOKIE, "The entry that `POST /api/candidate/invitation` gives."),
        );
        components.add_security_scheme(
            SECOND_CAMERA,
            cookie(super::second_camera::COOKIE, "The pairing that `POST /api/second-camera` makes."),
        );
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
        let bearer = bearer.description(Some("The token of a seat, as for the WebSocket."));
        components.add_security_scheme(SEAT, SecurityScheme::Http(bearer.build()));
    }
}

/// The routes with their description beside them.
pub fn described(routes: OpenApiRouter<App>) -> axum::Router<App> {
    let about = OpenApiRouter::with_openapi(About::openapi()).routes(routes!(describe));
    let (routes, mut document) = about.merge(routes).split_for_parts();
    complete(&mut document);
    mirror(&mut document);
    routes.layer(Extension(Arc::new(document)))
}

refusals! {
    DescribeRefused: Unauthorized;
}

/// This description. Administrators may read it, and whoever may read the metrics.
#[utoipa::path(get, path = "/api/openapi.json", tag = "description", responses(
    (status = 200, description = "a document of OpenAPI 3.1, for administrators and operators", body = Object),
    DescribeRefused))]
async fn describe(_: Reader, Extension(document): Extension<Arc<Document>>) -> Response {
    Json(&*document).into_response()
}

/// Writes to every operation of the API what holds for all of its kind.
fn complete(document: &mut Document) {
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    for (path, item) in &mut document.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            let changes = method != "get";
            // Handlers of one name stand in several modules.
            let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
            operation.operation_id = Some([method].into_iter().chain(words).collect::<Vec<_>>().join("_"));
            if path.starts_with("/api/admin/") {
                operation.security = Some(vec![SecurityRequirement::new::<_, [String; 0], _>(STAFF, [])]);
            }
            refusals::complete(operation, path, changes);
            if changes && path.starts_with("/api/") {
                operation.parameters.get_or_insert_default().push(RefOr::T(guard()));
            }
        }
    }
}

/// WHEP is described like WHIP: it asks and answers in the same way.
fn mirror(document: &mut Document) {
    let whip = document.paths.paths.iter().filter_map(|(path, item)| {
        let mut item = item.clone();
        for operation in [&mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten() {
            operation.operation_id = operation.operation_id.as_ref().map(|id| id.replace("whip", "whep"));
        }
        Some((format!("/whep{}", path.strip_prefix("/whip")?), item))
    });
    let whep: Vec<_> = whip.collect();
    document.paths.paths.extend(whep);
}

/// The header that keeps forged requests out.
fn guard() -> Parameter {
    let one = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([super::guard::VALUE]));
    let about = "Keeps requests out that a page of another site makes a browser send.";
    ParameterBuilder::new()
        .name("X-Viva")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(about))
        .schema(Some(one))
        .build()
}
