/*! From ACLED's sub-events to PLOVER, CAMEO, GTD and UCDP.

The mapping is a decision table, `knowledge/crosswalk.tsv`: its head says how it
is read, its `source` column where each row comes from. Only what needs the two
sides of an event, and so cannot be a table, is code here: UCDP's type of
violence, GTD's rule that acts of states are not counted, and which side of the
table's conditions a participant is on.
*/

use std::str::FromStr;

use crate::event::{Weapon, WeaponClass};
use crate::table::{self, Table, TableError};
use crate::vocabulary::{Completion, InterCode, PloverCode, PloverType, Sector, SubEventType};
use crate::{Participant, ParticipantKind};

/// The modes of each PLOVER type that has any. Mode names repeat across types with other meanings,
/// so a mode means something only together with its type.
///
/// Source: PLOVER manual, the table of modes in each type's section.
pub const PLOVER_MODES: &[(PloverType, &[&str])] = &[
    (
        PloverType::Assault,
        &[
            "abduct",
            "beat",
            "torture",
            "sexual",
            "targeted",
            "destroy",
            "primitive",
            "firearms",
            "explosives",
            "suicide-attack",
            "aerial",
            "drone",
            "heavy-weapons",
            "crowd-control",
            "unconventional",
        ],
    ),
    (
        PloverType::Coerce,
        &[
            "seize",
            "restrict",
            "ban",
            "censor",
            "curfew",
            "martial-law",
            "arrest",
            "deport",
            "withhold",
            "misinformation",
            "cyber",
        ],
    ),
    (PloverType::Protest, &["demo", "riot", "strike", "hunger", "boycott", "obstruct", "vandalize"]),
    (PloverType::Mobilize, &["troops", "weapons", "police", "militia"]),
    (PloverType::Retreat, &["withdraw", "release", "return", "disarm", "ceasefire", "access", "resign"]),
    (PloverType::Threaten, &["restrict", "ban", "arrest", "relations", "expel", "territory", "violence"]),
    (PloverType::Sanction, &["convict", "expel", "withdraw", "discontinue"]),
    (PloverType::Accuse, &["disapprove", "investigate", "allege"]),
    (PloverType::Reject, &["assist", "change", "yield", "meet"]),
    (PloverType::Request, &["assist", "change", "yield", "meet"]),
    (PloverType::Consult, &["visit", "third-party", "multilateral", "phone"]),
];

/// Whether the type has that mode.
#[must_use]
pub fn is_plover_mode(event_type: PloverType, mode: &str) -> bool {
    PLOVER_MODES.iter().any(|(known, modes)| *known == event_type && modes.contains(&mode))
}

/// The quadrant of a PLOVER type: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.
///
/// Source: PLOVER manual, "Quad category" at the end of each type's section.
#[must_use]
pub const fn quad_class(event_type: PloverType) -> u8 {
    use PloverType as P;
    match event_type {
        P::Agree | P::Consult | P::Support | P::Concede => 1,
        P::Cooperate | P::Aid | P::Retreat => 2,
        P::Request | P::Accuse | P::Reject | P::Threaten => 3,
        P::Protest | P::Sanction | P::Mobilize | P::Coerce | P::Assault => 4,
    }
}

/// The root of a CAMEO code: its first two digits, 1 to 20.
#[must_use]
pub fn cameo_root(code: &str) -> Option<u8> {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit()) && (2..=4).contains(&code.len());
    let root: u8 = code.get(..2)?.parse().ok()?;
    (digits && (1..=20).contains(&root)).then_some(root)
}

/// GTD's attack types.
///
/// Source: GTD codebook (2021), variable `attacktype1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GtdAttackType {
    /// 1: killing of one or more specific, prominent people.
    Assassination,
    /// 2: firearms, incendiaries, blades; grenades and projectiles when used with them.
    ArmedAssault,
    /// 3.
    Bombing,
    /// 4: a vehicle is taken over.
    Hijacking,
    /// 5: hostages held at the place of the attack.
    Barricade,
    /// 6: hostages taken elsewhere.
    Kidnapping,
    /// 7: things, not people, are the objective; includes arson.
    Facility,
    /// 8: any other means, chemical weapons included.
    UnarmedAssault,
    /// 9: the report does not say.
    Unknown,
}

impl GtdAttackType {
    /// Every type, in GTD's order.
    pub const ALL: &'static [Self] = &[
        Self::Assassination,
        Self::ArmedAssault,
        Self::Bombing,
        Self::Hijacking,
        Self::Barricade,
        Self::Kidnapping,
        Self::Facility,
        Self::UnarmedAssault,
        Self::Unknown,
    ];

    /// GTD's spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assassination => "Assassination",
            Self::ArmedAssault => "Armed Assault",
            Self::Bombing => "Bombing/Explosion",
            Self::Hijacking => "Hijacking",
            Self::Barricade => "Hostage Taking (Barricade Incident)",
            Self::Kidnapping => "Hostage Taking (Kidnapping)",
            Self::Facility => "Facility/Infrastructure Attack",
            Self::UnarmedAssault => "Unarmed Assault",
            Self::Unknown => "Unknown",
        }
    }
}

/// What kind of side a participant is, as the crosswalks need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The government of a state and its armed servants.
    State,
    /// An organised armed group.
    Organised,
    /// Armed, but nobody says who: "gunmen".
    Unidentified,
    /// Rioters and protesters: people who act together without arms or organisation.
    Crowd,
    /// Anybody unarmed.
    Civilian,
    /// The text does not say.
    Unknown,
}

impl Side {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("state", Self::State),
        ("organised", Self::Organised),
        ("unidentified", Self::Unidentified),
        ("crowd", Self::Crowd),
        ("civilian", Self::Civilian),
    ];

    /// Reads the side off sector and interaction code. A minister is a civilian when he is shot, though he serves
    /// the state, so unarmed servants of a state are `Civilian` unless the participant is the state itself.
    #[must_use]
    pub fn of(participant: &Participant) -> Self {
        match participant.inter_code {
            Some(InterCode::Rioters | InterCode::Protesters) => return Self::Crowd,
            Some(InterCode::Civilians) => return Self::Civilian,
            _ => {}
        }
        match participant.sector {
            Some(Sector::UnalignedArmed) => Self::Unidentified,
            Some(sector) if sector.is_state_force() => Self::State,
            Some(sector) if sector.is_armed() => Self::Organised,
            Some(Sector::Government) if participant.kind == ParticipantKind::State => Self::State,
            _ => match participant.inter_code {
                Some(InterCode::StateForces | InterCode::ExternalForces) => Self::State,
                Some(InterCode::RebelGroups | InterCode::PoliticalMilitias | InterCode::IdentityMilitias) => {
                    Self::Organised
                }
                _ if participant.kind == ParticipantKind::State => Self::State,
                _ => match participant.sector {
                    None | Some(Sector::Unknown) => Self::Unknown,
                    Some(_) => Self::Civilian,
                },
            },
        }
    }

    const fn is_armed(self) -> bool {
        matches!(self, Self::State | Self::Organised | Self::Unidentified)
    }
}

fn same(a: &Participant, b: &Participant) -> bool {
    match (&a.actor_id, &b.actor_id) {
        (Some(left), Some(right)) => left == right,
        _ => !a.mentions.is_empty() && a.mentions == b.mentions,
    }
}

/// UCDP's type of violence: 1 state-based, 2 non-state, 3 one-sided; `None` where it is none of them or the report
/// does not say enough.
///
/// UCDP (definitions of the Uppsala Conflict Data Program): *state-based* is armed force between two parties of which
/// at least one is the government of a state; *non-state* is armed force between two organised armed groups, neither
/// of them a government; *one-sided* is the deliberate use of armed force by a government or a formally organised
/// group against civilians. UCDP counts only events with at least one death, and needs an organised actor: gunmen
/// whom nobody names count here as an armed side, and the participant's sector (`UAF`) says that they are unnamed.
/// Crowds are not organised, so riots have no type.
#[must_use]
pub fn type_of_violence(actors: &[Participant], recipients: &[Participant]) -> Option<u8> {
    let struck: Vec<Side> = recipients.iter().map(Side::of).collect();
    if !struck.is_empty() && struck.iter().all(|side| matches!(side, Side::Civilian | Side::Crowd)) {
        return actors.iter().any(|actor| Side::of(actor).is_armed()).then_some(3);
    }
    // Every armed participant once; a side that was attacked stands in both lists.
    let mut armed: Vec<&Participant> = Vec::new();
    for participant in actors.iter().chain(recipients) {
        if Side::of(participant).is_armed() && !armed.iter().any(|known| same(known, participant)) {
            armed.push(participant);
        }
    }
    if armed.len() < 2 {
        return None;
    }
    let states: Vec<&Participant> =
        armed.iter().copied().filter(|party| Side::of(party) == Side::State).collect();
    if states.is_empty() {
        Some(2)
    } else if states.len() < armed.len() {
        Some(1)
    } else {
        // Two state forces fight as two parties only where they are known to serve two states.
        let two_states = states.iter().any(|party| {
            matches!((&party.country, &states[0].country), (Some(left), Some(right)) if left != right)
        });
        two_states.then_some(1)
    }
}

/// What is known of an event besides its sub-event type.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// Finer words for the act: the coder's kind (assassination, hijacking, arson, …) and the lemmas of the trigger
    /// (massacre, hunger strike, …). Spaces match the hyphens of the table.
    pub acts: &'a [&'a str],
    /// Whether it was carried through.
    pub completion: Option<Completion>,
    /// Weapons.
    pub weapons: &'a [Weapon],
    /// Who did it; in two-sided fighting every side.
    pub actors: &'a [Participant],
    /// Who suffered it.
    pub recipients: &'a [Participant],
}

/// An event's codes in the other vocabularies.
#[derive(Debug, Clone, PartialEq)]
pub struct Codes<'a> {
    /// PLOVER type and modes.
    pub plover: PloverCode,
    /// CAMEO code.
    pub cameo: Option<&'a str>,
    /// Goldstein's value of that code, −10 to +10.
    pub goldstein: Option<f64>,
    /// GTD attack type; `None` where GTD would not count the act.
    pub gtd: Option<GtdAttackType>,
    /// ACLED's disorder type.
    pub disorder_type: &'a str,
    /// ACLED's column `civilian_targeting`: civilians were the main or only target.
    pub civilian_targeting: bool,
    /// UCDP's type of violence.
    pub type_of_violence: Option<u8>,
}

const NAME: &str = "crosswalk";
const COLUMNS: &[&str] = &[
    "sub_event_type",
    "when",
    "plover",
    "modes",
    "cameo",
    "goldstein",
    "gtd",
    "disorder_type",
    "civilian_targeting",
    "source",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CivilianTargeting {
    Always,
    Never,
    Recipient,
}

/// A cell that may state a code, state that there is none, or state nothing.
#[derive(Debug, Clone, PartialEq)]
enum Stated<T> {
    Nothing,
    None,
    Some(T),
}

impl<T> Stated<T> {
    fn read(cell: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Result<Self, String> {
        Ok(match cell {
            "" => Self::Nothing,
            "-" => Self::None,
            text => Self::Some(read(text)?),
        })
    }
}

#[derive(Debug, Clone)]
enum Condition {
    Act(Vec<String>),
    Completion(Vec<Completion>),
    Plover(Vec<PloverType>),
    Actor(Vec<Side>),
    Recipient(Vec<Side>),
    /// Class and subclass of one and the same weapon; an empty list allows any.
    Weapon(Vec<WeaponClass>, Vec<String>),
}

impl Condition {
    fn holds(&self, facts: &Facts<'_>, usual: PloverType) -> bool {
        match self {
            Self::Act(acts) => facts.acts.iter().any(|act| acts.iter().any(|known| same_word(known, act))),
            Self::Completion(all) => facts.completion.is_some_and(|completion| all.contains(&completion)),
            Self::Plover(types) => types.contains(&usual),
            Self::Actor(sides) => facts.actors.iter().any(|who| sides.contains(&Side::of(who))),
            Self::Recipient(sides) => facts.recipients.iter().any(|who| sides.contains(&Side::of(who))),
            Self::Weapon(classes, subclasses) => facts.weapons.iter().any(|weapon| {
                let subclass = weapon.subclass.as_deref().unwrap_or("none");
                (classes.is_empty() || classes.contains(&weapon.class))
                    && (subclasses.is_empty() || subclasses.iter().any(|known| same_word(known, subclass)))
            }),
        }
    }
}

#[derive(Debug, Clone)]
struct Row {
    /// `None` for any.
    sub_event: Option<SubEventType>,
    conditions: Vec<Condition>,
    plover: Option<PloverType>,
    modes: Vec<String>,
    cameo: Stated<String>,
    goldstein: Option<f64>,
    gtd: Stated<GtdAttackType>,
    disorder_type: Option<String>,
    civilian_targeting: Option<CivilianTargeting>,
}

/// A sub-event's last row, which states everything.
#[derive(Debug, Clone)]
struct Usual {
    sub_event: SubEventType,
    plover: PloverType,
    row: usize,
}

/// The crosswalk.
#[derive(Debug, Clone)]
pub struct Crosswalk {
    rows: Vec<Row>,
    usual: Vec<Usual>,
}

impl Crosswalk {
    /// Reads `knowledge/crosswalk.tsv`.
    ///
    /// # Errors
    /// Where a code is unknown to its vocabulary, or a sub-event has not exactly one row without conditions.
    pub fn from_table(text: &str) -> Result<Self, TableError> {
        let error = |line, problem| TableError::Row { table: NAME, line, problem };
        let mut rows = Vec::new();
        let mut usual: Vec<Usual> = Vec::new();
        let mut last_line = 0;
        for cells in Table::parse(NAME, text, COLUMNS)?.rows() {
            let line = cells.line;
            last_line = line;
            let row = read_row(cells).map_err(|problem| error(line, problem))?;
            if let (Some(sub_event), true) = (row.sub_event, row.conditions.is_empty()) {
                let complete = row.disorder_type.is_some() && row.civilian_targeting.is_some();
                let Some(plover) = row.plover.filter(|_| complete) else {
                    let what = "must state plover, disorder_type and civilian_targeting";
                    return Err(error(line, format!("the row of `{sub_event}` without conditions {what}")));
                };
                if usual.iter().any(|known| known.sub_event == sub_event) {
                    return Err(error(line, format!("a second row of `{sub_event}` without conditions")));
                }
                usual.push(Usual { sub_event, plover, row: rows.len() });
            }
            rows.push(row);
        }
        for sub_event in SubEventType::ALL {
            if !usual.iter().any(|known| known.sub_event == *sub_event) {
                return Err(error(
                    last_line,
                    format!("no row of `{sub_event}` without conditions up to the end"),
                ));
            }
        }
        Ok(Self { rows, usual })
    }

    /// The codes of an event.
    #[must_use]
    pub fn codes<'a>(&'a self, sub_event: SubEventType, facts: &Facts<'_>) -> Codes<'a> {
        // `from_table` has seen to it that every sub-event has its last row.
        let last = self.usual.iter().find(|known| known.sub_event == sub_event);
        let (usual, last) =
            last.map_or((PloverType::Assault, None), |last| (last.plover, self.rows.get(last.row)));
        let special: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| !row.conditions.is_empty() && row.sub_event.is_none_or(|known| known == sub_event))
            .filter(|row| row.conditions.iter().all(|condition| condition.holds(facts, usual)))
            .collect();
        let all = || special.iter().copied().chain(last);

        let event_type = all().find_map(|row| row.plover_stated(usual)).unwrap_or(usual);
        let mut mode: Vec<String> = Vec::new();
        for name in special.iter().filter(|row| row.plover == Some(event_type)).flat_map(|row| &row.modes) {
            if !mode.contains(name) {
                mode.push(name.clone());
            }
        }
        if let (true, Some(row)) = (mode.is_empty() && event_type == usual, last) {
            mode.clone_from(&row.modes);
        }

        let coded = all().find(|row| row.cameo != Stated::Nothing);
        let gtd = all().find_map(|row| match row.gtd {
            Stated::Nothing => None,
            Stated::None => Some(None),
            Stated::Some(kind) => Some(Some(kind)),
        });
        let civilian_targeting = match last.and_then(|row| row.civilian_targeting) {
            Some(CivilianTargeting::Always) => true,
            Some(CivilianTargeting::Recipient) => {
                !facts.recipients.is_empty()
                    && facts.recipients.iter().all(|who| Side::of(who) == Side::Civilian)
            }
            Some(CivilianTargeting::Never) | None => false,
        };
        Codes {
            plover: PloverCode { event_type, mode },
            cameo: coded.and_then(|row| match &row.cameo {
                Stated::Some(code) => Some(code.as_str()),
                Stated::Nothing | Stated::None => None,
            }),
            goldstein: coded.and_then(|row| row.goldstein),
            gtd: gtd.flatten().filter(|_| counted_by_gtd(facts)),
            disorder_type: last.and_then(|row| row.disorder_type.as_deref()).unwrap_or(""),
            civilian_targeting,
            type_of_violence: if quad_class(event_type) == 4 && event_type == PloverType::Assault {
                type_of_violence(facts.actors, facts.recipients)
            } else {
                None
            },
        }
    }

    /// ACLED's disorder type of a sub-event.
    #[must_use]
    pub fn disorder_type(&self, sub_event: SubEventType) -> &str {
        self.codes(sub_event, &Facts::default()).disorder_type
    }
}

impl Row {
    /// The type that the row gives the event: a row of `*` that only adds a mode leaves it as it is.
    fn plover_stated(&self, usual: PloverType) -> Option<PloverType> {
        self.plover.filter(|stated| self.sub_event.is_some() || *stated != usual)
    }
}

/// GTD counts acts of non-state actors only ("the threatened or actual use of illegal force and violence by a
/// non-state actor", GTD codebook, inclusion criteria); an unknown perpetrator counts. In two-sided fighting the
/// attacker is the side that is not also a recipient.
fn counted_by_gtd(facts: &Facts<'_>) -> bool {
    let attackers: Vec<&Participant> = facts
        .actors
        .iter()
        .filter(|actor| !facts.recipients.iter().any(|recipient| same(actor, recipient)))
        .collect();
    attackers.is_empty() || attackers.iter().any(|actor| Side::of(actor) != Side::State)
}

fn read_row(cells: table::Row<'_, '_>) -> Result<Row, String> {
    let cell = |column| cells.get(column);
    if cell("source").is_empty() {
        return Err("no source".to_owned());
    }
    let sub_event = match cell("sub_event_type") {
        "*" => None,
        name => Some(SubEventType::from_str(name).map_err(|error| error.to_string())?),
    };
    let plover = match cell("plover") {
        "" => None,
        name => Some(PloverType::from_str(name).map_err(|error| error.to_string())?),
    };
    let modes: Vec<String> =
        cell("modes").split('|').filter(|mode| !mode.is_empty()).map(str::to_owned).collect();
    for mode in &modes {
        let Some(event_type) = plover else { return Err(format!("mode `{mode}` without a PLOVER type")) };
        if !is_plover_mode(event_type, mode) {
            return Err(format!("`{mode}` is no mode of {event_type}"));
        }
    }
    let conditions = read_conditions(cell("when"))?;
    if sub_event.is_none() && conditions.is_empty() {
        return Err("a row of `*` needs a condition".to_owned());
    }
    let cameo = Stated::read(cell("cameo"), |code| {
        cameo_root(code)
            .map(|_| code.to_owned())
            .ok_or_else(|| format!("`{code}` is no CAMEO code; expected 2 to 4 digits, root 01 to 20"))
    })?;
    let goldstein = match cell("goldstein") {
        "" => None,
        number => match number.parse::<f64>() {
            Ok(value) if (-10.0..=10.0).contains(&value) => Some(value),
            _ => return Err(format!("`{number}` is no value of Goldstein's; expected -10 to 10")),
        },
    };
    if matches!(cameo, Stated::Some(_)) != goldstein.is_some() {
        return Err("a CAMEO code and its goldstein value stand together or not at all".to_owned());
    }
    let gtd = Stated::read(cell("gtd"), |name| {
        let known = GtdAttackType::ALL.iter().copied().find(|kind| kind.as_str() == name);
        known.ok_or_else(|| format!("`{name}` is no GTD attack type"))
    })?;
    let civilian_targeting = match cell("civilian_targeting") {
        "" => None,
        "always" => Some(CivilianTargeting::Always),
        "never" => Some(CivilianTargeting::Never),
        "recipient" => Some(CivilianTargeting::Recipient),
        other => return Err(format!("`{other}` is no rule; expected always, never or recipient")),
    };
    let disorder_type = match cell("disorder_type") {
        "" => None,
        known @ ("Political violence"
        | "Demonstrations"
        | "Political violence; Demonstrations"
        | "Strategic developments") => Some(known.to_owned()),
        other => return Err(format!("`{other}` is no disorder type of ACLED's")),
    };
    Ok(Row { sub_event, conditions, plover, modes, cameo, goldstein, gtd, disorder_type, civilian_targeting })
}

fn read_conditions(when: &str) -> Result<Vec<Condition>, String> {
    let mut conditions = Vec::new();
    let (mut classes, mut subclasses) = (Vec::new(), Vec::new());
    for part in when.split_whitespace() {
        let Some((key, values)) = part.split_once('=') else {
            return Err(format!("`{part}` is no condition; expected key=value"));
        };
        let values: Vec<&str> = values.split('|').collect();
        match key {
            "act" => conditions.push(Condition::Act(owned(&values))),
            "completion" => conditions.push(Condition::Completion(each(&values, Completion::from_str)?)),
            "plover" => conditions.push(Condition::Plover(each(&values, PloverType::from_str)?)),
            "actor" => conditions.push(Condition::Actor(each(&values, side)?)),
            "recipient" => conditions.push(Condition::Recipient(each(&values, side)?)),
            "weapon" => classes = each(&values, weapon_class)?,
            "subclass" => subclasses = owned(&values),
            other => {
                return Err(format!(
                    "`{other}` is no condition; expected act, completion, plover, actor, recipient, weapon or subclass"
                ));
            }
        }
    }
    if !(classes.is_empty() && subclasses.is_empty()) {
        conditions.push(Condition::Weapon(classes, subclasses));
    }
    Ok(conditions)
}

/// Whether the table's word is the report's, with hyphens for spaces.
fn same_word(known: &str, word: &str) -> bool {
    known.len() == word.len()
        && known.bytes().zip(word.bytes()).all(|(k, w)| k == w || (k == b'-' && w == b' '))
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

fn each<T, E: std::fmt::Display>(
    values: &[&str],
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<Vec<T>, String> {
    values.iter().map(|value| read(value).map_err(|error| error.to_string())).collect()
}

fn side(name: &str) -> Result<Side, String> {
    let known = Side::NAMES.iter().find(|(known, _)| *known == name);
    known.map(|(_, side)| *side).ok_or_else(|| format!("`{name}` is no side"))
}

fn weapon_class(name: &str) -> Result<WeaponClass, String> {
    serde_json::from_value(serde_json::Value::from(name)).map_err(|_| format!("`{name}` is no weapon class"))
}

#[cfg(test)]
#[path = "crosswalk_tests.rs"]
mod tests;
