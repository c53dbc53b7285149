//! What all operations of the OpenAPI document have in common: how a key is shown, and the refusals that come before a route.

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Content, OpenApi, PathItem, Ref, ResponseBuilder};

use super::access::COOKIE;

/// The name of the scheme for keys in `Authorization`.
const KEY: &str = "token";
/// That for keys as passwords.
const PASSWORD: &str = "password";
/// That for sign-ins.
const SESSION: &str = "session";

/// Adds to `document` what its operations have in common.
pub(super) fn complete(mut document: OpenApi) -> OpenApi {
    let components = document.components.get_or_insert_default();
    let scheme = |scheme, description: &str| {
        SecurityScheme::Http(HttpBuilder::new().scheme(scheme).description(Some(description)).build())
    };
    let key = "A key of `gisa key add`, or the token for administration";
    components.add_security_scheme(KEY, scheme(HttpAuthScheme::Bearer, key));
    let password = "The same as the password of any user name, for feed readers and spreadsheets; `GET` only";
    components.add_security_scheme(PASSWORD, scheme(HttpAuthScheme::Basic, password));
    let session =
        "The cookie of a sign-in at `/sign-in`; what changes something needs `Sec-Fetch-Site: same-origin`";
    let session = ApiKeyValue::with_description(COOKIE, session);
    components.add_security_scheme(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(session)));
    for (path, item) in &mut document.paths.paths {
        for (operation, gets) in operations(item) {
            let tag = operation.tags.as_ref().and_then(|tags| tags.first()).map(String::as_str);
            match tag {
                // Anybody may ask; `/metrics` says itself whom it refuses.
                Some("operations") => {}
                _ if path == "/opensearch.xml" => {}
                _ => needs_key(operation, gets),
            }
            // Said before there is a request to answer, so without a body.
            let too_long = ResponseBuilder::new()
                .description("The address is longer than 64 KB: send the text in a body");
            operation.responses.responses.entry("414".to_owned()).or_insert_with(|| too_long.build().into());
            let head = ResponseBuilder::new()
                .description("The head is longer than 64 KB, or has more than 100 headers");
            operation.responses.responses.entry("431".to_owned()).or_insert_with(|| head.build().into());
            refuses(operation, "421", "`Host` is not in `server.allowed_hosts`");
        }
    }
    document
}

/// The operations of a path, and whether each is a `GET`.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&mut Operation, bool)> {
    let PathItem { get, put, post, delete, .. } = item;
    let get = get.iter_mut().map(|operation| (operation, true));
    get.chain([put, post, delete].into_iter().flatten().map(|operation| (operation, false)))
}

/// Says how a key is shown: operations that name no scheme need one only where reading is closed.
fn needs_key(operation: &mut Operation, gets: bool) {
    let scheme = |name: &str| SecurityRequirement::new(name, Vec::<String>::new());
    let always = operation.security.is_some();
    let mut ways = Vec::new();
    if !always {
        ways.push(SecurityRequirement::default());
    }
    ways.extend([scheme(KEY), scheme(SESSION)]);
    if gets {
        ways.push(scheme(PASSWORD));
    }
    operation.security = Some(ways);
    let missing = if always {
        "The key is missing or wrong"
    } else {
        "The key is wrong, or reading is closed and it is missing"
    };
    refuses(operation, "401", missing);
    refuses(operation, "403", "The key does not allow this");
    refuses(operation, "429", "Too many wrong keys came from this address");
}

/// Adds a refusal, unless the operation describes it itself.
fn refuses(operation: &mut Operation, status: &str, description: &str) {
    operation.responses.responses.entry(status.to_owned()).or_insert_with(|| {
        let problem = Content::new(Some(Ref::from_schema_name("Problem")));
        ResponseBuilder::new()
            .description(description)
            .content("application/problem+json", problem)
            .build()
            .into()
    });
}
