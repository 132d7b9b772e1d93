/*! Events that a report only reminds of: "a leader behind the Aug. 7 attack was killed on Monday".

Such an event has a day of its own, some time before the news, and is spoken of as known: with "the", or in a
relative clause, or as what somebody is answerable for. PLOVER codes what is told as background with the auxiliary
mode `historical`. Whether it is background shows only beside the news, so all events of the report are looked at.
*/

use jiff::civil::Date;
use record::Event;
use record::vocabulary::{DateFrom, Realis};

use crate::draft::{Cluster, Draft, Telling};
use crate::frame::Frame;

/// An event within so many days of publication is news.
const FRESH_DAYS: i32 = 3;
/// An event more than so many days before publication may be background: what happened within a week is followed up as
/// news.
const STALE_DAYS: i32 = 7;

/// Words under which somebody is answerable for a deed.
const ANSWERABLE: &[&str] = &[
    "behind",
    "connect",
    "connected",
    "involve",
    "involved",
    "link",
    "linked",
    "responsible",
    "tie",
    "tied",
];

/// What an operation or a deed is called.
const OPERATIONS: &[&str] = &[
    "ambush",
    "assault",
    "attack",
    "bombing",
    "campaign",
    "clash",
    "incident",
    "offensive",
    "operation",
    "raid",
    "strike",
];

impl Telling<'_> {
    /// Makes background of the events that the report only reminds of.
    pub(crate) fn background(&self, drafts: &[Draft], events: &mut [Event]) {
        let Some(published) = self.reading.anchors.published else { return };
        if drafts.len() != events.len() {
            return;
        }
        let news = events.iter().any(|event| {
            event.realis == Realis::Asserted
                && event.event_date.is_some_and(|day| before(day, published) <= FRESH_DAYS)
        });
        for (draft, event) in drafts.iter().zip(events.iter_mut()).filter(|_| news) {
            let old = event.date_from == DateFrom::Text
                && event.event_date_end.is_some_and(|day| before(day, published) > STALE_DAYS);
            if old
                && event.realis == Realis::Asserted
                && (draft.clusters.iter().all(|cluster| self.reminds(cluster)) || self.compares(draft))
            {
                event.realis = Realis::Historical;
                let reason = "spoken of as known, more than a week before the day of the news";
                event.reasons.insert("realis".to_owned(), reason.to_owned());
            }
        }
    }

    /// Whether a sentence speaks of what it tells as known.
    fn reminds(&self, cluster: &Cluster) -> bool {
        let told = &self.sentences[cluster.sentence];
        let unit = self.unit(cluster.sentence);
        let relative = |head: usize| {
            unit.verb_at[head].is_some_and(|verb| {
                matches!(unit.before(unit.verbs[verb].words.start, 1), "who" | "which" | "that")
            })
        };
        let heads =
            || cluster.frames.iter().map(|&frame| told.triggers[self.frame(cluster, frame).trigger].head);
        let opened = heads().filter(|&head| relative(head)).min();
        let frames = || cluster.frames.iter().map(|&frame| self.frame(cluster, frame));
        let known = |frame: &Frame| {
            let head = told.triggers[frame.trigger].head;
            // "A man who was killed in an air strike".
            if opened.is_some_and(|opened| opened <= head) {
                return true;
            }
            if unit.verb_at[head].is_none() {
                let mut start = unit.phrase_of(head).map_or(head, |phrase| unit.phrases[phrase].words.start);
                // "The Aug. 7 attack": the day stands between.
                if let Some(time) = start.checked_sub(1).and_then(|before| unit.time_at(before)) {
                    start = unit.times[time].words.start;
                }
                let known = unit.before(start, 1) == "the";
                let answerable = (start.saturating_sub(5)..start)
                    .any(|at| ANSWERABLE.contains(&unit.lower(at)) || ANSWERABLE.contains(&unit.lemma(at)));
                return known || frame.definite || answerable;
            }
            false
        };
        // "Supplied suicide bombers for the Aug. 7 attack": a noun beside it tells of nothing else.
        let noun = |frame: &Frame| unit.verb_at[told.triggers[frame.trigger].head].is_none();
        frames().any(known) && frames().all(|frame| known(frame) || noun(frame))
    }

    /// "In June rebels engaged the force during a similar operation. It killed 30": told to compare the news with.
    fn compares(&self, draft: &Draft) -> bool {
        let Some((first, others)) = draft.clusters.split_first() else { return false };
        let unit = self.unit(first.sentence);
        let earlier = |at: usize| {
            matches!(unit.lower(at), "similar" | "previous" | "earlier")
                && unit.phrase_of(at).is_some_and(|phrase| {
                    let head = unit.phrases[phrase].head;
                    head > at && OPERATIONS.contains(&unit.lemma(head))
                })
        };
        (0..unit.words.len()).any(earlier) && others.iter().all(|cluster| self.days(cluster).is_none())
    }
}

/// How many days one day is before another.
fn before(day: Date, other: Date) -> i32 {
    (other - day).get_days()
}
