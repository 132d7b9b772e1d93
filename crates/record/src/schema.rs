//! The JSON Schema of the contract, and the codebook, both from the types.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

use crate::{
    CodedDocument, Decision, ErrorLine, Geoparsed, Incident, Ingested, IssuedForecast, LinkedReport,
    Situation,
};

fn of<T: JsonSchema>() -> Value {
    SchemaGenerator::default().into_root_schema_for::<T>().to_value()
}

/// JSON Schema (2020-12) of a shape, by its name; `None` for a name that is no shape.
#[must_use]
pub fn schema(name: &str) -> Option<Value> {
    match name {
        "coded" => Some(of::<CodedDocument>()),
        "error" => Some(of::<ErrorLine>()),
        "linked" => Some(of::<LinkedReport>()),
        "ingested" => Some(of::<Ingested>()),
        "geoparsed" => Some(of::<Geoparsed>()),
        "incident" => Some(of::<Incident>()),
        "decision" => Some(of::<Decision>()),
        "situation" => Some(of::<Situation>()),
        "forecast" => Some(of::<IssuedForecast>()),
        _ => None,
    }
}

/// The schema of a type, as [`schema`] writes it.
#[must_use]
pub fn shape_of<T: JsonSchema>() -> Value {
    of::<T>()
}

/// The codebook in Markdown: every shape, every field, its type and meaning; `more` are shapes of other crates.
#[must_use]
pub fn codebook(more: Vec<(&'static str, Value)>) -> String {
    let mut out = String::from(
        "# Codebook\n\nGenerated from the types by `watchpost schema --codebook`; do not edit.\n",
    );
    let mut section = |name: &str, shape: &Value| {
        out.push_str(&format!("\n## {name}\n\n"));
        if let Some(text) = shape["description"].as_str() {
            out.push_str(&format!("{}\n\n", text.replace('\n', " ")));
        }
        if let Some(fields) = shape["properties"].as_object() {
            out.push_str("| field | type | meaning |\n|---|---|---|\n");
            for (field, value) in fields {
                out.push_str(&format!(
                    "| `{field}` | {} | {} |\n",
                    type_name(value),
                    value["description"].as_str().unwrap_or("").replace('\n', " ").replace('|', "\\|")
                ));
            }
        } else if let Some(options) = shape["oneOf"].as_array() {
            out.push_str("| value | meaning |\n|---|---|\n");
            for option in options {
                let values = option
                    .get("const")
                    .map(std::slice::from_ref)
                    .or_else(|| option["enum"].as_array().map(Vec::as_slice));
                for value in values.unwrap_or_default() {
                    out.push_str(&format!(
                        "| `{}` | {} |\n",
                        value.as_str().unwrap_or("null"),
                        option["description"].as_str().unwrap_or("").replace('\n', " ").replace('|', "\\|")
                    ));
                }
            }
        } else if let Some(values) = shape["enum"].as_array() {
            for value in values {
                out.push_str(&format!("- `{}`\n", value.as_str().unwrap_or("null")));
            }
        }
    };
    let mut shapes = vec![
        ("CodedDocument", of::<CodedDocument>()),
        ("Incident", of::<Incident>()),
        ("Decision", of::<Decision>()),
        ("Situation", of::<Situation>()),
        ("IssuedForecast", of::<IssuedForecast>()),
    ];
    shapes.extend(more);
    let mut told = std::collections::BTreeSet::new();
    for (name, root) in &shapes {
        section(name, root);
        for (name, shape) in root["$defs"].as_object().into_iter().flatten() {
            if told.insert(name.clone()) {
                section(name, shape);
            }
        }
    }
    out
}

fn type_name(value: &Value) -> String {
    if let Some(reference) = value["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or(reference).to_owned();
    }
    if let Some(options) = value["anyOf"].as_array() {
        return options.iter().map(type_name).collect::<Vec<_>>().join(" or ");
    }
    match &value["type"] {
        Value::String(kind) if kind == "array" => format!("list of {}", type_name(&value["items"])),
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => "any".to_owned(),
    }
}
