//! `watchpost schema`: what is written, for programs and for people.

use serde_json::{Value, json};

use crate::cli::{SchemaArgs, ShapeName};
use crate::output;

/// Prints a shape.
pub(crate) fn run(args: &SchemaArgs) -> anyhow::Result<()> {
    let columns = match args.shape {
        ShapeName::CsvAcled => Some(&exchange::ACLED),
        ShapeName::CsvGed => Some(&exchange::GED),
        ShapeName::Coded
        | ShapeName::RemoteReply
        | ShapeName::Error
        | ShapeName::Geoparsed
        | ShapeName::Linked
        | ShapeName::Ingested
        | ShapeName::Incident
        | ShapeName::Decision
        | ShapeName::Situation
        | ShapeName::Forecast
        | ShapeName::Statement => None,
    };
    let text = match (columns, args.codebook) {
        (Some(shape), true) => exchange::columns_markdown(shape.columns),
        (Some(shape), false) => {
            let list: Vec<Value> = shape
                .columns
                .iter()
                .map(|column| {
                    let mut told = json!({"name": column.name, "type": column.kind.as_str()});
                    let more = [
                        ("description", column.meaning),
                        ("unit", column.unit),
                        ("from", column.from),
                        ("empty", column.empty),
                    ];
                    for (name, text) in more.into_iter().filter(|(_, text)| !text.is_empty()) {
                        told[name] = Value::from(text);
                    }
                    told
                })
                .collect();
            pretty(&Value::Array(list))?
        }
        (None, _) if args.shape == ShapeName::RemoteReply => pretty(&remote::schema())?,
        (None, true) => record::codebook(lookout::shapes()),
        (None, false) if args.shape == ShapeName::Statement => {
            pretty(&record::shape_of::<lookout::due::Said>())?
        }
        (None, false) => {
            let name = match args.shape {
                ShapeName::Error => "error",
                ShapeName::Geoparsed => "geoparsed",
                ShapeName::Linked => "linked",
                ShapeName::Ingested => "ingested",
                ShapeName::Incident => "incident",
                ShapeName::Decision => "decision",
                ShapeName::Situation => "situation",
                ShapeName::Forecast => "forecast",
                _ => "coded",
            };
            pretty(&record::schema(name).unwrap_or(Value::Null))?
        }
    };
    output::print(text.as_bytes())
}

fn pretty(value: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
