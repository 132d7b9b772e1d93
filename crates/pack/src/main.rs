/*! Builds the default gazetteer pack from packages of public registries.

`watchpost-pack build --packages DIR --out FILE` reads the archives that `scripts/fetch-packages` keeps in `DIR`. An operator's
own tables become packs with `watchpost gazetteer import`.
*/

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
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
        Command::Show { pack } => {
            let bytes = std::fs::read(&pack).with_context(|| format!("reading {}", pack.display()))?;
            let pack = Pack::open(std::sync::Arc::new(bytes))?;
            pack.verify()?;
            show(&pack)
        }
    }
}
