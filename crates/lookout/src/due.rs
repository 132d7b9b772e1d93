//! What experts and others say of violence, and what the record shows when it is due.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use record::vocabulary::EventType;
use record::{
    CodedDocument, Direction, Horizon, Participant, ParticipantKind, Period, Place, Quantity, Statement,
    StatementKind,
};
use schemars::JsonSchema;
use serde::Serialize;
use store::find::{Page, ReportFilter};
use store::{Error, Store, StoredReport};
use watch::claim::{self, BeforeAfter, Claim, Trend, Verdict};
use watch::{Every, Series};

use crate::{Happening, Kept};

/// Rows that are asked for at a time.
const PIECE: usize = 200;

/// Fewer statements than this whose day has come, and a speaker has no score.
pub const FEWEST: usize = 10;

/// Who speaks: a body, or a person by the office or body that is spoken for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Speaker {
    /// Key in the actor registry.
    pub actor_id: Option<String>,
    /// The name of a body; of a person only where names are kept.
    pub name: Option<String>,
    /// The office or body that a person speaks for.
    pub affiliation: Option<String>,
    /// PLOVER sector.
    pub sector: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Whether it is one person.
    pub person: bool,
}

/// What a statement is about, as the record is asked for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Subject {
    /// Organised actors of the registry.
    pub actors: Vec<String>,
    /// Their names, by key.
    pub actor_names: BTreeMap<String, String>,
    /// Places, each as exactly as it is known: country, first- and second-order division.
    pub places: Vec<Vec<String>>,
    /// ACLED event types.
    pub event_types: Vec<EventType>,
    /// Which way.
    pub direction: Option<Direction>,
    /// Over which days.
    pub period: Option<Period>,
}

/// Whether its day has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It speaks of what was or is, and can be held against the record at once.
    Told,
    /// Its day has come.
    Due,
    /// Its day has not come.
    Waiting,
    /// It names no day.
    Open,
}

impl State {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Due => "due",
            Self::Waiting => "waiting",
            Self::Open => "open",
        }
    }
}

/// A stretch of days, and what the record counts in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counted {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Incidents.
    pub incidents: u64,
    /// The dead.
    pub deaths: u64,
}

/// What the record shows of a statement.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Shown {
    /// As long before.
    pub before: Option<Counted>,
    /// The days that it is about.
    pub after: Option<Counted>,
    /// What a test of the claim says, where it can be put as one.
    pub verdict: Option<Verdict>,
    /// The same in a sentence, or why there is no test.
    pub says: String,
}

/// A statement with where it stands and what the record shows of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Said {
    /// `watchpost.statement/1`.
    pub schema: &'static str,
    /// The report, the place in it and the kind: `R-…#120-forecast`.
    pub id: String,
    /// The report.
    pub report: String,
    /// Its page.
    pub url: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// The outlet.
    pub publisher: Option<String>,
    /// The day of publication.
    pub published: Option<Date>,
    /// What sort.
    pub kind: StatementKind,
    /// The words.
    pub quote: String,
    /// First code point of the words.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Who says so; nothing where the report itself does.
    pub speaker: Option<Speaker>,
    /// What it is about.
    pub about: Subject,
    /// The number, for an estimate.
    pub number: Option<Quantity>,
    /// The causes named.
    pub causes: Vec<String>,
    /// When it falls due, in its words.
    pub horizon: Option<Horizon>,
    /// Whether its day has come.
    pub state: State,
    /// The day on which it is due.
    pub due: Option<Date>,
    /// "If …", "unless …": it says nothing where that does not hold, and counts for no score.
    pub condition: Option<String>,
    /// What the record shows.
    pub record: Option<Shown>,
}

/// Which statements.
#[derive(Debug, Clone, Default)]
pub struct StatementFilter {
    /// In which reports.
    pub reports: ReportFilter,
    /// Of one of these kinds; none is all.
    pub kinds: Vec<StatementKind>,
    /// In one of these states; none is all.
    pub states: Vec<State>,
    /// About a place in one of these countries.
    pub countries: Vec<String>,
    /// About this actor, by its registry key.
    pub actor: Option<String>,
    /// Words of the speaker's name or affiliation, without regard to case.
    pub speaker: Option<String>,
}

impl StatementFilter {
    fn takes(&self, said: &Said) -> bool {
        let mut countries = said.about.places.iter().filter_map(|place| place.first());
        let inside = self.countries.is_empty() || countries.any(|country| self.countries.contains(country));
        let speaker = self.speaker.as_ref().is_none_or(|wanted| {
            let words = said.speaker.iter().flat_map(|one| [&one.name, &one.affiliation, &one.actor_id]);
            let wanted = store::words::fold(wanted);
            words.flatten().any(|words| store::words::fold(words).contains(&wanted))
        });
        (self.kinds.is_empty() || self.kinds.contains(&said.kind))
            && (self.states.is_empty() || self.states.contains(&said.state))
            && inside
            && self.actor.as_ref().is_none_or(|actor| said.about.actors.contains(actor))
            && speaker
    }
}

/// Goes through the statements of a store's reports, the newest report first; copies of a text are read once. Names of persons are given only where
/// `names` says so.
///
/// # Errors
/// What the store says, or what `take` does.
pub fn statements<E: From<Error>>(
    store: &mut dyn Store,
    kept: &Kept,
    filter: &StatementFilter,
    (today, names): (Date, bool),
    mut take: impl FnMut(Said) -> Result<bool, E>,
) -> Result<(), E> {
    let name = store.name();
    let mut page = Page { limit: PIECE, ..Page::default() };
    loop {
        let found = store.find_reports(&filter.reports, &page).map_err(E::from)?;
        for row in found.rows.iter().filter(|row| row.copy_of.is_none()) {
            let Some(report) = store.report(&row.id).map_err(E::from)? else { continue };
            // A document of a version that cannot be read is named by `verify`.
            let Ok(document) = report.document(&name) else { continue };
            for said in of_report(&report, &document, today, names) {
                if filter.takes(&said) && !take(Said { record: shown(&said, kept), ..said })? {
                    return Ok(());
                }
            }
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(()),
        }
    }
}

fn of_report(report: &StoredReport, document: &CodedDocument, today: Date, names: bool) -> Vec<Said> {
    // "Attacks could spread if …" is a forecast and a trend in the same words: which way the one says, and on what condition the other, holds of both.
    let twin = |of: &Statement| {
        let same =
            |other: &&Statement| (other.start, other.end) == (of.start, of.end) && other.kind != of.kind;
        document.statements.iter().find(same)
    };
    let one = |statement: &Statement| {
        let due = statement.horizon.as_ref().and_then(|horizon| horizon.end);
        let state = match (statement.kind, due) {
            (StatementKind::Forecast, None) => State::Open,
            (StatementKind::Forecast, Some(due)) if due < today => State::Due,
            (StatementKind::Forecast, Some(_)) => State::Waiting,
            _ => State::Told,
        };
        Said {
            schema: "watchpost.statement/1",
            id: format!("{}#{}-{}", report.id, statement.start, kind_of(statement.kind)),
            report: report.id.clone(),
            url: report.url.clone(),
            title: report.title.clone(),
            publisher: report.publisher.clone(),
            published: report.published,
            kind: statement.kind,
            quote: statement.quote.clone(),
            start: statement.start,
            end: statement.end,
            speaker: statement.speaker.as_ref().map(|speaker| speaker_of(speaker, names)),
            about: Subject {
                direction: statement.about.direction.or_else(|| twin(statement)?.about.direction),
                ..subject(statement)
            },
            number: statement.number,
            causes: statement.causes.iter().map(|cause| cause.text.clone()).collect(),
            horizon: statement.horizon.clone(),
            state,
            due,
            condition: statement
                .condition
                .as_ref()
                .or_else(|| twin(statement)?.condition.as_ref())
                .map(|condition| condition.text.clone()),
            record: None,
        }
    };
    document.statements.iter().map(one).collect()
}

/// The kind as it is written.
const fn kind_of(kind: StatementKind) -> &'static str {
    match kind {
        StatementKind::Trend => "trend",
        StatementKind::Cause => "cause",
        StatementKind::Forecast => "forecast",
        StatementKind::Estimate => "estimate",
        StatementKind::Demand => "demand",
        StatementKind::Allegation => "allegation",
    }
}

fn speaker_of(speaker: &Participant, names: bool) -> Speaker {
    let person = speaker.kind == ParticipantKind::Individual;
    Speaker {
        actor_id: speaker.actor_id.clone(),
        name: speaker.name.clone().filter(|_| names || !person),
        affiliation: speaker.affiliation.clone(),
        sector: speaker.sector.map(|sector| sector.as_str().to_owned()),
        country: speaker.country.clone(),
        person,
    }
}

fn subject(statement: &Statement) -> Subject {
    let about = &statement.about;
    let place = |place: &Place| -> Vec<String> {
        [&place.country, &place.admin1, &place.admin2].into_iter().map_while(Clone::clone).collect()
    };
    let named = about.actors.iter().filter_map(|actor| {
        Some((
            actor.actor_id.clone()?,
            actor.name.clone().filter(|_| actor.kind != ParticipantKind::Individual)?,
        ))
    });
    Subject {
        actors: about.actors.iter().filter_map(|actor| actor.actor_id.clone()).collect(),
        actor_names: named.collect(),
        places: about.places.iter().map(place).filter(|place| !place.is_empty()).collect(),
        event_types: about.event_types.clone(),
        direction: about.direction,
        period: about.period,
    }
}

impl Subject {
    /// Whether an incident is what it is about: of one of its actors, in one of its places, of one of its types.
    fn is_about(&self, one: &Happening) -> bool {
        let of = [&one.country, &one.admin1, &one.admin2];
        let inside = |place: &Vec<String>| place.iter().zip(of).all(|(name, of)| of.as_ref() == Some(name));
        (self.actors.is_empty() || one.actors.iter().any(|side| self.actors.contains(&side.id)))
            && (self.places.is_empty() || self.places.iter().any(inside))
            && (self.event_types.is_empty()
                || one.event_type.is_some_and(|kind| self.event_types.contains(&kind)))
    }

    fn is_empty(&self) -> bool {
        self.actors.is_empty() && self.places.is_empty()
    }
}

fn counted(kept: &Kept, about: &Subject, (from, until): (Date, Date)) -> Counted {
    let inside = |one: &&Happening| one.first >= from && one.last <= until && about.is_about(one);
    let found: Vec<&Happening> = kept.happenings.iter().filter(inside).collect();
    Counted {
        from,
        until,
        incidents: found.len() as u64,
        deaths: found.iter().filter_map(|one| one.deaths).sum(),
    }
}

/// What the record shows of a statement; nothing where it is not due, or about nothing that the record could be asked for.
fn shown(said: &Said, kept: &Kept) -> Option<Shown> {
    if matches!(said.state, State::Waiting | State::Open)
        || !matches!(said.kind, StatementKind::Forecast | StatementKind::Trend | StatementKind::Estimate)
    {
        return None;
    }
    let none = |says: &str| Some(Shown { before: None, after: None, verdict: None, says: says.to_owned() });
    if said.about.is_empty() {
        return none("it names no place and no actor that the record could be asked for");
    }
    let Some(covered) = kept.covered() else { return none("there is no record") };
    let (start, end) = match said.kind {
        StatementKind::Forecast => {
            let horizon = said.horizon.as_ref()?;
            (horizon.start.or(said.published)?, horizon.end?)
        }
        _ => {
            let period = said.about.period.unwrap_or_default();
            let end = period.end.or(said.published)?;
            // A trend without a beginning is read as one of the last year.
            let start = period.start.or_else(|| end.checked_sub(1.year()).ok())?;
            (start, end)
        }
    };
    if start > end {
        return none("its days end before they begin");
    }
    let days = start.until(end).map_or(0, |span| span.get_days()) + 1;
    let before = start.checked_sub(days.days()).ok().zip(start.yesterday().ok());
    let after = (start >= covered.0 && end <= covered.1).then(|| counted(kept, &said.about, (start, end)));
    let before = before
        .filter(|(from, _)| *from >= covered.0 && after.is_some())
        .map(|before| counted(kept, &said.about, before));
    let Some(after) = after else {
        return none(&format!("the record covers {} to {} alone", covered.0, covered.1));
    };
    let claim = match said.about.direction {
        Some(Direction::Rise) => Claim::Rose,
        Some(Direction::Fall) => Claim::Fell,
        Some(Direction::Steady) => Claim::Changed,
        None => {
            let says = "it says not which way, so there is nothing to test".to_owned();
            return Some(Shown { before, after: Some(after), verdict: None, says });
        }
    };
    let steady = said.about.direction == Some(Direction::Steady);
    let series = weekly(kept, &said.about, (covered.0, end));
    let finding = match said.kind {
        StatementKind::Trend => claim::trend(
            &series,
            &Trend { from: Some(Every::Week.of(start)), to: Some(Every::Week.of(end)), ..Trend::new(claim) },
        ),
        _ => claim::before_after(
            &series,
            &[],
            &BeforeAfter {
                which: claim::before_after::Which::Average,
                to: Some(Every::Week.of(end)),
                ..BeforeAfter::new(Every::Week.of(start), claim)
            },
        ),
    };
    // That something stays as it is is what is left where a change is not to be seen, and refuted where one is.
    let verdict = match (steady, finding.verdict) {
        (true, Verdict::Supported) => Verdict::NotSupported,
        (true, Verdict::NotSupported) => Verdict::Supported,
        (_, verdict) => verdict,
    };
    Some(Shown { before, after: Some(after), verdict: Some(verdict), says: finding.sentence })
}

/// What the record counts of a subject by the week.
fn weekly(kept: &Kept, about: &Subject, (from, until): (Date, Date)) -> Series {
    let every = Every::Week;
    let events = kept
        .happenings
        .iter()
        .filter(|one| about.is_about(one) && every.of(one.first) == every.of(one.last))
        .map(|one| (every.of(one.first), 1));
    let span = (every.of(from), every.of(until));
    Series::of_events("what it is about", every, span, events)
        .unwrap_or_else(|_| Series::new("what it is about", every, span.0, Vec::new()))
}

/// What the statements of a speaker were worth.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct SpeakerRecord {
    /// Registry key, or affiliation.
    pub speaker: String,
    /// Its statements.
    pub statements: usize,
    /// Of them forecasts and trends that a test says something of, without condition.
    pub tested: usize,
    /// That the record supports.
    pub supported: usize,
    /// That it does not.
    pub not_supported: usize,
    /// Of which it cannot be told.
    pub cannot_tell: usize,
    /// The share of those that could be told which are supported; nothing of fewer than ten.
    pub score: Option<f64>,
}

/// What speakers' statements were worth: bodies, and persons by whom they speak for. Persons who speak for nobody are not followed.
#[must_use]
pub fn speakers(all: &[Said]) -> Vec<SpeakerRecord> {
    let mut records: BTreeMap<String, SpeakerRecord> = BTreeMap::new();
    let mut seen: BTreeSet<(String, &str)> = BTreeSet::new();
    for said in all {
        let Some(speaker) = &said.speaker else { continue };
        let body = if speaker.person { None } else { speaker.name.clone() };
        let Some(key) = speaker.actor_id.clone().or_else(|| speaker.affiliation.clone()).or(body) else {
            continue;
        };
        // The same words of the same speaker in another report are one statement.
        if !seen.insert((key.clone(), said.quote.as_str())) {
            continue;
        }
        let record = records
            .entry(key.clone())
            .or_insert_with(|| SpeakerRecord { speaker: key, ..SpeakerRecord::default() });
        record.statements += 1;
        let verdict = said.record.as_ref().and_then(|shown| shown.verdict);
        if let (Some(verdict), None) = (verdict, &said.condition) {
            record.tested += 1;
            match verdict {
                Verdict::Supported => record.supported += 1,
                Verdict::NotSupported => record.not_supported += 1,
                Verdict::CannotTell => record.cannot_tell += 1,
            }
        }
    }
    let mut records: Vec<SpeakerRecord> = records.into_values().collect();
    for record in &mut records {
        let told = record.supported + record.not_supported;
        #[expect(clippy::cast_precision_loss, reason = "numbers of statements")]
        let share = record.supported as f64 / told as f64;
        record.score = (told >= FEWEST).then_some(share);
    }
    records.sort_by_key(|record| std::cmp::Reverse(record.statements));
    records
}
