//! Tables of knowledge: tab-separated text with a header line, `#` comments and blank lines.
//!
//! Columns are read by name, so that a table can gain one without touching its readers.

/// What is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Nothing but comments.
    #[error("{table}: no header line")]
    NoHeader {
        /// Which table.
        table: &'static str,
    },
    /// A column that the reader needs.
    #[error("{table}: no column `{column}`")]
    NoColumn {
        /// Which table.
        table: &'static str,
        /// The column's name.
        column: &'static str,
    },
    /// A row with a value that cannot be read.
    #[error("{table}, line {line}: {problem}")]
    Row {
        /// Which table.
        table: &'static str,
        /// Line of the text, from 1.
        line: usize,
        /// What is wrong, and what was expected.
        problem: String,
    },
}

/// A table over borrowed text.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    name: &'static str,
    header: Vec<&'a str>,
    header_line: usize,
    rows: Vec<(usize, Vec<&'a str>)>,
}

/// One row of a [`Table`].
#[derive(Debug, Clone, Copy)]
pub struct Row<'t, 'a> {
    table: &'t Table<'a>,
    cells: &'t [&'a str],
    /// Line of the text, from 1.
    pub line: usize,
}

impl<'a> Table<'a> {
    /// Splits a table and checks that it has the columns that the reader needs.
    ///
    /// # Errors
    /// Where there is no header line, a needed column is missing, or a row has more cells than the header.
    pub fn parse(name: &'static str, text: &'a str, needed: &[&'static str]) -> Result<Self, TableError> {
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let (header_line, header) = lines.next().ok_or(TableError::NoHeader { table: name })?;
        let header: Vec<&str> = header.split('\t').map(str::trim).collect();
        if let Some(&column) = needed.iter().find(|column| !header.contains(column)) {
            return Err(TableError::NoColumn { table: name, column });
        }
        let mut rows = Vec::new();
        for (line, text) in lines {
            let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
            if cells.len() > header.len() {
                let problem = format!("{} cells, expected at most {}", cells.len(), header.len());
                return Err(TableError::Row { table: name, line, problem });
            }
            rows.push((line, cells));
        }
        Ok(Self { name, header, header_line, rows })
    }

    /// The names of the columns, in order.
    pub fn columns(&self) -> impl Iterator<Item = &'a str> {
        self.header.iter().copied()
    }

    /// Line of the names of the columns, from 1.
    #[must_use]
    pub const fn header_line(&self) -> usize {
        self.header_line
    }

    /// The rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_, 'a>> {
        self.rows.iter().map(|(line, cells)| Row { table: self, cells, line: *line })
    }
}

impl<'a> Row<'_, 'a> {
    /// The cell of a column; empty where the row is short or the table has no such column.
    #[must_use]
    pub fn get(&self, column: &str) -> &'a str {
        let index = self.table.header.iter().position(|name| *name == column);
        index.and_then(|index| self.cells.get(index)).copied().unwrap_or("")
    }

    /// The parts of a cell that holds a list, split at `|`, without empty ones.
    pub fn list(&self, column: &str) -> impl Iterator<Item = &'a str> {
        self.get(column).split('|').map(str::trim).filter(|part| !part.is_empty())
    }

    /// A cell read as a value of some type; `None` where it is empty.
    ///
    /// # Errors
    /// Where the cell is neither empty nor such a value.
    pub fn parsed<T: std::str::FromStr>(&self, column: &str) -> Result<Option<T>, TableError>
    where
        T::Err: std::fmt::Display,
    {
        match self.get(column) {
            "" => Ok(None),
            cell => cell.parse().map(Some).map_err(|error| self.error(format!("{column} `{cell}`: {error}"))),
        }
    }

    /// An error that names this row.
    #[must_use]
    pub fn error(&self, problem: String) -> TableError {
        TableError::Row { table: self.table.name, line: self.line, problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_by_name_and_skips_comments() {
        let table = Table::parse("t", "# why\nid\tn\twords\n\na\t7\tx| y |\nb\n", &["id"]).unwrap();
        let rows: Vec<_> = table.rows().collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].parsed::<u8>("n").unwrap(), Some(7));
        assert_eq!(rows[0].list("words").collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!((rows[1].get("id"), rows[1].get("words"), rows[1].line), ("b", "", 5));
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(Table::parse("t", "# only\n", &[]).unwrap_err(), TableError::NoHeader { table: "t" });
        assert!(Table::parse("t", "a\tb\n", &["c"]).unwrap_err().to_string().contains("`c`"));
        assert!(Table::parse("t", "a\n1\t2\n", &[]).unwrap_err().to_string().contains("line 2"));
        let table = Table::parse("t", "n\nx\n", &[]).unwrap();
        assert!(table.rows().next().unwrap().parsed::<u8>("n").unwrap_err().to_string().contains("`x`"));
    }
}
