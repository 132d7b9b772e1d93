/*! A small text encoder: word pieces in, a vector for each out.

It is the encoder of BERT (Devlin et al. 2019) in the size of MiniLM (Wang et al. 2020; 6 layers of 384), with weights and
activations in eight bits: weights by output channel, activations by row as they come. What has fractions (norms,
attention, GELU) is 32 bits wide. The arithmetic comes in three ways, for AVX-512, for AVX2 and for any machine, which give the
same bits ([`lanes`]); a sequence's vectors do not depend on what it is encoded beside.

```text
words ──► Tokenizer ──► ids ──► Encoder::encode ──► Hidden ──► Head::apply
```

The weights are two files ([`file`]): the base (word embeddings and vocabulary of the published model, built at set-up) and
our own (what training changed, and the heads). Like the rest of the core this does no I/O: the bytes are passed in.
*/

pub mod builder;
pub mod file;
mod head;
mod lanes;
mod layer;
mod tokenizer;

pub use file::{Bytes, File, Tensor};
pub use head::Head;
pub use lanes::Path;
pub use tokenizer::Tokenizer;

use file::{Kind, Whole};
use lanes::{Multiply, Product, STRIP};
use layer::{Attend, HEAD, Norm, Round, padded, room};

/// Why there is no encoder, or why it will not encode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Another kind of file.
    #[error("not a file of the encoder: it does not begin with WATCHENC")]
    NotOurs,
    /// A file of another program.
    #[error("file of version {found}, expected {}", file::VERSION)]
    Version {
        /// Its version.
        found: u32,
    },
    /// Cut short, or entries that point outside.
    #[error("damaged file: its table of sections does not hold")]
    Table,
    /// The content is not what was written.
    #[error("damaged file: its content does not have the SHA-256 that its header gives")]
    Hash,
    /// Something is not there, or has another shape.
    #[error("damaged file: `{0}` is missing or has another shape than expected")]
    Missing(String),
    /// The base is not the one that our own part was trained on.
    #[error("the base has the SHA-256 {found}, and these weights were trained on {expected}")]
    OtherBase {
        /// What our own part names.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A sequence that is longer than the positions that the encoder knows.
    #[error("a sequence of {found} word pieces, expected at most {most}")]
    TooLong {
        /// Its length.
        found: usize,
        /// The most.
        most: usize,
    },
    /// A number that no word piece has.
    #[error("no word piece has the number {0}")]
    NoPiece(u32),
}

/// The most that a dimension may be: far above any model of this kind, and low enough that no product overflows.
const MOST: usize = 1 << 14;
/// Rows that go through the layers together, so that scratch space stays in a processor's second cache.
const GROUP: usize = 256;
/// Rows that go through the wide middle of a layer together: six divides it, as many as are multiplied at once.
const BLOCK: usize = 48;

/// A linear layer in whole numbers.
#[derive(Clone)]
struct Linear {
    weight: Whole,
    scale: Vec<f32>,
    bias: Vec<f32>,
    corrections: Vec<i32>,
}

impl Linear {
    fn read(file: &File, name: &str, outputs: usize, inputs: usize) -> Result<Self, Error> {
        let of = |part: &str| format!("{name}.{part}");
        let weight = file.whole(&of("weight"), Kind::Panels)?;
        if (weight.rows, weight.cols) != (outputs, inputs) {
            return Err(Error::Missing(of("weight")));
        }
        let mut corrections = Vec::with_capacity(outputs);
        for panel in weight.bytes().chunks_exact(lanes::LANES * inputs) {
            // Byte by byte of a line, which any machine does quickly; then the four of each output.
            let mut sums = [0_i32; 4 * lanes::LANES];
            for line in panel.as_chunks::<{ 4 * lanes::LANES }>().0 {
                for (sum, byte) in sums.iter_mut().zip(line) {
                    *sum += i32::from(byte.cast_signed());
                }
            }
            corrections.extend(sums.chunks_exact(4).map(|four| 128 * four.iter().sum::<i32>()));
        }
        Ok(Self {
            weight,
            scale: file.vector(&of("scale"), outputs)?,
            bias: file.vector(&of("bias"), outputs)?,
            corrections,
        })
    }

    /// Its product with rows that have been rounded.
    fn multiply(&self, path: Path, rows: &[u8], row_scales: &[f32], out: &mut [f32]) {
        let job = Multiply {
            inputs: self.weight.cols,
            outputs: self.weight.rows,
            rows,
            row_scales,
            weights: self.weight.bytes(),
            scales: &self.scale,
            corrections: &self.corrections,
            bias: &self.bias,
        };
        path.run(Product { job, out });
    }
}

/// What a norm scales and shifts by.
#[derive(Clone)]
struct Affine {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Affine {
    fn read(file: &File, name: &str, width: usize) -> Result<Self, Error> {
        let of = |part: &str| file.vector(&format!("{name}.{part}"), width);
        Ok(Self { weight: of("weight")?, bias: of("bias")? })
    }
}

#[derive(Clone)]
struct Layer {
    qkv: Linear,
    mix: Linear,
    norm1: Affine,
    up: Linear,
    down: Linear,
    norm2: Affine,
}

/// An encoder, ready to encode. Cloning it copies scales, biases and positions; the weights are shared.
#[derive(Clone)]
pub struct Encoder {
    base: File,
    own: File,
    path: Path,
    hidden: usize,
    inner: usize,
    epsilon: f32,
    words: Whole,
    word_scales: Vec<f32>,
    positions: Tensor,
    norm: Affine,
    layers: Vec<Layer>,
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder")
            .field("words", &self.words.rows)
            .field("hidden", &self.hidden)
            .field("layers", &self.layers.len())
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// Room to work in, kept from one call to the next.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    rows: Vec<f32>,
    rounded: Vec<u8>,
    scales: Vec<f32>,
    qkv: Vec<f32>,
    mixed: Vec<f32>,
    inner: Vec<f32>,
    inner_rounded: Vec<u8>,
    inner_scales: Vec<f32>,
    keys: Vec<f32>,
    scores: Vec<f32>,
}

/// The vectors of sequences, one for each word piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Hidden {
    width: usize,
    /// Where the rows of each sequence begin, and where the last ends.
    starts: Vec<usize>,
    values: Vec<f32>,
}

impl Hidden {
    /// Numbers of a vector.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many sequences there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The vectors of a sequence, one after the other; nothing for a sequence that is not there.
    #[must_use]
    pub fn sequence(&self, index: usize) -> &[f32] {
        let rows = self.starts.get(index).zip(self.starts.get(index + 1));
        rows.and_then(|(&start, &end)| self.values.get(start * self.width..end * self.width)).unwrap_or(&[])
    }

    /// The vector of one word piece of a sequence.
    #[must_use]
    pub fn row(&self, sequence: usize, piece: usize) -> Option<&[f32]> {
        self.sequence(sequence).chunks_exact(self.width).nth(piece)
    }

    /// All vectors of all sequences, one after the other.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

impl Encoder {
    /// An encoder of its two files. Weights stay in the bytes; what is read of them is the table and, once over, the sums of
    /// weights. Whether the bytes are what was written is for [`Encoder::verify`].
    ///
    /// # Errors
    /// Where one is damaged, or they do not belong together.
    pub fn from_bytes(base: Bytes, own: Bytes) -> Result<Self, Error> {
        let (base, own) = (File::open(base)?, File::open(own)?);
        let (expected, found) = (own.said::<String>("base")?, base.hash());
        if expected != found {
            return Err(Error::OtherBase { expected, found });
        }
        let hidden: usize = own.said("hidden")?;
        let inner: usize = own.said("inner")?;
        let count: usize = own.said("layers")?;
        let epsilon: f32 = own.said("epsilon")?;
        let dimension = |value: usize| (1..=MOST).contains(&value) && value.is_multiple_of(STRIP);
        if !dimension(hidden) || own.said::<usize>("heads")? * HEAD != hidden {
            return Err(Error::Missing("hidden".to_owned()));
        }
        if !dimension(inner) {
            return Err(Error::Missing("inner".to_owned()));
        }
        if !(epsilon > 0.0 && epsilon < 1.0) {
            return Err(Error::Missing("epsilon".to_owned()));
        }
        let words = base.whole("words", Kind::Rows)?;
        if words.cols != hidden {
            return Err(Error::Missing("words".to_owned()));
        }
        let word_scales = base.vector("words.scale", words.rows)?;
        let positions = own.tensor("positions").filter(|tensor| tensor.cols == hidden);
        let positions = positions.ok_or_else(|| Error::Missing("positions".to_owned()))?;
        if positions.rows != own.said::<usize>("positions")? || !(1..=GROUP).contains(&positions.rows) {
            return Err(Error::Missing("positions".to_owned()));
        }
        let mut layers = Vec::new();
        for layer in 0..count {
            let of = |part: &str| format!("layer.{layer}.{part}");
            layers.push(Layer {
                qkv: Linear::read(&own, &of("qkv"), 3 * hidden, hidden)?,
                mix: Linear::read(&own, &of("mix"), hidden, hidden)?,
                norm1: Affine::read(&own, &of("norm1"), hidden)?,
                up: Linear::read(&own, &of("up"), inner, hidden)?,
                down: Linear::read(&own, &of("down"), hidden, inner)?,
                norm2: Affine::read(&own, &of("norm2"), hidden)?,
            });
        }
        Ok(Self {
            norm: Affine::read(&own, "norm", hidden)?,
            base,
            own,
            path: Path::best(),
            hidden,
            inner,
            epsilon,
            words,
            word_scales,
            positions,
            layers,
        })
    }

    /// Does its arithmetic in another way than this machine's fastest; for measuring and testing.
    #[must_use]
    pub fn with_path(self, path: Path) -> Self {
        Self { path, ..self }
    }

    /// How its arithmetic is done.
    #[must_use]
    pub fn path(&self) -> Path {
        self.path
    }

    /// Reads both files whole and compares their hashes.
    ///
    /// # Errors
    /// Where one differs.
    pub fn verify(&self) -> Result<(), Error> {
        self.base.verify().and_then(|()| self.own.verify())
    }

    /// The file of word embeddings and vocabulary.
    #[must_use]
    pub fn base(&self) -> &File {
        &self.base
    }

    /// The file of what was trained: its tensors, and what it says of itself.
    #[must_use]
    pub fn own(&self) -> &File {
        &self.own
    }

    /// What the trainer wrote beside the weights: JSON.
    #[must_use]
    pub fn meta(&self) -> &str {
        self.own.text("meta").unwrap_or("")
    }

    /// A tensor that stands beside the encoder.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<Tensor> {
        self.own.tensor(name)
    }

    /// A head that stands beside the encoder.
    ///
    /// # Errors
    /// Where it is missing.
    pub fn head(&self, name: &str) -> Result<Head, Error> {
        Head::read(&self.own, name)
    }

    /// The tokenizer of the base's vocabulary.
    ///
    /// # Errors
    /// Where the base has none, or not one word piece for each vector.
    pub fn tokenizer(&self) -> Result<Tokenizer, Error> {
        let tokenizer = Tokenizer::read(&self.base)?;
        let fits = tokenizer.len() == self.words.rows;
        fits.then_some(tokenizer).ok_or_else(|| Error::Missing("vocabulary".to_owned()))
    }

    /// Numbers of a vector.
    #[must_use]
    pub fn width(&self) -> usize {
        self.hidden
    }

    /// The longest sequence, first and last piece included.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.positions.rows
    }

    /// The vectors of sequences of word pieces, each with its first (`[CLS]`) and last (`[SEP]`) piece. Any number of sequences:
    /// they go through the layers in groups, and room to work in stays small.
    ///
    /// # Errors
    /// Where a sequence is longer than [`Encoder::longest`], or holds a number that no word piece has.
    pub fn encode(&self, scratch: &mut Scratch, sequences: &[&[u32]]) -> Result<Hidden, Error> {
        let most = self.longest();
        let mut starts = Vec::with_capacity(sequences.len() + 1);
        let mut total = 0;
        for sequence in sequences {
            if sequence.len() > most {
                return Err(Error::TooLong { found: sequence.len(), most });
            }
            if let Some(&id) = sequence.iter().find(|&&id| id as usize >= self.words.rows) {
                return Err(Error::NoPiece(id));
            }
            starts.push(total);
            total += sequence.len();
        }
        starts.push(total);
        let mut values = vec![0.0; total * self.hidden];
        scratch.fit(self);
        let mut first = 0;
        while first < sequences.len() {
            // At least one sequence, since none is longer than a group.
            let fits = starts[first + 1..].partition_point(|end| end - starts[first] <= GROUP);
            let group = &starts[first..=first + fits];
            let lengths = group.windows(2).map(|pair| pair[1] - pair[0]);
            let ids = sequences[first..first + fits].iter().flat_map(|sequence| sequence.iter().enumerate());
            let rows = group[0] * self.hidden..group[fits] * self.hidden;
            self.through(scratch, ids, lengths, &mut values[rows]);
            first += fits;
        }
        Ok(Hidden { width: self.hidden, starts, values })
    }

    /// One group through all layers, in place.
    fn through<'a>(
        &self,
        scratch: &mut Scratch,
        ids: impl Iterator<Item = (usize, &'a u32)>,
        lengths: impl Iterator<Item = usize> + Clone,
        rows: &mut [f32],
    ) {
        let (hidden, path) = (self.hidden, self.path);
        let count = rows.len() / hidden;
        let vectors = self.words.bytes();
        for ((position, &id), row) in ids.zip(rows.chunks_exact_mut(hidden)) {
            let scale = self.word_scales[id as usize];
            let word = &vectors[id as usize * hidden..][..hidden];
            let place = &self.positions.values[position * hidden..][..hidden];
            for ((value, word), place) in row.iter_mut().zip(word).zip(place) {
                *value = f32::from(word.cast_signed()) * scale + place;
            }
        }
        let epsilon = self.epsilon;
        path.run(Norm { rows, added: &[], weight: &self.norm.weight, bias: &self.norm.bias, epsilon });
        for layer in &self.layers {
            let Scratch {
                rows: made,
                rounded,
                scales,
                qkv,
                mixed,
                inner,
                inner_rounded,
                inner_scales,
                keys,
                scores,
            } = &mut *scratch;
            let (made, mixed) = (&mut made[..count * hidden], &mut mixed[..count * hidden]);
            let (rounded, scales) = (&mut rounded[..count * hidden], &mut scales[..count]);
            let qkv = &mut qkv[..count * 3 * hidden];

            path.run(Round { width: hidden, gelu: false, values: rows, rounded, scales });
            layer.qkv.multiply(path, rounded, scales, qkv);
            let mut start = 0;
            for length in lengths.clone() {
                let end = start + length;
                let (keys, scores) = (&mut keys[..room(length).0], &mut scores[..room(length).1]);
                let qkv = &qkv[start * 3 * hidden..end * 3 * hidden];
                let mixed = &mut mixed[start * hidden..end * hidden];
                path.run(Attend { hidden, qkv, mixed, keys, scores });
                start = end;
            }
            path.run(Round { width: hidden, gelu: false, values: mixed, rounded, scales });
            layer.mix.multiply(path, rounded, scales, made);
            let Affine { weight, bias } = &layer.norm1;
            path.run(Norm { rows, added: made, weight, bias, epsilon });

            path.run(Round { width: hidden, gelu: false, values: rows, rounded, scales });
            for start in (0..count).step_by(BLOCK) {
                let end = count.min(start + BLOCK);
                let inner = &mut inner[..(end - start) * self.inner];
                let inner_rounded = &mut inner_rounded[..(end - start) * self.inner];
                let inner_scales = &mut inner_scales[..end - start];
                let rounded = &rounded[start * hidden..end * hidden];
                layer.up.multiply(path, rounded, &scales[start..end], inner);
                path.run(Round {
                    width: self.inner,
                    gelu: true,
                    values: inner,
                    rounded: inner_rounded,
                    scales: inner_scales,
                });
                let made = &mut made[start * hidden..end * hidden];
                layer.down.multiply(path, inner_rounded, inner_scales, made);
            }
            let Affine { weight, bias } = &layer.norm2;
            path.run(Norm { rows, added: made, weight, bias, epsilon });
        }
    }
}

impl Scratch {
    /// Makes room for the largest group of an encoder.
    fn fit(&mut self, encoder: &Encoder) {
        let (hidden, inner) = (encoder.hidden, encoder.inner);
        let (keys, scores) = room(padded(GROUP));
        self.rows.resize(GROUP * hidden, 0.0);
        self.rounded.resize(GROUP * hidden, 0);
        self.scales.resize(GROUP, 0.0);
        self.qkv.resize(GROUP * 3 * hidden, 0.0);
        self.mixed.resize(GROUP * hidden, 0.0);
        self.inner.resize(BLOCK * inner, 0.0);
        self.inner_rounded.resize(BLOCK * inner, 0);
        self.inner_scales.resize(BLOCK, 0.0);
        self.keys.resize(keys, 0.0);
        self.scores.resize(scores, 0.0);
    }
}
