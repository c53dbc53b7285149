//! `GET /docs`: the OpenAPI document as a page to read. Made on the server, without scripts, so that it works on a
//! closed network and under the strict content security policy.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde_json::Value;

use super::code::Code;
use super::{router, web};

const STYLE: &str = "\
:root{color-scheme:light dark;font:16px/1.55 system-ui,sans-serif}
body{max-width:56rem;margin:0 auto;padding:1rem 1rem 4rem;overflow-wrap:anywhere}
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid #8886}h3{margin:1.8rem 0 .2rem;font-size:1.05rem}
code{font:.92em ui-monospace,monospace;background:#8882;padding:.1em .3em;border-radius:.25em}
.method{display:inline-block;min-width:4.2em;font-weight:700}
table{border-collapse:collapse;width:100%;margin:.6rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #8883}
th{font-weight:600;font-size:.85rem}td:first-child{white-space:nowrap}
";

/// The page.
pub(super) async fn page(headers: HeaderMap) -> Response {
    static PAGE: LazyLock<(String, HeaderValue)> = LazyLock::new(|| {
        let page = render(&serde_json::to_value(router::document()).unwrap_or_default());
        let tag = web::etag(&page);
        (page, tag)
    });
    let (page, tag) = &*PAGE;
    web::file(&headers, "text/html; charset=utf-8", page, tag)
}

/// Its style sheet.
pub(super) async fn style(headers: HeaderMap) -> Response {
    static TAG: LazyLock<HeaderValue> = LazyLock::new(|| web::etag(STYLE));
    web::file(&headers, "text/css; charset=utf-8", STYLE, &TAG)
}

fn render(document: &Value) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>gisa: HTTP interface</title><link rel=\"stylesheet\" href=\"./docs.css\"></head><body>",
    );
    let info = |key| text(document.pointer(&format!("/info/{key}")));
    let _ = write!(page, "<h1>gisa {}: HTTP interface</h1><p>{}</p>", info("version"), info("description"));
    page.push_str("<p>The same for programs: <a href=\"./api/openapi.json\">OpenAPI 3.1</a>. <a href=\"./\">Search page</a>.</p>");
    for tag in list(document.get("tags")) {
        let name = tag.get("name");
        let _ = write!(page, "<h2>{}</h2><p>{}</p>", text(name), text(tag.get("description")));
        for (path, methods) in members(document.get("paths")) {
            for (method, operation) in members(Some(methods)) {
                if operation.pointer("/tags/0") == name {
                    render_operation(&mut page, path, method, operation);
                }
            }
        }
    }
    render_codes(&mut page);
    page.push_str("</body></html>\n");
    page
}

fn render_operation(page: &mut String, path: &str, method: &str, operation: &Value) {
    let anchor = text(operation.get("operationId"));
    let _ = write!(
        page,
        "<h3 id=\"{anchor}\"><code><span class=\"method\">{}</span>{}</code></h3><p><strong>{}.</strong> {}</p>",
        escape(&method.to_uppercase()),
        escape(path),
        text(operation.get("summary")),
        text(operation.get("description")),
    );
    let parameters = list(operation.get("parameters"));
    if !parameters.is_empty() {
        page.push_str("<table><tr><th>Parameter</th><th>Meaning</th></tr>");
        for parameter in parameters {
            let required =
                if parameter.get("required") == Some(&Value::Bool(true)) { " (required)" } else { "" };
            let allowed: Vec<String> =
                list(parameter.pointer("/schema/enum").or_else(|| parameter.pointer("/schema/oneOf/1/enum")))
                    .iter()
                    .map(|value| format!("<code>{}</code>", text(Some(value))))
                    .collect();
            let allowed = if allowed.is_empty() { String::new() } else { format!(" {}", allowed.join(" ")) };
            let (name, meaning) = (text(parameter.get("name")), text(parameter.get("description")));
            let _ =
                write!(page, "<tr><td><code>{name}</code>{required}</td><td>{meaning}{allowed}</td></tr>");
        }
        page.push_str("</table>");
    }
    page.push_str("<table><tr><th>Answer</th><th>Meaning</th></tr>");
    for (status, response) in members(operation.get("responses")) {
        let kinds: Vec<&str> = members(response.get("content")).map(|(kind, _)| kind).collect();
        let meaning = text(response.get("description"));
        let _ = write!(
            page,
            "<tr><td>{}</td><td>{meaning} <code>{}</code></td></tr>",
            escape(status),
            escape(&kinds.join(" "))
        );
    }
    page.push_str("</table>");
}

fn render_codes(page: &mut String) {
    page.push_str(
        "<h2 id=\"codes\">Codes of failures</h2><table><tr><th>Code</th><th>Status</th><th>Meaning</th></tr>",
    );
    for info in Code::ALL.map(Code::info) {
        let _ = write!(
            page,
            "<tr id=\"{0}\"><td><code>{0}</code></td><td>{1}</td><td>{2}. {3}</td></tr>",
            info.name,
            info.status.as_u16(),
            escape(info.title),
            code_spans(info.advice),
        );
    }
    page.push_str("</table>");
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

fn text(value: Option<&Value>) -> String {
    code_spans(value.and_then(Value::as_str).unwrap_or_default())
}

/// Markdown's `code` and nothing else of it.
fn code_spans(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for (index, piece) in text.split('`').enumerate() {
        let piece = escape(piece);
        let _ = if index % 2 == 1 { write!(html, "<code>{piece}</code>") } else { write!(html, "{piece}") };
    }
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_and_every_code_is_on_the_page() {
        let document = serde_json::to_value(router::document()).unwrap();
        let page = render(&document);
        let mut operations = 0;
        for (path, methods) in members(document.get("paths")) {
            assert!(page.contains(&escape(path)), "{path}");
            operations += members(Some(methods)).count();
        }
        assert!(operations >= 15 && page.matches("<h3").count() == operations);
        for code in Code::ALL {
            assert!(page.contains(&format!("id=\"{}\"", code.info().name)));
        }
        assert!(!page.contains("<script") && !page.contains("style="));
    }

    #[test]
    fn descriptions_are_escaped() {
        assert_eq!(code_spans("a `<b>` & c"), "a <code>&lt;b&gt;</code> &amp; c");
    }
}
