//! The API's description (OpenAPI 3.1), made of the same declarations that the router is made of.

use axum::http::Method;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::account::Need;
use crate::endpoint::Endpoint;
use crate::problem::{KINDS, Problem};

/// Where the API is.
pub(crate) const UNDER: &str = "/api/v1";

/// The document.
pub(crate) fn document(endpoints: &[Endpoint]) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let problem = generator.subschema_for::<Problem>();
    let mut paths = Map::new();
    for endpoint in endpoints {
        let mut operation = Map::new();
        operation.insert("operationId".to_owned(), json!(endpoint.name));
        operation.insert("summary".to_owned(), json!(endpoint.about));
        let right = match endpoint.need {
            Need::Nothing => "Anyone may ask this.".to_owned(),
            need => format!("Needs the right to {}.", need.as_str()),
        };
        operation.insert("description".to_owned(), json!(right));
        let mut parameters: Vec<Value> = in_path(endpoint.path);
        for parameter in endpoint.parameters() {
            let schema = (parameter.schema)();
            let mut said = json!({
                "name": parameter.name, "in": "query", "required": false, "description": parameter.about, "schema": schema,
                // As a form sends what was not filled in.
                "allowEmptyValue": true,
            });
            if schema["type"] == "array" {
                said["style"] = json!("form");
                said["explode"] = json!(false);
            }
            parameters.push(said);
        }
        let mut header = |name: &str, about: &str| {
            parameters.push(json!({
                "name": name, "in": "header", "required": false, "description": about, "schema": {"type": "string"},
            }));
        };
        if endpoint.tagged {
            header(
                "If-None-Match",
                "The ETag that the client has: where nothing has changed, the answer is 304 without a body.",
            );
        }
        if endpoint.careful {
            header(
                "If-Match",
                "The ETag of the incident as the client has read it: where somebody has changed it since, nothing is decided (412).",
            );
        }
        if !parameters.is_empty() {
            operation.insert("parameters".to_owned(), Value::Array(parameters));
        }
        if let Some(body) = endpoint.body {
            let schema = body(&mut generator);
            operation.insert(
                "requestBody".to_owned(),
                json!({"required": true, "content": {"application/json": {"schema": schema}}}),
            );
        }
        let mut responses = Map::new();
        for answer in &endpoint.answers {
            let mut said = json!({"description": answer.about});
            let kind = if answer.status >= 300 { "application/problem+json" } else { answer.kind };
            if let Some(schema) = answer.schema {
                said["content"] = json!({kind: {"schema": schema(&mut generator)}});
            } else if !kind.is_empty() {
                let kinds = kind.split(", ").map(|kind| (kind.to_owned(), json!({})));
                said["content"] = Value::Object(kinds.collect());
            }
            responses.insert(answer.status.to_string(), said);
        }
        if endpoint.tagged {
            responses.insert("304".to_owned(), json!({"description": "The client has it."}));
        }
        for status in problems(endpoint) {
            let said = json!({"$ref": format!("#/components/responses/{status}")});
            responses.entry(status.to_string()).or_insert(said);
        }
        operation.insert("responses".to_owned(), Value::Object(responses));
        let path = paths.entry(endpoint.whole()).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(endpoint.method.as_str().to_ascii_lowercase(), Value::Object(operation));
        }
    }
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Watchpost",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The desk's API. Errors are problems (RFC 9457) that say what, where, what was expected and what to do. \
                Lists are paged by cursors: `next` of one page is `cursor` of the next.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"responses": responses(&problem), "schemas": schemas},
    })
}

/// The parts of a path in braces.
fn in_path(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names
        .map(|name| {
            let pattern = if path.starts_with("/reports") { "^R-[0-9a-f]{1,64}$" } else { "^[A-Za-z0-9_.-]{1,64}$" };
            json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "pattern": pattern}})
        })
        .collect()
}

/// The answer of each status that is a problem.
fn responses(problem: &Schema) -> Map<String, Value> {
    let mut all: Map<String, Value> = Map::new();
    for (kind, status, title) in KINDS {
        let said = all.entry(status.as_str().to_owned()).or_insert_with(
            || json!({"description": "", "content": {"application/problem+json": {"schema": problem}}}),
        );
        let before =
            said["description"].as_str().filter(|said| !said.is_empty()).map(|said| format!("{said} "));
        said["description"] = json!(format!("{}{title} (`/problems/{kind}`).", before.unwrap_or_default()));
    }
    all
}

/// The statuses of the problems that an endpoint may answer.
fn problems(endpoint: &Endpoint) -> Vec<u16> {
    let mut kinds = vec!["login", "not-allowed", "too-many", "busy", "broken", "wrong-parameter"];
    if endpoint.path.contains('{') {
        kinds.push("not-found");
    }
    if endpoint.body.is_some() {
        kinds.extend(["wrong-body", "not-json", "media-type", "too-large", "refused"]);
    }
    kinds.extend(endpoint.also);
    if endpoint.careful {
        kinds.extend(["changed", "not-found"]);
    }
    if endpoint.method != Method::GET {
        kinds.push("refused");
    }
    let mut all: Vec<u16> = KINDS
        .iter()
        .filter(|(kind, ..)| kinds.contains(kind))
        .map(|(_, status, _)| status.as_u16())
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}
