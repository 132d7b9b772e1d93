//! The commands that work on a project: its store, and what is put into it and asked of it.

mod decide;
pub(crate) mod demo;
mod export;
mod import;
pub(crate) mod ingest;
pub(crate) mod intake;
mod keep;
pub(crate) mod list;
pub(crate) mod project;
mod serve;
mod show;
pub(crate) mod situations;
mod statements;

pub(crate) use decide::run as decide;
pub(crate) use demo::run as demo;
pub(crate) use export::run as export;
pub(crate) use import::run as import;
pub(crate) use ingest::run as ingest;
pub(crate) use keep::{backup, changes, restore, verify};
pub(crate) use list::{incidents, log, search};
pub(crate) use project::init;
pub(crate) use serve::run as serve;
pub(crate) use show::run as show;
pub(crate) use situations::run as situations;
pub(crate) use statements::run as statements;
