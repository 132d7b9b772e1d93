//! The API's description, for programs and for people.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use crate::Desk;
use crate::account::Need;
use crate::answer::body_of;
use crate::endpoint::{Ask, Endpoint};
use crate::problem::{KINDS, Problem};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/openapi.json", "openapi", "This description, as OpenAPI 3.1.")
            .needs(Need::Nothing)
            .gives(200, "The description.", "application/json")
            .by(openapi),
        Endpoint::get("/docs", "docs", "This description, for people.")
            .needs(Need::Nothing)
            .gives(200, "A page.", "text/html")
            .by(page),
        Endpoint::get("/docs.css", "docs-style", "How the page looks.")
            .needs(Need::Nothing)
            .gives(200, "A style sheet.", "text/css")
            .by(style),
    ]
}

async fn openapi(desk: Arc<Desk>, _ask: Ask) -> Result<Response, Problem> {
    let body = serde_json::to_vec_pretty(&*desk.openapi).unwrap_or_default();
    Ok(body_of(StatusCode::OK, "application/json", body))
}

async fn page(desk: Arc<Desk>, _ask: Ask) -> Result<Response, Problem> {
    Ok(body_of(StatusCode::OK, "text/html; charset=utf-8", html(&desk.openapi).into_bytes()))
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}\
h2{margin-top:2.5rem;font:600 1.05rem ui-monospace,monospace}h2 b{display:inline-block;min-width:4.5rem}\
table{border-collapse:collapse;width:100%}td{padding:.2rem .8rem .2rem 0;vertical-align:top;border-top:1px solid #d9dee3}\
code{font:.95em ui-monospace,monospace}p{margin:.3rem 0}\
@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#15181b}td{border-color:#3a4048}a{color:#8ab4f8}}";

async fn style(_desk: Arc<Desk>, _ask: Ask) -> Result<Response, Problem> {
    Ok(body_of(StatusCode::OK, "text/css; charset=utf-8", STYLE.as_bytes().to_vec()))
}

/// Text that stays text.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A schema in few words.
fn short(schema: &Value) -> String {
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if let Some(path) = schema["$ref"].as_str() {
        return path.rsplit('/').next().unwrap_or(path).to_owned();
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(word).collect::<Vec<_>>().join(" · ");
    }
    let mut said = match &schema["type"] {
        Value::String(kind) if kind == "array" => format!("{}, with commas between", short(&schema["items"])),
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().map(word).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    };
    if let Some(format) = schema["format"].as_str() {
        let _ = write!(said, " ({format})");
    }
    if let (Some(least), Some(most)) = (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
        let _ = write!(said, ", {least} to {most}");
    }
    if !schema["default"].is_null() {
        let _ = write!(said, ", else {}", word(&schema["default"]));
    }
    said
}

/// The description as a page.
fn html(document: &Value) -> String {
    let mut out = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Watchpost: API</title><link rel=\"stylesheet\" href=\"/api/v1/docs.css\"></head><body><h1>Watchpost: the API</h1>",
    );
    let text = |value: &Value| escaped(value.as_str().unwrap_or_default());
    // Writing to a string does not fail.
    let _ = write!(
        out,
        "<p>{}</p><p>For programs: <a href=\"/api/v1/openapi.json\">openapi.json</a>.</p>",
        text(&document["info"]["description"])
    );
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let name = text(&operation["operationId"]);
            let _ = write!(
                out,
                "<section id=\"{name}\"><h2><b>{}</b> {}</h2><p>{} {}</p>",
                method.to_uppercase(),
                escaped(path),
                text(&operation["summary"]),
                text(&operation["description"])
            );
            let parameters = operation["parameters"].as_array();
            if let Some(parameters) = parameters.filter(|all| !all.is_empty()) {
                out.push_str("<table>");
                for parameter in parameters {
                    let _ = write!(
                        out,
                        "<tr><td><code>{}</code><td>{}<td>{}",
                        text(&parameter["name"]),
                        text(&parameter["description"]),
                        escaped(&short(&parameter["schema"]))
                    );
                }
                out.push_str("</table>");
            }
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            if !body.is_null() {
                let _ = write!(
                    out,
                    "<details><summary>Body</summary><pre><code>{}</code></pre></details>",
                    escaped(&serde_json::to_string_pretty(body).unwrap_or_default())
                );
            }
            out.push_str("<table>");
            for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
                // What each problem is stands at the end.
                if answer.get("$ref").is_some() {
                    continue;
                }
                let schema = answer["content"]
                    .as_object()
                    .and_then(|kinds| kinds.values().next())
                    .map(|kind| short(&kind["schema"]));
                let _ = write!(
                    out,
                    "<tr><td><code>{status}</code><td>{}<td>{}",
                    text(&answer["description"]),
                    escaped(&schema.unwrap_or_default())
                );
            }
            out.push_str("</table></section>");
        }
    }
    out.push_str("<h1>Shapes</h1>");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let _ = write!(
            out,
            "<details id=\"{}\"><summary>{}</summary><pre><code>{}</code></pre></details>",
            escaped(name),
            escaped(name),
            escaped(&serde_json::to_string_pretty(schema).unwrap_or_default())
        );
    }
    out.push_str("<h1>Problems</h1><table>");
    for (kind, status, title) in KINDS {
        let _ = write!(
            out,
            "<tr id=\"{kind}\"><td><code>/problems/{kind}</code><td>{}<td>{}",
            status.as_u16(),
            escaped(title)
        );
    }
    out.push_str("</table></body></html>");
    out
}
