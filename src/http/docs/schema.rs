//! The schemas of answers and bodies, one table each, and the values that a parameter takes.

use std::fmt::Write as _;

use serde_json::Value;

use super::{escape, list, members, table, text};

const COMPONENTS: &str = "#/components/schemas/";

/// All schemas that the document names.
pub(super) fn render_all(page: &mut String, document: &Value) {
    page.push_str("<h2 id=\"shapes\">Schemas</h2>");
    for (name, schema) in members(document.pointer("/components/schemas")) {
        let _ = write!(
            page,
            "<h3 id=\"shape-{0}\"><code>{0}</code></h3><p>{1}</p>",
            escape(name),
            text(schema.get("description"))
        );
        let values = list(schema.get("enum"));
        if !values.is_empty() {
            let values: Vec<String> =
                values.iter().map(|value| format!("<code>{}</code>", text(Some(value)))).collect();
            let _ = write!(page, "<p>{}</p>", values.join(" "));
        }
        let mut properties = properties(schema).peekable();
        if properties.peek().is_none() {
            continue;
        }
        table(page, name, &["Field", "Type", "Meaning"]);
        for (field, property) in properties {
            let _ = write!(
                page,
                "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td></tr>",
                escape(field),
                kind(property),
                text(property.get("description"))
            );
        }
        page.push_str("</tbody></table></div>");
    }
}

/// The fields of a schema, also of one that is composed of several.
fn properties(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let parts = list(schema.get("allOf")).iter().flat_map(|part| members(part.get("properties")));
    members(schema.get("properties")).chain(parts)
}

/// The values that a parameter takes: choices, bounds and the default, in HTML after a space; empty if nothing is said of them.
pub(super) fn allowed(schema: &Value) -> String {
    let mut said = Vec::new();
    let number = |key: &str| schema.get(key).and_then(Value::as_u64);
    let code = |value: &Value| match value {
        Value::String(text) => format!("<code>{}</code>", escape(text)),
        other => format!("<code>{}</code>", escape(&other.to_string())),
    };
    let words = list(schema.get("enum").or_else(|| schema.pointer("/items/enum")));
    if !words.is_empty() {
        said.push(words.iter().map(code).collect::<Vec<_>>().join(" "));
    }
    match (number("minimum"), number("maximum")) {
        (Some(least), Some(most)) => said.push(format!("{least} to {most}")),
        (Some(least), None) => said.push(format!("from {least}")),
        (None, _) => {}
    }
    if let Some(most) = number("maxItems") {
        said.push(format!("at most {most} values"));
    }
    if let Some(most) = number("maxLength").or_else(|| schema.pointer("/items/maxLength")?.as_u64()) {
        said.push(format!("at most {most} characters"));
    }
    if let Some(default) = schema.get("default") {
        said.push(format!("default {}", code(default)));
    }
    if said.is_empty() { String::new() } else { format!(" ({})", said.join("; ")) }
}

/// The type of a value, in HTML, with a link if it is a named schema.
pub(super) fn kind(schema: &Value) -> String {
    if let Some(name) =
        schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix(COMPONENTS))
    {
        return format!("<a href=\"#shape-{0}\">{0}</a>", escape(name));
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        let kinds: Vec<String> =
            list(schema.get(choice)).iter().map(kind).filter(|kind| !kind.is_empty()).collect();
        if !kinds.is_empty() {
            return kinds.join(if choice == "allOf" { " and " } else { " or " });
        }
    }
    if let Some(items) = schema.get("items") {
        return format!("list of {}", kind(items)).trim_end_matches(" of ").to_owned();
    }
    match schema.get("type") {
        Some(Value::String(name)) => escape(name),
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).map(escape).collect::<Vec<_>>().join(" or ")
        }
        _ => String::new(),
    }
}
