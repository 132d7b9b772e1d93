//! Columns of words: each different word once, and a number in its place.

use std::collections::HashMap;
use std::sync::Arc;

/// Words by number.
#[derive(Debug, Default)]
pub(super) struct Names {
    numbers: HashMap<Arc<str>, u32>,
    names: Vec<Arc<str>>,
}

impl Names {
    pub(super) fn get(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    pub(super) fn name(&self, number: usize) -> &str {
        self.names.get(number).map_or("", AsRef::as_ref)
    }

    pub(super) const fn len(&self) -> usize {
        self.names.len()
    }

    fn number(&mut self, name: &str) -> Option<u32> {
        if let Some(number) = self.get(name) {
            return Some(number);
        }
        let number = u32::try_from(self.names.len()).ok()?;
        let name: Arc<str> = name.into();
        self.names.push(Arc::clone(&name));
        self.numbers.insert(name, number);
        Some(number)
    }
}

/// How a column keeps the number of a word; the greatest is none.
pub(super) trait Code: Copy + Eq + std::fmt::Debug {
    const NONE: Self;
    fn of(number: u32) -> Option<Self>;
    fn index(self) -> usize;
}

macro_rules! code {
    ($($kind:ty),*) => {
        $(impl Code for $kind {
            const NONE: Self = Self::MAX;
            fn of(number: u32) -> Option<Self> {
                Self::try_from(number).ok().filter(|code| *code != Self::NONE)
            }
            fn index(self) -> usize {
                self as usize
            }
        })*
    };
}

code!(u8, u16, u32);

/// A column with one word or none in each row.
#[derive(Debug)]
pub(super) struct Coded<C> {
    pub(super) names: Names,
    pub(super) codes: Vec<C>,
}

impl<C> Default for Coded<C> {
    fn default() -> Self {
        Self { names: Names::default(), codes: Vec::new() }
    }
}

impl<C: Code> Coded<C> {
    pub(super) fn add(&mut self) {
        self.codes.push(C::NONE);
    }

    /// Whether there is room for it.
    pub(super) fn set(&mut self, at: usize, name: Option<&str>) -> bool {
        let code = match name {
            Some(name) => self.names.number(name).and_then(C::of),
            None => Some(C::NONE),
        };
        match (self.codes.get_mut(at), code) {
            (Some(kept), Some(code)) => {
                *kept = code;
                true
            }
            _ => false,
        }
    }

    /// Which codes those names have, by code.
    pub(super) fn wanted(&self, names: impl Iterator<Item = impl AsRef<str>>) -> Vec<bool> {
        let mut wanted = vec![false; self.names.len()];
        for name in names {
            if let Some(number) = self.names.get(name.as_ref())
                && let Some(wanted) = wanted.get_mut(number as usize)
            {
                *wanted = true;
            }
        }
        wanted
    }
}

/// A column with any number of words in each row.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) names: Names,
    /// In how many rows each word stands.
    uses: Vec<u32>,
    /// Where each row's numbers begin and how many they are.
    parts: Vec<(u32, u32)>,
    all: Vec<u32>,
    /// Numbers in `all` that no row has any more.
    idle: usize,
}

impl Lists {
    pub(super) fn add(&mut self) {
        self.parts.push((0, 0));
    }

    pub(super) fn of(&self, at: usize) -> &[u32] {
        let (begin, count) = self.parts.get(at).copied().unwrap_or_default();
        self.all.get(begin as usize..begin as usize + count as usize).unwrap_or_default()
    }

    /// Whether any row has this word.
    pub(super) fn is_used(&self, name: &str) -> bool {
        self.names
            .get(name)
            .is_some_and(|number| self.uses.get(number as usize).is_some_and(|uses| *uses > 0))
    }

    /// Whether there is room for them.
    pub(super) fn set(&mut self, at: usize, names: &[String]) -> bool {
        let mut numbers = Vec::with_capacity(names.len());
        for name in names {
            match self.names.number(name) {
                Some(number) => numbers.push(number),
                None => return false,
            }
        }
        self.uses.resize(self.names.len(), 0);
        if self.of(at) == numbers {
            return true;
        }
        for number in self.of(at).to_vec() {
            self.idle += 1;
            if let Some(uses) = self.uses.get_mut(number as usize) {
                *uses -= 1;
            }
        }
        for number in &numbers {
            if let Some(uses) = self.uses.get_mut(*number as usize) {
                *uses += 1;
            }
        }
        let (begin, count) = (u32::try_from(self.all.len()), u32::try_from(numbers.len()));
        let (Ok(begin), Ok(count)) = (begin, count) else { return false };
        self.all.extend(numbers);
        if let Some(part) = self.parts.get_mut(at) {
            *part = (begin, count);
        }
        if self.idle > 1000 && self.idle > self.all.len() / 2 {
            self.tidy();
        }
        true
    }

    /// Forgets the numbers that no row has any more.
    fn tidy(&mut self) {
        let mut all = Vec::with_capacity(self.all.len() - self.idle);
        for at in 0..self.parts.len() {
            let begin = u32::try_from(all.len()).unwrap_or(u32::MAX);
            all.extend_from_slice(self.of(at));
            if let Some(part) = self.parts.get_mut(at) {
                part.0 = begin;
            }
        }
        (self.all, self.idle) = (all, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_change_are_kept_and_what_is_idle_goes() {
        let mut lists = Lists::default();
        for _ in 0..10 {
            lists.add();
        }
        let name = |n: usize| format!("n{}", n % 7);
        for round in 0..2000 {
            let names: Vec<String> = (0..round % 4).map(|n| name(round + n)).collect();
            assert!(lists.set(round % 10, &names));
            let kept: Vec<&str> =
                lists.of(round % 10).iter().map(|n| lists.names.name(*n as usize)).collect();
            assert_eq!(kept, names);
        }
        assert!(lists.all.len() < 2100, "{}", lists.all.len());
        for at in 0..10 {
            assert!(lists.set(at, &[]));
        }
        assert!(!lists.is_used("n1") && !lists.is_used("never"));
    }

    #[test]
    fn a_column_holds_as_many_words_as_its_numbers() {
        let mut column = Coded::<u8>::default();
        column.add();
        assert!((0..255).all(|n| column.set(0, Some(&n.to_string()))));
        assert!(!column.set(0, Some("one more")));
        assert!(column.set(0, None));
    }
}
