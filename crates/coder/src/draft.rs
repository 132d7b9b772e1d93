/*! Which frames tell of one event: first inside a sentence, then across the report.

A report tells its event in the headline, again in its first sentence, and again in pieces further down.
Everything that agrees with what was told before is taken as the same event, unless the words say that it
is another: another day, another place, "in a separate attack".
*/

use std::ops::Range;

use record::Place;
use record::vocabulary::{Completion, InterCode, Realis, Sector};
use syntax::Relation;
use text::SentenceRole;

use crate::day::{dated_near, event_time};
use crate::frame::{Frame, Sentence};
use crate::kind::Kind;
use crate::lexicon::Outcome;
use crate::location;
use crate::reading::{Parsed, Reading};
use crate::realis::{dates_noun, tells_of};
use crate::setting::is_country;
use crate::speaker::Attribution;
use crate::trigger::Trigger;
use crate::unit::Unit;

/// Frames of one sentence that tell of one event.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Index into the list of sentences.
    pub sentence: usize,
    /// Indices into the sentence's frames.
    pub frames: Vec<usize>,
    /// Indices into the sentence's casualties.
    pub casualties: Vec<usize>,
    /// Index into the unit's times.
    pub time: Option<usize>,
    /// Indices into the parsed sentence's places, the event's own first.
    pub places: Vec<usize>,
}

/// An event in the making.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its clusters, in the order of the report.
    pub clusters: Vec<Cluster>,
    /// The most telling kind.
    pub kind: Kind,
}

/// Sentences and what they tell, for the whole report.
pub struct Telling<'a> {
    /// The report.
    pub reading: &'a Reading<'a>,
    /// Who says what.
    pub attribution: &'a Attribution,
    /// The sentences that were parsed.
    pub sentences: Vec<Sentence>,
    /// Totals that the report tells: the sentence, and its words in there.
    pub(crate) totals: Vec<(usize, Range<usize>)>,
}

impl<'a> Telling<'a> {
    /// The parsed form of a sentence.
    #[must_use]
    pub fn parsed(&self, sentence: usize) -> &'a Parsed {
        // Every sentence here comes from a parsed one.
        let index = self.sentences[sentence].index;
        self.reading.parsed[index]
            .as_ref()
            .unwrap_or_else(|| unreachable!("sentence {index} was read without being parsed"))
    }

    pub(crate) fn unit(&self, sentence: usize) -> &'a Unit {
        &self.parsed(sentence).unit
    }

    /// The frame of a cluster.
    #[must_use]
    pub fn frame(&self, cluster: &Cluster, frame: usize) -> &Frame {
        &self.sentences[cluster.sentence].frames[frame]
    }

    /// The main frame of a cluster: the most telling one.
    #[must_use]
    pub fn main(&self, cluster: &Cluster) -> &Frame {
        let frames = &self.sentences[cluster.sentence].frames;
        let best = cluster
            .frames
            .iter()
            .copied()
            .max_by_key(|&frame| (frames[frame].kind.weight(), std::cmp::Reverse(frame)));
        &frames[best.unwrap_or(0)]
    }

    /// The words by which a cluster tells what was done: each trigger whole, and its parts.
    pub fn acts(&self, cluster: &Cluster) -> Vec<String> {
        let told = &self.sentences[cluster.sentence];
        let lexicon = &self.reading.knowledge.lexicon;
        let entries = cluster
            .frames
            .iter()
            .map(|&frame| lexicon.entry(told.triggers[told.frames[frame].trigger].entry));
        let mut acts = Vec::new();
        for entry in entries {
            acts.push(entry.lemmas.join("-"));
            // "impose curfew", "declare state of emergency": without the verb that only says that it was done.
            acts.extend((1..entry.lemmas.len()).map(|from| entry.lemmas[from..].join("-")));
            acts.push(entry.lemmas[0].clone());
        }
        acts
    }

    /// The interval of days that a cluster's own words give.
    #[must_use]
    pub fn days(&self, cluster: &Cluster) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
        let unit = self.unit(cluster.sentence);
        unit.times[cluster.time?].expression.interval
    }

    /// The places that a cluster's own words give.
    pub fn places<'c>(&'c self, cluster: &'c Cluster) -> impl Iterator<Item = &'c Place> + 'c {
        let parsed = self.parsed(cluster.sentence);
        cluster.places.iter().map(move |&place| &parsed.places[place].place)
    }

    /// Groups the frames of every sentence, then the sentences.
    #[must_use]
    pub fn drafts(&mut self) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = Vec::new();
        for sentence in 0..self.sentences.len() {
            for cluster in self.clusters(sentence) {
                self.place_cluster(cluster, &mut drafts);
            }
        }
        let mut drafts = self.unite(drafts);
        self.headlines(&mut drafts);
        drafts
    }

    fn clusters(&mut self, sentence: usize) -> Vec<Cluster> {
        let parsed = self.parsed(sentence);
        let unit = &parsed.unit;
        let mut dropped: Vec<(Range<usize>, &'static str)> = Vec::new();
        let mut clusters: Vec<Cluster> = Vec::new();
        let told = &self.sentences[sentence];
        let mut order: Vec<usize> = (0..told.frames.len()).collect();
        // Events first, then what became of people.
        order.sort_by_key(|&frame| (told.frames[frame].kind.is_result(), frame));
        for frame in order {
            let data = &told.frames[frame];
            if let Some(reason) = self.unsupported(sentence, data) {
                dropped.push((told.triggers[data.trigger].words.clone(), reason));
                continue;
            }
            let fits = clusters
                .iter()
                .enumerate()
                .filter(|(_, cluster)| self.fits(sentence, cluster, frame))
                .min_by_key(|(_, cluster)| {
                    let distance = cluster
                        .frames
                        .iter()
                        .map(|&other| {
                            told.triggers[told.frames[other].trigger]
                                .head
                                .abs_diff(told.triggers[data.trigger].head)
                        })
                        .min()
                        .unwrap_or(usize::MAX);
                    // "A bomb at a march killed four": the march killed nobody.
                    let crowd = cluster.frames.iter().any(|&other| told.frames[other].kind == Kind::Protest);
                    // "Three have died and one man was arrested after a shooting": nobody died of the arrest.
                    let arrest = cluster.frames.iter().all(|&other| told.frames[other].kind == Kind::Arrest);
                    let harmed = matches!(data.kind, Kind::Killing | Kind::Death | Kind::Injury);
                    (crowd && !of_crowd(data.kind) || arrest && harmed, distance)
                })
                .map(|(index, _)| index);
            match fits {
                Some(index) => clusters[index].frames.push(frame),
                None => clusters.push(Cluster {
                    sentence,
                    frames: vec![frame],
                    casualties: Vec::new(),
                    time: None,
                    places: Vec::new(),
                }),
            }
        }
        for (index, casualty) in told.casualties.iter().enumerate() {
            let own = clusters.iter().position(|cluster| {
                cluster.frames.iter().any(|&frame| told.frames[frame].trigger == casualty.trigger)
            });
            let near = || {
                let head = told.triggers[casualty.trigger].head;
                (0..clusters.len()).min_by_key(|&cluster| {
                    clusters[cluster]
                        .frames
                        .iter()
                        .map(|&frame| told.triggers[told.frames[frame].trigger].head.abs_diff(head))
                        .min()
                        .unwrap_or(usize::MAX)
                })
            };
            if let Some(cluster) = own.or_else(near) {
                clusters[cluster].casualties.push(index);
            }
        }
        let alone = clusters.len() == 1;
        for cluster in &mut clusters {
            let told = &self.sentences[sentence];
            let main = cluster
                .frames
                .iter()
                .copied()
                .max_by_key(|&frame| told.frames[frame].kind.weight())
                .unwrap_or(0);
            let trigger = &told.triggers[told.frames[main].trigger];
            // "The explosions that killed 89 on Wednesday": any of the words that tell of it may have the day.
            let others = cluster.frames.iter().map(|&frame| &told.triggers[told.frames[frame].trigger]);
            cluster.time =
                std::iter::once(trigger).chain(others).find_map(|trigger| event_time(unit, trigger));
            if told.frames[main].kind.is_result()
                && cluster.time.is_some()
                && cluster.frames.iter().any(|&frame| !told.frames[frame].kind.is_result())
            {
                cluster.time = None;
            }
            let triggers: Vec<_> =
                cluster.frames.iter().map(|&frame| &told.triggers[told.frames[frame].trigger]).collect();
            cluster.places = location::of_triggers(self.reading, parsed, &triggers, alone);
        }
        self.sentences[sentence].dropped.extend(dropped);
        clusters
    }

    /// Whether a frame belongs to a cluster of its own sentence.
    fn fits(&self, sentence: usize, cluster: &Cluster, frame: usize) -> bool {
        let told = &self.sentences[sentence];
        let unit = self.unit(sentence);
        let new = &told.frames[frame];
        cluster.frames.iter().all(|&other| {
            let old = &told.frames[other];
            // "They had foiled an attack": the attack is the one that was foiled.
            let foiled = |frame: &Frame| match frame.completion {
                Completion::Foiled if frame.kind.is_violent() => Kind::Foiled,
                _ => frame.kind,
            };
            // "Fifteen soldiers were killed and 12 captured in fighting": taken in the fight.
            let clash = |frame: &Frame| frame.kind == Kind::Clash;
            let taken = |frame: &Frame| {
                frame.kind == Kind::Arrest && unit.lemma(told.triggers[frame.trigger].head) == "capture"
            };
            let in_fight = told.frames.iter().any(clash)
                && (taken(new) && (old.kind.is_violent() || clash(old))
                    || taken(old) && (new.kind.is_violent() || clash(new)));
            let one = in_fight || old.kind.agrees(new.kind) || foiled(old).agrees(foiled(new));
            if !one || !realis_agrees(old, new) {
                return false;
            }
            // "Seven were wounded and 36 others detained": those hurt were hurt in what was told before.
            if old.kind == Kind::Arrest
                && new.kind == Kind::Injury
                && !told.frames.iter().any(|f| f.kind.is_violent())
            {
                return false;
            }
            let (a, b) = (&told.triggers[old.trigger], &told.triggers[new.trigger]);
            let times = (dated_near(unit, a), dated_near(unit, b));
            // "Struck targets on Saturday and Sunday, killing 49": what it brought about has no day of its own.
            let brought = unit.verb_at[b.head].is_some_and(|verb| unit.verbs[verb].gerund)
                && unit.words[b.head].relation == Relation::Advcl;
            if let (Some(x), Some(y)) = times
                && !brought
                && x != y
                && !overlapping(unit.times[x].expression.interval, unit.times[y].expression.interval)
            {
                return false;
            }
            // "A strike on a man linked to the July 2 attack today": the noun has its day, and the strike another.
            let own = |head: usize| (0..unit.times.len()).find(|&time| dates_noun(unit, time) == Some(head));
            let of_another = |one: &Trigger, time: usize| {
                event_time(unit, one).is_some_and(|other| {
                    other != time
                        && !overlapping(
                            unit.times[time].expression.interval,
                            unit.times[other].expression.interval,
                        )
                })
            };
            if own(b.head).is_some_and(|time| of_another(a, time) && !tells_of(unit, b.head, a.head))
                || own(a.head)
                    .is_some_and(|time| of_another(b, time) && !brought && !tells_of(unit, a.head, b.head))
            {
                return false;
            }
            let parsed = self.parsed(sentence);
            if parted(parsed, a.head, b.head) {
                return false;
            }
            if new.kind.is_result() {
                return true;
            }
            // Two clauses with subjects and places of their own are two events.
            let places =
                (location::nearest(self.reading, parsed, a), location::nearest(self.reading, parsed, b));
            let apart = matches!(places, (Some(x), Some(y)) if x != y && !location::chained(parsed, x, y));
            let strangers = !old.recipients.is_empty()
                && !new.recipients.is_empty()
                && old.recipients.iter().all(|who| !new.recipients.contains(who));
            !(apart && strangers)
        })
    }

    /// Puts a cluster to the event that it continues, or makes it a new one.
    fn place_cluster(&self, cluster: Cluster, drafts: &mut Vec<Draft>) {
        let mut best: Option<(i32, usize)> = None;
        // What was told long before is not taken up again, but for what the report began with.
        let recent = drafts.len().saturating_sub(RECENT_DRAFTS);
        for (index, draft) in drafts.iter().enumerate().filter(|(index, _)| *index == 0 || *index >= recent) {
            // What the report begins with may sum up the events that it tells then.
            if index == 0 && self.is_part_of(draft, &cluster) {
                continue;
            }
            // "Police arrested 400. A total of 46 were treated for injuries": nobody was hurt by being arrested, where
            // violence was told before.
            let of_arrest = draft.kind == Kind::Arrest
                && matches!(
                    self.main(&cluster).kind,
                    Kind::Injury | Kind::Death | Kind::Casualty | Kind::Killing
                )
                && drafts[recent..].iter().any(|other| {
                    (other.kind.is_violent() || of_crowd(other.kind)) && !other.kind.is_result()
                });
            // A toll that is revised is none of what was told as background.
            let old = |draft: &Draft| self.main(&draft.clusters[0]).realis == Realis::Historical;
            let of_old = old(draft)
                && drafts[recent..].iter().any(|other| !old(other))
                && cluster
                    .casualties
                    .iter()
                    .any(|&index| self.sentences[cluster.sentence].casualties[index].toll);
            if let Some(score) = self.score(draft, &cluster, index + 1 == drafts.len())
                && let score = score - 3 * i32::from(of_arrest || of_old)
                && best.is_none_or(|(top, _)| score >= top)
            {
                best = Some((score, index));
            }
        }
        let main = self.main(&cluster);
        let kind = main.kind;
        match best {
            Some((score, index)) if score >= NEEDED => {
                // "Gunmen killed 70 villagers … Two of them were hit in an exchange of fire": still no battle.
                let aside = kind == Kind::Clash
                    && !main.definite
                    && drafts[index].kind.is_violent()
                    && self.unarmed_harmed(&drafts[index]);
                // "Gangs fought in a prison … Inmates threw grenades": thrown in the fight, and nobody counted with them.
                let in_fight = drafts[index].kind == Kind::Clash
                    && kind == Kind::Grenade
                    && cluster.casualties.is_empty();
                let draft = &mut drafts[index];
                if kind.weight() > draft.kind.weight()
                    && main.realis == Realis::Asserted
                    && !aside
                    && !in_fight
                    || draft.kind.is_result()
                {
                    draft.kind = kind;
                }
                draft.clusters.push(cluster);
            }
            _ => {
                // What became of people, with no event near, is an event only where people were killed or taken.
                let counted = cluster.casualties.iter().any(|&index| {
                    let casualty = &self.sentences[cluster.sentence].casualties[index];
                    casualty.quantity.figure().is_some_and(|n| n > 0)
                        && matches!(
                            casualty.outcome,
                            Outcome::Killed
                                | Outcome::KilledOrInjured
                                | Outcome::Injured
                                | Outcome::Escaped
                                | Outcome::Missing
                                | Outcome::Abducted
                        )
                });
                if (!kind.is_result() || counted) && !main.retold {
                    drafts.push(Draft { clusters: vec![cluster], kind });
                }
            }
        }
    }

    /// How well a cluster continues a draft; `None` where it cannot.
    fn score(&self, draft: &Draft, cluster: &Cluster, latest: bool) -> Option<i32> {
        let reading = self.reading;
        let new = self.main(cluster);
        let told = &self.sentences[cluster.sentence];
        let last = draft.clusters.last()?;
        if last.sentence == cluster.sentence {
            // The sentence itself keeps them apart.
            return None;
        }
        let old = self.main(last);
        if !draft.kind.agrees(new.kind) {
            return None;
        }
        let first = self.main(&draft.clusters[0]);
        let headline =
            self.reading.text.sentences[self.sentences[last.sentence].index].role == SentenceRole::Title;
        // A headline's tense says little; what was told as background is spoken of further with "the".
        let background = first.realis == Realis::Historical
            && new.realis == Realis::Asserted
            && (new.definite || new.kind.is_result() || first.held_for);
        if !realis_agrees(first, new) && !headline && !background {
            return None;
        }
        let mut score = 0;
        let days = compared(draft).find_map(|c| self.days(c));
        let day = self.days(cluster);
        match (days, day) {
            // When the wounded died is not when the attack was.
            (Some(_), Some(_)) if new.kind.is_result() => score += 1,
            // "The truce was holding on Wednesday": the one told of before.
            (Some(_), Some(_)) if new.kind == Kind::Agreement && new.definite => score += 1,
            (Some(a), Some(b)) => {
                if !overlapping(Some(a), Some(b)) {
                    return None;
                }
                score += 1 + i32::from(a == b);
            }
            (None, None) => {}
            (Some(_), None) => score += 1,
            (None, Some(_)) => score += 0,
        }
        let mine: Vec<&Place> = self.places(cluster).collect();
        let theirs: Vec<&Place> = compared(draft).flat_map(|c| self.places(c)).collect();
        if !mine.is_empty() && !theirs.is_empty() {
            if mine.iter().any(|a| theirs.iter().any(|b| location::same(a, b))) {
                score += 2;
            } else if !self.in_clinic(cluster)
                && !self.only_refers(cluster, told.index - self.sentences[last.sentence].index)
                && (firmly_apart(&mine, &theirs)
                    || mine.iter().all(|a| theirs.iter().all(|b| location::apart(a, b))))
            {
                return None;
            }
        }
        if new.other && !new.definite && last.sentence != cluster.sentence {
            score -= 4;
        }
        let (a, b) = (self.sentences[last.sentence].index, told.index);
        let sentences = &reading.text.sentences;
        let title = sentences[a].role == SentenceRole::Title;
        let gap = b - a;
        if sentences[a].paragraph == sentences[b].paragraph {
            score += 1;
        }
        if gap <= 1 || title {
            score += 1;
        } else if gap > 4 && sentences[a].paragraph != sentences[b].paragraph {
            score -= 1 + i32::from(gap > 10);
        }
        if latest {
            score += 1;
        }
        if new.kind.is_result() || new.definite {
            score += 1;
        }
        if draft.kind == new.kind && !new.kind.is_result() {
            score += 1;
        }
        // Crowds and captors are told of again under the same name, or not at all.
        let special = |kind: Kind| {
            matches!(
                kind,
                Kind::Riot
                    | Kind::Protest
                    | Kind::Abduction
                    | Kind::SexualViolence
                    | Kind::Capture
                    | Kind::Looting
                    | Kind::Arrest
            )
        };
        if special(draft.kind) != special(new.kind) && !new.kind.is_result() && !new.definite {
            score -= 1;
        }
        // "A bomb went off near a march. The attack killed 12": whom a march did not kill it did not kill.
        if draft.kind == Kind::Protest
            && !of_crowd(new.kind)
            && told.casualties.iter().any(|casualty| casualty.outcome == Outcome::Killed)
        {
            score -= 3;
        }
        // "Rebels killed 14 in a village. Angry people barricaded the road": what a crowd did then is another matter.
        let apart = new.kind == Kind::Protest && draft.kind.is_violent() && !draft.kind.is_result();
        let known =
            new.definite && self.unit(cluster.sentence).verb_at[told.triggers[new.trigger].head].is_none();
        if apart && !known && !self.of_crowds(draft) {
            return None;
        }
        // An event told with "a" in the same paragraph as another of the same kind is another one.
        if !new.definite
            && !new.kind.is_result()
            && indefinite(self.unit(cluster.sentence), told, new)
            && !title
            && old.kind == new.kind
            && day.is_some()
        {
            score -= 2;
        }
        // The same people, or figures that cannot both be.
        let (same, different) = self.compare_counts(draft, cluster);
        let same = same || day.is_none() && mine.is_empty() && self.tells_again(draft, cluster);
        score += 2 * i32::from(same);
        // What a group says that it did is what it was told to have done; its figures are its own.
        let claimed = day.is_none() && mine.is_empty() && self.claims_own(draft, cluster);
        score += 2 * i32::from(claimed);
        if different && !new.definite && !claimed {
            score -= 3;
        }
        match self.compare_actors(draft, cluster) {
            Some(true) => score += 1,
            // Forces of several states search and detain together.
            Some(false) if matches!(new.kind, Kind::Arrest | Kind::Raid | Kind::WeaponsFound) => score -= 1,
            // "X said that its fighters carried out the attack", after what forces did about it.
            Some(false) if new.definite || claimed => score -= 1,
            // "Two of them were hit in an exchange of fire with police": whom the attackers fought then.
            Some(false)
                if new.kind == Kind::Clash && draft.kind != new.kind && self.unarmed_harmed(draft) => {}
            Some(false) => score -= 3,
            None => {}
        }
        let known = self.same_people(draft, cluster);
        score += 2 * i32::from(known);
        // What names no day and no place of its own is told of where the report is.
        let placeless = latest && day.is_none() && mine.is_empty() && !different;
        // Across paragraphs something must tie the two together, but for what the first sentences tell.
        let tied = same
            || new.definite
            || known
            || placeless
            || new.kind.is_result()
            || days.is_some() && days == day
            || mine.iter().any(|a| theirs.iter().any(|b| location::same(a, b)));
        if gap > 1 && sentences[a].paragraph != sentences[b].paragraph && a > 1 && !tied {
            return None;
        }
        if new.completion != first.completion
            && (new.completion == Completion::Foiled || first.completion == Completion::Foiled)
        {
            score -= 3;
        }
        Some(score)
    }

    /// "The attack came three years after a teacher was killed near Paris": what is named beside "the attack", and not
    /// right behind it, is no place of its own.
    pub(crate) fn only_refers(&self, cluster: &Cluster, gap: usize) -> bool {
        let frame = self.main(cluster);
        let told = &self.sentences[cluster.sentence];
        let trigger = &told.triggers[frame.trigger];
        let bare = frame.actors.is_empty() && frame.recipients.is_empty() && frame.objects.is_empty();
        let parsed = self.parsed(cluster.sentence);
        let behind = cluster.places.iter().any(|&place| {
            let start = parsed.places[place].words.start;
            (trigger.words.end..trigger.words.end + BEHIND).contains(&start)
        });
        // "The attack took place at a mosque in X" does say where.
        let happened = parsed.unit.words[trigger.head].head.is_some_and(|governor| {
            matches!(
                parsed.unit.lemma(governor),
                "take" | "occur" | "happen" | "unfold" | "begin" | "erupt" | "hit"
            )
        });
        frame.definite && bare && cluster.casualties.is_empty() && gap <= 2 && !behind && !happened
    }

    /// Whether an event's first sentences count people harmed, all of them unarmed.
    fn unarmed_harmed(&self, draft: &Draft) -> bool {
        let mut harmed = draft.clusters.iter().take(2).flat_map(|cluster| {
            let parsed = self.parsed(cluster.sentence);
            let counts = &self.sentences[cluster.sentence].casualties;
            cluster.casualties.iter().filter_map(move |&index| {
                let phrase = counts[index].phrase.filter(|_| counts[index].outcome == Outcome::Killed)?;
                Some(self.reading.describe(parsed, phrase)?.sector)
            })
        });
        let armed = |sector: Option<Sector>| sector.is_some_and(|s| s.is_armed() || s.is_state_force());
        harmed.next().is_some_and(|first| !armed(first)) && harmed.all(|sector| !armed(sector))
    }

    /// Whether those who demonstrate or riot, or forces of a state, are any side of an event.
    fn of_crowds(&self, draft: &Draft) -> bool {
        compared(draft).any(|cluster| {
            let parsed = self.parsed(cluster.sentence);
            let frames = cluster.frames.iter().map(|&frame| self.frame(cluster, frame));
            frames.flat_map(|frame| frame.actors.iter().chain(&frame.recipients)).any(|&phrase| {
                self.reading.describe(parsed, phrase).is_some_and(|who| {
                    matches!(
                        who.inter_code,
                        Some(InterCode::Rioters | InterCode::Protesters | InterCode::StateForces)
                    )
                })
            }) || cluster.frames.iter().any(|&frame| of_crowd(self.frame(cluster, frame).kind))
        })
    }

    pub(crate) fn compare_actors(&self, draft: &Draft, cluster: &Cluster) -> Option<bool> {
        let ids = |c: &Cluster| -> Vec<String> {
            let parsed = self.parsed(c.sentence);
            let frames = || c.frames.iter().map(|&frame| self.frame(c, frame));
            let phrases = frames().flat_map(|frame| frame.actors.iter());
            let words = frames().flat_map(|frame| frame.actor_words.iter());
            phrases
                .filter_map(|&phrase| self.reading.describe(parsed, phrase))
                .chain(words.filter_map(|words| self.reading.describe_words(parsed, words)))
                .filter_map(|who| {
                    // A named group is itself; a state's force, named or not, is its state.
                    let state = who.is_country || who.sector.is_some_and(|sector| sector.is_state_force());
                    who.country.filter(|_| state).or(who.actor_id)
                })
                .collect()
        };
        let new = ids(cluster);
        let old: Vec<String> = compared(draft).flat_map(ids).collect();
        if new.is_empty() || old.is_empty() {
            return None;
        }
        Some(new.iter().any(|id| old.contains(id)))
    }
}

/// Whether a kind tells of a crowd.
pub(crate) fn of_crowd(kind: Kind) -> bool {
    matches!(kind, Kind::Riot | Kind::Protest | Kind::Dispersal)
}

/// The sentences of an event that a new one is compared with: comparing with all would cost the square.
pub(crate) fn compared(draft: &Draft) -> impl Iterator<Item = &Cluster> {
    let clusters = &draft.clusters;
    let first = clusters.len().min(COMPARED);
    let last = clusters.len().saturating_sub(COMPARED).max(first);
    clusters[..first].iter().chain(&clusters[last..])
}

pub(crate) fn has_place(parsed: &Parsed) -> bool {
    parsed.places.iter().any(|place| !is_country(&place.place))
}

fn indefinite(unit: &Unit, told: &Sentence, frame: &Frame) -> bool {
    unit.phrase_of(told.triggers[frame.trigger].head).is_some_and(|phrase| {
        matches!(
            unit.lower(unit.phrases[phrase].words.start),
            "a" | "an" | "another" | "two" | "three" | "several"
        )
    })
}

/// Whether two lists of places name towns, all of them away from each other.
fn firmly_apart(mine: &[&Place], theirs: &[&Place]) -> bool {
    let firm = |place: &&&Place| place.name.is_some() && place.where_precision.is_some_and(|p| p <= 2);
    let mut mine = mine.iter().filter(firm).peekable();
    let theirs: Vec<_> = theirs.iter().filter(firm).collect();
    mine.peek().is_some() && !theirs.is_empty() && mine.all(|a| theirs.iter().all(|b| location::apart(a, b)))
}

/// "In Mosul gunmen killed two soldiers, while in Tikrit a bomb killed one": two places on two sides of a "while".
fn parted(parsed: &Parsed, a: usize, b: usize) -> bool {
    let unit = &parsed.unit;
    let (from, to) = (a.min(b), a.max(b));
    let Some(at) = (from..to).find(|&at| matches!(unit.lower(at), "while" | "whereas" | ";")) else {
        return false;
    };
    let named = |place: &crate::reading::PlaceMention| !is_country(&place.place);
    let left = parsed.places.iter().filter(|place| named(place) && place.words.end <= at);
    let right: Vec<_> = parsed.places.iter().filter(|place| named(place) && place.words.start > at).collect();
    let mut left = left.peekable();
    left.peek().is_some()
        && !right.is_empty()
        && left.all(|left| right.iter().all(|right| location::apart(&left.place, &right.place)))
}

fn realis_agrees(a: &Frame, b: &Frame) -> bool {
    a.realis == b.realis
}

pub(crate) fn overlapping(
    a: Option<(jiff::civil::Date, jiff::civil::Date)>,
    b: Option<(jiff::civil::Date, jiff::civil::Date)>,
) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.0 <= b.1 && b.0 <= a.1,
        _ => true,
    }
}

/// How many events back a sentence may take one up again.
pub(crate) const RECENT_DRAFTS: usize = 24;
/// How many of an event's sentences are compared with a new one: its first and its last.
const COMPARED: usize = 8;

/// Within how many words after "the attack" its own place is named.
const BEHIND: usize = 4;
/// What a cluster must score to continue an event: a short report mostly tells of one, a long one of several.
const NEEDED: i32 = 2;
