/*! What a model may reply: the coded document's own vocabularies, and words copied from the report in place of positions.

[`schema`] is generated from these types. Not every server holds a model to it, so that [`Reply::parse`] reads a reply item
by item: one that is not as the schema says costs that item.
*/

use record::vocabulary::{Completion, EventType, Realis, Sector, SubEventType};
use record::{
    Certainty, ClaimKind, CountOf, Direction, Effect, ObjectClass, ParticipantKind, StatementKind,
    WeaponClass,
};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Longest reply that is looked at, in bytes: a report has not as much to tell.
const LONGEST: usize = 1 << 20;
/// Most items of one list, and most events.
const MOST: usize = 200;

/// What a model says of a report or a part of one.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub struct Reply {
    /// Every event that the report tells, each once, in the order in which they are first told.
    pub events: Vec<Told>,
    /// Totals over a period or over many places: never events.
    pub tallies: Vec<Total>,
    /// What somebody says about violence: trends, causes, forecasts, estimates, demands, allegations.
    pub statements: Vec<Said>,
    /// Items that were not as the schema says, each with what is wrong.
    #[serde(skip)]
    #[schemars(skip)]
    pub unusable: Vec<String>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Told {
    /// One to four passages copied letter by letter from the report that tell of this event, the most telling first.
    pub quotes: Vec<String>,
    /// ACLED sub-event type.
    pub sub_event_type: SubEventType,
    /// Whether it happened, as the report tells it.
    pub realis: Realis,
    /// Whether it was carried through.
    pub completion: Completion,
    /// The words that say when it was, copied; null where none do.
    pub date_quote: Option<String>,
    /// The first day as YYYY-MM-DD, null where the report does not say.
    pub date: Option<String>,
    /// The names of the places where it was, copied, the most exact first.
    pub places: Vec<String>,
    /// Who did it, who suffered it, who says so.
    pub participants: Vec<Party>,
    /// How many were killed, injured and so on.
    pub counts: Vec<Figure>,
    /// Weapons.
    pub weapons: Vec<Arm>,
    /// Buildings, vehicles and other things that were attacked, damaged or taken.
    pub objects: Vec<Thing>,
    /// Who claimed it, denied it or was blamed.
    pub claims: Vec<Voice>,
    /// Fields that the reply lacks and that were taken as a plain sentence has them.
    #[serde(skip)]
    #[schemars(skip)]
    pub guessed: Vec<&'static str>,
}

/// What somebody is to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Did it; in a fight every side.
    Actor,
    /// Suffered it.
    Recipient,
    /// Says so: who the report rests on.
    Source,
}

/// A participant.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Party {
    /// Actor, recipient or source.
    pub role: Role,
    /// Every phrase of the report that means this participant, copied, the most telling first.
    pub quotes: Vec<String>,
    /// What sort of participant.
    pub kind: ParticipantKind,
    /// PLOVER sector, null where the report does not tell.
    pub sector: Option<Sector>,
    /// How the report ties the participant to the event.
    pub certainty: Certainty,
}

/// What became of the people counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Dead.
    Killed,
    /// Wounded.
    Injured,
    /// Dead and wounded together, where the report does not split them.
    KilledOrInjured,
    /// Taken by others than the law.
    Abducted,
    /// Detained by state forces.
    Arrested,
    /// Unaccounted for.
    Missing,
    /// Escaped or freed.
    Escaped,
    /// Driven from home.
    Displaced,
}

/// One count.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Figure {
    /// What became of them.
    pub outcome: Fate,
    /// How many, null where the words give no number.
    pub number: Option<u64>,
    /// The words with the number and the people, copied ("at least 12 civilians").
    pub quote: String,
    /// Whose dead, wounded, … they are.
    pub who: CountOf,
    /// The quote of the count that this one is included in ("8 soldiers, including an officer"), else null.
    pub part_of: Option<String>,
}

/// A weapon.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Arm {
    /// The words that name it, copied.
    pub quote: String,
    /// GTD weapon type.
    pub class: WeaponClass,
}

/// A thing.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Thing {
    /// The words that name it, copied.
    pub quote: String,
    /// What sort.
    pub class: ObjectClass,
    /// What became of it.
    pub effect: Effect,
}

/// A claim, a denial, a blame.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Voice {
    /// What sort.
    pub kind: ClaimKind,
    /// The words that name who claims, denies or is blamed, copied; null where nobody has claimed it.
    pub by: Option<String>,
    /// The passage that says so, copied.
    pub quote: String,
}

/// A total.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Total {
    /// What was counted: killed, injured, arrested, destroyed, seized, attacks, raids, …
    pub what: String,
    /// The passage that gives it, copied.
    pub quote: String,
    /// The words with the number and what it counts, copied ("332 civilians").
    pub count: String,
    /// The words for the days that it is over, copied; null where none do.
    pub period: Option<String>,
    /// The names of the places that it is over, copied.
    pub places: Vec<String>,
    /// The words that name whose doing it is, copied, else null.
    pub by: Option<String>,
    /// The words that name who says so, copied, else null.
    pub source: Option<String>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Said {
    /// What sort.
    pub kind: StatementKind,
    /// The passage, copied.
    pub quote: String,
    /// The words that name who says so, copied; null where the report itself does.
    pub speaker: Option<String>,
    /// Which way, for a trend; else null.
    pub direction: Option<Direction>,
    /// The words with the number, for an estimate, copied; else null.
    pub number: Option<String>,
    /// The words that name the causes, copied.
    pub causes: Vec<String>,
    /// The words that say when a forecast falls due, copied; else null.
    pub horizon: Option<String>,
    /// The words of the condition ("if the talks fail"), copied; else null.
    pub condition: Option<String>,
    /// The words that name the actors that it is about, copied.
    pub actors: Vec<String>,
    /// The names of the places that it is about, copied.
    pub places: Vec<String>,
    /// ACLED event types that it is about.
    pub event_types: Vec<EventType>,
}

/// Why a reply cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyFault {
    /// More than anybody has to say.
    #[error("the model's reply has {0} bytes; more than {LONGEST} are not read")]
    TooLong(usize),
    /// No JSON in it, or JSON that breaks off.
    #[error("the model's reply is no JSON object: {problem}; it begins {begins:?}")]
    NotJson {
        /// What the parser says.
        problem: String,
        /// How the reply begins.
        begins: String,
    },
    /// JSON without the list of events.
    #[error("the model's reply has no list `events`; it begins {0:?}")]
    NoEvents(String),
}

impl Reply {
    /// Reads what a model wrote: the JSON object, also after its thoughts or between marks of code.
    ///
    /// # Errors
    /// Where there is no such object, or it has no list of events.
    pub fn parse(content: &str) -> Result<Self, ReplyFault> {
        if content.len() > LONGEST {
            return Err(ReplyFault::TooLong(content.len()));
        }
        let begins = || content.trim().chars().take(60).collect::<String>();
        // Some models think aloud before they answer.
        let answer = content.rsplit_once("</think>").map_or(content, |(_, answer)| answer);
        let json = answer.find('{').map_or("", |at| &answer[at..]);
        let mut values = serde_json::Deserializer::from_str(json).into_iter::<Value>();
        let object = match values.next() {
            Some(Ok(Value::Object(object))) => object,
            Some(Err(error)) => {
                return Err(ReplyFault::NotJson { problem: error.to_string(), begins: begins() });
            }
            _ => return Err(ReplyFault::NotJson { problem: "no `{`".to_owned(), begins: begins() }),
        };
        let Some(Value::Array(events)) = object.get("events") else {
            return Err(ReplyFault::NoEvents(begins()));
        };
        let mut reply = Self::default();
        for (at, event) in events.iter().enumerate() {
            if at == MOST {
                reply.unusable.push(format!("{} events after the first {MOST}", events.len() - MOST));
                break;
            }
            let mut items = Items { at: format!("event {}", at + 1), unusable: &mut reply.unusable };
            let told = event.as_object().and_then(|event| items.event(event));
            match told {
                Some(told) => reply.events.push(told),
                None => reply.unusable.push(format!("event {}: no type that there is", at + 1)),
            }
        }
        let mut items = Items { at: "the reply".to_owned(), unusable: &mut reply.unusable };
        reply.tallies = items.list(&object, "tallies");
        reply.statements = items.list(&object, "statements");
        Ok(reply)
    }
}

/// Reads the fields of an object one by one.
struct Items<'u> {
    at: String,
    unusable: &'u mut Vec<String>,
}

impl Items<'_> {
    fn event(&mut self, event: &Map<String, Value>) -> Option<Told> {
        let mut guessed = Vec::new();
        Some(Told {
            sub_event_type: one(event, "sub_event_type")?,
            quotes: self.list(event, "quotes"),
            // What is not said is as with a report's plain sentence.
            realis: self.one_or(event, "realis", Realis::Asserted, &mut guessed),
            completion: self.one_or(event, "completion", Completion::Accomplished, &mut guessed),
            date_quote: one(event, "date_quote"),
            date: one(event, "date"),
            places: self.list(event, "places"),
            participants: self.list(event, "participants"),
            counts: self.list(event, "counts"),
            weapons: self.list(event, "weapons"),
            objects: self.list(event, "objects"),
            claims: self.list(event, "claims"),
            guessed,
        })
    }

    fn one_or<T: DeserializeOwned>(
        &mut self,
        event: &Map<String, Value>,
        key: &'static str,
        otherwise: T,
        guessed: &mut Vec<&'static str>,
    ) -> T {
        one(event, key).unwrap_or_else(|| {
            self.unusable.push(format!("{}: `{key}` is missing or none that there is", self.at));
            guessed.push(key);
            otherwise
        })
    }

    fn list<T: DeserializeOwned>(&mut self, event: &Map<String, Value>, key: &str) -> Vec<T> {
        let items = match event.get(key) {
            Some(Value::Array(items)) => items.as_slice(),
            None | Some(Value::Null) => &[],
            Some(_) => {
                self.unusable.push(format!("{}: `{key}` is no list", self.at));
                &[]
            }
        };
        if items.len() > MOST {
            self.unusable.push(format!(
                "{}: {} of `{key}` after the first {MOST}",
                self.at,
                items.len() - MOST
            ));
        }
        let mut read = Vec::new();
        for item in items.iter().take(MOST) {
            match T::deserialize(item) {
                Ok(item) => read.push(item),
                Err(error) => self.unusable.push(format!("{}: `{key}`: {error}", self.at)),
            }
        }
        read
    }
}

fn one<T: DeserializeOwned>(event: &Map<String, Value>, key: &str) -> Option<T> {
    event.get(key).and_then(|value| T::deserialize(value).ok())
}

/// The JSON Schema of a reply, in the few words that every server's grammar knows: no references, every field required, no
/// field besides.
#[must_use]
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<Reply>().to_value();
    simplify(&mut schema);
    schema
}

fn simplify(schema: &mut Value) {
    if let Value::Object(object) = schema {
        for key in ["title", "format", "minimum", "default"] {
            // A property may be called so; a keyword of that name holds no schema.
            if object.get(key).is_some_and(|value| !value.is_object()) {
                object.remove(key);
            }
        }
        // An enumeration of documented values is written as a choice of constants.
        if let Some(Value::Array(options)) = object.get("oneOf") {
            let values: Vec<Value> = options.iter().flat_map(constants).collect();
            object.remove("oneOf");
            object.insert("type".to_owned(), Value::from("string"));
            object.insert("enum".to_owned(), Value::Array(values));
        }
        if let Some(Value::Object(properties)) = object.get("properties") {
            let names: Vec<Value> = properties.keys().map(|name| Value::from(name.as_str())).collect();
            object.insert("required".to_owned(), Value::Array(names));
            object.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
        object.values_mut().for_each(simplify);
    } else if let Value::Array(items) = schema {
        items.iter_mut().for_each(simplify);
    }
}

/// The values that one option of an enumeration stands for.
fn constants(option: &Value) -> Vec<Value> {
    match (&option["const"], &option["enum"]) {
        (Value::Null, Value::Array(values)) => values.clone(),
        (value, _) => vec![value.clone()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_that_is_wrong_costs_that_item() {
        let reply = Reply::parse(
            "<think>{ \"events\": 3 }</think>Sure:\n```json\n{\"events\": [\
             {\"sub_event_type\": \"Attack\", \"quotes\": [\"a\", 3], \"realis\": \"asserted\", \"completion\": \"accomplished\", \
              \"counts\": [{\"outcome\": \"eaten\", \"number\": 3, \"quote\": \"b\", \"who\": \"actor\"}]},\
             {\"sub_event_type\": \"Alien landing\"}, 7]}\n``` Done.",
        )
        .expect("a reply");
        assert_eq!(reply.events.len(), 1);
        assert_eq!(reply.events[0].quotes, ["a"]);
        assert!(reply.events[0].counts.is_empty());
        assert_eq!(reply.unusable.len(), 4, "{:?}", reply.unusable);
    }

    #[test]
    fn what_is_no_reply_is_said_to_be_none() {
        for (content, says) in [
            ("", "no JSON object"),
            ("I cannot help with that.", "no JSON object"),
            ("{\"events\": [{\"quotes\": [\"a", "no JSON object"),
            ("{\"incidents\": []}", "no list `events`"),
            ("[1, 2]", "no JSON object"),
        ] {
            let fault = Reply::parse(content).expect_err(content).to_string();
            assert!(fault.contains(says), "{content}: {fault}");
        }
        assert!(Reply::parse(&format!("{{{}", " ".repeat(LONGEST))).is_err());
        assert!(Reply::parse(&format!("{{\"events\":{}", "[".repeat(100_000))).is_err());
    }

    #[test]
    fn the_schema_has_no_words_that_a_servers_grammar_may_lack() {
        fn walk(schema: &Value, path: &str) {
            match schema {
                Value::Object(object) => {
                    for key in ["$ref", "$defs", "oneOf", "format", "$schema", "minimum"] {
                        assert!(!object.contains_key(key), "{key} at {path}");
                    }
                    if object.contains_key("properties") {
                        assert_eq!(object["additionalProperties"], false, "{path}");
                    }
                    object.iter().for_each(|(key, value)| walk(value, &format!("{path}/{key}")));
                }
                Value::Array(items) => items.iter().for_each(|item| walk(item, path)),
                _ => {}
            }
        }
        walk(&schema(), "");
    }
}
