use record::{Report, Statement, StatementKind};

use super::{StatementLexicon, find};
use crate::knowledge::{Knowledge, Tables};
use crate::reading::Reading;

/// The tables that the program carries.
pub(crate) fn knowledge() -> Knowledge {
    Knowledge::load(&knowledge::carried!(Tables)).unwrap()
}

pub(crate) fn report(text: &str) -> Report {
    Report { text: text.to_owned(), published: Some(jiff::civil::date(2024, 3, 12)), ..Report::default() }
}

fn kinds_of(knowledge: &Knowledge, text: &str) -> Vec<Statement> {
    let report = report(text);
    let reading = Reading::new(knowledge, &report);
    let found = find(&reading);
    for statement in &found {
        let slice: String =
            text.chars().skip(statement.start).take(statement.end - statement.start).collect();
        assert_eq!(slice, statement.quote);
    }
    found
}

fn speaker(statement: &Statement) -> Option<&str> {
    let speaker = statement.speaker.as_ref()?;
    speaker.name.as_deref().or_else(|| speaker.mentions.first().map(|mention| mention.text.as_str()))
}

#[test]
fn each_kind_is_told_from_its_words() {
    let knowledge = knowledge();
    for (text, kind) in [
        (
            "Attacks by jihadist groups have surged in western Niger over the past six months.",
            StatementKind::Trend,
        ),
        ("Kidnappings fell by 20 percent in the first quarter, police figures show.", StatementKind::Trend),
        ("Clashes between herders and farmers have become more frequent.", StatementKind::Trend),
        ("She blamed the rise in attacks on the withdrawal of foreign troops.", StatementKind::Cause),
        (
            "Officials say infiltration of militants has declined this year due to heavy snow.",
            StatementKind::Cause,
        ),
        (
            "Analysts predict that the guerrillas will intensify their attacks before the vote.",
            StatementKind::Forecast,
        ),
        ("Experts warned of a new wave of attacks.", StatementKind::Forecast),
        (
            "The United Nations estimates that some 12,000 fighters are active along the border.",
            StatementKind::Estimate,
        ),
        ("The defence minister said the rebels have some 8,000 men under arms.", StatementKind::Estimate),
        ("Human Rights Watch called on the army to protect displaced people.", StatementKind::Demand),
        ("The president said the rebels must lay down their weapons.", StatementKind::Demand),
        ("Niger has accused its neighbour of sheltering the rebels.", StatementKind::Allegation),
    ] {
        let found = kinds_of(&knowledge, text);
        assert!(found.iter().any(|statement| statement.kind == kind), "{text}: {found:?}");
    }
}

#[test]
fn what_is_not_about_violence_is_no_statement() {
    let knowledge = knowledge();
    for text in [
        "Prices will rise next month because of the frost.",
        "The court will hold a hearing on the bombing on Friday.",
        "The death toll from Sunday's blast rose to 14, hospital officials said.",
        "Two men were killed in a blast in Srinagar on Tuesday.",
        "He died because of the injuries that he had suffered in the explosion.",
        "The gunmen demanded a ransom of 5,000 dollars for the hostages.",
        "The smoke rose over the city after the shelling.",
        "",
    ] {
        let found = kinds_of(&knowledge, text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn a_horizon_ends_when_its_words_say() {
    let knowledge = knowledge();
    for (words, end) in [
        ("by the end of April 2024", (2024, 4, 30)),
        ("by June 2024", (2024, 6, 30)),
        ("by December", (2024, 12, 31)),
        ("in the next six weeks", (2024, 4, 23)),
        ("over the next three months", (2024, 6, 12)),
        ("within two years", (2026, 3, 12)),
        ("this year", (2024, 12, 31)),
        ("next year", (2025, 12, 31)),
    ] {
        let text = format!("Attacks on villages will rise {words}, the United Nations mission said.");
        let found = kinds_of(&knowledge, &text);
        let horizon = found.iter().find_map(|statement| statement.horizon.as_ref());
        let (year, month, day) = end;
        let end = Some(jiff::civil::date(year, month, day));
        assert_eq!(horizon.and_then(|horizon| horizon.end), end, "{words}: {found:?}");
    }
}

#[test]
fn speakers_are_followed_through_names_and_quotations() {
    let knowledge = knowledge();
    let text = "Report\n\nThe analyst, Marie Diallo, warned that the militants could strike coastal towns next year unless governments cooperate.\n\n\"The army needs more troops to protect civilians,\" Diallo said. \"If nothing is done, the violence will spread to the south.\"";
    let found = kinds_of(&knowledge, text);
    let forecasts: Vec<_> =
        found.iter().filter(|statement| statement.kind == StatementKind::Forecast).collect();
    assert_eq!(forecasts.len(), 2, "{found:?}");
    assert!(forecasts.iter().all(|forecast| speaker(forecast) == Some("Marie Diallo")), "{found:?}");
    let horizon = forecasts[0].horizon.as_ref().unwrap();
    assert_eq!(horizon.end, Some(jiff::civil::date(2025, 12, 31)));
    assert_eq!(
        forecasts[0].condition.as_ref().map(|condition| condition.text.as_str()),
        Some("unless governments cooperate")
    );
    assert!(
        found
            .iter()
            .any(|statement| statement.kind == StatementKind::Demand
                && speaker(statement) == Some("Marie Diallo")),
        "{found:?}"
    );
}

#[test]
fn whoever_stands_behind_the_verb_speaks() {
    let knowledge = knowledge();
    for who in ["an analyst at the University of Bamako", "a villager", "the analyst", "a senior officer"] {
        let text = format!(
            "Attacks will rise by the end of April 2024, the United Nations mission said. \"Violence could spread if the truce fails,\" said {who}."
        );
        let found = kinds_of(&knowledge, &text);
        let spreads: Vec<_> = found.iter().filter(|statement| statement.quote.contains("spread")).collect();
        assert!(!spreads.is_empty(), "{who}: {found:?}");
        for statement in spreads {
            let said_by = statement.speaker.as_ref().and_then(|speaker| speaker.mentions.first());
            assert!(said_by.is_some_and(|mention| who.starts_with(&mention.text)), "{who}: {statement:?}");
            assert_eq!(statement.quote, "Violence could spread if the truce fails", "{who}");
        }
    }
}

#[test]
fn one_proposition_counts_once() {
    let knowledge = knowledge();
    let text = "Rebel attacks increase in the north\n\nRebel attacks have increased in the north since January, the governor said.\n\nResidents fled to the capital.";
    let found = kinds_of(&knowledge, text);
    let trends: Vec<_> = found.iter().filter(|statement| statement.kind == StatementKind::Trend).collect();
    assert_eq!(trends.len(), 1, "{found:?}");
    assert!(trends[0].about.period.is_some_and(|period| period.start == Some(jiff::civil::date(2024, 1, 1))));
}

#[test]
fn the_gate_lets_statements_through_and_small_talk_not() {
    let lexicon = StatementLexicon::from_table(knowledge::STATEMENTS).unwrap();
    assert!(lexicon.may_state("Attacks grew more frequent last year."));
    assert!(lexicon.may_state("ISIS will return."));
    assert!(!lexicon.may_state("The museum will open its doors in spring."));
    assert!(!lexicon.may_state(""));
}

#[test]
fn a_bad_table_is_told_by_line() {
    let error =
        StatementLexicon::from_table("cue\tpos\tkind\tvalue\nrise\tv\ttrend\tsideways\n").unwrap_err();
    assert!(error.to_string().contains("line 2"), "{error}");
}

#[test]
fn any_text_is_safe() {
    let knowledge = knowledge();
    for text in [
        "\"",
        "“warned that",
        "will will will if unless",
        "because",
        "é said that \"é\"",
        "According to",
        ", said ,",
        "the reasons for the attacks are",
    ] {
        let _ = kinds_of(&knowledge, text);
    }
}
