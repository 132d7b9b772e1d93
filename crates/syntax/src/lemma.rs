//! Lemmas: a table of irregular forms, then the rules of English spelling backwards.

use std::borrow::Cow;

use crate::Tag;
use crate::irregular::{NOUNS, VERBS};

/// The base form of a word, in lower case: what a lexicon is asked for.
///
/// Verbs, nouns (proper plurals too: "Rebels" in a headline), contracted modals and the few irregular
/// comparatives are reduced; every other word is lower-cased and left. Without its sentence "'s" as a
/// verb is read as "is", its usual meaning.
#[must_use]
pub fn lemma(word: &str, tag: Tag) -> Cow<'_, str> {
    let word = lower(word);
    let reduced = match tag {
        Tag::Vbz => look_up(VERBS, &word).or_else(|| third_person(&word)),
        Tag::Vbd | Tag::Vbn => look_up(VERBS, &word).or_else(|| past(&word)),
        Tag::Vbg => look_up(VERBS, &word).or_else(|| gerund(&word)),
        // Only "be" and "have" change here; "found" or "left" as a base form is itself.
        Tag::Vb | Tag::Vbp => match &*word {
            "am" | "are" | "'m" | "'re" | "is" => Some("be".into()),
            "'ve" => Some("have".into()),
            _ => None,
        },
        Tag::Nns | Tag::Nnps => plural(&word),
        Tag::Md => match &*word {
            "ca" => Some("can".into()),
            "wo" | "'ll" => Some("will".into()),
            "'d" => Some("would".into()),
            _ => None,
        },
        Tag::Jjr | Tag::Rbr | Tag::Jjs | Tag::Rbs => match &*word {
            "better" | "best" => {
                Some(if tag == Tag::Rbr || tag == Tag::Rbs { "well" } else { "good" }.into())
            }
            "worse" | "worst" => Some("bad".into()),
            _ => None,
        },
        Tag::Rb if matches!(&*word, "n't" | "n’t") => Some("not".into()),
        _ => None,
    };
    reduced.map_or(word, Cow::Owned)
}

fn lower(word: &str) -> Cow<'_, str> {
    if word.chars().any(|c| c.is_uppercase() || c == '\u{2019}') {
        Cow::Owned(word.to_lowercase().replace('\u{2019}', "'"))
    } else {
        Cow::Borrowed(word)
    }
}

fn look_up(table: &[(&str, &str)], word: &str) -> Option<String> {
    let at = table.binary_search_by(|(form, _)| (*form).cmp(word)).ok()?;
    table.get(at).map(|(_, base)| (*base).to_owned())
}

fn third_person(word: &str) -> Option<String> {
    let stem = word.strip_suffix('s')?;
    if stem.len() < 2 || stem.ends_with(['s', '\'']) {
        return None;
    }
    Some(match stem.strip_suffix("ie") {
        Some(y) if y.len() > 1 => format!("{y}y"),
        _ => match stem.strip_suffix('e') {
            Some(bare) if sibilant(bare) || bare.ends_with('o') => bare.to_owned(),
            _ => stem.to_owned(),
        },
    })
}

/// Whether an "s" after a stem needs an "e" between.
fn sibilant(stem: &str) -> bool {
    ["ss", "sh", "ch", "x", "zz"].iter().any(|end| stem.ends_with(end))
}

fn plural(word: &str) -> Option<String> {
    if let Some(base) = look_up(NOUNS, word) {
        return Some(base);
    }
    // Gunmen, policewomen, grandchildren.
    for (end, base) in [("women", "woman"), ("men", "man"), ("children", "child"), ("wives", "wife")] {
        if let Some(stem) = word.strip_suffix(end) {
            return Some(format!("{stem}{base}"));
        }
    }
    let stem = word.strip_suffix('s')?;
    if stem.len() < 2 || stem.ends_with(['s', '\'']) {
        return None;
    }
    if let Some(y) = stem.strip_suffix("ie").filter(|y| y.len() > 1) {
        return Some(format!("{y}y"));
    }
    if let Some(bare) = stem.strip_suffix('e') {
        // Heroes, torpedoes; viruses and campuses, but houses, causes, fuses.
        let us = bare.ends_with("us")
            && !["aus", "ous", "bus", "cus", "fus", "rus", "mus"].iter().any(|end| bare.ends_with(end));
        if sibilant(bare) || bare.ends_with('o') || us || bare.ends_with("irus") {
            return Some(bare.to_owned());
        }
    }
    Some(stem.to_owned())
}

fn past(word: &str) -> Option<String> {
    if let Some(stem) = word.strip_suffix("ied").filter(|stem| stem.len() > 1) {
        return Some(format!("{stem}y"));
    }
    let stem = word.strip_suffix("ed")?;
    // "freed": the stem's own e was counted to the ending.
    if stem.ends_with('e') {
        return Some(format!("{stem}e"));
    }
    restore(stem)
}

fn gerund(word: &str) -> Option<String> {
    restore(word.strip_suffix("ing")?)
}

const fn vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// How many groups of vowels a stem has: about its syllables.
fn syllables(stem: &[u8]) -> usize {
    let sound = |index: usize| vowel(stem[index]) || (index > 0 && stem[index] == b'y');
    (0..stem.len()).filter(|&index| sound(index) && (index == 0 || !sound(index - 1))).count()
}

/// Gives a stem before "-ed" or "-ing" its last letter back: takes away a doubled consonant, adds a silent e.
///
/// The rules are those of English spelling (a single vowel before a single consonant was long, so
/// that an e is missing), with the endings that in longer words are unstressed and take none.
fn restore(stem: &str) -> Option<String> {
    let bytes = stem.as_bytes();
    let n = bytes.len();
    if n < 2 || syllables(bytes) == 0 {
        return None;
    }
    let (last, before) = (bytes[n - 1], bytes[n - 2]);
    let third = n.checked_sub(3).map(|at| bytes[at]);
    let long = syllables(bytes) > 1;
    let ends = |list: &[&str]| list.iter().any(|end| stem.ends_with(end));
    let with_e = || Some(format!("{stem}e"));
    let plain = || Some(stem.to_owned());

    if last == before && !vowel(last) {
        let keep = match last {
            b's' | b'f' | b'z' => true,
            // Kill, shell; but patrol, rebel, expel. Some longer words keep both.
            b'l' => !long || ends(&["stall", "fill", "roll", "call", "ppall", "fall"]) && !ends(&["troll"]),
            _ => false,
        };
        return if keep { plain() } else { stem.get(..n - 1).map(str::to_owned) };
    }
    match last {
        b'c' | b'v' | b'u' => return with_e(),
        b'z' => return if before == b't' { plain() } else { with_e() },
        b's' => return if ends(&["canvas", "bias", "focus"]) { plain() } else { with_e() },
        b'l' if matches!(before, b'b' | b'c' | b'd' | b'f' | b'g' | b'k' | b'p' | b't' | b'z') => {
            return with_e();
        }
        // "massacre", "centre".
        b'r' if matches!(before, b'c' | b't') => return with_e(),
        b'g' if vowel(before) || matches!(before, b'd' | b'r' | b'l') => return with_e(),
        b'w' | b'x' | b'h' | b'y' | b'e' | b'i' | b'o' | b'a' => return plain(),
        _ => {}
    }
    // One vowel letter before the last consonant; "qu" counts as a consonant.
    let after_q = third == Some(b'u') && n >= 4 && bytes[n - 4] == b'q';
    let single = (vowel(before) || before == b'y') && (after_q || !third.is_some_and(vowel));
    if !single {
        // "evacuate", "situate", "radiate", "retaliate": two vowels that are two syllables.
        let split = ends(&["iat", "uat"]) && n > 4;
        return if split { with_e() } else { plain() };
    }
    let silent = match (before, last) {
        (b'e', _) => false,
        (b'a', b'l') => false,
        (b'a', b'r') => !long || ends(&["clar", "par"]),
        (b'a', b'n') => !long,
        (b'a', b'p') => !ends(&["kidnap"]),
        (b'i', b't') => false,
        (b'i', b'l') => !ends(&["pencil", "evil"]),
        (b'i', b'p') => !long,
        (b'o', b'n' | b'r' | b'l' | b'p') => !long,
        (b'o', b't') => !ends(&["pilot", "pivot", "ballot"]),
        (b'o', b'm') => ends(&["com"]),
        (b'o', b'b' | b'd' | b'k' | b'g') => true,
        (b'u', b'r') => !ends(&["murmur"]),
        (b'y', _) => true,
        _ => true,
    };
    if silent { with_e() } else { plain() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_tables_are_in_order() {
        for table in [VERBS, NOUNS] {
            assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }

    #[test]
    fn verbs() {
        for (word, base) in [
            ("killed", "kill"),
            ("wounded", "wound"),
            ("massacred", "massacre"),
            ("shot", "shoot"),
            ("left", "leave"),
            ("injured", "injure"),
            ("abducted", "abduct"),
            ("kidnapped", "kidnap"),
            ("ambushed", "ambush"),
            ("raided", "raid"),
            ("exploded", "explode"),
            ("died", "die"),
            ("fired", "fire"),
            ("patrolled", "patrol"),
            ("shelled", "shell"),
            ("detonated", "detonate"),
            ("evacuated", "evacuate"),
            ("stabbed", "stab"),
            ("beheaded", "behead"),
            ("executed", "execute"),
            ("opened", "open"),
            ("threatened", "threaten"),
            ("besieged", "besiege"),
            ("seized", "seize"),
            ("struck", "strike"),
            ("was", "be"),
            ("tortured", "torture"),
            ("attacked", "attack"),
            ("carried", "carry"),
            ("murdered", "murder"),
            ("KILLED", "kill"),
            ("targeted", "target"),
            ("hit", "hit"),
            ("clashed", "clash"),
            ("freed", "free"),
            ("burned", "burn"),
            ("retaliated", "retaliate"),
            ("destroyed", "destroy"),
            ("released", "release"),
            ("wound", "wind"),
        ] {
            assert_eq!(lemma(word, Tag::Vbd), base, "{word}");
        }
        for (word, base) in [
            ("killing", "kill"),
            ("firing", "fire"),
            ("dying", "die"),
            ("fleeing", "flee"),
            ("hitting", "hit"),
            ("bombing", "bomb"),
            ("leaving", "leave"),
            ("planting", "plant"),
            ("storming", "storm"),
            ("taking", "take"),
            ("carrying", "carry"),
            ("being", "be"),
            ("invading", "invade"),
            ("using", "use"),
        ] {
            assert_eq!(lemma(word, Tag::Vbg), base, "{word}");
        }
        for (word, base) in [
            ("kills", "kill"),
            ("dies", "die"),
            ("clashes", "clash"),
            ("goes", "go"),
            ("carries", "carry"),
            ("'s", "be"),
            ("uses", "use"),
        ] {
            assert_eq!(lemma(word, Tag::Vbz), base, "{word}");
        }
        assert_eq!(lemma("found", Tag::Vb), "found");
    }

    #[test]
    fn nouns() {
        for (word, base) in [
            ("men", "man"),
            ("gunmen", "gunman"),
            ("policewomen", "policewoman"),
            ("bodies", "body"),
            ("buses", "bus"),
            ("wives", "wife"),
            ("houses", "house"),
            ("viruses", "virus"),
            ("attacks", "attack"),
            ("mosques", "mosque"),
            ("churches", "church"),
            ("casualties", "casualty"),
            ("heroes", "hero"),
            ("series", "series"),
            ("people", "people"),
            ("boxes", "box"),
            ("Rebels", "rebel"),
            ("grandchildren", "grandchild"),
        ] {
            assert_eq!(lemma(word, Tag::Nns), base, "{word}");
        }
        assert_eq!(lemma("boss", Tag::Nn), "boss");
        assert_eq!(lemma("Mosul", Tag::Nnp), "mosul");
    }

    proptest! {
        #[test]
        fn any_word_is_safe(word in "\\PC{0,12}", tag in 0..Tag::ALL.len()) {
            let _ = lemma(&word, Tag::ALL[tag]);
        }

        #[test]
        fn endings_on_anything_are_safe(stem in "\\PC{0,6}", end in "(ed|ing|s|es|ies|ied|men)") {
            for tag in [Tag::Vbd, Tag::Vbg, Tag::Vbz, Tag::Nns] {
                let _ = lemma(&format!("{stem}{end}"), tag);
            }
        }
    }
}
