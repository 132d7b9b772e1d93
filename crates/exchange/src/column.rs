//! A column, declared once: its name, its sort, what it means, where it comes from, what is left empty, and how its value is had.
//! The header, the rows, the documentation, the HXL row and the typed formats all come of this one declaration.

use crate::cell::{Kind, Value};
use crate::row::Row;

/// One column of a table.
pub struct Column {
    /// As its owner spells it.
    pub name: &'static str,
    /// What sort of value.
    pub kind: Kind,
    /// What stands in it, and where it differs from its owner's use.
    pub meaning: &'static str,
    /// What a number counts or measures; empty where that is plain.
    pub unit: &'static str,
    /// The field of the incident, or of the coded document's event, that it comes from.
    pub from: &'static str,
    /// When it is empty, and why; nothing where it never is.
    pub empty: &'static str,
    /// The tag of the Humanitarian Exchange Language; empty where nobody has tagged such a column.
    pub hxl: &'static str,
    /// Its value.
    pub value: fn(&Row<'_>) -> Value,
}

impl Column {
    /// A column of that sort.
    #[must_use]
    pub const fn new(
        name: &'static str,
        kind: Kind,
        meaning: &'static str,
        value: fn(&Row<'_>) -> Value,
    ) -> Self {
        Self { name, kind, meaning, unit: "", from: "", empty: "", hxl: "", value }
    }

    /// Words.
    #[must_use]
    pub const fn text(name: &'static str, meaning: &'static str, value: fn(&Row<'_>) -> Value) -> Self {
        Self::new(name, Kind::Text, meaning, value)
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(name: &'static str, meaning: &'static str, value: fn(&Row<'_>) -> Value) -> Self {
        Self::new(name, Kind::Whole, meaning, value)
    }

    /// A number.
    #[must_use]
    pub const fn number(name: &'static str, meaning: &'static str, value: fn(&Row<'_>) -> Value) -> Self {
        Self::new(name, Kind::Number, meaning, value)
    }

    /// A day.
    #[must_use]
    pub const fn day(name: &'static str, meaning: &'static str, value: fn(&Row<'_>) -> Value) -> Self {
        Self::new(name, Kind::Day, meaning, value)
    }

    /// Several words.
    #[must_use]
    pub const fn list(name: &'static str, meaning: &'static str, value: fn(&Row<'_>) -> Value) -> Self {
        Self::new(name, Kind::List, meaning, value)
    }

    /// A column that is never filled, and why.
    #[must_use]
    pub const fn never(name: &'static str, kind: Kind, why: &'static str) -> Self {
        Self::new(name, kind, "", |_| Value::Empty).empty(why)
    }

    /// Where it comes from.
    #[must_use]
    pub const fn from(mut self, from: &'static str) -> Self {
        self.from = from;
        self
    }

    /// When it is empty, and why.
    #[must_use]
    pub const fn empty(mut self, empty: &'static str) -> Self {
        self.empty = empty;
        self
    }

    /// Its HXL tag.
    #[must_use]
    pub const fn hxl(mut self, tag: &'static str) -> Self {
        self.hxl = tag;
        self
    }

    /// What it counts or measures.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }
}

/// A table: its columns, and which events belong in it.
pub struct Shape {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Its columns in order.
    pub columns: &'static [Column],
    /// Whether an event belongs in it.
    pub takes: fn(&Row<'_>) -> bool,
    /// What does not, in words: "they …".
    pub leaves_out: &'static str,
}

impl Shape {
    /// The names of its columns.
    pub fn header(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|column| column.name)
    }
}

/// The columns as a Markdown table.
#[must_use]
pub fn columns_markdown(columns: &[Column]) -> String {
    let plain = |text: &str| text.replace('|', "\\|");
    let rows = columns.iter().map(|column| {
        let kind = match column.unit {
            "" => column.kind.as_str().to_owned(),
            unit => format!("{}, {unit}", column.kind.as_str()),
        };
        let from = if column.from.is_empty() { String::new() } else { format!("`{}`", column.from) };
        format!(
            "| `{}` | {kind} | {} | {from} | {} |\n",
            column.name,
            plain(column.meaning),
            plain(column.empty)
        )
    });
    format!("| column | type | meaning | from | empty |\n|---|---|---|---|---|\n{}", rows.collect::<String>())
}
