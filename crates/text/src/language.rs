//! Which language a text is in.

/// How much of a text is looked at: enough to be sure, little enough to cost nothing.
const SAMPLE_BYTES: usize = 4_000;

/// How much of a text is looked at to see whether it is plain English.
const GLANCE_BYTES: usize = 1_000;

/// How many words a text must have to be taken for English by its small words.
const ENOUGH_WORDS: usize = 30;

/// The least share of small words, in percent, that English alone has: of 2,700 news reports and single sentences
/// of news nineteen in twenty have more, and other languages share too few of the words to come near.
const SMALL_WORDS: usize = 20;

/// Words that English prose cannot do without.
const ENGLISH: [&str; 37] = [
    "a", "after", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has",
    "have", "he", "his", "in", "is", "it", "not", "of", "on", "said", "that", "the", "their", "they", "this",
    "to", "was", "were", "which", "who", "will", "with",
];

/// The same as numbers, in order: comparing those is much less work.
const ENGLISH_NUMBERS: [u64; ENGLISH.len()] = {
    let mut numbers = [0; ENGLISH.len()];
    let mut at = 0;
    while at < numbers.len() {
        let word = ENGLISH[at].as_bytes();
        let mut index = 0;
        while index < word.len() {
            numbers[at] = with_letter(numbers[at], word[index]);
            index += 1;
        }
        // Insertion sort, which a constant can be made with.
        let mut place = at;
        while place > 0 && numbers[place - 1] > numbers[place] {
            numbers.swap(place - 1, place);
            place -= 1;
        }
        at += 1;
    }
    numbers
};

/// The number of a word that one more letter is added to; those of words of more than seven letters are large and
/// no word's of the list.
const fn with_letter(number: u64, letter: u8) -> u64 {
    let mark = if number >> 56 == 0 { 0 } else { 0xFF << 56 };
    number << 8 | letter.to_ascii_lowercase() as u64 | mark
}

/// Whether a text is English beyond doubt. Most reports are, and guessing among all languages costs more than
/// throwing out a report in which nothing happens.
fn is_plain_english(raw: &str) -> bool {
    let (mut words, mut small, mut number) = (0usize, 0usize, 0u64);
    let glance = &raw.as_bytes()[..raw.len().min(GLANCE_BYTES)];
    for &byte in glance.iter().chain(b" ") {
        // What is no ASCII belongs to a word: then it is none of ours.
        if byte.is_ascii_alphabetic() || !byte.is_ascii() {
            number = with_letter(number, byte);
        } else if number != 0 {
            words += 1;
            small += usize::from(ENGLISH_NUMBERS.binary_search(&number).is_ok());
            number = 0;
        }
    }
    words >= ENOUGH_WORDS && small * 100 >= words * SMALL_WORDS
}

/// BCP 47 tag of/// BCP 47 tag of the text's language, where it can be told; `None` for too little text.
#[must_use]
pub fn detect(raw: &str) -> Option<&'static str> {
    let mut end = raw.len().min(SAMPLE_BYTES);
    while !raw.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &raw[..end];
    if is_plain_english(sample) {
        return Some("en");
    }
    let info = whatlang::detect(sample)?;
    if !info.is_reliable() && sample.len() > 400 || info.confidence() < 0.1 {
        return None;
    }
    use whatlang::Lang as L;
    Some(match info.lang() {
        L::Eng => "en",
        L::Ara => "ar",
        L::Fra => "fr",
        L::Spa => "es",
        L::Por => "pt",
        L::Deu => "de",
        L::Ita => "it",
        L::Rus => "ru",
        L::Ukr => "uk",
        L::Tur => "tr",
        L::Pes => "fa",
        L::Urd => "ur",
        L::Hin => "hi",
        L::Ben => "bn",
        L::Heb => "he",
        L::Cmn => "zh",
        L::Jpn => "ja",
        L::Kor => "ko",
        L::Nld => "nl",
        L::Ind => "id",
        L::Tgl => "tl",
        L::Mya => "my",
        L::Tha => "th",
        L::Vie => "vi",
        L::Amh => "am",
        L::Pol => "pl",
        L::Ron => "ro",
        other => other.code(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_small_word_is_known_and_longer_ones_are_not() {
        assert!(ENGLISH_NUMBERS.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(ENGLISH.iter().all(|word| is_plain_english(&format!("{word} ").repeat(ENOUGH_WORDS))));
        for other in ["thee", "th", "xxxxxxxxxxxxthe", "éa", "zzzzzzzthe"] {
            assert!(!is_plain_english(&format!("{other} ").repeat(ENOUGH_WORDS)), "{other}");
        }
    }

    #[test]
    fn english_is_known_by_its_small_words_and_other_languages_are_not() {
        let english = "The governor said that the road to the port was closed for a week after the floods. ";
        assert!(!is_plain_english(english));
        assert!(is_plain_english(&english.repeat(2)));
        assert!(is_plain_english(&english.to_uppercase().repeat(2)));
        for other in [
            "Le gouverneur a dit que la route du port a été fermée pendant une semaine après les inondations. ",
            "De gouverneur zei dat de weg naar de haven een week lang was afgesloten in verband met water. ",
            "O governador disse que a estrada para o porto foi fechada por uma semana após as cheias. ",
            "Der Gouverneur sagte, die Straße an den Hafen war in der Woche nach dem Hochwasser gesperrt. ",
            "Guvernøren sagde, at vejen til havnen var lukket i en uge, for der var vand på den. ",
        ] {
            assert!(!is_plain_english(&other.repeat(4)), "{other}");
            assert_ne!(detect(&other.repeat(4)), Some("en"), "{other}");
        }
        assert_eq!(detect(&english.repeat(2)), Some("en"));
    }
}
