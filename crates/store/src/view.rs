/*! An incident as it stands: its decisions, and what the reports of its events tell, made one.

The rules are these, and `docs/store.md` has them in words for operators:

- **One voice.** Copies of one text, and versions of one page, are one voice. A voice says what its latest report says.
- **Figures.** `best` is chosen by the [`FigureRule`]; `low` and `high` are the least and the most that any voice says; a
  disagreement is shown and never averaged.
- **The type** is the one that most voices tell, the surest of them where several do. **The day and the place** are the most
  exact that are told; where several are as exact, what most voices tell, then the surest.
- **The sides** are all that are told, those that most voices name first.
- A correction stands in the place of what the reports say.
*/

use std::collections::{BTreeMap, BTreeSet};

use record::{
    Among, Basis, Certainty, Correction, Deaths, FieldName, Figure, FigureRule, Figures, Harm,
    INCIDENT_SCHEMA, Incident, IncidentDates, Outlet, Party, SourceKind, Standing,
};

use crate::{Ledger, Telling};

/// What is known of a telling's report besides: the voice that it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Voiced {
    /// What it tells.
    pub telling: Telling,
    /// The page or the report that it is a copy or a version of; two with the same are one voice.
    pub voice: String,
}

/// The incident as it stands after the decisions in `ledger`. `tellings` are those of its members, in their order.
#[must_use]
pub fn view(id: &str, ledger: &Ledger, tellings: &[Voiced]) -> Incident {
    let (standing, merged_into) = ledger.standing(id);
    let (created, updated) = ledger.span(id);
    let (rule_seq, rule) = ledger.rule();
    let mut incident = Incident {
        schema: INCIDENT_SCHEMA.to_owned(),
        id: id.to_owned(),
        standing,
        merged_into,
        status: ledger.status(id),
        event_type: None,
        sub_event_type: None,
        type_of_violence: None,
        dates: IncidentDates::default(),
        place: None,
        actors: Vec::new(),
        recipients: Vec::new(),
        deaths: Deaths::default(),
        figures: BTreeMap::new(),
        confidence: 0.0,
        reports: 0,
        independent_reports: 0,
        sources: Vec::new(),
        events: Vec::new(),
        basis: BTreeMap::new(),
        reasons: BTreeMap::new(),
        created,
        updated,
    };
    if standing != Standing::Live {
        return incident;
    }
    // A new rule may have changed any figure.
    if rule_seq > created {
        incident.updated = updated.max(rule_seq);
    }
    tell(&mut incident, tellings, &rule);
    correct(&mut incident, ledger);
    incident
}

fn tell(incident: &mut Incident, tellings: &[Voiced], rule: &FigureRule) {
    incident.events = tellings.iter().map(|v| v.telling.key.clone()).collect();
    let mut reports: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for voiced in tellings {
        reports.insert(&voiced.telling.key.report, voiced.telling.publisher.as_deref());
    }
    incident.reports = reports.len();
    incident.independent_reports = tellings.iter().map(|v| v.voice.as_str()).collect::<BTreeSet<_>>().len();
    let mut outlets: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for publisher in reports.values() {
        *outlets.entry(*publisher).or_default() += 1;
    }
    incident.sources = outlets
        .into_iter()
        .map(|(publisher, reports)| Outlet { publisher: publisher.map(str::to_owned), reports })
        .collect();
    incident.sources.sort_by_key(|outlet| std::cmp::Reverse(outlet.reports));
    incident.confidence = tellings.iter().map(|v| v.telling.confidence).fold(0.0, f64::max);

    if let Some((chosen, voices)) = most(tellings, |t| Some((0, t.sub_event_type))) {
        incident.sub_event_type = Some(chosen.sub_event_type);
        incident.event_type = Some(chosen.sub_event_type.event_type());
        incident.type_of_violence = chosen.type_of_violence;
        said(
            incident,
            FieldName::SubEventType.as_str(),
            chosen,
            format!("told by {}", of_voices(voices, tellings)),
        );
    }
    let exactness = |t: &Telling| {
        t.dates
            .event_date
            .map(|day| (t.dates.time_precision.map_or(9, |p| p.number()), (day, t.dates.event_date_end)))
    };
    if let Some((chosen, voices)) = most(tellings, exactness) {
        incident.dates = chosen.dates.clone();
        let why = format!("the most exact day that is told, by {}", of_voices(voices, tellings));
        said(incident, FieldName::Dates.as_str(), chosen, why);
    }
    let exactness = |t: &Telling| {
        let place = t.place.as_ref()?;
        // Precision 7 is sea or air, as exact as its point; 5 is a line or a region.
        let rank = place.where_precision.map_or(9, |precision| if precision == 7 { 3 } else { precision });
        let unresolved = u8::from(place.latitude.is_none() && place.country.is_none()) * 20;
        let name = place.source_id.clone().or(place.geonameid.map(|id| id.to_string()));
        Some((rank + unresolved, name.unwrap_or_else(|| place.name.clone())))
    };
    if let Some((chosen, voices)) = most(tellings, exactness) {
        incident.place = chosen.place.clone();
        let why = format!("the most exact place that is told, by {}", of_voices(voices, tellings));
        said(incident, FieldName::Place.as_str(), chosen, why);
    }
    incident.actors = parties(tellings, |telling| &telling.actors);
    incident.recipients = parties(tellings, |telling| &telling.recipients);
    for (field, parties) in [
        (FieldName::Actors, parties_basis(tellings, |telling| &telling.actors)),
        (FieldName::Recipients, parties_basis(tellings, |telling| &telling.recipients)),
    ] {
        if let Some(telling) = parties {
            incident.basis.insert(field.as_str().to_owned(), Basis::Event(telling.key.clone()));
        }
    }
    for &harm in Harm::ALL {
        if let Some((figures, chosen, why)) = figures(tellings, harm, rule) {
            said(incident, harm.as_str(), chosen, why);
            if harm == Harm::Killed {
                let Deaths { a, b, civilians, unknown, .. } = chosen.deaths;
                incident.deaths = Deaths {
                    best: figures.best,
                    low: figures.low,
                    high: figures.high,
                    a,
                    b,
                    civilians,
                    unknown,
                };
            }
            incident.figures.insert(harm, figures);
        }
    }
}

fn said(incident: &mut Incident, field: &str, telling: &Telling, why: String) {
    incident.basis.insert(field.to_owned(), Basis::Event(telling.key.clone()));
    incident.reasons.insert(field.to_owned(), why);
}

fn of_voices(voices: usize, tellings: &[Voiced]) -> String {
    let all = tellings.iter().map(|v| v.voice.as_str()).collect::<BTreeSet<_>>().len();
    format!("{voices} of {all} independent reports")
}

/// The telling with the value of the least rank, which most voices tell of those; the surest of several, then the first.
/// The number is that of its voices.
fn most<K: Ord>(tellings: &[Voiced], of: impl Fn(&Telling) -> Option<(u8, K)>) -> Option<(&Telling, usize)> {
    let mut by_value: BTreeMap<(u8, K), (BTreeSet<&str>, &Telling)> = BTreeMap::new();
    for voiced in tellings {
        let Some(value) = of(&voiced.telling) else { continue };
        let (voices, surest) = by_value.entry(value).or_insert_with(|| (BTreeSet::new(), &voiced.telling));
        voices.insert(&voiced.voice);
        if voiced.telling.confidence > surest.confidence {
            *surest = &voiced.telling;
        }
    }
    let least = by_value.keys().next()?.0;
    let of_least = by_value.into_iter().filter(|((rank, _), _)| *rank == least).map(|(_, found)| found);
    // The first of equals, so that the order of the values decides and nothing else.
    of_least
        .reduce(|best, next| {
            let better = (next.0.len(), next.1.confidence) > (best.0.len(), best.1.confidence);
            if better { next } else { best }
        })
        .map(|(voices, telling)| (telling, voices.len()))
}

/// By what two parties are the same: the registry's key, else the name, else the words.
fn same(party: &Party) -> (u8, String) {
    match (&party.actor_id, &party.label) {
        (Some(id), _) => (0, id.clone()),
        (None, Some(label)) => (1, crate::words::fold(label)),
        (None, None) => {
            let sector = party.sector.map_or("", |sector| sector.as_str());
            (2, format!("{:?} {sector} {}", party.kind, party.country.as_deref().unwrap_or_default()))
        }
    }
}

fn parties(tellings: &[Voiced], of: impl Fn(&Telling) -> &Vec<Party>) -> Vec<Party> {
    let mut found: Vec<((u8, String), Party, BTreeSet<&str>)> = Vec::new();
    for voiced in tellings {
        for party in of(&voiced.telling) {
            let key = same(party);
            match found.iter_mut().find(|(known, _, _)| *known == key) {
                Some((_, known, voices)) => {
                    voices.insert(&voiced.voice);
                    if surer(party.certainty) < surer(known.certainty) {
                        known.certainty = party.certainty;
                    }
                }
                None => found.push((key, party.clone(), BTreeSet::from([voiced.voice.as_str()]))),
            }
        }
    }
    // What only some call "gunmen" is the group that others name; it is told last, not left out.
    found.sort_by_key(|(key, _, voices)| (std::cmp::Reverse(voices.len()), key.0));
    found.into_iter().map(|(_, party, voices)| Party { voices: voices.len(), ..party }).collect()
}

fn parties_basis(tellings: &[Voiced], of: impl Fn(&Telling) -> &Vec<Party>) -> Option<&Telling> {
    let with = tellings.iter().map(|v| &v.telling).filter(|telling| !of(telling).is_empty());
    with.max_by(|a, b| a.confidence.total_cmp(&b.confidence))
}

const fn surer(certainty: Certainty) -> u8 {
    match certainty {
        Certainty::Stated => 0,
        Certainty::Claimed => 1,
        Certainty::Suspected => 2,
        Certainty::Inferred => 3,
    }
}

/// The figure of one voice: its latest report's, the greatest where that report tells the incident as several events.
struct Voice<'a> {
    telling: &'a Telling,
    index: usize,
    figure: u64,
    vague: bool,
}

fn figures<'a>(
    tellings: &'a [Voiced],
    harm: Harm,
    rule: &FigureRule,
) -> Option<(Figures, &'a Telling, String)> {
    let mut voices: BTreeMap<&str, Voice<'_>> = BTreeMap::new();
    let mut told: Vec<Figure> = Vec::new();
    for (index, Voiced { telling, voice }) in tellings.iter().enumerate() {
        let Some(figure) = telling.figures.get(&harm) else { continue };
        told.push(Figure {
            from: telling.key.clone(),
            publisher: telling.publisher.clone(),
            kind: telling.kind,
            published: telling.published,
            low: figure.low,
            best: figure.best,
            high: figure.high,
            vague: figure.vague,
            same_voice: voices.contains_key(voice.as_str()),
        });
        let Some(one) = figure.best.or(figure.low).or(figure.high) else { continue };
        let now = Voice { telling, index, figure: one, vague: figure.vague };
        let newer = voices.get(voice.as_str()).is_none_or(|known| {
            if known.telling.key.report == telling.key.report {
                one > known.figure
            } else {
                telling.published >= known.telling.published
            }
        });
        if newer {
            voices.insert(voice, now);
        }
    }
    let group = |kind: SourceKind| {
        rule.prefer.iter().position(|kinds| kinds.contains(&kind)).unwrap_or(rule.prefer.len())
    };
    let clear = |voice: &&Voice<'_>| rule.vague || !voice.vague;
    let numbers: Vec<&Voice<'_>> = voices.values().filter(clear).collect();
    let all: Vec<&Voice<'_>> = if numbers.is_empty() { voices.values().collect() } else { numbers };
    let first = all.iter().map(|voice| group(voice.telling.kind)).min()?;
    let trusted: Vec<&Voice<'_>> =
        all.iter().copied().filter(|voice| group(voice.telling.kind) == first).collect();
    let count = |figure: u64| trusted.iter().filter(|voice| voice.figure == figure).count();
    // Of those published on one day the one that was linked last.
    let latest = |voice: &&&Voice<'_>| (voice.telling.published, voice.index);
    let chosen = match rule.among {
        Among::Latest => trusted.iter().max_by_key(latest),
        Among::MostTold => trusted.iter().max_by_key(|voice| (count(voice.figure), latest(voice))),
        Among::Highest => trusted.iter().max_by_key(|voice| (voice.figure, latest(voice))),
        Among::Lowest => trusted.iter().max_by_key(|voice| (std::cmp::Reverse(voice.figure), latest(voice))),
    }?;
    let told_by = |voice: &Voice<'_>| voice.telling.figures.get(&harm).cloned().unwrap_or_default();
    let own = told_by(chosen);
    let low = voices
        .values()
        .filter_map(|voice| {
            let t = told_by(voice);
            t.low.or(t.best).or(t.high)
        })
        .min();
    let high = voices
        .values()
        .filter_map(|voice| {
            let t = told_by(voice);
            t.high.or(t.best).or(t.low)
        })
        .max();
    let different: BTreeSet<u64> = voices.values().map(|voice| voice.figure).collect();
    let which = match rule.among {
        Among::Latest => "the latest",
        Among::MostTold => "the most told",
        Among::Highest => "the greatest",
        Among::Lowest => "the least",
    };
    let kind = serde_json::to_value(chosen.telling.kind).ok();
    let kind = kind.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
    let why = format!(
        "{which} of {} independent reports with a figure from the most trusted kind of source ({kind})",
        trusted.len()
    );
    let best = own.best.or(own.low).or(own.high);
    Some((Figures { best, low, high, disagree: different.len() > 1, told }, chosen.telling, why))
}

/// Puts the corrections in the place of what the reports say.
fn correct(incident: &mut Incident, ledger: &Ledger) {
    let fields = [
        FieldName::SubEventType,
        FieldName::TypeOfViolence,
        FieldName::Dates,
        FieldName::Place,
        FieldName::Actors,
        FieldName::Recipients,
    ];
    let id = incident.id.clone();
    for field in fields.into_iter().chain(Harm::ALL.iter().map(|harm| FieldName::Figure(*harm))) {
        let Some((seq, correction)) = ledger.correction(&id, field) else { continue };
        incident.basis.insert(field.as_str().to_owned(), Basis::Decision(seq));
        incident.reasons.insert(field.as_str().to_owned(), "corrected".to_owned());
        match correction.clone() {
            Correction::SubEventType(kind) => {
                incident.sub_event_type = Some(kind);
                incident.event_type = Some(kind.event_type());
            }
            Correction::TypeOfViolence(kind) => incident.type_of_violence = kind,
            Correction::Dates(dates) => {
                incident.dates = dates;
                if incident.dates.event_date_end.is_none() {
                    incident.dates.event_date_end = incident.dates.event_date;
                }
            }
            Correction::Place(place) => incident.place = place,
            Correction::Actors(parties) => incident.actors = parties,
            Correction::Recipients(parties) => incident.recipients = parties,
            Correction::Figure(figure) => {
                let figures = incident.figures.entry(figure.harm).or_default();
                (figures.low, figures.best, figures.high) =
                    (figure.low.or(figure.best), figure.best, figure.high.or(figure.best));
                if figure.harm == Harm::Killed {
                    let sides = Deaths {
                        low: figures.low,
                        best: figures.best,
                        high: figures.high,
                        ..Deaths::default()
                    };
                    // Whose they are the correction does not say.
                    incident.deaths = Deaths { unknown: figure.best.unwrap_or(0), ..sides };
                }
            }
        }
    }
}
