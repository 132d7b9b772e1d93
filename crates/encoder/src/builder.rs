//! Writes the files that [`crate::file`] describes; byte for byte what `models/train/pack.py` writes of the same tensors.

use sha2::{Digest, Sha256};

use crate::file::{ALIGN, ENTRY, HEADER, Kind, MAGIC, NAME, VERSION};
use crate::lanes::LANES;

/// Why something cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}`: {what}")]
pub struct Unfit {
    /// The section.
    pub name: String,
    /// What is wrong with it.
    pub what: &'static str,
}

/// Rows of numbers in eight bits, each by its greatest number, and what each row's numbers are to be multiplied by.
fn rounded(values: &[f32], cols: usize) -> (Vec<u8>, Vec<f32>) {
    let mut scales = Vec::new();
    let mut whole = Vec::with_capacity(values.len());
    for row in values.chunks_exact(cols) {
        let scale = row.iter().fold(0.0, |most: f32, value| most.max(value.abs())) / 127.0;
        scales.push(scale);
        let divisor = if scale > 0.0 { scale } else { 1.0 };
        let steps = row.iter().map(|value| (value / divisor).round_ties_even().clamp(-127.0, 127.0) as i8);
        whole.extend(steps.map(i8::cast_unsigned));
    }
    (whole, scales)
}

/// Rows in the order in which they are multiplied (see [`crate::file`]).
fn panels(rows: &[u8], cols: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len());
    for panel in rows.chunks_exact(LANES * cols) {
        for four in (0..cols).step_by(4) {
            for row in panel.chunks_exact(cols) {
                out.extend_from_slice(&row[four..four + 4]);
            }
        }
    }
    out
}

struct Section {
    name: String,
    kind: Kind,
    rows: usize,
    cols: usize,
    content: Vec<u8>,
}

/// A file in the making.
#[derive(Default)]
pub struct Writer {
    sections: Vec<Section>,
}

impl Writer {
    fn add(
        &mut self,
        name: &str,
        kind: Kind,
        rows: usize,
        cols: usize,
        content: Vec<u8>,
    ) -> Result<(), Unfit> {
        let unfit = |what| Err(Unfit { name: name.to_owned(), what });
        if !(1..=NAME).contains(&name.len()) || !name.is_ascii() {
            return unfit("names have 1 to 48 letters of ASCII");
        }
        if self.sections.iter().any(|section| section.name == name) {
            return unfit("stands there already");
        }
        if u32::try_from(rows).is_err() || u32::try_from(cols).is_err() {
            return unfit("is too large");
        }
        self.sections.push(Section { name: name.to_owned(), kind, rows, cols, content });
        Ok(())
    }

    /// Text.
    ///
    /// # Errors
    /// Where the name is taken or none.
    pub fn text(&mut self, name: &str, text: &str) -> Result<(), Unfit> {
        self.add(name, Kind::Text, 0, 0, text.as_bytes().to_vec())
    }

    /// What the file says about itself.
    ///
    /// # Errors
    /// Where it has said so already.
    pub fn about(&mut self, lines: &[(&str, &str)]) -> Result<(), Unfit> {
        let lines: String = lines.iter().map(|(key, value)| format!("{key}\t{value}\n")).collect();
        self.text("about", &lines)
    }

    /// Numbers with fractions, row by row.
    ///
    /// # Errors
    /// Where one is no number, or they are no rows of that length.
    pub fn f32(&mut self, name: &str, values: &[f32], cols: usize) -> Result<(), Unfit> {
        let unfit = |what| Err(Unfit { name: name.to_owned(), what });
        if cols == 0 || !values.len().is_multiple_of(cols) {
            return unfit("has another shape than expected");
        }
        if !values.iter().all(|value| value.is_finite()) {
            return unfit("holds values that are no numbers");
        }
        let content = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.add(name, Kind::F32, values.len() / cols, cols, content)
    }

    /// Rows in eight bits, to be read one by one.
    ///
    /// # Errors
    /// As [`Writer::f32`].
    pub fn rows(&mut self, name: &str, values: &[f32], cols: usize) -> Result<(), Unfit> {
        if cols == 0 || !values.len().is_multiple_of(cols) {
            return Err(Unfit { name: name.to_owned(), what: "has another shape than expected" });
        }
        let (whole, scales) = rounded(values, cols);
        self.add(name, Kind::Rows, scales.len(), cols, whole)?;
        self.f32(&format!("{name}.scale"), &scales, scales.len())
    }

    /// A linear layer in eight bits: weights (outputs × inputs) and a bias for each output.
    ///
    /// # Errors
    /// As [`Writer::f32`].
    pub fn linear(&mut self, name: &str, weight: &[f32], bias: &[f32]) -> Result<(), Unfit> {
        let (outputs, inputs) = (bias.len(), weight.len() / bias.len().max(1));
        let fits = outputs > 0 && weight.len() == outputs * inputs;
        if !fits || !outputs.is_multiple_of(LANES) || inputs == 0 || !inputs.is_multiple_of(4) {
            return Err(Unfit { name: name.to_owned(), what: "has another shape than expected" });
        }
        let (whole, scales) = rounded(weight, inputs);
        self.add(&format!("{name}.weight"), Kind::Panels, outputs, inputs, panels(&whole, inputs))?;
        self.f32(&format!("{name}.scale"), &scales, outputs)?;
        self.f32(&format!("{name}.bias"), bias, outputs)
    }

    /// The file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let mut out = vec![0; HEADER + ENTRY * self.sections.len()];
        for (index, section) in self.sections.iter().enumerate() {
            out.resize(out.len().next_multiple_of(ALIGN), 0);
            let mut entry = section.name.as_bytes().to_vec();
            entry.resize(NAME, 0);
            for number in [section.kind as usize, section.rows, section.cols, 0] {
                // That they fit was seen when they were added.
                entry.extend_from_slice(&(number as u32).to_le_bytes());
            }
            for number in [out.len(), section.content.len()] {
                entry.extend_from_slice(&(number as u64).to_le_bytes());
            }
            out[HEADER + index * ENTRY..][..ENTRY].copy_from_slice(&entry);
            out.extend_from_slice(&section.content);
        }
        let hash = Sha256::digest(&out[HEADER..]);
        out[..8].copy_from_slice(MAGIC);
        out[8..12].copy_from_slice(&VERSION.to_le_bytes());
        out[12..16].copy_from_slice(&(self.sections.len() as u32).to_le_bytes());
        out[16..HEADER].copy_from_slice(&hash);
        out
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::file::File;

    #[test]
    fn what_is_written_is_read() {
        let mut writer = Writer::default();
        writer.about(&[("kind", "test"), ("title", "of two words")]).unwrap();
        writer.f32("head", &[1.0, -2.5, 3.0, 4.0], 2).unwrap();
        writer.rows("words", &[1.0, -127.0, 0.0, 0.0, 0.5, 0.25], 2).unwrap();
        let weight: Vec<f32> = (0..64).map(|at| at as f32 - 32.0).collect();
        writer.linear("layer", &weight, &[0.0; 16]).unwrap();
        let file = File::open(Arc::new(writer.finish())).unwrap();
        file.verify().unwrap();
        assert_eq!(file.about().collect::<Vec<_>>(), [("kind", "test"), ("title", "of two words")]);
        let head = file.tensor("head").unwrap();
        assert_eq!((head.rows, head.cols, head.values.as_slice()), (2, 2, [1.0, -2.5, 3.0, 4.0].as_slice()));
        let words = file.whole("words", Kind::Rows).unwrap();
        assert_eq!(words.bytes(), [1, (-127_i8).cast_unsigned(), 0, 0, 127, 64]);
        assert_eq!(file.vector("words.scale", 3).unwrap(), [1.0, 0.0, 0.5 / 127.0]);
        let layer = file.whole("layer.weight", Kind::Panels).unwrap();
        assert_eq!((layer.rows, layer.cols), (16, 4));
        // The last output's inputs, 28 to 31, by their greatest.
        assert_eq!(layer.bytes()[60..], [115, 119, 123, 127]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut writer = Writer::default();
        assert_eq!(writer.f32("a", &[f32::NAN], 1).unwrap_err().what, "holds values that are no numbers");
        assert!(writer.f32("a", &[1.0; 3], 2).is_err());
        assert!(writer.f32("a", &[], 0).is_err());
        assert!(writer.linear("a", &[1.0; 60], &[1.0; 15]).is_err());
        assert!(writer.linear("a", &[], &[]).is_err());
        assert!(writer.text(&"a".repeat(49), "").is_err());
        writer.text("a", "").unwrap();
        assert_eq!(writer.text("a", "").unwrap_err().to_string(), "`a`: stands there already");
    }
}
