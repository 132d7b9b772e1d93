/*! Numbers in digits and words, with the bounds that the words around them give.

Rounded words follow ACLED's minima (codebook, "Fatalities": several and a few 3, tens 10,
dozens 12, hundreds 100; multiple as several); "a couple" 2 and "numerous", "many" 4 follow the rule by which the
coalition's press releases in Afghanistan were coded; scores are 20, thousands 1,000.
*/

use std::ops::Range;

use record::Quantity;

use crate::{Text, TokenKind};

/// A number and the words that bound it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberPhrase {
    /// Tokens, the bounding words ("at least") included.
    pub tokens: Range<usize>,
    /// Tokens of the number itself.
    pub core: Range<usize>,
    /// What it says.
    pub quantity: Quantity,
    /// True after "about", "some", "nearly".
    pub approximate: bool,
    /// True for four bare digits that could be a year.
    pub year_like: bool,
}

/// The value of one number word.
fn unit(word: &str) -> Option<u64> {
    Some(match word {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" | "fourty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    })
}

fn multiplier(word: &str) -> Option<u64> {
    Some(match word {
        "hundred" => 100,
        "thousand" => 1_000,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        "dozen" => 12,
        _ => return None,
    })
}

/// A number word, hyphenated or not ("twenty-five").
fn word_value(word: &str) -> Option<u64> {
    unit(word).or_else(|| {
        let (tens, ones) = word.split_once(['-', '‐', '‑'])?;
        let (tens, ones) = (unit(tens)?, unit(ones)?);
        ((20..=90).contains(&tens) && (1..=9).contains(&ones)).then_some(tens + ones)
    })
}

/// Minimum of a rounded word that stands for a number by itself.
fn vague_value(word: &str) -> Option<u64> {
    Some(match word {
        "several" | "few" | "multiple" => 3,
        "couple" => 2,
        "tens" => 10,
        "dozens" => 12,
        "scores" => 20,
        "hundreds" => 100,
        "thousands" => 1_000,
        "numerous" | "many" => 4,
        _ => return None,
    })
}

/// The value of a token of digits ("1,200", "30"); decimals only before a multiplier.
fn digits_value(word: &str) -> Option<f64> {
    if !word.starts_with(|c: char| c.is_numeric()) || word.contains(':') || word.len() > 24 {
        return None;
    }
    let plain: String = word.chars().filter(|c| *c != ',').map(ascii_digit).collect();
    plain.parse::<f64>().ok().filter(|value| value.is_finite() && *value < 1e15)
}

/// Arabic-Indic, Persian and Devanagari digits as ASCII ones.
fn ascii_digit(c: char) -> char {
    let offset = match c {
        '\u{660}'..='\u{669}' => c as u32 - 0x660,
        '\u{6f0}'..='\u{6f9}' => c as u32 - 0x6f0,
        '\u{966}'..='\u{96f}' => c as u32 - 0x966,
        _ => return c,
    };
    char::from_digit(offset, 10).unwrap_or(c)
}

/// A number without its bounds.
struct Core {
    end: usize,
    quantity: Quantity,
    year_like: bool,
}

/// Whether a lower-cased word could begin a number or a bound; the rest of the text is skipped fast.
fn may_begin(text: &Text, at: usize) -> bool {
    let token = &text.tokens[at];
    match token.kind {
        TokenKind::Number => true,
        TokenKind::Word => {
            let word = text.word(token);
            word.len() >= 3 && word.len() <= 16 || word.eq_ignore_ascii_case("a")
        }
        _ => false,
    }
}

/// The numbers among some tokens, in order. Ordinals, ages ("34-year-old") and times of day are none.
#[must_use]
pub fn find(text: &Text, tokens: Range<usize>) -> Vec<NumberPhrase> {
    let range = tokens.start..tokens.end.min(text.tokens.len());
    let lower: Vec<String> = text.tokens[range.clone()].iter().map(|t| text.word(t).to_lowercase()).collect();
    let base = range.start;
    let mut found: Vec<NumberPhrase> = Vec::new();
    let mut at = 0;
    while at < lower.len() {
        if !may_begin(text, base + at) {
            at += 1;
            continue;
        }
        let Some(core) = core(&lower, at) else {
            at += 1;
            continue;
        };
        let mut phrase = bounded(&lower, at, core, found.last().map_or(0, |last| last.tokens.end - base));
        at = phrase.tokens.end.max(at + 1);
        phrase.tokens = phrase.tokens.start + base..phrase.tokens.end + base;
        phrase.core = phrase.core.start + base..phrase.core.end + base;
        found.push(phrase);
    }
    found
}

/// A number that begins here.
fn core(lower: &[String], at: usize) -> Option<Core> {
    let word = lower.get(at)?.as_str();
    let next = |offset: usize| lower.get(at + offset).map_or("", String::as_str);
    // "a dozen", "half a dozen", "a hundred", "a couple of", "a few", "a handful".
    if word == "a" || word == "an" {
        let (value, vague) = match next(1) {
            "couple" => (2, true),
            "few" | "handful" => (3, true),
            "dozen" => (12, false),
            "score" => (20, false),
            "hundred" => (100, false),
            "thousand" => (1_000, false),
            "million" => (1_000_000, false),
            _ => return None,
        };
        if !vague && next(2) == "and" && word_value(next(3)).is_some_and(|v| v < value) {
            let value = value + word_value(next(3)).unwrap_or(0);
            return Some(Core { end: at + 4, quantity: Quantity::exact(value), year_like: false });
        }
        let quantity = if vague { Quantity::vague(value) } else { Quantity::exact(value) };
        let end = at + 2 + usize::from(vague && next(2) == "of");
        return Some(Core { end, quantity, year_like: false });
    }
    if word == "half" && next(1) == "a" && next(2) == "dozen" {
        return Some(Core { end: at + 3, quantity: Quantity::exact(6), year_like: false });
    }
    if let Some(low) = vague_value(word) {
        // "several hundred", "a few dozen": the least that makes sense is twice the unit.
        if let Some(times) =
            multiplier(next(1)).filter(|_| matches!(word, "several" | "few" | "couple" | "many"))
        {
            return Some(Core { end: at + 2, quantity: Quantity::vague(2 * times), year_like: false });
        }
        if matches!(word, "hundreds" | "tens") && next(1) == "of" && next(2) == "thousands" {
            return Some(Core { end: at + 3, quantity: Quantity::vague(low * 1_000), year_like: false });
        }
        // "few" alone means hardly any; only "a few" counts. "As many as", "so many", "how many" bound or ask.
        let before = at.checked_sub(1).and_then(|index| lower.get(index)).map_or("", String::as_str);
        if word == "few"
            || word == "many" && matches!(before, "as" | "so" | "how" | "too" | "not")
            || word == "couple" && next(1) != "of"
        {
            return None;
        }
        let end = at
            + 1
            + usize::from(next(1) == "of" && !matches!(word, "several" | "many" | "numerous" | "multiple"));
        return Some(Core { end, quantity: Quantity::vague(low), year_like: false });
    }
    let mut end = at;
    let (mut total, mut current): (u64, u64) = (0, 0);
    let mut year_like = false;
    if let Some(value) = digits_value(word) {
        end += 1;
        let times = multiplier(next(1)).filter(|times| *times >= 12);
        match times {
            Some(times) => {
                current = (value * times as f64).round() as u64;
                end += 1;
            }
            None if value.fract() != 0.0 => return None,
            None => {
                current = value as u64;
                year_like = word.len() == 4 && (1900..=2100).contains(&current);
            }
        }
        // "30s", "5th" are one token and no number; "%" makes a share.
        if matches!(next(end - at), "%" | "percent" | "pct")
            || next(end - at) == "per" && next(end - at + 1) == "cent"
        {
            return None;
        }
        return Some(Core { end, quantity: Quantity::exact(current), year_like });
    }
    let first = word_value(word)?;
    current = current.checked_add(first)?;
    end += 1;
    loop {
        let word = lower.get(end).map_or("", String::as_str);
        if let Some(times) = multiplier(word) {
            current = current.max(1).checked_mul(times)?;
            if times >= 1_000 {
                total = total.checked_add(current)?;
                current = 0;
            }
            end += 1;
        } else if let Some(value) = word_value(word).filter(|value| {
            current % 100 == 0 && current > 0 && *value < 100
                || current == 0 && total > 0
                || (20..=90).contains(&current) && current % 10 == 0 && (1..=9).contains(value)
        }) {
            current += value;
            end += 1;
        } else if word == "and"
            && current >= 100
            && current % 100 == 0
            && lower.get(end + 1).and_then(|w| word_value(w)).is_some_and(|v| v < 100)
        {
            end += 1;
        } else {
            break;
        }
    }
    Some(Core { end, quantity: Quantity::exact(total.checked_add(current)?), year_like: false })
}

/// Which way a bounding phrase bounds.
#[derive(Clone, Copy, PartialEq)]
enum Bound {
    Least,
    Most,
    About,
}

/// Bounding phrases that stand before a number, longest first.
const BEFORE: &[(&[&str], Bound)] = &[
    (&["a", "minimum", "of"], Bound::Least),
    (&["a", "maximum", "of"], Bound::Most),
    (&["a", "total", "of"], Bound::About),
    (&["not", "less", "than"], Bound::Least),
    (&["not", "more", "than"], Bound::Most),
    (&["no", "less", "than"], Bound::Least),
    (&["no", "fewer", "than"], Bound::Least),
    (&["no", "more", "than"], Bound::Most),
    (&["as", "many", "as"], Bound::Most),
    (&["as", "few", "as"], Bound::Least),
    (&["in", "excess", "of"], Bound::Least),
    (&["close", "to"], Bound::About),
    (&["at", "least"], Bound::Least),
    (&["at", "most"], Bound::Most),
    (&["more", "than"], Bound::Least),
    (&["less", "than"], Bound::Most),
    (&["fewer", "than"], Bound::Most),
    (&["upwards", "of"], Bound::Least),
    (&["upward", "of"], Bound::Least),
    (&["up", "to"], Bound::Most),
    (&["an", "estimated"], Bound::About),
    (&["estimated", "at"], Bound::About),
    (&["over"], Bound::Least),
    (&["above"], Bound::Least),
    (&["minimum"], Bound::Least),
    (&["maximum"], Bound::Most),
    (&["under"], Bound::Most),
    (&["about"], Bound::About),
    (&["around"], Bound::About),
    (&["approximately"], Bound::About),
    (&["approx."], Bound::About),
    (&["roughly"], Bound::About),
    (&["nearly"], Bound::About),
    (&["almost"], Bound::About),
    (&["some"], Bound::About),
    (&["circa"], Bound::About),
    (&["estimated"], Bound::About),
];

/// Adds the bounds that stand around a number.
fn bounded(lower: &[String], at: usize, first: Core, floor: usize) -> NumberPhrase {
    let core_start = at;
    let mut end = first.end;
    let mut quantity = first.quantity;
    let word = |index: usize| lower.get(index).map_or("", String::as_str);
    let mut start = at;
    let mut approximate = false;
    let mut bound = None;
    // Bounds may be stacked: "at least some 20".
    while let Some((words, kind)) = BEFORE.iter().find(|(words, _)| {
        start >= floor + words.len()
            && words.iter().zip(&lower[start - words.len()..start]).all(|(a, b)| a == b)
    }) {
        start -= words.len();
        match kind {
            Bound::About => approximate = true,
            kind => bound = Some(*kind),
        }
    }
    // Ranges: "between 10 and 15", "from 10 to 15", "10 to 15", "10-15", "10 or 15".
    let before = start.checked_sub(1).filter(|index| *index >= floor).map_or("", word);
    let joined = match word(end) {
        "and" => before == "between",
        "to" => !quantity.vague && !first.year_like,
        "-" | "–" | "—" | "‐" => !first.year_like || before == "between",
        "or" => true,
        _ => false,
    };
    if joined
        && !quantity.vague
        && let Some(second) = core(lower, end + 1).filter(|second| !second.quantity.vague)
        && let (Some(low), Some(high)) = (quantity.best, second.quantity.best)
    {
        // "2 to 3 thousand" and "two or three hundred" share their multiplier.
        let scale = match word(second.end.saturating_sub(1)) {
            "hundred" if low < 10 => 100,
            "thousand" if low < 1_000 => 1_000,
            "million" if low < 1_000 => 1_000_000,
            "dozen" if low < 12 => 12,
            _ => 1,
        };
        let low = low.saturating_mul(scale);
        let wide = low < high && (word(end) != "to" || high <= low.saturating_mul(20));
        if wide && (word(end) != "or" || high <= low.saturating_mul(2)) {
            quantity = Quantity::between(low, high);
            end = second.end;
            if matches!(before, "between" | "from") {
                start -= 1;
                while let Some((words, Bound::About)) = BEFORE.iter().find(|(words, _)| {
                    start >= floor + words.len()
                        && words.iter().zip(&lower[start - words.len()..start]).all(|(a, b)| a == b)
                }) {
                    start -= words.len();
                }
            }
            bound = None;
        }
    }
    // "20 or more", "20 or so", "20-plus", "20+".
    if word(end) == "or" && matches!(word(end + 1), "more" | "so") {
        if word(end + 1) == "more" {
            bound = Some(Bound::Least);
        } else {
            approximate = true;
        }
        end += 2;
    } else if word(end) == "+" {
        bound = Some(Bound::Least);
        end += 1;
    }
    let figure = quantity.best.or(quantity.low).unwrap_or(0);
    if quantity.best.is_some() || quantity.vague {
        match bound {
            Some(Bound::Least) if quantity.vague => {}
            Some(Bound::Least) => quantity = Quantity::at_least(figure),
            Some(Bound::Most) if quantity.vague => {}
            Some(Bound::Most) => quantity = Quantity::at_most(figure),
            _ if approximate && !quantity.vague && word(start) != "a" => {
                quantity = Quantity { low: None, best: Some(figure), high: None, vague: false };
            }
            _ => {}
        }
    }
    NumberPhrase {
        tokens: start..end,
        core: core_start..end,
        quantity,
        approximate,
        year_like: first.year_like && bound.is_none() && !approximate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(raw: &str) -> Vec<(String, Quantity)> {
        let text = Text::new(raw);
        find(&text, 0..text.tokens.len())
            .into_iter()
            .map(|n| (text.slice(text.span_of(n.tokens)).to_owned(), n.quantity))
            .collect()
    }

    fn one(raw: &str) -> Quantity {
        let found = all(raw);
        assert_eq!(found.len(), 1, "{raw}: {found:?}");
        found[0].1
    }

    #[test]
    fn digits_and_words_agree() {
        for (raw, n) in [
            ("12 men", 12),
            ("1,200 men", 1200),
            ("twenty-five men", 25),
            ("two hundred and fifty men", 250),
            ("a dozen men", 12),
            ("two dozen men", 24),
            ("half a dozen men", 6),
            ("three thousand two hundred men", 3200),
            ("2.5 million people", 2_500_000),
            ("a hundred and ten men", 110),
            ("twenty five men", 25),
            ("one hundred men", 100),
        ] {
            assert_eq!(one(raw), Quantity::exact(n), "{raw}");
        }
    }

    #[test]
    fn bounds_are_kept() {
        assert_eq!(one("at least 12 men"), Quantity::at_least(12));
        assert_eq!(one("no fewer than twelve men"), Quantity::at_least(12));
        assert_eq!(one("more than 100 men"), Quantity::at_least(100));
        assert_eq!(one("up to 20 men"), Quantity::at_most(20));
        assert_eq!(one("as many as 20 men"), Quantity::at_most(20));
        assert_eq!(one("between 10 and 15 men"), Quantity::between(10, 15));
        assert_eq!(one("10 to 15 men"), Quantity::between(10, 15));
        assert_eq!(one("2,500 to 3,000 men"), Quantity::between(2500, 3000));
        assert_eq!(one("10-15 men"), Quantity::between(10, 15));
        assert_eq!(one("two or three men"), Quantity::between(2, 3));
        assert_eq!(one("dozens of men"), Quantity::vague(12));
        assert_eq!(one("several men"), Quantity::vague(3));
        assert_eq!(one("a couple of men"), Quantity::vague(2));
        assert_eq!(one("20 or more men"), Quantity::at_least(20));
        assert_eq!(one("about 20 men").best, Some(20));
        assert_eq!(one("about 20 men").low, None);
    }

    #[test]
    fn lists_are_several_numbers_and_shares_none() {
        assert_eq!(all("7 dead, 3 wounded and 2 missing").len(), 3);
        assert_eq!(all("rose 12 percent in the 34-year-old's 5th year"), []);
        assert_eq!(all("killed two officers and 5 members").len(), 2);
    }

    proptest::proptest! {
        #[test]
        fn numbers_print_and_parse_back(n in 0u64..1_000_000) {
            let grouped = { let s = n.to_string(); let mut out = String::new(); for (i, c) in s.chars().enumerate() { if i > 0 && (s.len() - i) % 3 == 0 { out.push(','); } out.push(c); } out };
            assert_eq!(one(&format!("{grouped} soldiers")), Quantity::exact(n));
        }

        #[test]
        fn no_text_breaks_it(raw in "([0-9,.]{1,30}|a|few|dozens|of|or|to|between|and|more|than|hundred|million|-| ){0,40}") {
            let text = Text::new(&raw);
            let mut last = 0;
            for n in find(&text, 0..text.tokens.len()) {
                assert!(n.tokens.start >= last && n.tokens.end > n.tokens.start && n.tokens.end <= text.tokens.len());
                last = n.tokens.end;
            }
        }
    }
}
