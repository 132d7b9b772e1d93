//! People by name: told from places and groups by a title, an apposition or a verb of saying.
//!
//! Capital letters alone do not make a person ("North Sinai", "Bir al-Abd"), and there is no list of given names
//! here: a name counts as a person's where the text treats it as one.

use std::ops::Range;

use record::ParticipantKind;
use record::vocabulary::Sector;
use rustc_hash::FxHashMap;
use text::{Span, Text, TokenKind};

use crate::fold;
use crate::registry::{Registry, RoleMention};

/// A person named in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonMention {
    /// Tokens of the name, without its title.
    pub tokens: Range<usize>,
    /// The same in bytes.
    pub span: Span,
    /// The title before the name ("Lieutenant Colonel"), where there is one.
    pub title: Option<Span>,
    /// What the text says the person is ("the director of …", "our Egyptian researcher"), where it does.
    pub office: Option<Span>,
    /// PLOVER sector of the title or office.
    pub sector: Option<Sector>,
    /// Neither title nor office is a public one: the name does not go out.
    pub private: bool,
    /// Where it is the short form of a name that the range gave before: which mention of the list.
    pub same_as: Option<usize>,
}

/// Words inside a name that need no capital.
#[rustfmt::skip]
const PARTICLES: &[&str] = &[
    "abd", "abu", "al", "ap", "ben", "bin", "binti", "da", "dal", "das", "de", "del", "della", "der", "di",
    "do", "dos", "du", "e", "el", "ibn", "la", "las", "le", "los", "ould", "ter", "ul", "ur", "van", "von",
    "y", "zu",
];

/// Capitalised words that begin no name: function words at the head of a sentence, days, months, points of the compass.
#[rustfmt::skip]
const NO_NAME: &[&str] = &[
    "a", "according", "after", "all", "also", "although", "among", "an", "and", "another", "april", "as",
    "at", "august", "because", "before", "both", "but", "by", "central", "december", "despite", "during",
    "earlier", "east", "eastern", "february", "five", "following", "for", "four", "friday", "from", "he",
    "her", "his", "however", "i", "if", "in", "islamic", "it", "its", "january", "july", "june", "last",
    "later", "local", "many", "march", "may", "meanwhile", "monday", "most", "mr", "mrs", "new", "no",
    "north", "northeast", "northeastern", "northern", "northwest", "northwestern", "november", "october",
    "on", "one", "other", "our", "police", "saturday", "security", "september", "several", "she", "since",
    "six", "so", "some", "south", "southeast", "southeastern", "southern", "southwest", "southwestern",
    "sunday", "ten", "that", "the", "their", "then", "there", "these", "they", "this", "those", "three",
    "thursday", "to", "tuesday", "two", "we", "wednesday", "west", "western", "what", "when", "where",
    "while", "who", "with", "yesterday", "you",
];

/// Words that make a run of capitals a body, a place or a thing.
#[rustfmt::skip]
const NO_PERSON: &[&str] = &[
    "academy", "administration", "agency", "airport", "alliance", "army", "assembly", "association",
    "authority", "avenue", "bank", "base", "bay", "bridge", "brigade", "brigades", "bureau", "camp",
    "cathedral", "center", "centre", "channel", "church", "city", "club", "college", "command",
    "commission", "committee", "company", "conference", "congress", "council", "county", "court",
    "department", "desert", "district", "division", "embassy", "federation", "force", "forces", "forest",
    "foundation", "front", "governorate", "group", "gulf", "hills", "hospital", "hotel", "institute",
    "island", "islands", "lake", "league", "ministry", "mosque", "mount", "mountain", "mountains",
    "movement", "museum", "network", "news", "observatory", "ocean", "office", "operation", "organisation",
    "organization", "palace", "park", "party", "peninsula", "plateau", "police", "port", "post", "prison",
    "province", "radio", "region", "republic", "river", "road", "school", "sea", "service", "square",
    "state", "states", "station", "strait", "street", "television", "temple", "times", "today", "town",
    "tribune", "union", "university", "valley", "village", "war", "zone",
];

/// What people do that places do not.
#[rustfmt::skip]
const SPEAKS: &[&str] = &[
    "added", "admitted", "announced", "argued", "argues", "asked", "believes", "claimed", "concluded",
    "condemned", "confirmed", "continued", "declared", "denied", "described", "emphasised", "emphasized",
    "estimated", "expected", "explained", "expressed", "indicated", "insisted", "mentioned", "noted",
    "notes", "pointed", "predicted", "recalled", "replied", "reported", "revealed", "said", "saw", "says",
    "spoke", "stated", "stressed", "suggested", "thinks", "told", "tweeted", "urged", "warned", "warns",
    "who", "whose", "wrote",
];

/// Words after which a name follows.
const NAMES: &[&str] = &["called", "identified", "named", "nicknamed"];

fn is_in(list: &[&str], word: &str) -> bool {
    list.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// What a person is said to be.
#[derive(Default)]
struct Office {
    title: Option<Span>,
    office: Option<Span>,
    sector: Option<Sector>,
    public: bool,
}

impl Registry {
    /// The people named in a range of tokens, best a whole text: later short forms ("Adib") are tied to the full name.
    #[must_use]
    pub fn persons(&self, text: &Text, tokens: Range<usize>) -> Vec<PersonMention> {
        let end = tokens.end.min(text.tokens.len());
        let tokens = tokens.start.min(end)..end;
        if !may_name(text, tokens.clone()) {
            return Vec::new();
        }
        let named = self.find(text, tokens.clone()).into_iter().map(|named| named.tokens);
        let nations = self.nations(text, tokens.clone()).into_iter().map(|nation| nation.tokens);
        self.persons_beside(text, tokens.clone(), named.chain(nations))
    }

    /// The same, where the tokens of what [`Registry::find`] and [`Registry::nations`] found in the range are known.
    #[must_use]
    pub fn persons_beside(
        &self,
        text: &Text,
        tokens: Range<usize>,
        others: impl Iterator<Item = Range<usize>>,
    ) -> Vec<PersonMention> {
        let end = tokens.end.min(text.tokens.len());
        let tokens = tokens.start.min(end)..end;
        if !may_name(text, tokens.clone()) {
            return Vec::new();
        }
        let roles = self.titles(text, tokens.clone());
        let mut taken = vec![false; tokens.len()];
        let nouns = roles.iter().map(|role| role.tokens.clone());
        for range in others.chain(nouns) {
            for index in range {
                taken[index - tokens.start] = true;
            }
        }
        let mut people: Vec<PersonMention> = Vec::new();
        let mut known = Known::default();
        for run in runs(text, tokens.clone(), |index| taken[index - tokens.start]) {
            let first = known.mention(text, &run);
            let near = near(&roles, &run);
            if let Some(office) = self.office_of(text, &run, near) {
                if first.is_none() {
                    known.add(text, &run, people.len());
                }
                let before = first.map(|first| people[first].clone());
                people.push(PersonMention {
                    span: text.span_of(run.clone()),
                    tokens: run,
                    title: office.title,
                    office: office.office.or(before.as_ref().and_then(|person| person.office)),
                    sector: office.sector.or(before.as_ref().and_then(|person| person.sector)),
                    private: !office.public && before.is_none_or(|person| person.private),
                    same_as: first,
                });
            } else if let Some(first) = first {
                let person = people[first].clone();
                people.push(PersonMention {
                    span: text.span_of(run.clone()),
                    tokens: run,
                    same_as: Some(first),
                    ..person
                });
            }
        }
        people
    }

    /// Role words and titles, the latter only with a capital.
    fn titles(&self, text: &Text, tokens: Range<usize>) -> Vec<RoleMention<'_>> {
        let mut roles = self.roles(text, tokens);
        roles.retain(|mention| {
            !mention.role.title
                || text.slice(text.span_of(mention.tokens.clone())).starts_with(char::is_uppercase)
        });
        roles
    }

    /// What makes a run of capitals a person; `None` where nothing does.
    fn office_of(&self, text: &Text, run: &Range<usize>, roles: &[RoleMention<'_>]) -> Option<Office> {
        let word = |index: usize| text.tokens.get(index).map_or("", |token| text.word(token));
        let before = run.start.checked_sub(1).map_or("", word);
        let mut office = Office::default();
        let mut person = false;
        // "Lieutenant Colonel X", "researcher X", "Egyptian President X".
        let titled = roles.iter().find(|mention| mention.tokens.end == run.start && !mention.plural);
        if let Some(mention) = titled.filter(|mention| holds_names(mention)) {
            let capital = text.slice(text.span_of(mention.tokens.clone())).starts_with(char::is_uppercase);
            if capital || run.len() > 1 || mention.role.office || mention.role.weak {
                person = true;
                office.title = Some(text.span_of(mention.tokens.clone()));
                office.sector = Some(mention.role.sector);
                office.public |= mention.role.office;
            }
        }
        let sentence =
            text.sentence_at(text.span_of(run.clone()).start).and_then(|index| text.sentences.get(index));
        let (first, last) =
            sentence.map_or((run.start, run.end), |sentence| (sentence.tokens.start, sentence.tokens.end));
        if run.len() > 1 || person {
            // "X, our Egyptian researcher who …", "X, 34, a farmer,".
            if word(run.end) == "," {
                let aged = text.tokens.get(run.end + 1).is_some_and(|token| token.kind == TokenKind::Number)
                    && word(run.end + 2) == ",";
                person |= aged;
                let from = if aged { run.end + 3 } else { run.end + 1 };
                let to = (from + 14).min(last);
                let close = (from..to)
                    .find(|&index| matches!(word(index), "," | ";" | "." | "(" | "who" | "said" | "told"));
                let close = close.unwrap_or(to);
                let described = roles
                    .iter()
                    .find(|m| m.tokens.start >= from && m.tokens.end <= close && holds_names(m) && !m.plural);
                let opens = matches!(
                    word(from).to_lowercase().as_str(),
                    "a" | "an" | "the" | "our" | "his" | "her" | "its" | "their"
                ) || described.is_some_and(|m| m.tokens.start == from);
                if let Some(mention) = described.filter(|_| opens) {
                    person = true;
                    office.office = Some(text.span_of(from..close));
                    office.sector = office.sector.or(Some(mention.role.sector));
                    office.public |= mention.role.office;
                }
            }
            // "Minister for Water Resources X", "director of the institute X said".
            if !person {
                let from = run.start.saturating_sub(10).max(first);
                let titled = roles.iter().rfind(|m| {
                    m.tokens.start >= from
                        && m.tokens.end < run.start
                        && m.role.office
                        && !m.plural
                        && matches!(word(m.tokens.end), "of" | "for" | "to")
                        && (m.tokens.end + 1..run.start).all(|index| {
                            matches!(word(index), "the" | "of" | "and" | "for" | "&")
                                || word(index).starts_with(char::is_uppercase)
                        })
                });
                if let Some(mention) = titled.filter(|_| run.len() > 1 && run.len() < 5) {
                    person = true;
                    office.title = Some(text.span_of(mention.tokens.start..run.start));
                    office.sector = Some(mention.role.sector);
                    office.public = true;
                }
            }
            // "the director of the centre, X, told".
            if before == "," && office.office.is_none() {
                let from = run.start.saturating_sub(22).max(first);
                let described = roles.iter().filter(|m| {
                    m.tokens.start >= from && m.tokens.end < run.start && holds_names(m) && !m.plural
                });
                let mut introduced = described.filter(|m| {
                    m.tokens.start == first
                        || matches!(
                            word(m.tokens.start - 1).to_lowercase().as_str(),
                            "a" | "an" | "the" | "our" | "its" | "their" | ","
                        )
                });
                if let Some(mention) =
                    introduced.next_back().filter(|_| word(run.end) == "," || speaks(text, run.end))
                {
                    person = true;
                    office.office = Some(text.span_of(mention.tokens.start..run.start - 1));
                    office.sector = office.sector.or(Some(mention.role.sector));
                    office.public |= mention.role.office;
                }
            }
        }
        if run.len() > 1 && !person {
            let named =
                is_in(NAMES, before) || before == "as" && run.start >= 2 && is_in(NAMES, word(run.start - 2));
            person = named || speaks(text, run.end);
        }
        person.then_some(office)
    }
}

/// Whether a role can stand before or after one person's name.
fn holds_names(mention: &RoleMention<'_>) -> bool {
    mention.role.title
        || mention.role.weak
        || matches!(
            mention.role.kind,
            ParticipantKind::Individual | ParticipantKind::Population | ParticipantKind::Group
        )
}

/// "X said", "X, told", "X has confirmed".
fn speaks(text: &Text, at: usize) -> bool {
    let word = |index: usize| text.tokens.get(index).map_or("", |token| text.word(token));
    let at = if word(at) == "," { at + 1 } else { at };
    let at = if matches!(word(at), "has" | "also" | "had") { at + 1 } else { at };
    word(at).starts_with(char::is_lowercase) && is_in(SPEAKS, word(at))
}

/// The roles close enough to a name to say anything about it: sorted by their tokens as they are, a slice.
fn near<'s, 'r>(roles: &'s [RoleMention<'r>], run: &Range<usize>) -> &'s [RoleMention<'r>] {
    let from = roles.partition_point(|role| role.tokens.end + 24 < run.start);
    let to = roles.partition_point(|role| role.tokens.start < run.end + 18);
    roles.get(from..to).unwrap_or(&[])
}

/// Full names by their last word.
#[derive(Default)]
struct Known {
    by_last: FxHashMap<String, Vec<(String, usize)>>,
}

impl Known {
    fn folded(text: &Text, index: usize) -> String {
        let parts = fold::parts(text.tokens.get(index).map_or("", |token| text.word(token)));
        parts.last().map(|part| fold::loose(part)).unwrap_or_default()
    }

    fn add(&mut self, text: &Text, run: &Range<usize>, index: usize) {
        let last = self.by_last.entry(Self::folded(text, run.end - 1)).or_default();
        // A surname that very many share tells nobody apart.
        if last.len() < 32 {
            last.push((Self::folded(text, run.start), index));
        }
    }

    /// The mention that a name repeats, in any spelling of it: its last word, or its first and last.
    fn mention(&self, text: &Text, run: &Range<usize>) -> Option<usize> {
        let last = Self::folded(text, run.end - 1);
        let first = Self::folded(text, run.start);
        let same = self.by_last.get(&last).filter(|_| last.len() >= 4)?;
        same.iter().find(|(of, _)| run.len() == 1 || *of == first).map(|(_, index)| *index)
    }
}

/// Whether any word of a range can begin a name: in a text all in capitals hardly one can, and then nothing is looked up.
fn may_name(text: &Text, mut tokens: Range<usize>) -> bool {
    tokens.any(|at| is_name(text, at) && !is_in(NO_NAME, text.word(&text.tokens[at])))
}

/// Runs of words with capitals, particles inside allowed.
fn runs(text: &Text, tokens: Range<usize>, taken: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut at = tokens.start;
    while at < tokens.end {
        if taken(at) || !is_name(text, at) || is_in(NO_NAME, text.word(&text.tokens[at])) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        let mut next = end;
        while next < tokens.end && !taken(next) {
            if is_name(text, next)
                && !starts_sentence(text, next)
                && !is_in(NO_NAME, text.word(&text.tokens[next]))
            {
                next += 1;
                end = next;
            } else if is_in(PARTICLES, text.word(&text.tokens[next])) && next - end < 3 {
                next += 1;
            } else {
                break;
            }
        }
        let thing = (at..end).any(|index| is_in(NO_PERSON, text.word(&text.tokens[index])));
        if !thing && end - at <= 7 {
            runs.push(at..end);
        }
        at = end;
    }
    runs
}

fn starts_sentence(text: &Text, index: usize) -> bool {
    let start = text.tokens[index].span.start;
    text.sentence_at(start)
        .and_then(|at| text.sentences.get(at))
        .is_some_and(|sentence| sentence.tokens.start == index)
}

/// Whether a token looks like part of a name: a capital, or the article of one ("al-Sarraj").
fn is_name(text: &Text, index: usize) -> bool {
    let token = &text.tokens[index];
    if token.kind != TokenKind::Word {
        return false;
    }
    let word = text.word(token);
    let capital = |part: &str| part.starts_with(char::is_uppercase);
    // Initials are "J."; a word in capitals of two letters or more is an acronym or a heading.
    let acronym =
        word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.contains(char::is_lowercase);
    !acronym
        && (capital(word)
            || word.split_once('-').is_some_and(|(article, rest)| article.len() <= 3 && capital(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::country::Countries;

    fn people(raw: &str) -> Vec<(String, bool, Option<usize>)> {
        let countries = Countries::from_table(knowledge::COUNTRIES).unwrap();
        let registry = Registry::new(knowledge::ACTORS, knowledge::ROLES, &countries).unwrap();
        let text = Text::new(raw);
        let people = registry.persons(&text, 0..text.tokens.len());
        people
            .iter()
            .map(|person| (text.slice(person.span).to_owned(), person.private, person.same_as))
            .collect()
    }

    #[test]
    fn lists_are_sorted_for_binary_search() {
        for list in [PARTICLES, NO_NAME, NO_PERSON, SPEAKS, NAMES] {
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]), "{list:?}");
        }
    }

    #[test]
    fn titles_make_people() {
        assert_eq!(
            people("The ministry mourned Lieutenant Colonel Karim Fawzi al-Hadi on Monday."),
            [("Karim Fawzi al-Hadi".to_owned(), false, None)]
        );
        assert_eq!(
            people("President Moreno met Gen. Ruiz in Quito."),
            [("Moreno".to_owned(), false, None), ("Ruiz".to_owned(), false, None)]
        );
        assert!(people("Dr. Lena Brandt treated them.")[0].1);
    }

    #[test]
    fn appositions_make_people() {
        let found = people(
            "In this context, Samir Haddad, our Syrian researcher who studies such groups, believes it. Haddad added that it was so.",
        );
        assert_eq!(found, [("Samir Haddad".to_owned(), true, None), ("Haddad".to_owned(), true, Some(0))]);
        let found = people(
            "The director of the Centre for Quiet Studies (CQS), Maria Elena Soto, told Reuters that it rained.",
        );
        assert_eq!(found[0].0, "Maria Elena Soto");
        assert_eq!(people("Police named the man as Peter Okello, 34, a farmer.")[0].0, "Peter Okello");
    }

    #[test]
    fn places_and_groups_are_no_people() {
        assert!(people("They attacked a base near Bir al-Salam in North Sinai on Sunday.").is_empty());
        assert!(people("Boko Haram said it held Maiduguri Prison.").is_empty());
    }
}
