/*! How sure one may be of an event: a logistic regression over what was found of it.

An event is right where a careful reader of the report finds it too, and has it happen or not happen alike; its fields may still be wrong. The weights are
`knowledge/confidence.tsv`, one column for each way of reading; `watchpost-eval fit-confidence` learns them on annotated reports that
nothing else was learned from, and `docs/accuracy.md` says how far they hold on others.
*/

use record::table::{Table, TableError};
use record::vocabulary::{Completion, DateFrom, EventType, Realis};
use record::{Certainty, Event};
use rustc_hash::FxHashMap;

/// What is known of an event beside what it says itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inner {
    /// The word that tells it leans on others.
    pub weak: bool,
    /// In how many sentences it is told.
    pub sentences: usize,
    /// One of them is the headline.
    pub headline: bool,
    /// How sure the learned reader is of the surest of its words.
    pub seen: Option<f32>,
    /// Only the learned reader tells of it.
    pub unnamed: bool,
}

/// Weights by feature, for reading by rules alone and with the learned reader.
#[derive(Debug, Clone, Default)]
pub struct Weights {
    of: FxHashMap<String, [f64; 2]>,
}

impl Weights {
    /// Reads `knowledge/confidence.tsv`.
    ///
    /// # Errors
    /// Where the table lacks a column or a weight is no number.
    pub fn from_table(text: &str) -> Result<Self, TableError> {
        let table = Table::parse("confidence.tsv", text, &["feature", "fast", "deep"])?;
        let mut of = FxHashMap::default();
        for row in table.rows() {
            let weight = |column: &str| -> Result<f64, TableError> {
                row.parsed(column)?
                    .ok_or_else(|| row.error(format!("expected a weight in the column {column}")))
            };
            of.insert(row.get("feature").to_owned(), [weight("fast")?, weight("deep")?]);
        }
        Ok(Self { of })
    }

    /// The chance that an event is right, to the hundredth.
    #[must_use]
    pub fn chance(&self, event: &Event, inner: &Inner) -> f64 {
        let column = usize::from(inner.seen.is_some());
        let weight = |feature: &str| self.of.get(feature).map_or(0.0, |weights| weights[column]);
        let sum: f64 = features(event, inner).iter().map(|(feature, value)| weight(feature) * value).sum();
        // Nobody is ever quite sure.
        ((1.0 / (1.0 + (-sum).exp())).clamp(0.01, 0.99) * 100.0).round() / 100.0
    }
}

/// What speaks for an event and against it. Values lie about one, so that one penalty fits all weights.
#[must_use]
pub fn features(event: &Event, inner: &Inner) -> Vec<(&'static str, f64)> {
    let flag = |value: bool| f64::from(u8::from(value));
    let placed = |most: u8| {
        event.places.iter().any(|place| place.where_precision.is_some_and(|precision| precision <= most))
    };
    let some = |list: &[record::Count]| list.iter().any(|count| count.number.figure().is_some_and(|n| n > 0));
    // Beyond these one is as sure as one can be.
    let logit = inner.seen.map_or(0.0, |seen| {
        let seen = f64::from(seen).clamp(0.002, 0.998);
        (seen / (1.0 - seen)).ln() / 3.0
    });
    vec![
        ("bias", 1.0),
        ("seen", logit),
        ("unnamed", flag(inner.unnamed)),
        ("weak", flag(inner.weak)),
        ("sentences", (inner.sentences.min(4) as f64).ln()),
        ("headline", flag(inner.headline)),
        ("actor", flag(!event.actors.is_empty())),
        ("actor stated", flag(event.actors.iter().any(|who| who.certainty == Certainty::Stated))),
        ("recipient", flag(!event.recipients.is_empty())),
        ("object", flag(!event.objects.is_empty())),
        ("weapon", flag(!event.weapons.is_empty())),
        ("place", flag(placed(5))),
        ("exact place", flag(placed(2))),
        ("day", flag(event.event_date.is_some())),
        ("day of the text", flag(event.date_from == DateFrom::Text)),
        ("killed", flag(some(&event.counts.killed))),
        ("injured", flag(some(&event.counts.injured))),
        ("told as news", flag(event.realis == Realis::Asserted)),
        ("background", flag(event.realis == Realis::Historical)),
        ("carried through", flag(event.completion == Completion::Accomplished)),
        ("battle", flag(event.event_type == EventType::Battles)),
        ("remote violence", flag(event.event_type == EventType::ExplosionsRemoteViolence)),
        ("against civilians", flag(event.event_type == EventType::ViolenceAgainstCivilians)),
        ("strategic", flag(event.event_type == EventType::StrategicDevelopments)),
    ]
}
