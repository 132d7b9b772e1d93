//! What a place name is looked up by.
//!
//! A pack stores every name under up to three keys, and a query is folded the same way:
//!
//! 1. [`fold`]: case, diacritics, apostrophes and punctuation gone. "Dayr az-Zawr" → `dayr az zawr`.
//! 2. [`core`]: also without Arabic articles and the words for a kind of division. "al-Hasakah
//!    Governorate" → `hasakah`.
//! 3. [`skeleton`]: also without vowels, with the letters that romanisations confuse made one.
//!    "Qamishlo" and "Al Qāmishlī" → `kmSl`. Loose on purpose; [`likeness`] ranks what it lets through.
//!
//! The definitions here are part of the pack format: a change needs a new [`crate::pack::VERSION`].

/// Longest name, in characters, that is folded; longer input is no place name.
pub const MAX_NAME: usize = 96;

/// Arabic, Persian-Arabic and Kurdish-Arabic article in its assimilated romanisations.
const ARTICLES: &[&str] = &[
    "al", "el", "ul", "ol", "il", "ad", "ed", "ud", "an", "en", "un", "ar", "er", "ur", "as", "es", "us",
    "ash", "esh", "ush", "at", "et", "ut", "az", "ez", "uz", "adh", "ath", "edh",
];

/// Words that say what kind of place a name names, and that writers put in or leave out at will.
const KINDS: &[&str] = &[
    "governorate",
    "governorates",
    "province",
    "provinces",
    "district",
    "districts",
    "region",
    "state",
    "prefecture",
    "county",
    "department",
    "division",
    "municipality",
    "oblast",
    "raion",
    "rayon",
    "wilaya",
    "wilayat",
    "velayat",
    "muhafazat",
    "muhafazah",
    "mohafazat",
    "mohafazah",
    "ostan",
    "ostane",
    "mintaqat",
    "qada",
    "qadaa",
    "qadha",
    "nahiya",
    "nahiyat",
    "nahiyah",
    "markaz",
    "agency",
    "tehsil",
    "city",
    "town",
    "village",
    "madinat",
    "shahr",
    "shahrestan",
    "shahrestane",
    "wuleswali",
    "wulaswali",
    "departamento",
    "provincia",
    "estado",
    "municipio",
    "departement",
    "il",
    "ili",
    "vilayeti",
    "subdistrict",
    "sub",
    "cercle",
    "commune",
    "zila",
    "distrito",
];

/// First letters of [`KINDS`] by length, one bit each: most words are none, and are told so without a search.
const KIND_HEADS: [u32; 16] = {
    let mut heads = [0; 16];
    let mut at = 0;
    while at < KINDS.len() {
        let kind = KINDS[at].as_bytes();
        heads[kind.len()] |= 1 << (kind[0] % 32);
        at += 1;
    }
    heads
};

fn is_kind(word: &str) -> bool {
    let head = word.as_bytes().first().map_or(0, |first| 1 << (first % 32));
    KIND_HEADS.get(word.len()).is_some_and(|heads| heads & head != 0) && KINDS.contains(&word)
}

/// Words that only join: dropped beside a word of [`KINDS`] ("province of Idlib", "provincia de Loja").
const JOINERS: &[&str] = &["of", "de", "du", "del", "e", "ye", "the"];

/// Whether a character belongs to a script that [`fold`] writes in ASCII.
const fn is_latin(c: char) -> bool {
    matches!(c as u32, 0x00C0..=0x024F | 0x1E00..=0x1EFF)
}

/// Letters and digits in lower-case ASCII where the script is Latin, one space between words.
/// Other scripts keep their letters, in the unified spelling that their keyboards blur.
#[must_use]
pub fn fold(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    let push = |out: &mut String, gap: &mut bool, piece: char| {
        if std::mem::take(gap) && !out.is_empty() {
            out.push(' ');
        }
        out.push(piece);
    };
    for c in name.chars().take(MAX_NAME) {
        match c {
            'a'..='z' | '0'..='9' => push(&mut out, &mut gap, c),
            'A'..='Z' => push(&mut out, &mut gap, c.to_ascii_lowercase()),
            // Apostrophes, ayn, hamza and combining marks vanish without splitting the word.
            '\'' | '`' | '´' | '‘' | '’' | 'ʻ' | 'ʼ' | '\u{2B0}'..='\u{36F}' => {}
            // Arabic short vowels, tatweel; Hebrew points; zero-width joiners.
            '\u{640}'
            | '\u{64B}'..='\u{65F}'
            | '\u{670}'
            | '\u{591}'..='\u{5C7}'
            | '\u{200B}'..='\u{200F}' => {}
            // A full stop inside an abbreviation does not split it ("U.S.").
            '.' => {}
            'أ' | 'إ' | 'آ' | 'ٱ' => push(&mut out, &mut gap, 'ا'),
            'ة' | 'ە' => push(&mut out, &mut gap, 'ه'),
            'ى' | 'ی' | 'ې' => push(&mut out, &mut gap, 'ي'),
            'ک' => push(&mut out, &mut gap, 'ك'),
            'ё' | 'Ё' => push(&mut out, &mut gap, 'е'),
            c if is_latin(c) => {
                for piece in any_ascii::any_ascii_char(c).chars().filter(char::is_ascii_alphanumeric) {
                    push(&mut out, &mut gap, piece.to_ascii_lowercase());
                }
            }
            c if c.is_alphanumeric() => c.to_lowercase().for_each(|lower| push(&mut out, &mut gap, lower)),
            _ => gap = true,
        }
    }
    out
}

/// A folded name without articles and words of kind. Falls back to the folded name where nothing is left.
#[must_use]
pub fn core(folded: &str) -> String {
    if !folded.contains(' ') {
        // Of one word nothing can be left out.
        return folded.to_owned();
    }
    let droppable =
        |word: &str| word.is_empty() || is_kind(word) || word.len() < 4 && ARTICLES.contains(&word);
    if !folded.split(' ').any(droppable) {
        return folded.to_owned();
    }
    let words: Vec<(&str, bool)> =
        folded.split(' ').filter(|word| !word.is_empty()).map(|word| (word, is_kind(word))).collect();
    let has_kind = words.iter().any(|(_, kind)| *kind);
    let last = words.len().saturating_sub(1);
    let kept: Vec<&str> = words
        .iter()
        .enumerate()
        .filter(|&(index, (word, kind))| {
            let article = index < last && word.len() < 4 && ARTICLES.contains(word);
            let joiner = has_kind && JOINERS.contains(word);
            !(article || *kind || joiner)
        })
        .map(|(_, (word, _))| *word)
        .collect();
    if kept.iter().map(|word| word.len()).sum::<usize>() < 2 { folded.to_owned() } else { kept.join(" ") }
}

/// The word of kind that a folded name carries ("governorate"), if any.
#[must_use]
pub fn kind_word(folded: &str) -> Option<&str> {
    folded.split(' ').find(|word| is_kind(word))
}

/// Letters that romanisations of one name write differently, made one; doubled letters single.
fn sounds(core: &str) -> String {
    let mut out = String::with_capacity(core.len());
    let mut rest = core;
    while let Some(c) = rest.chars().next() {
        let (piece, taken) = match rest.as_bytes() {
            [b's', b'c', b'h', ..] => ("S", 3),
            [b's' | b'c', b'h', ..] => ("S", 2),
            [b'k', b'h', ..] => ("k", 2),
            [b'g', b'h', ..] => ("g", 2),
            [b'd', b'h', ..] => ("d", 2),
            [b't', b'h', ..] => ("t", 2),
            [b'p', b'h', ..] => ("f", 2),
            [b'd', b'j' | b'z', ..] => ("j", 2),
            [b'o', b'u' | b'o', ..] => ("u", 2),
            [b'e', b'e' | b'i' | b'y', ..] => ("i", 2),
            [b'a', b'i' | b'y', ..] => ("i", 2),
            [b'a', b'w' | b'u', ..] => ("u", 2),
            [b'q' | b'c', ..] => ("k", 1),
            [b'v', ..] => ("w", 1),
            [b'e' | b'y', ..] => ("i", 1),
            [b'o', ..] => ("u", 1),
            [b'z', ..] => ("z", 1),
            _ => ("", c.len_utf8()),
        };
        if piece.is_empty() {
            if !out.ends_with(c) {
                out.push(c);
            }
        } else if !out.ends_with(piece) {
            out.push_str(piece);
        }
        rest = rest.get(taken..).unwrap_or("");
    }
    out
}

/// The consonants of a name in ASCII; `None` where too few are left to mean anything, or the name is not Latin.
#[must_use]
pub fn skeleton(core: &str) -> Option<String> {
    if !core.is_ascii() {
        return None;
    }
    let mut out = String::new();
    for word in sounds(core).split(' ') {
        // A final h is a spelling of the feminine ending ("Hasakah", "Hasaka").
        let word = word.strip_suffix('h').unwrap_or(word);
        for (index, c) in word.chars().enumerate() {
            match c {
                'a' | 'i' | 'u' | 'w' if index > 0 => {}
                'a' | 'i' | 'u' => out.push('a'),
                c if out.ends_with(c) => {}
                c => out.push(c),
            }
        }
    }
    (out.len() >= 3 && out.chars().any(|c| c != 'a')).then_some(out)
}

/// How alike two core names sound, 0–1: Jaro–Winkler over their [`sounds`] without spaces.
#[must_use]
pub fn likeness(a: &str, b: &str) -> f64 {
    let squeeze = |core: &str| sounds(core).replace(' ', "");
    strsim::jaro_winkler(&squeeze(a), &squeeze(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_case_marks_and_punctuation() {
        assert_eq!(fold("Deir ez-Zor"), "deir ez zor");
        assert_eq!(fold("Şanlıurfa"), "sanliurfa");
        assert_eq!(fold("Ta'izz"), "taizz");
        assert_eq!(fold("São  Tomé"), "sao tome");
        assert_eq!(fold("Al Qāmishlī"), "al qamishli");
        assert_eq!(fold("U.S."), "us");
        assert_eq!(fold("إدلب"), "ادلب");
        assert_eq!(fold(" - "), "");
    }

    #[test]
    fn core_drops_articles_and_kinds() {
        assert_eq!(core(&fold("al-Hasakah Governorate")), "hasakah");
        assert_eq!(core(&fold("Province of Idlib")), "idlib");
        assert_eq!(core(&fold("Wilāyat-e Baghlān")), "baghlan");
        assert_eq!(core(&fold("Salah al-Din")), "salah din");
        assert_eq!(core("city"), "city");
        assert_eq!(core("al"), "al");
    }

    #[test]
    fn skeletons_meet() {
        let skeleton_of = |name: &str| skeleton(&core(&fold(name)));
        assert_eq!(skeleton_of("Qamishlo"), skeleton_of("Al Qāmishlī"));
        assert_eq!(skeleton_of("Cheikh Zouweid"), skeleton_of("Sheikh Zuwayd"));
        assert_eq!(skeleton_of("Hasakeh"), skeleton_of("al-Ḩasakah"));
        assert_eq!(skeleton_of("Ain Issa"), skeleton_of("`Ayn `Īsá"));
        assert_eq!(skeleton_of("Makhmour"), skeleton_of("Makhmūr"));
        assert_eq!(skeleton("إدلب"), None);
        assert!(likeness("kamishlu", "qamishli") > likeness("qamishli", "kameshla a"));
    }

    proptest! {
        #[test]
        fn any_text_folds(name in "\\PC{0,200}") {
            let folded = fold(&name);
            let trimmed = core(&folded);
            let _ = skeleton(&trimmed);
            prop_assert!((0.0..=1.0).contains(&likeness(&folded, &trimmed)));
        }

        #[test]
        fn folding_twice_is_folding_once(name in "[a-zA-ZÀ-ÖØ-öø-ɏ '.-]{0,60}") {
            let once = fold(&name);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
