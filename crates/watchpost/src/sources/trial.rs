//! `watchpost sources try`: what would be found, and nothing kept.

use std::convert::Infallible;

use fetch::{Desk, Done, Due, Fetched, Settings, Stop, SystemClock};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use record::{HostState, Source, SourceItem, SourceState, SourceType, TextFrom, TextOrigin};

use super::manage::{address, find};
use crate::cli::sources::TryArgs;
use crate::code::Outcome;
use crate::desk::project::Project;
use crate::say;
use crate::table::plain;
use ::desk::sources::name_of;

/// Characters of a text that are shown.
const SHOWN: usize = 160;

/// Remembers nothing.
#[derive(Default)]
struct Blank {
    reports: Vec<Fetched>,
    done: Vec<Done>,
}

impl Desk for Blank {
    type Error = Infallible;

    fn known(&mut self, _: &str, keys: &[String]) -> Result<Vec<Option<SourceItem>>, Infallible> {
        // As if its lists had been looked at before: so that what gives no day is read too.
        let met = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let list =
            |key: &String| SourceItem { key: key.clone(), met, waiting: None, changed: None, reads: 0 };
        Ok(keys.iter().map(|key| fetch::item::is_list(key).then(|| list(key))).collect())
    }

    fn waiting(&mut self, _: &str, _: usize) -> Result<Vec<SourceItem>, Infallible> {
        Ok(Vec::new())
    }

    fn host(&mut self, _: &str) -> Result<HostState, Infallible> {
        Ok(HostState::default())
    }

    fn keep_host(&mut self, _: &str, _: &HostState) -> Result<(), Infallible> {
        Ok(())
    }

    fn take(&mut self, fetched: Fetched) -> Result<(), Infallible> {
        self.reports.push(fetched);
        Ok(())
    }

    fn done(&mut self, done: Done) -> Result<(), Infallible> {
        self.done.push(done);
        Ok(())
    }
}

/// Runs the command.
pub(super) fn run(args: &TryArgs) -> anyhow::Result<Outcome> {
    let project = Project::find(&args.project)?;
    let all = project.store()?.sources()?;
    let source = match find(&all, &args.source) {
        Ok((source, _)) => source,
        Err(_) if args.source.contains("://") => {
            let url = address(&args.source)?;
            Source {
                id: fetch::source_id(&url),
                name: name_of(&url),
                page: None,
                folder: Vec::new(),
                kind: SourceType::Auto,
                text: TextFrom::Page,
                publisher: None,
                language: None,
                every: None,
                added: Timestamp::now(),
                paused: None,
                url,
            }
        }
        Err(error) => return Err(error),
    };
    let settings = Settings { max_items: args.items, ..project.fetch().clone() };
    let mut blank = Blank::default();
    let state = SourceState { begun: true, ..SourceState::default() };
    let due = vec![Due { source, state }];
    let Ok(()) = fetch::round(due, &settings, &SystemClock::default(), &Stop::default(), 0, &mut blank);
    let Some(done) = blank.done.pop() else { return Ok(Outcome::SomeUnread) };
    for note in &done.notes {
        say::note(note, None);
    }
    if let Some(failure) = &done.failure {
        say::note(&failure.error, Some(&failure.hint));
        return Ok(Outcome::SomeUnread);
    }
    let waiting = done.items.iter().filter(|item| item.waiting.is_some()).count();
    let listed =
        usize::try_from(done.day.new + done.day.refused).unwrap_or(usize::MAX).saturating_add(waiting);
    let mut out = format!(
        "{}: {}\n{listed} {}, of which {} read and {} refused\n",
        done.state.kind.unwrap_or_default().as_str(),
        plain(done.state.title.as_deref().unwrap_or("(without a title)")),
        if listed == 1 { "item" } else { "items" },
        done.day.new,
        done.day.refused
    );
    for Fetched { report, notes, .. } in &blank.reports {
        out.push('\n');
        let day = report.published.map_or_else(|| "no day".to_owned(), |day| day.to_string());
        let whose = report.publisher.as_deref().unwrap_or("no publisher");
        let from = if report.text_from == Some(TextOrigin::Feed) { " · the feed's own text" } else { "" };
        let mut begin: String = report.text.chars().take(SHOWN).collect();
        if report.text.chars().count() > SHOWN {
            begin.push('…');
        }
        let lines = [
            plain(report.title.as_deref().unwrap_or("(without a headline)")),
            format!("  {day} · {} · {} characters{from}", plain(whose), report.text.chars().count()),
            format!("  {}", plain(report.url.as_deref().unwrap_or_default())),
            format!("  {}", plain(&begin.split_whitespace().collect::<Vec<_>>().join(" "))),
        ];
        for line in lines {
            out.push_str(&line);
            out.push('\n');
        }
        for note in notes {
            out.push_str(&format!("  note: {}\n", plain(note)));
        }
    }
    crate::output::print(out.as_bytes())?;
    Ok(Outcome::Fine)
}
