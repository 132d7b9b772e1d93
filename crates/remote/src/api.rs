/*! The envelope: requests and answers of the chat interface that llama.cpp's server, vLLM, Ollama and others share
(`POST /v1/chat/completions`). */

use serde::Deserialize;
use serde_json::{Value, json};

use crate::prompt::Prompt;

/// How much of what a server says is repeated.
const EXCERPT: usize = 200;

/// How a server is asked to hold the model to JSON, the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// To our schema.
    Schema,
    /// To JSON of any shape; the schema stands in the prompt.
    Object,
    /// Not at all; the schema stands in the prompt.
    Text,
}

impl Form {
    /// Every form, the strictest first.
    pub const ALL: [Self; 3] = [Self::Schema, Self::Object, Self::Text];

    /// The `response_format`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "json_schema",
            Self::Object => "json_object",
            Self::Text => "text",
        }
    }

    /// The next less strict one.
    #[must_use]
    pub const fn looser(self) -> Option<Self> {
        match self {
            Self::Schema => Some(Self::Object),
            Self::Object => Some(Self::Text),
            Self::Text => None,
        }
    }
}

/// The body of a request.
#[must_use]
pub fn request(model: &str, prompt: &Prompt, form: Form, most_tokens: u32) -> Value {
    let mut system = prompt.system.clone();
    if form != Form::Schema {
        system.push_str("\n\nThe JSON object follows this JSON Schema:\n");
        system.push_str(&crate::schema().to_string());
    }
    let mut body = json!({
        "model": model,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": prompt.user}],
        "temperature": 0,
        "seed": 0,
        "max_tokens": most_tokens,
        "stream": false,
    });
    match form {
        Form::Schema => {
            body["response_format"] = json!({
                "type": "json_schema",
                "json_schema": {"name": "watchpost_reply", "strict": true, "schema": crate::schema()},
            });
        }
        Form::Object => body["response_format"] = json!({"type": "json_object"}),
        Form::Text => {}
    }
    body
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What the model wrote.
    pub content: String,
    /// What the server calls the model.
    pub model: Option<String>,
    /// Tokens read, where the server counts them.
    pub tokens_in: Option<u64>,
    /// Tokens written.
    pub tokens_out: Option<u64>,
}

/// Why an answer cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Bytes that are no text.
    #[error("the server's answer is not UTF-8")]
    NotUtf8,
    /// A page, a line of text, JSON that breaks off.
    #[error("the server's answer is no JSON of the chat interface: {problem}; it begins {begins:?}")]
    NotJson {
        /// What the parser says.
        problem: String,
        /// How it begins.
        begins: String,
    },
    /// An error that came as a success.
    #[error("the server says: {0}")]
    Said(String),
    /// Nothing in it.
    #[error("the server's answer has no choices")]
    NoChoices,
    /// A choice without words.
    #[error("the model wrote nothing")]
    NoContent,
    /// The model would not.
    #[error("the model refused: {0}")]
    Refused(String),
    /// The model was stopped before its end.
    #[error("the model's reply was cut off after {0} tokens")]
    CutOff(String),
}

impl Fault {
    /// What to do.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NotUtf8 | Self::NotJson { .. } | Self::NoChoices => {
                "check that --remote-url is the base of an OpenAI-compatible interface, such as http://localhost:8080/v1"
            }
            Self::Said(_) => "the server's own log may say more",
            Self::NoContent => {
                "try another model, or a server that keeps a model's thoughts apart from its reply"
            }
            Self::Refused(_) => "try another model; the rules read the report with --remote-fallback",
            Self::CutOff(_) => {
                "raise --remote-max-tokens, or lower --remote-part so that one request asks of less text"
            }
        }
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    choices: Option<Vec<Choice>>,
    #[serde(default)]
    model: Option<Value>,
    #[serde(default)]
    usage: Option<Value>,
    #[serde(default)]
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    message: Option<Message>,
    #[serde(default)]
    finish_reason: Option<Value>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    content: Option<Value>,
    #[serde(default)]
    refusal: Option<Value>,
}

/// Reads the body of an answer whose status was good.
///
/// # Errors
/// Where the model's words are not in it, or not all.
pub fn answer(body: &[u8]) -> Result<Answer, Fault> {
    let body = std::str::from_utf8(body).map_err(|_| Fault::NotUtf8)?;
    let envelope: Envelope = serde_json::from_str(body)
        .map_err(|error| Fault::NotJson { problem: error.to_string(), begins: excerpt(body, 60) })?;
    let error = envelope.error.filter(|error| !error.is_null());
    let Some(choice) = envelope.choices.and_then(|choices| choices.into_iter().next()) else {
        return Err(error.map_or(Fault::NoChoices, |_| Fault::Said(complaint(body.as_bytes()))));
    };
    let count = |name: &str| envelope.usage.as_ref().and_then(|usage| usage[name].as_u64());
    let finish = choice.finish_reason.as_ref().and_then(Value::as_str);
    let message = choice.message;
    let refusal = message.as_ref().and_then(|message| message.refusal.as_ref()?.as_str());
    if let Some(refusal) = refusal.filter(|refusal| !refusal.trim().is_empty()) {
        return Err(Fault::Refused(excerpt(refusal, EXCERPT)));
    }
    if finish == Some("content_filter") {
        return Err(Fault::Refused("its server filtered the content".to_owned()));
    }
    if finish == Some("length") {
        let tokens = count("completion_tokens").map_or_else(|| "too many".to_owned(), |n| n.to_string());
        return Err(Fault::CutOff(tokens));
    }
    let content = match message.and_then(|message| message.content) {
        Some(Value::String(content)) => content,
        // Some servers give a list of pieces.
        Some(Value::Array(pieces)) => pieces.iter().filter_map(|piece| piece["text"].as_str()).collect(),
        _ => String::new(),
    };
    if content.trim().is_empty() {
        return Err(Fault::NoContent);
    }
    Ok(Answer {
        content,
        model: envelope.model.as_ref().and_then(Value::as_str).map(|name| excerpt(name, EXCERPT)),
        tokens_in: count("prompt_tokens"),
        tokens_out: count("completion_tokens"),
    })
}

/// What a server says is wrong, in one short line: its message, else how its answer begins.
#[must_use]
pub fn complaint(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(1 << 16)]);
    let value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    let message = [&value["error"]["message"], &value["error"], &value["message"], &value["detail"]]
        .into_iter()
        .find_map(Value::as_str);
    excerpt(message.unwrap_or(&text), EXCERPT)
}

/// The models that a server lists (`GET /v1/models`).
#[must_use]
pub fn models(body: &[u8]) -> Option<Vec<String>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let list = value["data"].as_array()?;
    Some(list.iter().filter_map(|model| model["id"].as_str()).map(|id| excerpt(id, EXCERPT)).collect())
}

/// The first characters of a text, on one line.
fn excerpt(text: &str, most: usize) -> String {
    let mut out = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().take(most));
        if out.chars().count() >= most {
            let mut cut: String = out.chars().take(most).collect();
            cut.push('…');
            return cut;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_answer_is_has_a_name_and_a_hint() {
        let faults = [
            (&b"\xff\xfe"[..], "not UTF-8"),
            (b"<html><title>502</title>", "no JSON"),
            (b"{\"choices\": [{\"message\": {\"cont", "no JSON"),
            (b"{\"choices\": []}", "no choices"),
            (b"{}", "no choices"),
            (b"{\"error\": {\"message\": \"the model\\n is loading\"}}", "says: the model is loading"),
            (b"{\"choices\": [{}]}", "wrote nothing"),
            (b"{\"choices\": [{\"message\": {\"content\": null, \"refusal\": \"No.\"}}]}", "refused: No."),
            (
                b"{\"choices\": [{\"finish_reason\": \"length\", \"message\": {\"content\": \"{\"}}]}",
                "cut off",
            ),
        ];
        for (body, says) in faults {
            let fault = answer(body).expect_err(says);
            assert!(fault.to_string().contains(says), "{fault}");
            assert!(!fault.hint().is_empty());
        }
    }

    #[test]
    fn an_excerpt_is_short_and_on_one_line() {
        assert_eq!(excerpt("a\n\u{1b}[31m b", 10), "a [31m b");
        assert_eq!(excerpt(&"x".repeat(500), 5), "xxxxx…");
    }
}
