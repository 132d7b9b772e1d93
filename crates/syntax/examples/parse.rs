//! Parses sentences, one a line with their tokens set apart by spaces: `parse WEIGHTS < sentences`.

use std::io::{self, BufRead, Write};

use watchpost_syntax::{Model, lemma};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("parse WEIGHTS < sentences")?;
    let model = Model::from_bytes(&std::fs::read(path)?)?;
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        for (index, (word, node)) in words.iter().zip(model.parse(&words)).enumerate() {
            let head = node.head.and_then(|head| words.get(head)).copied().unwrap_or("-");
            let lemma = lemma(word, node.tag);
            writeln!(out, "{index}\t{word}\t{lemma}\t{}\t{}\t{head}", node.tag, node.relation)?;
        }
        writeln!(out)?;
    }
    Ok(())
}
