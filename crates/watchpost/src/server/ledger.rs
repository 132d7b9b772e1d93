//! The account of a run: what was asked, what it took and cost, and what of the replies was not in the reports.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use remote::Account;
use remote::api::{Answer, Form};

/// Counts over all documents, from all threads.
#[derive(Default)]
pub(super) struct Ledger {
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    documents: u64,
    failures: u64,
    read_by_rules: u64,
    requests: u64,
    retries: u64,
    answers: u64,
    /// Answers without a count of tokens.
    untold: u64,
    tokens_in: u64,
    tokens_out: u64,
    seconds: Vec<f32>,
    models: BTreeSet<String>,
    /// The loosest form that an answer came in.
    form: Option<Form>,
    found: Account,
}

impl Ledger {
    fn with(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.counts.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// A request goes out, for the first time or again.
    pub(super) fn request(&self, again: bool) {
        self.with(|counts| {
            counts.requests += 1;
            counts.retries += u64::from(again);
        });
    }

    /// An answer came that can be used.
    pub(super) fn answer(&self, answer: &Answer, form: Form, took: Duration) {
        self.with(|counts| {
            counts.answers += 1;
            counts.seconds.push(took.as_secs_f32());
            match (answer.tokens_in, answer.tokens_out) {
                (None, None) => counts.untold += 1,
                (read, written) => {
                    counts.tokens_in += read.unwrap_or(0);
                    counts.tokens_out += written.unwrap_or(0);
                }
            }
            counts.models.extend(answer.model.clone());
            counts.form = counts.form.max(Some(form));
        });
    }

    /// A document was read.
    pub(super) fn coded(&self, account: &Account) {
        self.with(|counts| {
            counts.documents += 1;
            let found = &mut counts.found;
            found.quotes += account.quotes;
            found.quotes_dropped += account.quotes_dropped;
            found.events += account.events;
            found.events_dropped += account.events_dropped;
            found.unusable += account.unusable;
        });
    }

    /// A document was not.
    pub(super) fn failed(&self, by_rules: bool) {
        self.with(|counts| {
            counts.documents += 1;
            counts.failures += 1;
            counts.read_by_rules += u64::from(by_rules);
        });
    }

    /// What is told at the end, in lines.
    pub(super) fn summary(&self, model: &str, price: Option<(f64, f64)>) -> Vec<String> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let Counts { documents, failures, read_by_rules, requests, retries, .. } = *counts;
        let mut lines = vec![format!(
            "remote: {documents} documents, {requests} requests of which {retries} retries, {failures} documents failed\
             {}",
            if read_by_rules > 0 {
                format!(", {read_by_rules} of them read by the rules")
            } else {
                String::new()
            }
        )];
        if counts.answers == 0 {
            return lines;
        }
        counts.seconds.sort_by(f32::total_cmp);
        let mut tokens = format!("remote: {} tokens in, {} tokens out", counts.tokens_in, counts.tokens_out);
        if counts.untold > 0 {
            tokens.push_str(&format!(
                " ({} of {} answers did not count theirs)",
                counts.untold, counts.answers
            ));
        }
        if let Some((read, written)) = price {
            let cost = (counts.tokens_in as f64 * read + counts.tokens_out as f64 * written) / 1e6;
            tokens.push_str(&format!("; cost {cost:.4}"));
        }
        tokens.push_str(&format!(
            "; latency median {:.2} s, 95th percentile {:.2} s",
            percentile(&counts.seconds, 50),
            percentile(&counts.seconds, 95)
        ));
        lines.push(tokens);
        let Account { quotes, quotes_dropped, events, events_dropped, unusable, .. } = counts.found;
        lines.push(format!(
            "remote: {quotes_dropped} of {quotes} quotes dropped, not in the report; {events_dropped} of {events} events \
             dropped, without any words of the report or told twice; {unusable} items unusable"
        ));
        if let Some(form) = counts.form.filter(|form| *form != Form::Schema) {
            lines.push(format!(
                "remote: the server refused the response format json_schema and was asked for {}",
                form.as_str()
            ));
        }
        let others: Vec<&str> =
            counts.models.iter().map(String::as_str).filter(|name| *name != model).collect();
        if !others.is_empty() {
            lines
                .push(format!("remote: asked for the model {model}, the server named {}", others.join(", ")));
        }
        lines
    }
}

/// The value below which so many of a hundred lie, of a sorted list (nearest rank).
fn percentile(sorted: &[f32], percent: usize) -> f32 {
    let rank = (sorted.len() * percent).div_ceil(100).clamp(1, sorted.len().max(1));
    sorted.get(rank - 1).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let list: Vec<f32> = (1..=20u8).map(f32::from).collect();
        assert_eq!((percentile(&list, 50), percentile(&list, 95)), (10.0, 19.0));
        assert_eq!((percentile(&[3.0], 95), percentile(&[], 50)), (3.0, 0.0));
    }

    #[test]
    fn the_cost_is_that_of_the_tokens() {
        let ledger = Ledger::default();
        let answer = Answer {
            content: String::new(),
            model: Some("other".to_owned()),
            tokens_in: Some(2_000_000),
            tokens_out: Some(500_000),
        };
        ledger.request(false);
        ledger.answer(&answer, Form::Object, Duration::from_millis(1500));
        ledger.answer(
            &Answer { tokens_in: None, tokens_out: None, ..answer },
            Form::Schema,
            Duration::from_millis(500),
        );
        let told = ledger.summary("mine", Some((0.1, 0.4))).join("\n");
        for words in [
            "cost 0.4000",
            "1 of 2 answers",
            "asked for json_object",
            "the server named other",
            "median 0.50 s",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
    }
}
