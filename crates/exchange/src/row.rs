//! What a row is made of, whether one report tells it or the store remembers it: the one place where the two become the same.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use record::country::{Countries, Country};
use record::crosswalk::{Codes, Crosswalk, Facts, Side};
use record::vocabulary::{Completion, EventType, InterCode, Realis, Sector, SubEventType};
use record::{
    Basis, Deaths, DocumentInfo, Event, Evidence, Incident, IncidentDates, IncidentPlace, Mention,
    Participant, ParticipantKind, Party, Place, Quantity, Relation, Weapon,
};

use serde::{Deserialize, Serialize};

use crate::cell::joined;

/// How ACLED's `inter1`, `inter2` and `interaction` are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Inter {
    /// In words, as ACLED writes them by default now: `State forces`, `State forces-Rebel group`.
    #[default]
    Text,
    /// In digits, as ACLED wrote them: `1`, `12`.
    Numeric,
}

/// The tables that a row is looked up in, and how it is to be written.
pub struct Context<'a> {
    /// Codes and regions of countries.
    pub countries: &'a Countries,
    /// Vocabularies derived from the event's type.
    pub crosswalk: &'a Crosswalk,
    /// ACLED's interaction codes.
    pub inter: Inter,
}

/// A report that tells of an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The report's id in the store.
    pub report: String,
    /// The report.
    pub document: DocumentInfo,
    /// The event in it.
    pub event: Event,
    /// Whether the report repeats another: then it is no voice of its own.
    pub copy: bool,
}

/// An incident with what its reports say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dossier {
    /// The incident.
    pub incident: Incident,
    /// When it was last changed.
    pub changed: Option<Timestamp>,
    /// Its events of reports, in the order in which they were linked.
    pub told: Vec<Told>,
}

/// A report, as a row names it.
#[derive(Clone, Copy)]
pub struct Article<'a> {
    /// The report.
    pub document: &'a DocumentInfo,
    /// The event in it.
    pub event: &'a Event,
    /// Whether the report repeats another.
    pub copy: bool,
}

/// An event or an incident about to become a row.
pub struct Row<'a> {
    /// The tables.
    pub context: &'a Context<'a>,
    /// The incident, where it is one.
    pub incident: Option<&'a Incident>,
    /// The reports; the first is the one that the rest is best read from.
    pub articles: Vec<Article<'a>>,
    /// Who did it; in two-sided fighting every side.
    pub actors: Cow<'a, [Participant]>,
    /// Who suffered it.
    pub recipients: Cow<'a, [Participant]>,
    /// ACLED event type.
    pub event_type: Option<EventType>,
    /// ACLED sub-event type.
    pub sub_event_type: Option<SubEventType>,
    /// UCDP type of violence.
    pub type_of_violence: Option<u8>,
    /// When.
    pub dates: IncidentDates,
    /// Where, at its most exact.
    pub place: Option<Cow<'a, IncidentPlace>>,
    /// Deaths.
    pub deaths: Deaths,
    /// How sure the coder is.
    pub confidence: f64,
    /// When it was last changed.
    pub changed: Option<Timestamp>,
    id: &'a str,
}

/// Told as having happened, and more than a threat.
#[must_use]
pub fn happened(event: &Event) -> bool {
    event.realis == Realis::Asserted && event.completion != Completion::Threatened
}

/// The two sides of an event.
#[must_use]
pub fn sides(event: &Event) -> (Vec<&Participant>, Vec<&Participant>) {
    two_sides(&event.actors, &event.recipients)
}

/// The two sides. In one-sided violence the doers and those it was done to; in two-sided fighting, where every side
/// is among the actors, the attacked (those who are also recipients) or else all but the first are the second side.
fn two_sides<'a>(
    actors: &'a [Participant],
    recipients: &'a [Participant],
) -> (Vec<&'a Participant>, Vec<&'a Participant>) {
    let attacked = |actor: &Participant| recipients.iter().any(|recipient| same(actor, recipient));
    let attackers: Vec<&Participant> = actors.iter().filter(|actor| !attacked(actor)).collect();
    match (attackers.is_empty(), recipients.is_empty()) {
        (false, false) => (attackers, recipients.iter().collect()),
        (true, false) if actors.is_empty() => (Vec::new(), recipients.iter().collect()),
        _ => (actors.iter().take(1).collect(), actors.iter().skip(1).collect()),
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

/// Whether a participant is an unarmed person of whom neither a name nor words are told.
pub(crate) fn is_unnamed_civilian(participant: &Participant) -> bool {
    name_of(participant).is_empty() && Side::of(participant) == Side::Civilian
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

/// The quotes of an event, in the order of the report. Of a row of a table the words that tell it, and not its other cells.
fn quotes(event: &Event) -> String {
    let tells = |evidence: &Evidence| evidence.supports.iter().any(|field| field == crate::import::TELLS);
    let mut quotes = passages(&event.evidence);
    if event.evidence.iter().any(tells) {
        quotes.retain(|evidence| tells(evidence));
    }
    let quotes =
        quotes.iter().map(|evidence| evidence.quote.split_whitespace().collect::<Vec<_>>().join(" "));
    quotes.filter(|quote| !quote.is_empty()).collect::<Vec<_>>().join(" […] ")
}

impl<'a> Row<'a> {
    /// An event as one report tells it.
    #[must_use]
    pub fn of_event(document: &'a DocumentInfo, event: &'a Event, context: &'a Context<'a>) -> Self {
        Self {
            context,
            incident: None,
            articles: vec![Article { document, event, copy: false }],
            actors: Cow::Borrowed(&event.actors),
            recipients: Cow::Borrowed(&event.recipients),
            event_type: Some(event.event_type),
            sub_event_type: Some(event.sub_event_type),
            type_of_violence: event.type_of_violence,
            dates: IncidentDates {
                event_date: event.event_date,
                event_date_end: event.event_date_end,
                time_precision: event.time_precision,
            },
            place: event.places.first().map(|place| Cow::Owned(of_place(place))),
            deaths: event.deaths.clone(),
            confidence: event.confidence,
            changed: None,
            id: &event.id,
        }
    }

    /// An incident with its reports.
    #[must_use]
    pub fn of_incident(dossier: &'a Dossier, context: &'a Context<'a>) -> Self {
        let incident = &dossier.incident;
        let mut articles: Vec<Article<'a>> = dossier
            .told
            .iter()
            .map(|told| Article { document: &told.document, event: &told.event, copy: told.copy })
            .collect();
        // The report that the type rests on comes first, then the surest, then the order of linking.
        let chief = |told: &Told| match incident.basis.get("sub_event_type") {
            Some(Basis::Event(key)) => key.report == told.report && key.event == told.event.id,
            _ => false,
        };
        let mut order: Vec<usize> = (0..articles.len()).collect();
        order.sort_by(|&a, &b| {
            let told = |at: usize| dossier.told.get(at);
            let key = |at: usize| told(at).map(|told| (!chief(told), told.copy));
            let sure = |at: usize| told(at).map_or(0.0, |told| told.event.confidence);
            key(a).cmp(&key(b)).then(sure(b).total_cmp(&sure(a))).then(a.cmp(&b))
        });
        articles = order.into_iter().filter_map(|at| articles.get(at).copied()).collect();
        let mut known: Vec<String> = Vec::new();
        let mut people = |parties: &[Party], field: &str| {
            let corrected = matches!(incident.basis.get(field), Some(Basis::Decision(_)));
            parties.iter().map(|party| of_party(party, &dossier.told, corrected, &mut known)).collect()
        };
        let actors: Vec<Participant> = people(&incident.actors, "actors");
        let recipients: Vec<Participant> = people(&incident.recipients, "recipients");
        Self {
            context,
            incident: Some(incident),
            articles,
            actors: Cow::Owned(actors),
            recipients: Cow::Owned(recipients),
            event_type: incident.event_type,
            sub_event_type: incident.sub_event_type,
            type_of_violence: incident.type_of_violence,
            dates: incident.dates.clone(),
            place: incident.place.as_ref().map(Cow::Borrowed),
            deaths: incident.deaths.clone(),
            confidence: incident.confidence,
            changed: dossier.changed,
            id: &incident.id,
        }
    }

    /// The id, in a form that cannot be taken for ACLED's or UCDP's own.
    #[must_use]
    pub fn id(&self) -> String {
        if self.id.starts_with("WP-") { self.id.to_owned() } else { format!("WP-{}", self.id) }
    }

    /// Whether a report tells it as having happened. What a person has put together or set right stands by itself.
    #[must_use]
    pub fn happened(&self) -> bool {
        self.articles.is_empty() || self.articles.iter().any(|article| happened(article.event))
    }

    /// The report that the rest is best read from.
    #[must_use]
    pub fn chief(&self) -> Option<Article<'a>> {
        self.articles.first().copied()
    }

    /// The most exact place.
    #[must_use]
    pub fn place(&self) -> Option<&IncidentPlace> {
        self.place.as_deref()
    }

    /// The country, by the place, else by another place that the reports name for it.
    #[must_use]
    pub fn country(&self) -> Option<&'a Country> {
        let of_places = || {
            self.articles
                .iter()
                .flat_map(|article| &article.event.places)
                .find_map(|place| place.country.as_deref())
        };
        // A place that a person set stands for itself.
        let set = self.incident.is_some_and(|i| matches!(i.basis.get("place"), Some(Basis::Decision(_))));
        let code = self.place().and_then(|place| place.country.as_deref());
        self.context.countries.by_iso3(code.or_else(|| if set { None } else { of_places() })?)
    }

    /// The coordinates.
    #[must_use]
    pub fn point(&self) -> Option<(f64, f64)> {
        let place = self.place()?;
        place.latitude.zip(place.longitude)
    }

    /// Whether the coordinates are of the place itself, or the middle of something larger that it lies in.
    #[must_use]
    pub fn is_centroid(&self) -> Option<bool> {
        self.point()?;
        // UCDP: 3 and 4 are divisions, 5 a line or region, 6 a country; 7 is at sea or in the air, with a point of its own.
        self.place()?.where_precision.map(|precision| (3..=6).contains(&precision))
    }

    /// Year of the first day.
    #[must_use]
    pub fn year(&self) -> Option<i16> {
        self.dates.event_date.map(Date::year)
    }

    /// The last day.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        self.dates.event_date_end.or(self.dates.event_date)
    }

    /// The two sides.
    #[must_use]
    pub fn sides(&self) -> (Vec<&Participant>, Vec<&Participant>) {
        two_sides(&self.actors, &self.recipients)
    }

    /// Whether it was carried through, as the chief report tells it.
    #[must_use]
    pub fn completion(&self) -> Completion {
        self.chief().map_or(Completion::Accomplished, |article| article.event.completion)
    }

    /// The weapons that the reports name.
    #[must_use]
    pub fn weapons(&self) -> Vec<Weapon> {
        self.articles.iter().flat_map(|article| article.event.weapons.iter().cloned()).collect()
    }

    /// The derived codes; `None` where the type is not known.
    #[must_use]
    pub fn codes(&self) -> Option<Codes<'a>> {
        Some(self.context.crosswalk.codes(
            self.sub_event_type?,
            &Facts {
                acts: &[],
                completion: Some(self.completion()),
                weapons: &self.weapons(),
                actors: &self.actors,
                recipients: &self.recipients,
            },
        ))
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
            _ if is_unnamed_civilian(participant) => "Civilians",
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

    /// The names of a side, each once.
    #[must_use]
    pub fn names(&self, side: &[&Participant]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in side.iter().map(|participant| self.acled_name(participant)) {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The quotes that the chief report's event rests on, in the order of the report.
    #[must_use]
    pub fn quotes(&self) -> String {
        self.chief().map(|article| quotes(article.event)).unwrap_or_default()
    }

    /// What is told, in the reports' own words, who says so, and for an incident of several reports the figures beside each
    /// other.
    #[must_use]
    pub fn notes(&self) -> String {
        let quotes = self.quotes();
        let Some(incident) = self.incident else { return quotes };
        let mut parts = Vec::new();
        if let Some(article) = self.chief()
            && !quotes.is_empty()
        {
            let source = source_of(article.document);
            let by = [Some(source), article.document.published.map(|day| day.to_string())];
            let by = by.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
            parts.push(if by.is_empty() { quotes } else { format!("{quotes} ({by})") });
        }
        let figures: Vec<String> = incident
            .figures
            .iter()
            .filter(|(_, figures)| figures.disagree || incident.reports > 1 || figures.told.is_empty())
            .filter_map(|(harm, figures)| {
                let best = figures.best?;
                let words = harm.as_str().replace('_', " ");
                Some(match (figures.low, figures.high) {
                    (Some(low), Some(high)) if low != high => format!("{words} {best} ({low} to {high})"),
                    _ => format!("{words} {best}"),
                })
            })
            .collect();
        if !figures.is_empty() {
            let of = match incident.independent_reports {
                0 | 1 => String::new(),
                voices => format!(" by {voices} independent reports"),
            };
            parts.push(format!("Figures{of}: {}.", figures.join("; ")));
        }
        parts.join(" ")
    }

    /// Who published the reports, each once: names, else addresses.
    #[must_use]
    pub fn sources(&self) -> Vec<String> {
        let named: Vec<String> = match self.incident {
            Some(incident) => incident.sources.iter().filter_map(|outlet| outlet.publisher.clone()).collect(),
            None => Vec::new(),
        };
        let mut sources = named;
        for source in self.articles.iter().map(|article| source_of(article.document)) {
            if !source.is_empty() && !sources.contains(&source) {
                sources.push(source);
            }
        }
        sources
    }

    /// The reports that are no copies, the day of publication first to last.
    #[must_use]
    pub fn own_articles(&self) -> Vec<Article<'a>> {
        let mut own: Vec<Article<'a>> =
            self.articles.iter().copied().filter(|article| !article.copy).collect();
        own.sort_by_key(|article| article.document.published);
        // A report that tells the incident as several events is one article.
        let mut seen = Vec::new();
        own.retain(|article| {
            let page = (&article.document.id, &article.document.url);
            let new = !seen.contains(&page);
            seen.push(page);
            new
        });
        own
    }

    /// How many independent voices tell it.
    #[must_use]
    pub fn voices(&self) -> usize {
        self.incident.map_or(1, |incident| incident.independent_reports)
    }

    /// Who the reports rest on, each once.
    #[must_use]
    pub fn reported_by(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for by in self.articles.iter().flat_map(|article| &article.event.reported_by) {
            let public = self.incident.is_none() || by.kind != ParticipantKind::Individual;
            let name = if public { name_of(by) } else { by.name.as_deref().unwrap_or_default() };
            if !name.is_empty() && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// How the reports word the place: of the place that the row has, or of all of the one event.
    #[must_use]
    pub fn where_words(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        let about = |place: &&Place| self.incident.is_none() || self.is_of(place);
        for place in self.articles.iter().flat_map(|article| &article.event.places).filter(about) {
            let text = in_words(place);
            if !words.contains(&text) {
                words.push(text);
            }
        }
        joined(&words)
    }

    /// How the event lies to the named place, in the first report that has the place of the row.
    #[must_use]
    pub fn relation(&self) -> Option<Relation> {
        let mut places = self.articles.iter().flat_map(|article| &article.event.places);
        places.find(|place| self.is_of(place)).map(|place| place.relation)
    }

    /// PRIO-GRID's cell, where the place is known well enough to be in one.
    #[must_use]
    pub fn prio_grid(&self) -> Option<u32> {
        match self.incident {
            // What the coder has found.
            None => self.chief()?.event.places.first()?.prio_grid,
            Some(_) => {
                // UCDP's precision up to which the coordinates tell the cell, as in the coded document.
                let exact = self.place()?.where_precision.is_some_and(|precision| precision <= 3);
                self.point().filter(|_| exact).and_then(|(lat, lon)| record::priogrid(lat, lon))
            }
        }
    }

    fn is_of(&self, place: &Place) -> bool {
        let Some(own) = self.place() else { return false };
        let theirs = of_place(place);
        match (&own.source_id, &theirs.source_id) {
            (Some(a), Some(b)) => a == b,
            _ => own.name == theirs.name && own.country == theirs.country,
        }
    }
}

fn in_words(place: &Place) -> String {
    let relation = match place.relation {
        Relation::At => return place.text.clone(),
        other => serde_json::to_value(other).ok().and_then(|name| name.as_str().map(str::to_owned)),
    };
    let distance = place.distance_km.map_or_else(String::new, |km| format!("{km} km "));
    format!("{distance}{} {}", relation.unwrap_or_default(), place.text)
}

/// Who published a report: its name, else its address.
#[must_use]
pub fn source_of(document: &DocumentInfo) -> String {
    document.publisher.clone().or_else(|| document.url.clone()).unwrap_or_default()
}

fn of_place(place: &Place) -> IncidentPlace {
    IncidentPlace {
        name: place.name.clone().unwrap_or_else(|| place.text.clone()),
        geonameid: place.geonameid,
        source_id: place.source_id.clone(),
        feature_code: place.feature_code.clone(),
        country: place.country.clone(),
        admin1: place.admin1.clone(),
        admin2: place.admin2.clone(),
        admin1_pcode: place.admin1_pcode.clone(),
        admin2_pcode: place.admin2_pcode.clone(),
        latitude: place.latitude,
        longitude: place.longitude,
        where_precision: place.where_precision,
    }
}

/// A party as the participant that it was: its label is a name where the registry, a report or a person gives it as one, and
/// else the words of a report. Two that are the same have the same place, since that is how participants are told apart.
fn of_party(party: &Party, told: &[Told], corrected: bool, known: &mut Vec<String>) -> Participant {
    let everyone = || told.iter().flat_map(|told| told.event.actors.iter().chain(&told.event.recipients));
    let label = party.label.clone().unwrap_or_default();
    let is_name = !label.is_empty()
        && (corrected
            || party.actor_id.is_some()
            || everyone().any(|one| one.name.as_deref() == Some(label.as_str())));
    let matching = everyone().find(|one| match (&party.actor_id, &one.actor_id) {
        (Some(a), Some(b)) => a == b,
        _ => !label.is_empty() && name_of(one) == label,
    });
    let key = match &party.actor_id {
        Some(id) => format!("id {id}"),
        None if !label.is_empty() => format!("label {label}"),
        None => format!("{:?} {:?} {:?} {:?}", party.kind, party.sector, party.inter_code, party.country),
    };
    let place = known.iter().position(|one| *one == key).unwrap_or_else(|| {
        known.push(key);
        known.len() - 1
    });
    let number: Option<Quantity> = matching.and_then(|one| one.number);
    Participant {
        mentions: vec![Mention { text: label.clone(), start: place, end: place + 1 }],
        kind: party.kind,
        name: is_name.then_some(label),
        actor_id: party.actor_id.clone(),
        wikidata_id: matching.and_then(|one| one.wikidata_id.clone()),
        country: party.country.clone(),
        sector: party.sector,
        inter_code: party.inter_code,
        number,
        affiliation: matching.and_then(|one| one.affiliation.clone()),
        certainty: party.certainty,
    }
}
