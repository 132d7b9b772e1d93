//! The coder with the tables that the program carries and the packs that it finds.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use anyhow::Context as _;
use coder::{Coder, Knowledge, Tables};
use record::country::Countries;
use record::crosswalk::Crosswalk;
use sha2::{Digest, Sha256};
use who::Registry;

use crate::own::{self, Own};
use crate::packs::{self, Pack};

/// What to do where no pack is found.
pub(crate) const NO_PACK_HINT: &str =
    "build the gazetteer once with scripts/setup-packs, or name its folder with --packs DIR";

/// A table or model that the program carries.
pub(crate) struct Carried {
    /// Its file in the source tree.
    pub(crate) file: &'static str,
    /// Its bytes.
    pub(crate) bytes: &'static [u8],
}

/// Everything that the program carries, in the order in which the coder's own hash takes it.
pub(crate) const CARRIED: &[Carried] = &[
    Carried { file: "knowledge/countries.tsv", bytes: knowledge::COUNTRIES.as_bytes() },
    Carried { file: "knowledge/actors.tsv", bytes: knowledge::ACTORS.as_bytes() },
    Carried { file: "knowledge/actor-ties.tsv", bytes: knowledge::ACTOR_TIES.as_bytes() },
    Carried { file: "knowledge/actor-usage.tsv", bytes: knowledge::ACTOR_USAGE.as_bytes() },
    Carried { file: "knowledge/roles.tsv", bytes: knowledge::ROLES.as_bytes() },
    Carried { file: "knowledge/places.tsv", bytes: knowledge::PLACES.as_bytes() },
    Carried { file: "knowledge/local-places.tsv", bytes: knowledge::LOCAL_PLACES.as_bytes() },
    Carried { file: "knowledge/fought-over.tsv", bytes: knowledge::FOUGHT_OVER.as_bytes() },
    Carried { file: "knowledge/frames.tsv", bytes: knowledge::FRAMES.as_bytes() },
    Carried { file: "knowledge/objects.tsv", bytes: knowledge::OBJECTS.as_bytes() },
    Carried { file: "knowledge/weapons.tsv", bytes: knowledge::WEAPONS.as_bytes() },
    Carried { file: "knowledge/cues.tsv", bytes: knowledge::CUES.as_bytes() },
    Carried { file: "knowledge/statements.tsv", bytes: knowledge::STATEMENTS.as_bytes() },
    Carried { file: "knowledge/crosswalk.tsv", bytes: knowledge::CROSSWALK.as_bytes() },
    Carried { file: "knowledge/event-places.tsv", bytes: knowledge::EVENT_PLACES.as_bytes() },
    Carried { file: "knowledge/confidence.tsv", bytes: knowledge::CONFIDENCE.as_bytes() },
    Carried { file: "knowledge/place-words.tsv", bytes: whereabouts::WORDS.as_bytes() },
    Carried { file: "models/syntax.bin", bytes: knowledge::SYNTAX_MODEL },
];

/// Hexadecimal SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One hash over all that the program carries: two programs with the same one read alike, packs apart. It is taken as the
/// coder takes the one that stands in every coded document, without loading anything; a test holds the two together.
pub(crate) fn knowledge_hash() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| {
        let mut hasher = Sha256::new();
        for carried in CARRIED {
            hasher.update(carried.bytes);
            if carried.file.ends_with(".tsv") {
                hasher.update([0]);
            }
        }
        hasher.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    });
    &HASH
}

/// `--version`.
pub(crate) fn version() -> String {
    format!("{} (knowledge {})", env!("CARGO_PKG_VERSION"), knowledge_hash())
}

/// The tables, with these packs and the user's tables of actors.
pub(crate) fn tables(packs: &[Pack], own: &[Own]) -> Tables<'static> {
    Tables {
        packs: packs.iter().map(|pack| pack.bytes.clone()).collect(),
        own_actors: own.iter().map(|own| own.text.clone()).collect(),
        ..knowledge::carried!(Tables)
    }
}

/// The registry that the program carries, without the user's tables.
pub(crate) fn registry() -> anyhow::Result<Registry> {
    let countries = countries()?;
    Registry::new(knowledge::ACTORS, knowledge::ROLES, &countries)
        .and_then(|registry| registry.with_ties(knowledge::ACTOR_TIES))
        .and_then(|registry| registry.with_usage(knowledge::ACTOR_USAGE))
        .context("the tables of actors cannot be read")
}

/// The packs that are found, each told to be one that can be used. Without one places have no coordinates; that is said once.
pub(crate) fn packs(named: Option<&Path>) -> anyhow::Result<Vec<Pack>> {
    let packs = packs::find(named).map_err(|error| error.context(format!("hint: {NO_PACK_HINT}")))?;
    if packs.is_empty() {
        let place = named.map_or_else(String::new, |folder| format!(" in {}", folder.display()));
        let note = format!("no gazetteer pack was found{place}; places will have no coordinates");
        crate::say::note(&note, Some(NO_PACK_HINT));
    }
    for pack in &packs {
        // Named here, by its file; the coder knows packs only by their bytes.
        whereabouts::Pack::open(pack.bytes.clone())
            .with_context(|| format!("{}: the pack cannot be used", pack.path.display()))
            .map_err(|error| error.context(format!("hint: {NO_PACK_HINT}")))?;
    }
    Ok(packs)
}

/// The coder, with the learned reader where it is to read deeply.
pub(crate) fn coder(named: Option<&Path>, actors: Option<&Path>, deep: bool) -> anyhow::Result<Arc<Coder>> {
    let own = own::find(actors)?;
    own::check(&own)?;
    let packs = packs(named)?;
    let learned = deep.then(|| learned(named)).transpose()?;
    let knowledge = Knowledge::load(&Tables { learned, ..tables(&packs, &own) })
        .context("the knowledge tables cannot be loaded")?;
    Ok(Arc::new(Coder::new(knowledge)))
}

/// The learned reader's weights: the base that set-up builds, and those that the program carries.
pub(crate) fn learned(named: Option<&Path>) -> anyhow::Result<(packs::Bytes, packs::Bytes)> {
    let Some(path) = packs::encoder_base(named) else {
        let looked: Vec<String> =
            packs::folders(named).iter().map(|folder| folder.display().to_string()).collect();
        anyhow::bail!(
            "the learned reader has no {} in {}\nhint: build it once with scripts/setup-packs, or read with --reader fast",
            watchpost_pack::encoder::FILE,
            looked.join(", ")
        );
    };
    let base = watchpost_pack::encoder::open(&path)?;
    Ok((base, Arc::new(knowledge::READER_MODEL)))
}

/// The countries, for names in tables.
pub(crate) fn countries() -> anyhow::Result<Countries> {
    Countries::from_table(knowledge::COUNTRIES).context("knowledge/countries.tsv cannot be read")
}

/// The crosswalk, for derived columns.
pub(crate) fn crosswalk() -> anyhow::Result<Crosswalk> {
    Crosswalk::from_table(knowledge::CROSSWALK).context("knowledge/crosswalk.tsv cannot be read")
}
