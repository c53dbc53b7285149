//! All routes. Routes and documentation are one list, so that they cannot drift apart.

use std::sync::LazyLock;

use axum::extract::{DefaultBodyLimit, Request};
use axum::http::HeaderMap;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use super::answer::{ApiError, Code};
use super::docs::{self, shared};
use super::middleware::{self, audit, auth};
use super::routes::articles::{bulk, compare, related, versions, write};
use super::routes::listing::{export, feed, kept, xlsx};
use super::routes::{
    admin, analyze, articles, asked, facets, highlight, learned, lookup, mcp, opensearch, ops, quotes,
    related_terms, search, searches, sign_in, suggest, trends,
};
use super::state::AppState;
use super::{openapi as common, pages};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "gisa",
        description = "Full-text search over Korean news articles. Failures are application/problem+json (RFC 9457) with \
                       a `code` from a closed list; unknown parameters are refused. Times are RFC 3339, in Korean time.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "..", description = "This server, even behind a proxy under any path")),
    tags(
        (name = "search", description = "Finding articles"),
        (name = "articles", description = "Reading articles, and writing them, which needs a key with the scope `push`"),
        (name = "searches", description = "Saved searches, and telling others what came for them; needs a key with the scope `searches`"),
        (name = "administration", description = "Maintaining the index; needs a key with the scope `admin`"),
        (name = "operations", description = "Running the server"),
    ),
)]
struct Document;

/// Reading: free, unless it is closed.
fn reading() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(search::search))
        .routes(routes!(suggest::suggest))
        .routes(routes!(suggest::opensearch))
        .routes(routes!(facets::facet))
        .routes(
            routes!(highlight::article, highlight::text)
                .map(|methods| methods.layer(DefaultBodyLimit::max(highlight::LARGEST_BODY))),
        )
        .routes(routes!(articles::article))
        .routes(routes!(related::related))
        .routes(routes!(versions::versions))
        .routes(routes!(compare::compare))
        .routes(routes!(export::csv))
        .routes(
            routes!(xlsx::xlsx, kept::workbook)
                .map(|methods| methods.layer(DefaultBodyLimit::max(kept::LARGEST_LIST))),
        )
        .routes(routes!(related_terms::related_terms))
        .routes(routes!(trends::trends))
        .routes(routes!(trends::csv))
        .routes(routes!(quotes::quotes))
        .routes(routes!(quotes::csv))
        .routes(routes!(lookup::lookup))
        .routes(
            routes!(asked::asked).map(|methods| methods.layer(DefaultBodyLimit::max(asked::LARGEST_BODY))),
        )
        .routes(routes!(learned::learned))
        .routes(routes!(feed::atom))
        .routes(
            routes!(analyze::analyze, analyze::analyze_body)
                .map(|methods| methods.layer(DefaultBodyLimit::max(analyze::LARGEST_BODY))),
        )
}

/// Administration: needs a key for that.
fn administration() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(admin::reindex))
        .routes(routes!(admin::jobs))
        .routes(routes!(admin::job, admin::cancel))
        .routes(routes!(admin::lexicon::reload))
        .routes(routes!(admin::queries::queries))
        .routes(routes!(admin::queries::csv))
        .routes(routes!(admin::restore::restore))
}

/// Saved searches: need a key for that.
fn saved_searches() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(searches::list))
        .routes(
            routes!(searches::get, searches::put, searches::delete)
                .map(|methods| methods.layer(DefaultBodyLimit::max(searches::LARGEST_BODY))),
        )
        .routes(routes!(searches::hits::hits))
        .routes(routes!(searches::stream::stream))
        .routes(routes!(searches::trial::test))
        .routes(routes!(searches::feed::atom))
}

/// Writing and deleting articles: needs a key for that.
fn writing() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(
        routes!(write::put, write::delete)
            .map(|methods| methods.layer(DefaultBodyLimit::max(write::LARGEST_ARTICLE))),
    )
}

/// Writing many articles at once: needs a key for that; the body may have any length.
fn writing_many() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(bulk::bulk).map(|methods| methods.layer(DefaultBodyLimit::disable())))
}

/// For browsers, which send no token: says nothing about articles.
fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(opensearch::description))
}

/// Operations: open to everyone who can reach the port.
fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(ops::live))
        .routes(routes!(ops::ready))
        .routes(routes!(ops::version))
        .routes(routes!(ops::metrics))
}

/// The OpenAPI document: open to everyone as well, but long, so that whoever does not read it holds a connection.
fn contract() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(openapi))
}

/// Pages for people: those who may not read are sent to the sign-in page.
fn pages() -> Router<AppState> {
    let docs = get(async |headers: HeaderMap| docs::page(document(), &headers));
    Router::new().route("/docs", docs).merge(pages::pages())
}

/// The OpenAPI 3.1 document.
pub fn document() -> &'static OpenApi {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
        let complete = |mut router: OpenApiRouter<AppState>, codes: &[&[Code]]| {
            shared::complete(router.get_openapi_mut(), codes);
            router
        };
        let changing = administration().merge(writing()).merge(writing_many()).merge(saved_searches());
        let document = OpenApiRouter::<AppState>::with_openapi(Document::openapi())
            .merge(complete(reading(), &[shared::PARAMETERS, shared::READING]))
            .merge(complete(described(), &[shared::PARAMETERS]))
            .merge(complete(changing, &[shared::PARAMETERS, shared::KEYS]))
            .merge(complete(operations(), &[]))
            .merge(complete(contract(), &[shared::LEAVING_ROOM]))
            .into_openapi();
        common::complete(document)
    });
    &DOCUMENT
}

/// This document
///
/// OpenAPI 3.1, generated from the code.
#[utoipa::path(get, path = "/api/openapi.json", tag = "operations", operation_id = "openapi",
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
async fn openapi() -> Json<&'static OpenApi> {
    Json(document())
}

/// The answer under an address that does not exist.
async fn not_found(request: Request) -> ApiError {
    ApiError::new(Code::NotFound, format!("there is no address {}", request.uri().path()))
}

/// The answer to a method that the address does not take. The router adds the header `Allow`.
async fn method_not_allowed(request: Request) -> ApiError {
    let detail = format!("{} does not take {}", request.uri().path(), request.method());
    ApiError::new(Code::MethodNotAllowed, detail)
}

/// The whole server: every route inside the whole middleware stack.
pub fn router(state: AppState) -> Router {
    let leave_room = |router: Router<AppState>| router.route_layer(from_fn(middleware::leave_last_room));
    // Everything except bulk writing, which lasts as long as its client keeps sending.
    let bounded = |router: Router<AppState>| router.route_layer(from_fn(middleware::handler_timeout));
    let administration = bounded(Router::from(administration()))
        .route_layer(from_fn_with_state(state.clone(), auth::require_admin));
    let writing = bounded(Router::from(writing()))
        .merge(Router::from(writing_many()))
        .route_layer(from_fn_with_state(state.clone(), auth::require_push));
    let saved_searches = bounded(Router::from(saved_searches()))
        .route_layer(from_fn_with_state(state.clone(), auth::require_searches));
    let changing = administration
        .merge(writing)
        .merge(saved_searches)
        .merge(bounded(leave_room(sign_in::routes())))
        .route_layer(from_fn_with_state(state.clone(), audit::note));
    let reading = Router::from(reading()).merge(mcp::route(&state));
    let held = |router: Router<AppState>| router.route_layer(from_fn(middleware::bound_held_answers));
    let reading = held(bounded(reading)).route_layer(from_fn_with_state(state.clone(), auth::require_reader));
    let shared = state.clone();
    let pages = pages().route_layer(from_fn_with_state(state.clone(), auth::require_page_reader));
    let pages = Router::from(described()).merge(Router::from(contract())).merge(pages).merge(pages::files());
    let pages = leave_room(held(pages));
    let router = leave_room(reading)
        .merge(changing)
        .merge(bounded(Router::from(operations()).merge(pages)))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
        .with_state(state);
    middleware::wrap(router, &shared)
}
