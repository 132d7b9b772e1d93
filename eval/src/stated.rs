//! Whether a text states a number: the filter that keeps a figure from asking for what no reader could know.
//!
//! Independent of the coder's own number reading, so that what the coder cannot read is still asked for.

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// Nouns after "a", "an", "the" or an age that state that it was one person.
const PERSONS: &[&str] = &[
    "man",
    "woman",
    "boy",
    "girl",
    "child",
    "baby",
    "toddler",
    "infant",
    "teen",
    "teenager",
    "person",
    "victim",
    "male",
    "female",
    "father",
    "mother",
    "son",
    "daughter",
    "brother",
    "sister",
    "student",
    "officer",
    "deputy",
    "driver",
    "clerk",
    "soldier",
    "policeman",
    "resident",
    "youth",
    "suspect",
    "gunman",
    "husband",
    "wife",
    "employee",
    "worker",
    "homeowner",
    "neighbor",
    "bystander",
    "civilian",
    "rapper",
    "juvenile",
    "adult",
];

/// The English words for a number below a thousand, in order.
#[must_use]
pub fn words(n: u64) -> Vec<&'static str> {
    let small = |n: usize, out: &mut Vec<&'static str>| {
        if n >= 20 {
            out.push(TENS[n / 10]);
            if !n.is_multiple_of(10) {
                out.push(ONES[n % 10]);
            }
        } else if n > 0 {
            out.push(ONES[n]);
        }
    };
    let Ok(n) = usize::try_from(n) else { return Vec::new() };
    let mut out = Vec::new();
    match n {
        0 => out.push(ONES[0]),
        1..100 => small(n, &mut out),
        100..1000 => {
            out.extend([ONES[n / 100], "hundred"]);
            small(n % 100, &mut out);
        }
        _ => {}
    }
    out
}

/// A text's words in lower case: runs of letters, or of digits with the commas inside them left out.
#[must_use]
pub fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else if !word.is_empty() && (c != ',' || !digits || !chars.peek().is_some_and(char::is_ascii_digit))
        {
            tokens.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

/// Whether the number stands in the text, in digits or in words.
#[must_use]
pub fn states(text: &str, n: u64) -> bool {
    states_in(&tokens(text), n)
}

/// The same for a text that is already split by [`tokens`].
#[must_use]
pub fn states_in(tokens: &[String], n: u64) -> bool {
    let digits = n.to_string();
    if tokens.contains(&digits) {
        return true;
    }
    let words = words(n);
    if words.is_empty() {
        return false;
    }
    tokens.windows(words.len()).enumerate().any(|(at, window)| {
        // "twenty" inside "twenty-three", or "one" inside "twenty-one" and "one hundred", is another number.
        let number = |token: Option<&String>| {
            token.is_some_and(|token| {
                TENS[2..].contains(&token.as_str())
                    || token == "hundred"
                    || token == "thousand"
                    || token == "million"
            })
        };
        let after = tokens.get(at + words.len());
        let one = after.is_some_and(|token| ONES[1..10].contains(&token.as_str()));
        let longer = one && words.last().is_some_and(|word| TENS.contains(word));
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        window.iter().eq(words.iter()) && !longer && !number(after) && !number(before)
    })
}

/// Whether the text speaks of one person: "a 30-year-old man", "the teenager", "an officer".
#[must_use]
pub fn states_one_person(text: &str) -> bool {
    let tokens = tokens(text);
    tokens.iter().enumerate().any(|(at, token)| {
        // A determiner, then up to four words ("19", "year", "old", "Chicago"), then the noun.
        matches!(token.as_str(), "a" | "an" | "the" | "one")
            && tokens.iter().skip(at + 1).take(5).any(|token| PERSONS.contains(&token.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_words() {
        assert!(states("At least 1,200 fled", 1200));
        assert!(states("Twenty-three people died", 23));
        assert!(states("one hundred and five", 100));
        assert!(states("SEVEN SOLDIERS", 7));
        assert!(!states("Twenty-three people died", 3));
        assert!(!states("Twenty-three people died", 20));
        assert!(!states("in 2015", 15));
        assert!(states("killed 3, wounded 4", 3));
    }

    #[test]
    fn one_person() {
        assert!(states_one_person("Police said a 19-year-old Memphis man was shot."));
        assert!(!states_one_person("Two were hurt when shots rang out."));
    }
}
