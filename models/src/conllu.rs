//! Reads CoNLL-U, and joins what the treebank splits and the program's tokenizer does not.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use syntax::{Relation, Tag};

/// A word of a treebank sentence.
#[derive(Debug, Clone)]
pub struct Word {
    pub form: String,
    pub lemma: String,
    pub tag: Tag,
    /// `None` for the head of the sentence.
    pub head: Option<usize>,
    pub relation: Relation,
    /// Whether white space follows.
    pub space: bool,
}

/// A treebank sentence.
#[derive(Debug, Clone, Default)]
pub struct Sentence {
    pub words: Vec<Word>,
}

impl Sentence {
    pub fn forms(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.form.as_str()).collect()
    }

    pub fn tags(&self) -> Vec<u8> {
        self.words.iter().map(|word| word.tag.code()).collect()
    }

    /// Keeps the words that a test accepts. A word whose head goes takes the head's head.
    pub fn retain(&mut self, keep: &[bool]) {
        let mut numbers = Vec::with_capacity(keep.len());
        let mut kept = 0;
        for &keep in keep {
            numbers.push(kept);
            kept += usize::from(keep);
        }
        let heads: Vec<Option<usize>> = self.words.iter().map(|word| word.head).collect();
        for word in &mut self.words {
            let mut hops = 0;
            while let Some(head) = word.head
                && !keep[head]
                && hops < heads.len()
            {
                word.head = heads[head];
                hops += 1;
            }
            word.head = word.head.map(|head| numbers[head]);
        }
        let mut index = 0;
        self.words.retain(|_| {
            index += 1;
            keep[index - 1]
        });
    }
}

/// Reads the one file of a folder whose name holds `-PART.`, plain or gzip.
pub fn read(folder: &Path, part: &str) -> Result<Vec<Sentence>> {
    let marker = format!("-{part}.");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .with_context(|| format!("opening {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            name.contains(&marker) && name.contains(".conllu")
        })
        .collect();
    paths.sort();
    let [path] = paths.as_slice() else {
        bail!(
            "{} should hold one file named *{marker}*.conllu[.gz], it holds {}",
            folder.display(),
            paths.len()
        );
    };
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let reader: Box<dyn Read> = if path.extension().is_some_and(|extension| extension == "gz") {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    };
    parse(BufReader::new(reader)).with_context(|| format!("reading {}", path.display()))
}

fn parse(reader: impl BufRead) -> Result<Vec<Sentence>> {
    let mut sentences = Vec::new();
    let mut sentence = Sentence::default();
    // The last word of a surface token of several words ("don't"), and whether white space follows it.
    let mut token: Option<(usize, bool)> = None;
    for (number, line) in reader.lines().enumerate() {
        let line = line?;
        if line.is_empty() {
            if !sentence.words.is_empty() {
                sentences.push(join_hyphens(std::mem::take(&mut sentence)));
            }
            token = None;
            continue;
        }
        if line.starts_with('#') {
            continue;
        }
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, form, lemma, _, tag, _, head, relation, _, misc] = fields.as_slice() else {
            bail!("line {}: ten columns expected, {} found", number + 1, fields.len());
        };
        let space = !misc.split('|').any(|item| item == "SpaceAfter=No");
        if let Some((_, last)) = id.split_once('-') {
            token = Some((last.parse()?, space));
            continue;
        }
        if id.contains('.') {
            continue;
        }
        let id: usize = id.parse()?;
        let space = match token {
            Some((last, space)) if id == last => space,
            Some((last, _)) if id < last => false,
            _ => space,
        };
        let head: usize = head.parse()?;
        sentence.words.push(Word {
            form: (*form).to_owned(),
            lemma: (*lemma).to_owned(),
            tag: Tag::from_name(tag).ok_or_else(|| anyhow!("line {}: unknown tag {tag}", number + 1))?,
            head: head.checked_sub(1),
            relation: Relation::parse(relation),
            space,
        });
    }
    if !sentence.words.is_empty() {
        sentences.push(join_hyphens(sentence));
    }
    Ok(sentences)
}

/// Joins "four - wheel" written without spaces into "four-wheel", as the program's tokenizer has it.
///
/// The joined word takes the place of that part whose head stands outside; as a modifier of a
/// noun it is tagged as the adjective that the Penn Treebank would make of it.
fn join_hyphens(sentence: Sentence) -> Sentence {
    let n = sentence.words.len();
    // The group of each word: the index of its first word.
    let mut group: Vec<usize> = (0..n).collect();
    for middle in 1..n.saturating_sub(1) {
        let [before, hyphen, after] = &sentence.words[middle - 1..=middle + 1] else { continue };
        let letter = |word: &Word| word.form.chars().any(char::is_alphabetic);
        let solid =
            |word: &Word| word.form.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’'));
        if matches!(hyphen.form.as_str(), "-" | "‐" | "‑")
            && !before.space
            && !hyphen.space
            && solid(before)
            && solid(after)
            && (letter(before) || letter(after))
        {
            group[middle] = group[middle - 1];
            group[middle + 1] = group[middle - 1];
        }
    }
    if group.iter().enumerate().all(|(index, &first)| index == first) {
        return sentence;
    }
    let mut joined = Sentence::default();
    let mut number = vec![0; n];
    let mut lead = Vec::new();
    let mut start = 0;
    while start < n {
        let end = (start..n).find(|&index| group[index] != start).unwrap_or(n);
        number[start..end].fill(joined.words.len());
        let outside = |index: &usize| {
            let head = sentence.words[*index].head;
            head.is_none_or(|head| !(start..end).contains(&head))
        };
        // Of several parts with heads outside, the last that is no mark: English puts the head last.
        let content = |index: &usize| sentence.words[*index].relation != Relation::Punct;
        let top = (start..end)
            .rev()
            .find(|index| outside(index) && content(index))
            .or_else(|| (start..end).rev().find(|index| outside(index)))
            .unwrap_or(start);
        let mut word = sentence.words[top].clone();
        if end - start > 1 {
            word.form = sentence.words[start..end].iter().map(|word| word.form.as_str()).collect();
            word.lemma = word.form.to_lowercase();
            word.space = sentence.words[end - 1].space;
            if word.relation == Relation::Amod && !word.tag.is_proper() {
                word.tag = Tag::Jj;
            }
        }
        joined.words.push(word);
        lead.push(top);
        start = end;
    }
    for (word, &top) in joined.words.iter_mut().zip(&lead) {
        word.head = sentence.words[top].head.map(|head| number[head]);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "\
1\tA\ta\tDET\tDT\t_\t5\tdet\t_\t_
2\tcar\tcar\tNOUN\tNN\t_\t4\tcompound\t_\tSpaceAfter=No
3\t-\t-\tPUNCT\tHYPH\t_\t4\tpunct\t_\tSpaceAfter=No
4\tsized\tsized\tVERB\tVBN\t_\t5\tamod\t_\t_
5\tdrone\tdrone\tNOUN\tNN\t_\t8\tnsubj\t_\t_
6-7\tdidn't\t_\t_\t_\t_\t_\t_\t_\t_
6\tdid\tdo\tAUX\tVBD\t_\t8\taux\t_\t_
7\tn't\tnot\tPART\tRB\t_\t8\tadvmod\t_\t_
8\tfly\tfly\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
9\t.\t.\tPUNCT\t.\t_\t8\tpunct\t_\t_

";

    #[test]
    fn hyphenated_words_are_joined() {
        let sentences = parse(SAMPLE.as_bytes()).unwrap();
        assert_eq!(sentences[0].forms(), ["A", "car-sized", "drone", "did", "n't", "fly", "."]);
        let word = &sentences[0].words[1];
        assert_eq!((word.tag, word.head, word.relation), (Tag::Jj, Some(2), Relation::Amod));
        assert_eq!(sentences[0].words[0].head, Some(2));
        assert_eq!(sentences[0].words[5].head, None);
    }

    #[test]
    fn a_word_whose_head_goes_moves_up() {
        let mut sentence = parse(SAMPLE.as_bytes()).unwrap().remove(0);
        let keep: Vec<bool> = sentence.words.iter().map(|word| word.form != "drone").collect();
        sentence.retain(&keep);
        assert_eq!(sentence.forms(), ["A", "car-sized", "did", "n't", "fly", "."]);
        assert_eq!(sentence.words[1].head, Some(4));
    }
}
