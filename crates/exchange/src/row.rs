//! What the tables share: the two sides of an event, names, places.

use record::country::{Countries, Country};
use record::crosswalk::{Codes, Crosswalk, Facts};
use record::vocabulary::{Completion, InterCode, Realis, Sector};
use record::{DocumentInfo, Event, Evidence, Participant, Place};

/// The tables that a row is looked up in.
pub struct Context<'a> {
    /// Codes and regions of countries.
    pub countries: &'a Countries,
    /// Vocabularies derived from the event's type.
    pub crosswalk: &'a Crosswalk,
}

/// An event about to become a row.
pub struct Row<'a> {
    /// The report.
    pub document: &'a DocumentInfo,
    /// The event.
    pub event: &'a Event,
    /// The tables.
    pub context: &'a Context<'a>,
}

/// Told as having happened, and more than a threat.
#[must_use]
pub fn happened(event: &Event) -> bool {
    event.realis == Realis::Asserted && event.completion != Completion::Threatened
}

/// The two sides. In one-sided violence the doers and those it was done to; in two-sided fighting, where every side
/// is among the actors, the attacked (those who are also recipients) or else all but the first are the second side.
#[must_use]
pub fn sides(event: &Event) -> (Vec<&Participant>, Vec<&Participant>) {
    let attacked = |actor: &Participant| event.recipients.iter().any(|recipient| same(actor, recipient));
    let attackers: Vec<&Participant> = event.actors.iter().filter(|actor| !attacked(actor)).collect();
    match (attackers.is_empty(), event.recipients.is_empty()) {
        (false, false) => (attackers, event.recipients.iter().collect()),
        (true, false) if event.actors.is_empty() => (Vec::new(), event.recipients.iter().collect()),
        _ => (event.actors.iter().take(1).collect(), event.actors.iter().skip(1).collect()),
    }
}

fn same(a: &Participant, b: &Participant) -> bool {
    match (&a.actor_id, &b.actor_id) {
        (Some(a), Some(b)) => a == b,
        _ => match (a.mentions.first(), b.mentions.first()) {
            (Some(a), Some(b)) => a.start == b.start && a.end == b.end,
            _ => a == b,
        },
    }
}

/// A participant's name, else the words of the report.
#[must_use]
pub fn name_of(participant: &Participant) -> &str {
    participant
        .name
        .as_deref()
        .or_else(|| participant.mentions.first().map(|mention| mention.text.as_str()))
        .unwrap_or("")
}

/// The quotes that a reader needs, in the order of the report: a word inside a quoted sentence is not quoted again.
#[must_use]
pub fn passages(evidence: &[Evidence]) -> Vec<&Evidence> {
    let mut sorted: Vec<&Evidence> = evidence.iter().collect();
    sorted.sort_by_key(|evidence| (evidence.start, std::cmp::Reverse(evidence.end)));
    let mut reached = 0;
    sorted.retain(|evidence| {
        let new = evidence.end > reached;
        reached = reached.max(evidence.end);
        new
    });
    sorted
}

impl<'a> Row<'a> {
    /// The most exact place.
    #[must_use]
    pub fn place(&self) -> Option<&'a Place> {
        self.event.places.first()
    }

    /// The country, by the first place that has one.
    #[must_use]
    pub fn country(&self) -> Option<&'a Country> {
        let code = self.event.places.iter().find_map(|place| place.country.as_deref())?;
        self.context.countries.by_iso3(code)
    }

    /// The derived codes.
    #[must_use]
    pub fn codes(&self) -> Codes<'a> {
        self.context.crosswalk.codes(
            self.event.sub_event_type,
            &Facts {
                acts: &[],
                completion: Some(self.event.completion),
                weapons: &self.event.weapons,
                actors: &self.event.actors,
                recipients: &self.event.recipients,
            },
        )
    }

    /// An actor as ACLED writes it: the unnamed by a standing name with the country in brackets.
    #[must_use]
    pub fn acled_name(&self, participant: &Participant) -> String {
        if let Some(name) = &participant.name {
            return name.clone();
        }
        let standing = match (participant.inter_code, participant.sector) {
            (Some(InterCode::Civilians), _) => "Civilians",
            (Some(InterCode::Protesters), _) => "Protesters",
            (Some(InterCode::Rioters), _) => "Rioters",
            (_, Some(Sector::UnalignedArmed)) => "Unidentified Armed Group",
            (_, Some(Sector::Military)) => "Military Forces",
            (_, Some(Sector::Police)) => "Police Forces",
            _ => return name_of(participant).to_owned(),
        };
        let country = participant
            .country
            .as_deref()
            .and_then(|code| self.context.countries.by_iso3(code))
            .or_else(|| self.country())
            .map(|country| country.name.as_str());
        match (standing, country) {
            ("Military Forces" | "Police Forces", Some(country)) => format!("{standing} of {country}"),
            (_, Some(country)) => format!("{standing} ({country})"),
            (_, None) => standing.to_owned(),
        }
    }

    /// The quotes that the event rests on, in the order of the report.
    #[must_use]
    pub fn quotes(&self) -> String {
        let quotes = passages(&self.event.evidence);
        let quotes =
            quotes.iter().map(|evidence| evidence.quote.split_whitespace().collect::<Vec<_>>().join(" "));
        quotes.collect::<Vec<_>>().join(" […] ")
    }

    /// The id, in a form that cannot be taken for ACLED's or UCDP's own.
    #[must_use]
    pub fn id(&self) -> String {
        if self.event.id.starts_with("WP-") { self.event.id.clone() } else { format!("WP-{}", self.event.id) }
    }

    /// Who published the report: its name, else its address.
    #[must_use]
    pub fn source(&self) -> String {
        let document = self.document;
        document.publisher.clone().or_else(|| document.url.clone()).unwrap_or_default()
    }
}

/// `None` is the empty cell.
pub(crate) fn cell<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Names joined as ACLED joins them.
pub(crate) fn joined(names: impl Iterator<Item = String>) -> String {
    names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join("; ")
}
