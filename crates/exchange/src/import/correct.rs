//! What a row says otherwise than it did before, or than the incident that its id names, and which corrections that is.

use std::collections::{BTreeMap, BTreeSet};

use record::{Correction, Deaths, FieldName, FigureCorrection, Harm, IncidentPlace, Party};

use super::{Imported, Named, Tables, ged_reading};
use crate::read::{ISO3, Layout};
use crate::row::{Dossier, Row};
use crate::said::{same, whole};

/// The columns that make each field that can be corrected.
const FIELDS: &[(Layout, FieldName, &[&str])] = &[
    (Layout::Acled, FieldName::SubEventType, &["sub_event_type"]),
    (Layout::Acled, FieldName::Dates, &["event_date", "time_precision"]),
    (
        Layout::Acled,
        FieldName::Place,
        &["country", "iso", ISO3, "admin1", "admin2", "location", "latitude", "longitude", "geo_precision"],
    ),
    (
        Layout::Acled,
        FieldName::Actors,
        &["actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2"],
    ),
    (Layout::Acled, FieldName::Figure(Harm::Killed), &["fatalities"]),
    (Layout::Ged, FieldName::TypeOfViolence, &["type_of_violence"]),
    (Layout::Ged, FieldName::Dates, &["date_start", "date_end", "date_prec"]),
    (
        Layout::Ged,
        FieldName::Place,
        &[
            "country",
            "country_id",
            ISO3,
            "adm_1",
            "adm_2",
            "where_coordinates",
            "latitude",
            "longitude",
            "where_prec",
        ],
    ),
    (Layout::Ged, FieldName::Actors, &["side_a", "side_b"]),
    (Layout::Ged, FieldName::Figure(Harm::Killed), &["best", "low", "high"]),
];

/// Columns that follow from others, that only this program or the dataset's own registers fill, or that change without the event:
/// no change of a row.
const IDLE: &[&str] = &[
    "year",
    "disorder_type",
    "event_type",
    "interaction",
    "civilian_targeting",
    "region",
    "timestamp",
    "relid",
    "active_year",
    "code_status",
    "dyad_name",
    "geom_wkt",
    "priogrid_gid",
    "event_clarity",
];

/// What becomes of a cell in the old row and the new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    /// The column.
    pub column: &'static str,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

impl Imported {
    /// The cells that are not what they were in an earlier version of the row, as [`Imported::text`] wrote it.
    #[must_use]
    pub fn changed_since(&self, text: &str) -> Vec<CellChange> {
        let before: BTreeMap<&str, &str> = text.lines().filter_map(|line| line.split_once(": ")).collect();
        self.compare(|column| before.get(column).map_or_else(String::new, |cell| (*cell).to_owned()), true)
    }

    /// The cells that are not what the incident is written as now.
    #[must_use]
    pub fn changed_from(&self, row: &Row<'_>) -> Vec<CellChange> {
        let shape = self.layout.shape();
        self.compare(
            |name| {
                let column = shape.columns.iter().find(|column| column.name == name);
                let text = column.map(|column| (column.value)(row).text()).unwrap_or_default();
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            },
            false,
        )
    }

    fn compare(&self, before: impl Fn(&str) -> String, all: bool) -> Vec<CellChange> {
        let header: Vec<&'static str> = self.layout.shape().header().collect();
        let mut changes = Vec::new();
        for column in header {
            if IDLE.contains(&column) || !self.line.cells.contains_key(column) || column == self.layout.id() {
                continue;
            }
            if !all
                && !FIELDS
                    .iter()
                    .any(|(layout, _, columns)| *layout == self.layout && columns.contains(&column))
            {
                continue;
            }
            let (before, after) = (before(column), self.line.get(column).to_owned());
            if !same(column, &before, &after) {
                changes.push(CellChange { column, before, after });
            }
        }
        changes
    }

    /// Cells of an incident's own row that say otherwise than the store and that an import does not take over: the reports' own words,
    /// and what is worked out from other columns, as long as none of those was changed.
    #[must_use]
    pub fn ignored(&self, row: &Row<'_>, changes: &[CellChange]) -> Vec<CellChange> {
        let taken = |column: &str| {
            FIELDS.iter().any(|(layout, _, columns)| *layout == self.layout && columns.contains(&column))
        };
        let derived = |column: &str| {
            IDLE.contains(&column) || column.starts_with("deaths_") || column.starts_with("gwno")
        };
        let shape = self.layout.shape();
        let mut ignored = Vec::new();
        for column in shape.columns {
            let name = column.name;
            let known = name == self.layout.id() || matches!(name, "timestamp" | "relid");
            if known
                || taken(name)
                || !self.line.cells.contains_key(name)
                || (derived(name) && !changes.is_empty())
            {
                continue;
            }
            let before = (column.value)(row).text().split_whitespace().collect::<Vec<_>>().join(" ");
            let after = self.line.get(name).to_owned();
            if !same(name, &before, &after) {
                ignored.push(CellChange { column: name, before, after });
            }
        }
        ignored
    }

    /// What those changes set in the incident. What a changed row does not touch stays as it is in the incident.
    #[must_use]
    pub fn corrections(
        &self,
        changes: &[CellChange],
        dossier: &Dossier,
        row: &Row<'_>,
        tables: Tables<'_>,
    ) -> Vec<Correction> {
        let changed: BTreeSet<&str> = changes.iter().map(|change| change.column).collect();
        // In a dataset's own row the type says which side is whose, and it is all that tells the means.
        let of_dataset = dossier.incident.id != self.id && row.id() != self.id;
        let retyped = of_dataset && changed.contains("type_of_violence");
        let touched = FIELDS.iter().filter(|(layout, field, columns)| {
            *layout == self.layout
                && (columns.iter().any(|column| changed.contains(column))
                    || retyped && *field == FieldName::Actors)
        });
        let mut corrections = Vec::new();
        for (_, field, _) in touched {
            match field {
                FieldName::SubEventType => corrections.push(Correction::SubEventType(self.sub_event_type)),
                FieldName::TypeOfViolence => {
                    corrections.push(Correction::TypeOfViolence(self.violence));
                    let before = changes.iter().find(|change| change.column == "type_of_violence");
                    let before = before.and_then(|change| whole(&change.before)?.try_into().ok());
                    let read = dossier.incident.sub_event_type == Some(ged_reading(before));
                    if retyped && read && ged_reading(before) != self.sub_event_type {
                        corrections.push(Correction::SubEventType(self.sub_event_type));
                    }
                }
                FieldName::Dates => {
                    let mut dates = self.dates.clone();
                    // ACLED has no column for the last day: it stays where the first does.
                    if self.layout == Layout::Acled && !changed.contains("event_date") {
                        dates.event_date_end = dossier.incident.dates.event_date_end;
                    }
                    corrections.push(Correction::Dates(dates));
                }
                FieldName::Place => {
                    corrections.push(Correction::Place(self.changed_place(&changed, dossier)))
                }
                FieldName::Actors => {
                    let [first, second] = [&self.sides[0], &self.sides[1]].map(|side| {
                        side.iter()
                            .map(|named| self.known_party(named, dossier, row, tables))
                            .collect::<Vec<Party>>()
                    });
                    let (actors, recipients) = self.of_sides(first, second);
                    if actors != dossier.incident.actors {
                        corrections.push(Correction::Actors(actors));
                    }
                    if recipients != dossier.incident.recipients {
                        corrections.push(Correction::Recipients(recipients));
                    }
                }
                FieldName::Figure(harm) => {
                    let Deaths { low, best, high, .. } = self.deaths;
                    corrections.push(Correction::Figure(FigureCorrection { harm: *harm, low, best, high }));
                }
                FieldName::Recipients => {}
            }
        }
        corrections
    }

    /// The place with what changed of it; what the table has no column for stays only where it is the same place.
    fn changed_place(&self, changed: &BTreeSet<&str>, dossier: &Dossier) -> Option<IncidentPlace> {
        let mut place = self.place.clone()?;
        let Some(old) = &dossier.incident.place else { return Some(place) };
        // ACLED's three degrees of precision are fewer than ours: one that was not changed is better known here.
        if !changed.contains("geo_precision") && !changed.contains("where_prec") {
            place.where_precision = old.where_precision;
        }
        let moved = ["latitude", "longitude", "location", "where_coordinates"]
            .iter()
            .any(|column| changed.contains(column));
        if (&place.country, &place.admin1) == (&old.country, &old.admin1) {
            place.admin1_pcode.clone_from(&old.admin1_pcode);
            if place.admin2 == old.admin2 {
                place.admin2_pcode.clone_from(&old.admin2_pcode);
            }
        }
        if !moved {
            let IncidentPlace { geonameid, source_id, feature_code, .. } = old.clone();
            (place.geonameid, place.source_id, place.feature_code) = (geonameid, source_id, feature_code);
        }
        Some(place)
    }

    /// A party of the incident that is written so, else a new one.
    fn known_party(&self, named: &Named, dossier: &Dossier, row: &Row<'_>, tables: Tables<'_>) -> Party {
        let incident = &dossier.incident;
        let all =
            row.actors.iter().zip(&incident.actors).chain(row.recipients.iter().zip(&incident.recipients));
        let known = all.into_iter().find(|(participant, _)| row.acled_name(participant) == named.name);
        let mut party = match known {
            Some((_, party)) => party.clone(),
            None => self.who(named, tables).0,
        };
        if named.inter.is_some() {
            party.inter_code = named.inter;
        }
        party
    }
}
