/*! The day of an event: its own words first, then the day told just before it, then that of the report. */

use jiff::civil::Date;
use record::vocabulary::{DateFrom, DateType, Realis, TimePrecision};
use syntax::Tag;
use text::{SentenceRole, Span};
use when::TimeExpression;

use crate::casualty::RISING;
use crate::draft::{Cluster, Draft, Telling};
use crate::reading::Parsed;
use crate::realis::{dates_noun, nearest_of, nearest_time};
use crate::unit::Unit;

/// What stands in the first sentences is what the report was written for.
pub(crate) const LEAD_SENTENCES: usize = 4;
/// A report of so few sentences has no room for much else.
const SHORT_REPORT: usize = 15;
/// How many sentences a story goes on under the day that it was last told: "On Friday police searched a house. Two men
/// were held."
const SAME_DAY: usize = 3;
/// Days of the shortest and the longest period that a report begins with and goes on to tell of.
const WEEK: i32 = 7;
const MONTH: i32 = 31;
/// Days that a number of weeks, months and years may be off by where somebody counts back in them.
const HALF_A_WEEK: i64 = 3;
const HALF_A_MONTH: i64 = 15;
const HALF_A_YEAR: i64 = 182;
/// Longer periods than a night say too little of when something within them happened.
const DAYS_OF_A_STORY: i32 = 1;

/// When an event was, and why that is thought.
pub(crate) struct Day {
    pub dates: Option<(Date, Date)>,
    pub date_type: DateType,
    pub date_from: DateFrom,
    pub precision: Option<TimePrecision>,
    pub reason: String,
    /// The words that it rests on.
    pub words: Option<Span>,
}

impl Day {
    fn told(expression: &TimeExpression) -> Self {
        let days = expression.interval.map_or(1, |(start, end)| i64::from((end - start).get_days()) + 1);
        Self {
            dates: expression.interval,
            date_type: expression.date_type,
            date_from: expression.date_from,
            precision: Some(expression.precision.unwrap_or_else(|| TimePrecision::of_days(days))),
            reason: expression.reason.clone(),
            words: Some(expression.span),
        }
    }

    fn of_report(day: Date, date_from: DateFrom, words: Option<Span>, reason: &str) -> Self {
        Self {
            dates: Some((day, day)),
            date_type: DateType::Approximate,
            date_from,
            precision: Some(TimePrecision::Week),
            reason: reason.to_owned(),
            words,
        }
    }
}

impl Telling<'_> {
    /// The day of an event.
    pub(crate) fn day(&self, draft: &Draft, realis: Realis) -> Day {
        let reading = self.reading;
        // The most exact time that any sentence of the event gives, the earliest told on ties.
        let mut best: Option<(i32, &TimeExpression)> = None;
        for cluster in &draft.clusters {
            let Some(time) = cluster.time else { continue };
            let expression = &self.parsed(cluster.sentence).unit.times[time].expression;
            let Some((start, end)) = expression.interval else { continue };
            let days = (end - start).get_days();
            if best.is_none_or(|(known, _)| days < known) {
                best = Some((days, expression));
            }
        }
        if let Some((_, expression)) = best {
            return Day::told(expression);
        }
        if realis == Realis::Asserted
            && let Some(day) = self.counted_back(draft)
        {
            return day;
        }
        let news = realis == Realis::Asserted && self.is_news_of_the_day(draft);
        if realis == Realis::Asserted
            && let Some((expression, from)) = self
                .told_before(draft)
                .map(|expression| (expression, "the one told before it"))
                .or_else(|| {
                    news.then(|| self.of_the_lead(draft))?.map(|day| (day, "the first that the report tells"))
                })
        {
            let day = Day::told(expression);
            let reason = format!("no day in the sentence itself; {from}: {}", day.reason);
            return Day { date_type: DateType::Approximate, reason, ..day };
        }
        // Told as news of the day: the day of publication or the days just before it.
        if news {
            if let Some(day) = reading.anchors.dateline {
                let words = reading.dateline.as_ref().map(|line| line.date.unwrap_or(line.span));
                let reason =
                    "no day in the text; told as news under this dateline, so on that day or shortly before";
                return Day::of_report(day, DateFrom::Dateline, words, reason);
            }
            if let Some(day) = reading.anchors.published {
                let reason =
                    "no day in the text; told as news, so on the day of publication or shortly before";
                return Day::of_report(day, DateFrom::Published, None, reason);
            }
        }
        // A report on what went on for weeks says so at its beginning.
        if realis == Realis::Asserted
            && let Some(expression) = self.period_of_the_lead()
        {
            let day = Day::told(expression);
            let reason =
                format!("no day in the text; within the period that the report begins with: {}", day.reason);
            return Day { date_type: DateType::Approximate, reason, ..day };
        }
        Day {
            dates: None,
            date_type: DateType::Unresolved,
            date_from: DateFrom::None,
            precision: None,
            reason: "the text gives no day, and the day of publication is not known or does not apply"
                .to_owned(),
            words: None,
        }
    }

    /// "The raid came *a week after* a bomb killed 85": so long before the day of what it is told beside.
    fn counted_back(&self, draft: &Draft) -> Option<Day> {
        let cluster = draft.clusters.first()?;
        let told = &self.sentences[cluster.sentence];
        let parsed = self.parsed(cluster.sentence);
        let unit = &parsed.unit;
        let at = told.triggers[self.main(cluster).trigger].head;
        let time = unit.times.iter().rfind(|time| {
            time.words.end < at
                && time.expression.kind == when::Kind::Duration
                && unit.lower(time.words.end) == "after"
                && (time.words.end..at).all(|word| unit.lower(word) != ",")
        })?;
        let length: jiff::Span = time.expression.value.as_deref()?.parse().ok()?;
        let beside =
            story_day(parsed).or_else(|| self.told_before(draft)).or_else(|| self.of_the_lead(draft))?;
        let (start, _) = beside.interval?;
        let day = start.checked_sub(length).ok()?;
        // "A week" may be six days or nine, "two months" six weeks or ten; days are counted.
        let slack = if length.get_years() > 0 {
            HALF_A_YEAR
        } else if length.get_months() > 0 {
            HALF_A_MONTH
        } else if length.get_weeks() > 0 {
            HALF_A_WEEK
        } else {
            0
        };
        let first = day.checked_sub(jiff::Span::new().days(slack)).ok()?;
        let last = day.checked_add(jiff::Span::new().days(slack)).ok()?.min(start);
        let words = unit.span(&(time.words.start..time.words.end + 1));
        Some(Day {
            dates: Some((first, last)),
            date_type: DateType::Approximate,
            date_from: DateFrom::Text,
            precision: Some(TimePrecision::of_days(i64::from((last - first).get_days()) + 1)),
            reason: format!("so long before what it is told beside: {}", beside.reason),
            words: Some(words),
        })
    }

    /// The day told in the sentences just before an event.
    fn told_before(&self, draft: &Draft) -> Option<&TimeExpression> {
        let first = self.sentences[draft.clusters.first()?.sentence].index;
        (first.saturating_sub(SAME_DAY)..first)
            .rev()
            .filter_map(|index| self.reading.parsed[index].as_ref())
            .find_map(story_day)
    }

    /// The first day that the report tells, where it does in its first sentences.
    fn of_the_lead(&self, draft: &Draft) -> Option<&TimeExpression> {
        // The event's own sentences were asked before: what days they give are not its.
        let own = |index: usize| draft.clusters.iter().any(|c| self.sentences[c.sentence].index == index);
        let text = Some(&self.reading.text).filter(|_| self.begins())?;
        let body = text.sentences.iter().position(|sentence| {
            sentence.role != SentenceRole::Title
                && self.reading.dateline.as_ref().is_none_or(|line| line.span.end < sentence.span.end)
        })?;
        let lead = (body..body + LEAD_SENTENCES).filter(|&index| !own(index));
        lead.filter_map(|index| self.reading.parsed.get(index)?.as_ref()).find_map(story_day)
    }

    /// Whether this is the beginning of a report: a later part of a long one has no lead.
    pub(crate) fn begins(&self) -> bool {
        self.reading.text.is_beginning()
    }

    /// Whether the whole report has no room for much else than its news.
    pub(crate) fn is_short(&self) -> bool {
        self.begins() && self.reading.text.sentences.len() <= SHORT_REPORT
    }

    /// "During the past month": the weeks up to the day of publication that the first sentences speak of.
    fn period_of_the_lead(&self) -> Option<&TimeExpression> {
        let published = self.reading.anchors.published.filter(|_| self.begins())?;
        let lead = self.reading.parsed.iter().take(LEAD_SENTENCES).flatten();
        lead.flat_map(|parsed| parsed.unit.times.iter()).map(|time| &time.expression).find(|expression| {
            expression.interval.is_some_and(|(start, end)| {
                let days = (end - start).get_days() + 1;
                (WEEK..=MONTH).contains(&days) && start <= published && (published - end).get_days() <= WEEK
            })
        })
    }

    /// Whether an event without a day is told as what the report was written for: in its headline or its first
    /// sentences, or in a report short enough to have only that; never in what somebody recalls in a quotation.
    pub(crate) fn is_news_of_the_day(&self, draft: &Draft) -> bool {
        draft.clusters.iter().any(|cluster| {
            let told = &self.sentences[cluster.sentence];
            let unit = &self.parsed(cluster.sentence).unit;
            let quoted =
                unit.quoted.get(told.triggers[self.main(cluster).trigger].head).copied().unwrap_or(false);
            !quoted && (self.begins() && told.index < LEAD_SENTENCES || self.is_short())
        })
    }

    /// Whether a person's own words tell it.
    pub(crate) fn is_recalled(&self, cluster: &Cluster) -> bool {
        let told = &self.sentences[cluster.sentence];
        let word = told.triggers[self.main(cluster).trigger].head;
        self.attribution.reported_by(told.index, word).is_some_and(|speaker| {
            speaker.kind == record::ParticipantKind::Individual && speaker.affiliation.is_some()
        })
    }
}

/// The day that a sentence gives to what it tells.
fn story_day(parsed: &Parsed) -> Option<&TimeExpression> {
    let unit = &parsed.unit;
    let told = (0..unit.times.len()).find(|&time| {
        let expression = &unit.times[time].expression;
        matches!(expression.kind, when::Kind::Date | when::Kind::Time)
            && expression.interval.is_some_and(|(start, end)| (end - start).get_days() <= DAYS_OF_A_STORY)
            && !time_of_speech(unit, time)
            && dates_noun(unit, time).is_none()
    })?;
    Some(&unit.times[told].expression)
}

/// Within how many words before "since" what is compared stands.
const COMPARISON: usize = 12;

/// Verbs whose day is the day of speaking.
const REPORTING: &[&str] = &[
    "say", "tell", "announce", "report", "state", "add", "confirm", "claim", "declare", "write", "note",
    "explain", "comment", "quote", "publish", "release", "indicate", "reveal",
];

/// Whether a time expression says when somebody spoke, not when it happened.
#[must_use]
pub fn time_of_speech(unit: &Unit, time: usize) -> bool {
    let words = &unit.times[time].words;
    if of_a_count(unit, words.start) {
        return true;
    }
    let mut before = words.start;
    while before > 0
        && matches!(
            unit.lower(before - 1),
            "on" | "in"
                | "late"
                | "early"
                | "reporters"
                | "journalists"
                | "a"
                | "statement"
                | "here"
                | "the"
                | "afp"
                | "reuters"
                | "ap"
        )
    {
        before -= 1;
    }
    // "X claimed *responsibility* on Thursday for two explosions".
    if before > 1 && unit.lower(before - 1) == "responsibility" {
        before -= 1;
    }
    // "The army *today* confirmed the arrest".
    let announced = unit.verb_at.get(words.end).copied().flatten().is_some_and(|verb| {
        let group = &unit.verbs[verb];
        let subject = before.checked_sub(1).and_then(|at| unit.phrase_of(at));
        !group.passive
            && !group.bare_participle
            && REPORTING.contains(&unit.lemma(group.head))
            && subject.is_some_and(|subject| unit.subject(verb) == Some(subject))
    });
    announced
        || before > 0
        && REPORTING.contains(&unit.lemma(before - 1))
        && unit.verb_at[before - 1].is_some_and(|verb| !unit.verbs[verb].passive)
        // "X said on Monday that …" against "X said Monday's attack …".
        && !unit.lower(words.end).starts_with(['\'', '’'])
}

/// "The toll rose to 26 on Sunday": when it was counted, not when it happened.
fn of_a_count(unit: &Unit, word: usize) -> bool {
    let verb = unit.upwards(word).skip(1).find_map(|at| unit.verb_at[at]);
    verb.filter(|&verb| RISING.contains(&unit.lemma(unit.verbs[verb].head)))
        .and_then(|verb| unit.subject(verb))
        .is_some_and(|subject| {
            matches!(unit.lemma(unit.phrases[subject].head), "toll" | "number" | "count" | "tally" | "total")
        })
}

/// "The deadliest since October 7", "the third since May": how long nothing like it was, not when it was.
fn since_compared(unit: &Unit, time: usize) -> bool {
    let start = unit.times[time].words.start;
    let since = unit.lower(start) == "since" || unit.before(start, 1) == "since";
    since
        && (start.saturating_sub(COMPARISON)..start).any(|at| {
            matches!(unit.words[at].tag, Tag::Jjs | Tag::Rbs)
                || matches!(
                    unit.lower(at),
                    "first" | "second" | "third" | "fourth" | "fifth" | "sixth" | "latest" | "worst"
                )
        })
}

pub(crate) fn dated_near(unit: &Unit, trigger: &crate::trigger::Trigger) -> Option<usize> {
    nearest_time(unit, trigger).filter(|&time| {
        let words = &unit.times[time].words;
        !time_of_speech(unit, time) && (words.start.abs_diff(trigger.head) <= 12)
    })
}

/// The time that says when a trigger's event was.
pub(crate) fn event_time(unit: &Unit, trigger: &crate::trigger::Trigger) -> Option<usize> {
    nearest_of(unit, trigger, |time| {
        let expression = &unit.times[time].expression;
        expression.interval.is_some()
            && !time_of_speech(unit, time)
            && !since_compared(unit, time)
            && matches!(expression.kind, when::Kind::Date | when::Kind::Time)
    })
}
