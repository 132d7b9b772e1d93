//! What the coder saw, sentence by sentence, what it threw out, and why.

use std::fmt;

use crate::draft::Telling;
use crate::reading::{Gate, Reading};

/// One sentence's story.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The sentence.
    pub text: String,
    /// Whether it was read, and why not.
    pub gate: Gate,
    /// What was seen and decided, a line each.
    pub lines: Vec<String>,
}

/// What the coder saw.
#[derive(Debug, Clone, Default)]
pub struct Explanation {
    /// By sentence.
    pub sentences: Vec<Explained>,
}

impl Explanation {
    /// Tells the stages of a reading.
    #[must_use]
    pub fn of(reading: &Reading<'_>, telling: &Telling<'_>) -> Self {
        let text = &reading.text;
        let sentences = text
            .sentences
            .iter()
            .enumerate()
            .map(|(index, sentence)| {
                let mut lines = Vec::new();
                if let Some(parsed) = &reading.parsed[index] {
                    let unit = &parsed.unit;
                    for time in &unit.times {
                        let expression = &time.expression;
                        let interval = expression.interval.map_or("unresolved".to_owned(), |(start, end)| {
                            if start == end { start.to_string() } else { format!("{start} to {end}") }
                        });
                        lines.push(format!(
                            "time    `{}` → {interval} ({})",
                            text.slice(expression.span),
                            expression.reason
                        ));
                    }
                    for place in &parsed.places {
                        let place = &place.place;
                        lines.push(format!(
                            "place   `{}` → {} ({})",
                            place.text,
                            place.name.as_deref().map_or("unresolved".to_owned(), |name| {
                                [Some(name), place.admin1.as_deref(), place.country.as_deref()]
                                    .into_iter()
                                    .flatten()
                                    .collect::<Vec<_>>()
                                    .join(", ")
                            }),
                            place.reason
                        ));
                    }
                    for (phrase, noun) in unit.phrases.iter().enumerate() {
                        if let Some(who) = reading.describe(parsed, phrase) {
                            lines.push(format!(
                                "who     `{}` → {}{}",
                                text.slice(unit.span(&noun.words)),
                                who.name.as_deref().or(who.actor_id.as_deref()).unwrap_or("unnamed"),
                                who.sector.map_or(String::new(), |sector| format!(" [{sector}]"))
                            ));
                        }
                    }
                }
                let told = telling.sentences.binary_search_by_key(&index, |told| told.index);
                if let Some(told) = told.ok().map(|at| &telling.sentences[at])
                    && let Some(parsed) = &reading.parsed[index]
                {
                    let unit = &parsed.unit;
                    let phrases = |list: &[usize]| {
                        list.iter()
                            .map(|&phrase| text.slice(unit.span(&unit.phrases[phrase].words)))
                            .collect::<Vec<_>>()
                            .join("; ")
                    };
                    for frame in &told.frames {
                        let trigger = &told.triggers[frame.trigger];
                        let mut line = format!(
                            "event   `{}` → {}",
                            text.slice(unit.span(&trigger.words)),
                            frame.kind.as_str()
                        );
                        for (label, list) in
                            [("by", &frame.actors), ("to", &frame.recipients), ("at", &frame.objects)]
                        {
                            if !list.is_empty() {
                                line.push_str(&format!(" · {label} {}", phrases(list)));
                            }
                        }
                        line.push_str(&format!(" · {} {}", frame.realis, frame.completion));
                        if let Some(because) = &frame.because {
                            line.push_str(&format!(" ({because})"));
                        }
                        lines.push(line);
                    }
                    for casualty in &told.casualties {
                        lines.push(format!(
                            "count   `{}` → {} {}{}{}",
                            text.slice(unit.span(&casualty.words)),
                            casualty.outcome.as_str(),
                            casualty.quantity.figure().map_or("?".to_owned(), |n| n.to_string()),
                            if casualty.part_of.is_some() { ", part of another" } else { "" },
                            if casualty.superseded { ", superseded" } else { "" }
                        ));
                    }
                    for (words, reason) in &told.dropped {
                        lines.push(format!("dropped `{}`: {reason}", text.slice(unit.span(words))));
                    }
                }
                Explained { text: text.slice(sentence.span).to_owned(), gate: reading.gates[index], lines }
            })
            .collect();
        Self { sentences }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, sentence) in self.sentences.iter().enumerate() {
            let gate = match sentence.gate {
                Gate::Trigger => "read: a word that tells of an event",
                Gate::Statement => "read: a word that makes a statement",
                Gate::Context => "read: next to a sentence that matters",
                Gate::Skipped => "skipped: nothing in it can matter",
            };
            writeln!(
                f,
                "{:>3}  {}",
                index + 1,
                sentence.text.split_whitespace().collect::<Vec<_>>().join(" ")
            )?;
            writeln!(f, "     [{gate}]")?;
            for line in &sentence.lines {
                writeln!(f, "     {line}")?;
            }
        }
        Ok(())
    }
}
