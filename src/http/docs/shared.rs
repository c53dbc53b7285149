//! What the operations of one kind have in common in the OpenAPI document: their failures, and examples of what they take.
//! A route describes what is its own; whatever it leaves out is added here, so that no status can be forgotten.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ContentBuilder, OpenApi, PathItem, Ref, RefOr};

use crate::http::answer::Code;

/// Any operation that checks its parameters, even one that takes none: an unknown one is refused.
pub(in crate::http) const PARAMETERS: &[Code] = &[Code::BadParameter, Code::UnknownParameter, Code::Internal];
/// Reading articles.
pub(in crate::http) const READING: &[Code] = &[Code::Overloaded, Code::NotReady, Code::Deadline];
/// Any operation that takes a body.
const BODY: &[Code] = &[Code::BadBody, Code::BodyTooLarge, Code::RequestTimeout];
/// Any operation at all: a request without `Host`; a body that is packed is refused, even where none is asked for.
const ANY: &[Code] = &[Code::BadRequest, Code::UnsupportedMediaType];
/// What keeps the last places free for probes and administration.
pub(in crate::http) const LEAVING_ROOM: &[Code] = &[Code::Overloaded];
/// Any operation that asks for a key: keys are not known at the moment.
pub(in crate::http) const KEYS: &[Code] = &[Code::NotReady, Code::KeysUnavailable];

/// Values with which a client reaches something in the sample articles: the operation's address up to here, the parameter, the
/// value.
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("/api/articles/", "id", "onsaemi-20231114-001"),
    ("/api/highlight", "id", "onsaemi-20231114-001"),
    ("/api/highlight", "q", "공급망 협력"),
    ("/api/facets/", "field", "outlet"),
    ("/api/suggest", "q", "스타"),
    ("/api/lookup", "q", "onsaemi-20231114-001"),
    ("/api/analyze", "text", "중소벤처기업부가 밝혔다."),
    ("/", "q", "중기부 스타트업"),
    ("/", "from", "2023-06-01"),
    ("/", "to", "2026-12-31"),
];

/// Adds the failures of `codes`, those of bodies where there is one, and examples to all operations of `document`.
pub(in crate::http) fn complete(document: &mut OpenApi, codes: &[&[Code]]) {
    for (path, item) in &mut document.paths.paths {
        for operation in operations(item) {
            let body: &[Code] = if operation.request_body.is_some() { BODY } else { &[] };
            add_failures(operation, codes.concat().iter().chain(body).chain(ANY));
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(parameter) = parameter {
                    add_example(path, parameter);
                }
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, .. } = item;
    [get, put, post, delete].into_iter().flatten()
}

/// Adds the statuses of `codes` that the operation does not describe itself.
fn add_failures<'a>(operation: &mut Operation, codes: impl Iterator<Item = &'a Code>) {
    let mut missing: Vec<(String, Vec<&str>)> = Vec::new();
    for info in codes.map(|code| code.info()) {
        let status = info.status.as_u16().to_string();
        if operation.responses.responses.contains_key(&status) {
            continue;
        }
        match missing.iter_mut().find(|(known, _)| *known == status) {
            Some((_, titles)) => titles.push(info.title),
            None => missing.push((status, vec![info.title])),
        }
    }
    for (status, titles) in missing {
        let response = problem(titles.join("; "));
        operation.responses.responses.insert(status, RefOr::T(response));
    }
}

fn problem(description: String) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}

fn add_example(path: &str, parameter: &mut Parameter) {
    let example = EXAMPLES.iter().find(|(under, name, _)| path.starts_with(under) && *name == parameter.name);
    if let Some((_, _, value)) = example {
        let described = ParameterBuilder::from(parameter.clone());
        *parameter = described.example(Some((*value).into())).build();
    }
}
