//! `watchpost ingest --sources`: one round over what is due; `watchpost run`: one after another, until it is told to end.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use fetch::{Clock as _, Due, Settings, Stop, SystemClock, schedule};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use signal_hook::consts::{SIGINT, SIGTERM};

use super::pipeline::Pipeline;
use crate::cli::ReadingArgs;
use crate::cli::project::{IngestArgs, IngestFormat, ProjectArgs};
use crate::cli::sources::RunArgs;
use crate::code::Outcome;
use crate::desk::intake::Intake;
use crate::desk::project::{Project, machine, tables};
use crate::desk::situations;
use crate::reading::Reading;
use crate::table::plain;
use crate::{output, say};

/// How often the loop looks whether sources were added or resumed.
const LOOK: Duration = Duration::from_secs(15);

/// Reports of a transaction at most, in the loop: what `ingest` takes by default.
const BATCH: u16 = 200;

/// How long the loop waits after the store could not be used.
const AFTER_TROUBLE: Duration = Duration::from_secs(60);

/// Who fetches, and into what.
struct Running {
    pipeline: Pipeline,
    settings: Settings,
    clock: SystemClock,
    stop: Stop,
    reading: Reading,
    watch: lookout::WatchSettings,
    /// The log's end and the day at which the watch has judged last.
    judged: Option<(u64, Date)>,
    /// When it may judge again: so that a large store is not judged all the time.
    rested: Timestamp,
    /// Whether situations are written as JSON lines.
    told: bool,
}

impl Running {
    fn new(
        project: &ProjectArgs,
        reading: &ReadingArgs,
        to: Option<IngestFormat>,
        most: u16,
        packs: Option<&Path>,
        actors: Option<&Path>,
        jobs: Option<u16>,
    ) -> anyhow::Result<Self> {
        let project = Project::find(project)?;
        let reading = Reading::new(&project.reading(reading)?, packs, actors)?;
        let collection = project.collection(&mut |_| ())?;
        let (intake, readier) =
            Intake::new(collection, usize::from(most), reading.clone(), tables()?, project.privacy());
        let stop = Stop::default();
        for signal in [SIGTERM, SIGINT] {
            // The first is taken for "finish what is in hand", a second for "now".
            signal_hook::flag::register_conditional_shutdown(signal, 130, stop.flag())
                .and_then(|_| signal_hook::flag::register(signal, stop.flag()))
                .context("the signals to end cannot be listened for")?;
        }
        Ok(Self {
            pipeline: Pipeline::new(intake, readier, reading.workers(jobs), to),
            settings: project.fetch().clone(),
            clock: SystemClock::default(),
            stop,
            reading,
            watch: project.watch().clone(),
            judged: None,
            rested: Timestamp::UNIX_EPOCH,
            told: false,
        })
    }

    /// The watch judges what is there now, where anything is new or the day is; what opens or grows is said.
    fn judge(&mut self) -> anyhow::Result<()> {
        let begun = self.clock.now();
        let today = begun.to_zoned(TimeZone::UTC).date();
        let head = self.pipeline.store().head()?.seq;
        if self.judged == Some((head, today)) || begun < self.rested {
            return Ok(());
        }
        if self.judged.is_none_or(|(_, day)| day != today) {
            // What is known first of periods that forecasts were issued for is written down.
            lookout::issue::score(self.pipeline.store(), &machine("forecast"))?;
        }
        let judged = situations::judge(self.pipeline.store(), &self.watch, None)?;
        self.judged = Some((head, today));
        // A tenth of the time at most.
        let ended = self.clock.now();
        self.rested = ended.checked_add(ended.duration_since(begun) * 9).unwrap_or(ended);
        let Some((_, round)) = judged else { return Ok(()) };
        for situation in round.news(today) {
            say::line(&format!(
                "situation {} {}: {}",
                situation.id,
                situation.state.as_str(),
                plain(&situation.says)
            ));
            if self.told {
                let mut line = serde_json::to_vec(situation)?;
                line.push(b'\n');
                output::print(&line)?;
            }
        }
        Ok(())
    }

    /// The sources that are due, or all that are not paused; and when the next one is.
    fn due(&mut self, all: bool) -> anyhow::Result<(Vec<Due>, Option<Timestamp>)> {
        let now = self.clock.now();
        let sources = self.pipeline.store().sources()?;
        let next = sources
            .iter()
            .filter(|(source, _)| source.paused.is_none())
            .filter_map(|(_, state)| state.next_try)
            .filter(|next| *next > now)
            .min();
        let due = sources
            .into_iter()
            .filter(
                |(source, state)| {
                    if all { source.paused.is_none() } else { schedule::is_due(source, state, now) }
                },
            )
            .map(|(source, state)| Due { source, state })
            .collect();
        Ok((due, next))
    }

    /// One round.
    fn round(&mut self, due: Vec<Due>) -> anyhow::Result<()> {
        self.pipeline.begin(&due);
        // Another seed each round: those that failed together drift apart.
        let seed = self.clock.now().as_nanosecond().unsigned_abs() as u64 ^ u64::from(std::process::id());
        fetch::round(due, &self.settings, &self.clock, &self.stop, seed, &mut self.pipeline)?;
        self.pipeline.end()
    }

    fn outcome(&self) -> Outcome {
        if self.pipeline.failed + self.pipeline.unread_count == 0 {
            Outcome::Fine
        } else {
            Outcome::SomeUnread
        }
    }

    fn summary(&self) {
        self.reading.summary();
        say::line(&self.pipeline.sum().told(self.pipeline.unread_count));
    }

    /// One round over what is due.
    fn once(&mut self, all: bool) -> anyhow::Result<Outcome> {
        let (due, next) = self.due(all)?;
        if due.is_empty() {
            let any = !self.pipeline.store().sources()?.is_empty();
            say::note(
                &match next {
                    Some(next) => format!("nothing is due before {}", schedule::shown(next)),
                    None if any => "nothing is due: all sources are paused".to_owned(),
                    None => "there are no sources".to_owned(),
                },
                Some(if any {
                    "`watchpost ingest --sources --all` fetches all the same; `watchpost sources list` says how they are"
                } else {
                    "add one with `watchpost sources add URL`, or a list with `watchpost sources import FILE`"
                }),
            );
            return Ok(Outcome::Fine);
        }
        self.round(due)?;
        self.summary();
        Ok(self.outcome())
    }
}

/// Runs `watchpost ingest --sources`.
pub(crate) fn ingest(
    args: &IngestArgs,
    packs: Option<&Path>,
    actors: Option<&Path>,
) -> anyhow::Result<Outcome> {
    Running::new(&args.project, &args.reading, args.to, args.at_a_time, packs, actors, args.batch.jobs)?
        .once(args.all)
}

/// Runs `watchpost run`.
pub(crate) fn run(args: &RunArgs, packs: Option<&Path>, actors: Option<&Path>) -> anyhow::Result<Outcome> {
    let mut running = Running::new(&args.project, &args.reading, None, BATCH, packs, actors, None)?;
    if let Some(every) = args.every {
        running.settings.every = every;
    }
    running.told = args.to.is_some();
    if args.once {
        let outcome = running.once(false)?;
        running.judge()?;
        return Ok(outcome);
    }
    say::line("running; SIGTERM or Ctrl-C ends it when what is in hand is done");
    while !running.stop.asked() {
        let worked = running.due(false).and_then(|(due, next)| {
            if !due.is_empty() {
                running.round(due)?;
            }
            running.judge()?;
            Ok(next)
        });
        let wait = match worked {
            Ok(next) => {
                let now = running.clock.now();
                let left = next
                    .map_or(LOOK, |next| Duration::try_from(next.duration_since(now)).unwrap_or_default());
                left.clamp(Duration::from_secs(1), LOOK)
            }
            // The store is busy, full, or its server is away: nothing that was kept is lost, and it may be otherwise soon.
            Err(error) if passes(&error) => {
                say::fatal(&error);
                AFTER_TROUBLE
            }
            Err(error) => return Err(error),
        };
        running.clock.wait(wait, &running.stop);
    }
    running.summary();
    Ok(Outcome::Fine)
}

/// Whether what the store says may be otherwise later.
fn passes(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        matches!(
            cause.downcast_ref(),
            Some(store::Error::Busy { .. } | store::Error::Full { .. } | store::Error::Unavailable { .. })
        )
    })
}
