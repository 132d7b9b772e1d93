//! Totals and statements of a reply: what counts, says and falls due, by the words of the report.

use record::{About, Evidence, Horizon, Participant, Period, Statement, Tally};
use text::Span;

use crate::reply::{Said, Total};
use crate::scribe::{Proof, Scribe};

/// Longest name of what is counted.
const LONGEST_WHAT: usize = 40;

impl Scribe<'_, '_> {
    pub(crate) fn tallies(&mut self, totals: &[Total]) -> Vec<Tally> {
        let mut tallies: Vec<Tally> = Vec::new();
        for (index, total) in totals.iter().enumerate() {
            self.item("tally", index);
            if let Some(tally) = self.tally(total)
                && !tallies.contains(&tally)
            {
                tallies.push(tally);
            }
        }
        tallies.sort_by_key(|tally| tally.evidence.first().map(|evidence| evidence.start));
        tallies
    }

    fn tally(&mut self, total: &Total) -> Option<Tally> {
        let passage = self.find(&total.quote, None)?;
        let count = self.find(&total.count, Some(passage.start))?;
        // One plain word of the model's: it stands for no words of the report, but for what they count.
        let what = total.what.trim().to_lowercase();
        let plain = |c: char| c.is_ascii_lowercase() || c == ' ' || c == '_';
        if what.is_empty() || what.len() > LONGEST_WHAT || !what.chars().all(plain) {
            self.unusable("what it counts is no plain word");
            return None;
        }
        let Some(number) = self.number_in(count, None) else {
            self.unusable("no number in its count");
            return None;
        };
        let text = &self.reading.text;
        let core = text.span_of(number.core.clone());
        let of = text.slice(Span::new(core.end.min(count.end), count.end)).trim().to_owned();
        let count = count.join(text.span_of(number.tokens));
        let mut proof = Proof::default();
        for field in ["what", "of", "number"] {
            proof.add(passage, field);
            proof.add(count, field);
        }
        let places = self.places(&total.places, passage.start, &mut proof);
        let period = self.period(total.period.as_deref(), passage, &mut proof);
        let by = self.body(total.by.as_deref(), passage, "by", &mut proof);
        let source = self.body(total.source.as_deref(), passage, "reported_by", &mut proof);
        Some(Tally {
            what,
            of,
            number: number.quantity,
            period,
            places,
            by,
            reported_by: source.into_iter().collect(),
            evidence: self.evidence(proof),
        })
    }

    pub(crate) fn statements(&mut self, all: &[Said]) -> Vec<Statement> {
        let mut statements: Vec<Statement> = Vec::new();
        for (index, said) in all.iter().enumerate() {
            self.item("statement", index);
            if let Some(statement) = self.statement(said)
                && !statements.contains(&statement)
            {
                statements.push(statement);
            }
        }
        statements.sort_by_key(|statement| (statement.start, statement.end));
        statements
    }

    fn statement(&mut self, said: &Said) -> Option<Statement> {
        let passage = self.find(&said.quote, None)?;
        let near = Some(passage.start);
        // A statement's evidence is its own words: what is found beside them is not written apart.
        let mut proof = Proof::default();
        let speaker = self.body(said.speaker.as_deref(), passage, "speaker", &mut proof);
        let number = said.number.as_deref().and_then(|words| {
            let span = self.find(words, near)?;
            self.number_in(span, None).map(|number| number.quantity)
        });
        let horizon = said.horizon.as_deref().and_then(|words| {
            let span = self.find(words, near)?;
            let interval = self.expression(span).and_then(|expression| expression.interval);
            Some(Horizon {
                start: interval.map(|(start, _)| start),
                end: interval.map(|(_, end)| end),
                text: Some(self.reading.text.slice(span).to_owned()),
            })
        });
        let mut mention = |words: &String| {
            let span = self.find(words, near)?;
            Some(self.reading.text.mention(span))
        };
        let causes = said.causes.iter().filter_map(&mut mention).collect();
        let condition = said.condition.as_ref().and_then(mention);
        let actors = said
            .actors
            .iter()
            .filter_map(|words| self.body(Some(words), passage, "about", &mut proof))
            .collect();
        let places = self.places(&said.places, passage.start, &mut proof);
        let quote = self.reading.text.mention(passage);
        Some(Statement {
            kind: said.kind,
            speaker,
            start: quote.start,
            end: quote.end,
            quote: quote.text,
            about: About {
                actors,
                places,
                event_types: said.event_types.clone(),
                direction: said.direction,
                period: None,
            },
            number,
            causes,
            horizon,
            condition,
        })
    }

    fn period(&mut self, words: Option<&str>, passage: Span, proof: &mut Proof) -> Option<Period> {
        let span = self.find(words?, Some(passage.start))?;
        let (start, end) = self.expression(span)?.interval?;
        proof.add(span, "period");
        Some(Period { start: Some(start), end: Some(end) })
    }

    /// Whom some words name, where anybody knows.
    fn body(
        &mut self,
        words: Option<&str>,
        passage: Span,
        field: &'static str,
        proof: &mut Proof,
    ) -> Option<Participant> {
        let span = self.find(words.filter(|words| !words.trim().is_empty())?, Some(passage.start))?;
        let who = self.who(span);
        if who.is_some() {
            proof.add(span, field);
        } else {
            self.unusable(&format!("nobody is known by the words for its `{field}`"));
        }
        who
    }

    pub(crate) fn evidence(&self, proof: Proof) -> Vec<Evidence> {
        let mut evidence: Vec<Evidence> = proof
            .quotes
            .into_iter()
            .map(|(span, fields)| {
                let mention = self.reading.text.mention(span);
                let supports = fields.into_iter().map(str::to_owned).collect();
                Evidence { start: mention.start, end: mention.end, quote: mention.text, supports }
            })
            .collect();
        evidence.sort_by_key(|evidence| (evidence.start, std::cmp::Reverse(evidence.end)));
        evidence
    }
}
