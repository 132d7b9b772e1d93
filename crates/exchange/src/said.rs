//! What a cell says: numbers, days, codes and sides as ACLED, UCDP and spreadsheets write them.

use jiff::civil::Date;
use record::country::Countries;
use record::vocabulary::{InterCode, Sector};
use record::{Certainty, ParticipantKind, Party};

use crate::import::Named;

/// A whole number, however a spreadsheet writes it: "3", "3.0".
pub(crate) fn whole(cell: &str) -> Option<u64> {
    let (digits, rest) = cell.split_once('.').unwrap_or((cell, ""));
    if rest.bytes().any(|byte| byte != b'0') {
        return None;
    }
    digits.parse().ok()
}

/// A day: ISO, with or without a time of midnight, or as the export tool of ACLED writes it ("05 March 2024").
pub(crate) fn day(cell: &str) -> Option<Date> {
    let bare = cell
        .split_once(['T', ' '])
        .filter(|(_, time)| time.starts_with("00:00"))
        .map_or(cell, |(day, _)| day);
    if let Ok(day) = bare.parse::<Date>() {
        return Some(day);
    }
    let parts: Vec<&str> = cell.split([' ', '-']).filter(|part| !part.is_empty()).collect();
    let [of_month, month, year] = parts[..] else { return None };
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let month = month.to_lowercase();
    let month = MONTHS.iter().position(|name| month.starts_with(name))? + 1;
    Date::new(year.parse().ok()?, i8::try_from(month).ok()?, of_month.parse().ok()?).ok()
}

pub(crate) fn inter_code(cell: &str) -> Option<InterCode> {
    if let Some(number) = whole(cell) {
        return InterCode::from_number(u8::try_from(number).ok()?);
    }
    // "Rebel group" and "Rebel groups" are both ACLED's.
    let plain = |text: &str| text.to_lowercase().trim_end_matches('s').to_owned();
    InterCode::ALL.iter().copied().find(|code| plain(code.label()) == plain(cell))
}

/// What a name in a cell of a side is: the standing names of ACLED and UCDP are nobody's own.
pub(crate) fn party(named: &Named, countries: &Countries) -> (Party, bool) {
    let name = named.name.as_str();
    let starts = |head: &str| name.starts_with(head);
    let anonymous = ["Civilians", "Protesters", "Rioters", "Unidentified"].iter().any(|head| starts(head));
    let inter = named.inter.or_else(|| match name {
        _ if starts("Civilians") => Some(InterCode::Civilians),
        _ if starts("Protesters") => Some(InterCode::Protesters),
        _ if starts("Rioters") => Some(InterCode::Rioters),
        _ => None,
    });
    let of_state = starts("Government of") || starts("Military Forces of") || starts("Police Forces of");
    let kind = match inter {
        Some(InterCode::Civilians) => ParticipantKind::Population,
        Some(InterCode::Protesters | InterCode::Rioters) => ParticipantKind::Group,
        _ if starts("Government of") => ParticipantKind::State,
        _ if anonymous => ParticipantKind::Group,
        _ => ParticipantKind::Organization,
    };
    let sector = match inter {
        _ if starts("Government of") => Some(Sector::Government),
        _ if starts("Police Forces") => Some(Sector::Police),
        _ if starts("Unidentified Armed") => Some(Sector::UnalignedArmed),
        Some(InterCode::StateForces) => Some(Sector::Military),
        _ if starts("Military Forces") => Some(Sector::Military),
        Some(InterCode::RebelGroups) => Some(Sector::Rebels),
        Some(InterCode::PoliticalMilitias | InterCode::IdentityMilitias) => Some(Sector::Paramilitary),
        Some(InterCode::Civilians | InterCode::Protesters | InterCode::Rioters) => Some(Sector::Civilian),
        _ => None,
    };
    // "Civilians (Mali)", "Military Forces of Mali (2021-)".
    let inside = name.rsplit_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    let of = name.split_once(" of ").map(|(_, rest)| rest.split(" (").next().unwrap_or(rest));
    let country = [inside.filter(|_| anonymous), of.filter(|_| of_state)]
        .into_iter()
        .flatten()
        .find_map(|said| countries.by_name(said))
        .map(|country| country.iso3.clone());
    let party = Party {
        kind,
        label: Some(name.to_owned()),
        actor_id: None,
        country,
        sector,
        inter_code: inter,
        certainty: Certainty::Stated,
        voices: 1,
    };
    (party, !anonymous)
}

/// Whether two cells say the same: numbers as numbers, days as days, codes in words or digits.
pub(crate) fn same(column: &str, before: &str, after: &str) -> bool {
    if before == after {
        return true;
    }
    match column {
        "event_date" | "date_start" | "date_end" => day(before).is_some() && day(before) == day(after),
        "inter1" | "inter2" => {
            let code = |cell: &str| inter_code(cell).map(InterCode::number);
            code(before) == code(after)
        }
        "latitude" | "longitude" => match (before.parse::<f64>(), after.parse::<f64>()) {
            // Excel keeps fifteen digits.
            (Ok(before), Ok(after)) => (before - after).abs() < 1e-9,
            _ => false,
        },
        _ => whole(before).is_some() && whole(before) == whole(after),
    }
}

/// The address of a row: versions of one row are versions of one page.
#[must_use]
pub fn address(dataset: &str, id: &str) -> String {
    let encoded = |text: &str| {
        let mut out = String::new();
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
        out
    };
    format!("urn:watchpost:import:{}:{}", encoded(dataset), encoded(id))
}
