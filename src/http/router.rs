//! All routes. Routes and documentation are one list, so that they cannot drift apart.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi as _};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use super::routes::{
    admin, analyze, articles, bulk, export, facets, feed, highlight, lexicon, opensearch, ops, related,
    restore, search, suggest, writes,
};
use super::state::AppState;
use super::{auth, docs, layers, pages, telemetry};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "gisa",
        description = "Full-text search over Korean news articles. Failures are application/problem+json (RFC 9457) with \
                       a `code` from a closed list; unknown parameters are refused. Times are RFC 3339 in Korean time.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "..", description = "This server, also behind a proxy under any path")),
    modifiers(&TokenScheme),
    tags(
        (name = "search", description = "Finding articles"),
        (name = "articles", description = "Reading articles, and writing them (needs `Authorization: Bearer TOKEN`)"),
        (name = "administration", description = "Keeping the index; needs `Authorization: Bearer TOKEN`"),
        (name = "operations", description = "Running the server"),
    ),
)]
struct Document;

struct TokenScheme;

impl Modify for TokenScheme {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The token for administration"));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme.build()));
    }
}

/// Reading: free, unless `auth.read_token` is set.
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
        .routes(routes!(export::csv))
        .routes(routes!(feed::atom))
        .routes(routes!(analyze::analyze, analyze::analyze_body))
}

/// Administration: needs the token.
fn administration() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(admin::reindex))
        .routes(routes!(admin::jobs))
        .routes(routes!(admin::job, admin::cancel))
        .routes(routes!(lexicon::reload))
        .routes(routes!(restore::restore))
        .routes(
            routes!(writes::put, writes::delete)
                .map(|methods| methods.layer(DefaultBodyLimit::max(writes::LARGEST_ARTICLE))),
        )
}

/// Many articles at once: needs the token, and may be as long as it likes.
fn writing_many() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(bulk::bulk).map(|methods| methods.layer(DefaultBodyLimit::disable())))
}

/// For browsers, which send no token: says nothing of articles.
fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(opensearch::description))
}

/// Operations: open to whoever reaches the port.
fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(ops::live))
        .routes(routes!(ops::ready))
        .routes(routes!(ops::version))
        .routes(routes!(ops::metrics))
        .routes(routes!(ops::openapi))
}

/// Pages for people.
fn pages() -> Router<AppState> {
    Router::new().route("/docs", get(docs::page)).merge(pages::routes())
}

/// The OpenAPI 3.1 document.
pub fn document() -> &'static OpenApi {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
        OpenApiRouter::<AppState>::with_openapi(Document::openapi())
            .merge(reading())
            .merge(described())
            .merge(administration())
            .merge(writing_many())
            .merge(operations())
            .into_openapi()
    });
    &DOCUMENT
}

/// The whole server: every route inside the whole middleware stack.
pub fn router(state: AppState) -> Router {
    // Installed before the first request counts.
    telemetry::handle();
    let bounded = |router: Router<AppState>| router.route_layer(from_fn(layers::patience));
    let administration = bounded(Router::from(administration()))
        .merge(Router::from(writing_many()))
        .route_layer(from_fn_with_state(state.clone(), auth::require_admin));
    let reading =
        bounded(Router::from(reading())).route_layer(from_fn_with_state(state.clone(), auth::require_reader));
    let config = state.config().clone();
    let open = Router::from(described()).merge(Router::from(operations())).merge(pages());
    let router = reading
        .merge(administration)
        .merge(bounded(open))
        .method_not_allowed_fallback(layers::method_not_allowed)
        .fallback(layers::not_found)
        .with_state(state);
    layers::wrap(router, &config)
}
