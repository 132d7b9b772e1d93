//! What stands in a cell, and how it is written so that a spreadsheet, R and Python read it as it was meant.

use jiff::Timestamp;
use jiff::civil::Date;

/// What sort of value a column has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A whole number.
    Whole,
    /// A number with a fraction.
    Number,
    /// A day, written as ISO 8601.
    Day,
    /// True or false.
    Flag,
    /// Several words: joined with `; ` in a table, a list in Parquet and JSON.
    List,
}

impl Kind {
    /// Every sort.
    pub const ALL: &'static [Self] =
        &[Self::Text, Self::Whole, Self::Number, Self::Day, Self::Flag, Self::List];

    /// What it is called in the documentation.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Whole => "whole number",
            Self::Number => "number",
            Self::Day => "day",
            Self::Flag => "true or false",
            Self::List => "list of text",
        }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A day.
    Day(Date),
    /// True or false.
    Flag(bool),
    /// Several words.
    List(Vec<String>),
}

impl Value {
    /// Its sort; `None` where it is empty.
    #[must_use]
    pub const fn kind(&self) -> Option<Kind> {
        match self {
            Self::Empty => None,
            Self::Text(_) => Some(Kind::Text),
            Self::Whole(_) => Some(Kind::Whole),
            Self::Number(_) => Some(Kind::Number),
            Self::Day(_) => Some(Kind::Day),
            Self::Flag(_) => Some(Kind::Flag),
            Self::List(_) => Some(Kind::List),
        }
    }

    /// As a table has it, before a spreadsheet is thought of.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Number(number) if number.is_finite() => number.to_string(),
            Self::Number(_) => String::new(),
            Self::Day(day) => day.to_string(),
            Self::Flag(flag) => if *flag { "true" } else { "false" }.to_owned(),
            Self::List(list) => joined(list),
        }
    }

    /// As a cell of a table between commas or tabs: words that a spreadsheet would run are made harmless.
    #[must_use]
    pub fn cell(&self) -> String {
        match self {
            Self::Text(_) | Self::List(_) => guard(&self.text()),
            _ => self.text(),
        }
    }

    /// As JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Self::Empty => Json::Null,
            Self::Text(text) => Json::from(text.as_str()),
            Self::Whole(number) => Json::from(*number),
            Self::Number(number) => Json::from(*number),
            Self::Day(day) => Json::from(day.to_string()),
            Self::Flag(flag) => Json::from(*flag),
            Self::List(list) => Json::from(list.as_slice()),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Date> for Value {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Empty }
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        // No file of this field counts further.
        Self::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::from(number as u64)
    }
}

impl From<u8> for Value {
    fn from(number: u8) -> Self {
        Self::Whole(i64::from(number))
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Whole(i64::from(number))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Whole(i64::from(number))
    }
}

impl From<i16> for Value {
    fn from(number: i16) -> Self {
        Self::Whole(i64::from(number))
    }
}

impl From<Timestamp> for Value {
    fn from(moment: Timestamp) -> Self {
        Self::Whole(moment.as_second())
    }
}

impl From<Vec<String>> for Value {
    fn from(list: Vec<String>) -> Self {
        let list: Vec<String> = list.into_iter().filter(|text| !text.is_empty()).collect();
        if list.is_empty() { Self::Empty } else { Self::List(list) }
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Names joined as ACLED joins them.
#[must_use]
pub fn joined<T: AsRef<str>>(names: &[T]) -> String {
    names.iter().map(AsRef::as_ref).filter(|name| !name.is_empty()).collect::<Vec<_>>().join("; ")
}

/// The first characters by which a spreadsheet takes a cell for a formula, or for the end of the one before (OWASP, "CSV
/// Injection"), the full-width forms among them.
const STARTS: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Words that a spreadsheet would run get an apostrophe in front, which it does not show; numbers stay numbers. Words that
/// look guarded already get one more, so that [`unguard`] gives every text back.
#[must_use]
pub fn guard(text: &str) -> String {
    if runs(text) && !is_number(text) { format!("'{text}") } else { text.to_owned() }
}

/// The words again.
#[must_use]
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if runs(rest) => rest,
        _ => cell,
    }
}

fn runs(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(STARTS)
}

/// Digits with at most a sign and a point: what a spreadsheet takes for a number and nothing else.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        for formula in
            ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-inf", "+nan", "＝1", "--1"]
        {
            assert_eq!(guard(formula), format!("'{formula}"));
            assert_eq!(unguard(&guard(formula)), formula);
        }
        for number in ["-73.75", "+5", "-0.04", "12"] {
            assert_eq!(guard(number), number);
            assert_eq!(unguard(number), number);
        }
        // What looks guarded is not lost.
        for text in ["'=x", "''=x", "'-5", "'quoted'", "it's", ""] {
            assert_eq!(unguard(&guard(text)), text);
        }
        assert_eq!(Value::Number(-73.75).cell(), "-73.75");
        assert_eq!(Value::Text("-73.75 and more".to_owned()).cell(), "'-73.75 and more");
    }

    #[test]
    fn a_number_that_is_none_is_empty() {
        assert_eq!(Value::from(f64::NAN), Value::Empty);
        assert_eq!(Value::from(None::<u64>), Value::Empty);
        assert_eq!(Value::from(""), Value::Empty);
        assert_eq!(Value::from(u64::MAX).text(), "9223372036854775807");
    }
}
