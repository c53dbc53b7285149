//! `GET /docs`: the OpenAPI document as a page to read. It is made on the server, so that it works on a closed network, without
//! scripts and under the strict content security policy; a script only adds buttons for copying.

mod examples;
mod schema;
pub(super) mod shared;

use std::fmt::Write as _;
use std::sync::OnceLock;

use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;
use utoipa::openapi::OpenApi;

use super::answer::Code;
use super::pages::{self, Asset, Language, Varies};

/// The page made from `document`, of which a process has one. In English, as the document is: its readers write programs.
pub(super) fn page(document: &OpenApi, headers: &HeaderMap) -> Response {
    static PAGE: OnceLock<Asset> = OnceLock::new();
    let page = PAGE.get_or_init(|| {
        let page = render(&serde_json::to_value(document).unwrap_or_default());
        Asset::new(pages::HTML, page, Varies::Encoding)
    });
    page.answer(headers)
}

fn render(document: &Value) -> String {
    let link = |name| pages::link(name, Language::English);
    let info = |key| text(document.pointer(&format!("/info/{key}")));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>gisa: HTTP interface</title>\n\
         <link rel=\"icon\" href=\"./{icon}\" type=\"image/svg+xml\">\n<link rel=\"stylesheet\" href=\"./{style}\">\n\
         <script src=\"./{theme}\"></script>\n<script src=\"./{script}\" defer></script>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">Skip to the content</a>\n\
         <header class=\"top\"><div class=\"wrap\"><p class=\"brand\"><a href=\"./\">기사<span class=\"sr\"> search</span></a></p>\
         <nav aria-label=\"Pages\"><a href=\"./help?lang=en\">Query language</a> <a href=\"./docs\" aria-current=\"page\">HTTP interface</a> \
         <a href=\"./docs/embed?lang=en\">Embedding</a> <a href=\"./api/openapi.json\">OpenAPI 3.1</a></nav></div></header>\n\
         <div class=\"wrap reading\">\n",
        icon = link("favicon.svg"),
        style = link("reading.css"),
        theme = link("theme.js"),
        script = link("reading.js"),
    );
    contents(&mut page, document);
    let _ = write!(
        page,
        "<main id=\"content\" tabindex=\"-1\"><h1>HTTP interface <span class=\"fine\">gisa {}</span></h1><p>{}</p>\
         <p>The examples use the server at <code class=\"base\">{base}</code>. Administration takes the token from \
         <code>$GISA_ADMIN_TOKEN</code>, set for example with <code>export GISA_ADMIN_TOKEN=$(cat index/admin-token)</code>.</p>",
        info("version"),
        info("description"),
        base = examples::BASE,
    );
    for tag in list(document.get("tags")) {
        let name = tag.get("name");
        let _ = write!(
            page,
            "<h2 id=\"{0}\">{1}</h2><p>{2}</p>",
            text(name),
            capital(&text(name)),
            text(tag.get("description"))
        );
        for (path, method, operation) in operations(document, name) {
            render_operation(&mut page, path, method, operation);
        }
    }
    schema::render_all(&mut page, document);
    render_codes(&mut page);
    page.push_str("</main></div></body></html>\n");
    page
}

/// All operations under a tag.
fn operations<'a>(
    document: &'a Value,
    tag: Option<&'a Value>,
) -> impl Iterator<Item = (&'a str, &'a str, &'a Value)> {
    members(document.get("paths"))
        .flat_map(|(path, methods)| {
            members(Some(methods)).map(move |(method, operation)| (path, method, operation))
        })
        .filter(move |(_, _, operation)| operation.pointer("/tags/0") == tag)
}

fn contents(page: &mut String, document: &Value) {
    page.push_str("<nav class=\"contents\" aria-label=\"Contents\">");
    for tag in list(document.get("tags")) {
        let name = text(tag.get("name"));
        let _ = write!(page, "<p><a href=\"#{name}\">{}</a></p><ul>", capital(&name));
        for (path, method, operation) in operations(document, tag.get("name")) {
            let _ = write!(
                page,
                "<li><a href=\"#{}\"><span class=\"method\">{}</span> {}</a></li>",
                text(operation.get("operationId")),
                escape(&method.to_uppercase()),
                escape(path)
            );
        }
        page.push_str("</ul>");
    }
    page.push_str("<p><a href=\"#shapes\">Schemas</a></p><p><a href=\"#codes\">Error codes</a></p></nav>");
}

fn render_operation(page: &mut String, path: &str, method: &str, operation: &Value) {
    let anchor = text(operation.get("operationId"));
    let _ = write!(
        page,
        "<section aria-labelledby=\"{anchor}\"><h3 id=\"{anchor}\"><code><span class=\"method\">{}</span> {}</code></h3>\
         <p><strong>{}.</strong> {}</p>",
        escape(&method.to_uppercase()),
        escape(path),
        text(operation.get("summary")),
        text(operation.get("description")),
    );
    let administration = operation.pointer("/tags/0").and_then(Value::as_str) == Some("administration")
        || !list(operation.get("security")).is_empty();
    let _ = write!(
        page,
        "<pre class=\"copy\" tabindex=\"0\"><code>{}</code></pre>",
        escape(&examples::curl(method, path, administration))
    );
    let parameters = list(operation.get("parameters"));
    if !parameters.is_empty() {
        table(page, &format!("{anchor}: parameters"), &["Parameter", "Meaning"]);
        for parameter in parameters {
            let required =
                if parameter.get("required") == Some(&Value::Bool(true)) { " (required)" } else { "" };
            let allowed = parameter.get("schema").map(schema::allowed).unwrap_or_default();
            let (name, meaning) = (text(parameter.get("name")), text(parameter.get("description")));
            let _ = write!(
                page,
                "<tr><th scope=\"row\"><code>{name}</code>{required}</th><td>{meaning}{allowed}</td></tr>"
            );
        }
        page.push_str("</tbody></table></div>");
    }
    table(page, &format!("{anchor}: responses"), &["Response", "Meaning"]);
    for (status, response) in members(operation.get("responses")) {
        let meaning = text(response.get("description"));
        let _ = write!(page, "<tr><th scope=\"row\">{}</th><td>{meaning}", escape(status));
        for (kind, content) in members(response.get("content")) {
            let shape = content.get("schema").map(schema::kind).unwrap_or_default();
            let _ = write!(page, " <code>{}</code> {shape}", escape(kind));
        }
        page.push_str("</td></tr>");
    }
    page.push_str("</tbody></table></div></section>");
}

fn render_codes(page: &mut String) {
    page.push_str("<h2 id=\"codes\">Error codes</h2>");
    table(page, "Error codes", &["Code", "Status", "Meaning"]);
    for info in Code::ALL.map(Code::info) {
        let _ = write!(
            page,
            "<tr id=\"{0}\"><th scope=\"row\"><code>{0}</code></th><td>{1}</td><td>{2}. {3}</td></tr>",
            info.name,
            info.status.as_u16(),
            escape(info.title),
            code_spans(info.advice),
        );
    }
    page.push_str("</tbody></table></div>");
}

/// Begins a table that can be scrolled, also by keyboard, if it is wider than the window.
fn table(page: &mut String, label: &str, heads: &[&str]) {
    let _ = write!(
        page,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr>",
        escape(label)
    );
    for head in heads {
        let _ = write!(page, "<th scope=\"col\">{head}</th>");
    }
    page.push_str("</tr></thead><tbody>");
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
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

/// Markdown's `code`, and no other Markdown.
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
        let document = serde_json::to_value(crate::http::document()).unwrap();
        let page = render(&document);
        let mut operations = 0;
        for (path, methods) in members(document.get("paths")) {
            assert!(page.contains(&escape(path)), "{path}");
            operations += members(Some(methods)).count();
        }
        assert!(operations >= 15 && page.matches("<section").count() == operations);
        assert_eq!(page.matches("<pre class=\"copy\"").count(), operations, "each has an example");
        for code in Code::ALL {
            assert!(page.contains(&format!("id=\"{}\"", code.info().name)));
        }
        for refused in ["<script>", "style=", "href=\"/", "src=\"/"] {
            assert!(!page.contains(refused), "{refused}");
        }
    }

    #[test]
    fn every_reference_on_the_page_leads_somewhere() {
        let page = render(&serde_json::to_value(crate::http::document()).unwrap());
        for anchor in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(page.contains(&format!("id=\"{anchor}\"")), "#{anchor}");
        }
    }

    #[test]
    fn descriptions_are_escaped() {
        assert_eq!(code_spans("a `<b>` & c"), "a <code>&lt;b&gt;</code> &amp; c");
    }
}
