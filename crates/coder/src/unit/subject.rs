/*! Who a verb's subject is: the tree says it where it can be trusted, the order of phrases where it cannot. */

use syntax::{Relation, Tag};

use super::Unit;

/// How many words may stand between a subject and its verb, told of some of those whom it names.
const INTERRUPTION: usize = 40;

impl Unit {
    /// The phrase of a verb's subject, as written: what the sentence says does or suffers it.
    #[must_use]
    pub fn subject(&self, verb: usize) -> Option<usize> {
        let subject = self.subject_within(verb, 0)?;
        // "Kills eight people and injures twelve": whom the first verb has for its object does not do the second.
        let group = &self.verbs[verb];
        let before = verb.checked_sub(1).filter(|&before| {
            let finite = !group.bare_participle && !group.gerund && !group.infinitive;
            finite && self.before(group.words.start, 1) == "and" && self.object(before) == Some(subject)
        });
        Some(before.and_then(|before| self.subject_within(before, 0)).unwrap_or(subject))
    }

    pub(crate) fn subject_within(&self, verb: usize, depth: usize) -> Option<usize> {
        if depth > 4 {
            return None;
        }
        let group = self.verbs.get(verb)?;
        let head = group.head;
        // "Were shot and killed": two participles joined are of one subject.
        if let Some(before) = verb.checked_sub(1)
            && group.bare_participle
            && self.verbs[before].passive
            && self.verbs[before].words.end + 1 == group.words.start
            && matches!(self.before(group.words.start, 1), "and" | "or")
        {
            return self.subject_within(before, depth + 1);
        }
        if let Some(phrase) = self.reduced_relative(verb, depth) {
            return Some(phrase);
        }
        let beyond = || self.subject_beyond(verb).or_else(|| self.subject_interrupted(verb));
        if let Some(phrase) = self.subject_of_clause(verb).or_else(beyond) {
            return Some(phrase);
        }
        let chain = [head, group.words.start];
        for &word in &chain {
            if let Some(child) = self.nearest_subject(word) {
                if matches!(self.words[child].tag, Tag::Wdt | Tag::Wp) || self.lower(child) == "that" {
                    // "…, who was killed in 2020", wherever the tree hangs it: the noun before.
                    let hung = matches!(self.words[head].relation, Relation::AclRelcl | Relation::Acl);
                    if !hung && matches!(self.lower(child), "who" | "which") {
                        return self.phrases.iter().rposition(|phrase| phrase.words.end <= child);
                    }
                    break;
                }
                // A colon or semicolon between the two is stronger than the tree.
                let apart = (child.min(word)..child.max(word)).any(|at| matches!(self.lower(at), ":" | ";"));
                if let Some(phrase) = self.phrase_of(child).filter(|_| !apart) {
                    let phrase = self.adjacent_count(verb, phrase).unwrap_or(phrase);
                    return Some(self.qualified(phrase));
                }
            }
        }
        let word = &self.words[head];
        match word.relation {
            Relation::AclRelcl | Relation::Acl => {
                if let Some(phrase) = word.head.and_then(|head| self.phrase_of(head)) {
                    return Some(phrase);
                }
            }
            // "X is thought to be behind it": the copula hangs from what it says of X.
            Relation::Cop => {
                if let Some(said) = word.head {
                    if let Some(phrase) = self.nearest_subject(said).and_then(|child| self.phrase_of(child)) {
                        return Some(phrase);
                    }
                    if let Some(other) = self.words[said]
                        .head
                        .and_then(|governor| self.verb_at[governor])
                        .filter(|&other| other != verb)
                    {
                        return self.subject_within(other, depth + 1);
                    }
                }
            }
            Relation::Conj | Relation::Advcl | Relation::Xcomp | Relation::Parataxis => {
                // "A strike killed ten, witnesses told reporters": a finite verb has no subject of what comes after it.
                let finite = !(group.gerund || group.infinitive || group.bare_participle || group.passive);
                if let Some(governor) = word.head.filter(|&governor| !finite || governor < head)
                    && let Some(other) = self.verb_at[governor].filter(|&other| other != verb)
                {
                    // "M others wounded" after "N killed": a nearer phrase is the better subject.
                    let near = self.left_phrase(group.words.start).filter(|&near| {
                        let phrase = &self.phrases[near];
                        // "Leaving one person killed": who stands right between the two.
                        let between = phrase.words.start == self.verbs[other].words.end
                            && phrase.words.end == group.words.start
                            && group.bare_participle;
                        // "Injured four and was shot dead": the four are another verb's.
                        let taken = group.passive
                            && self.before(group.words.start, 1) == "and"
                            && verb.checked_sub(1).is_some_and(|before| self.object(before) == Some(near));
                        !taken
                            && (between || phrase.words.start > self.verbs[other].words.end)
                            && phrase.preposition.is_none()
                            && (group.bare_participle || group.passive)
                    });
                    return near.or_else(|| self.subject_within(other, depth + 1));
                }
            }
            _ => {}
        }
        // "The attackers hit two posts in X, taking away their rifles": who did the one did the other.
        if group.gerund && self.before(group.words.start, 1) == "," {
            let finite =
                |other: &super::VerbGroup| !other.gerund && !other.bare_participle && !other.infinitive;
            let before = self.verbs[..verb].iter().rposition(finite);
            let apart = |before: usize| {
                (self.verbs[before].words.end..group.words.start)
                    .any(|at| matches!(self.lower(at), ":" | ";" | "and" | "when" | "while"))
            };
            if let Some(before) = before.filter(|&before| !apart(before)) {
                return self.subject_within(before, depth + 1);
            }
        }
        let near = self.left_phrase(group.words.start).or_else(|| {
            // "3 critically injured".
            let near = self.phrases.iter().rposition(|phrase| phrase.words.end <= group.words.start)?;
            (self.phrases[near].words.end..group.words.start)
                .all(|at| self.words[at].tag.is_adverb())
                .then_some(near)
        })?;
        // A phrase behind a preposition is no subject, except the one that the chain of "of" hangs from.
        let mut phrase = near;
        while let Some(preposition) = self.phrases[phrase].preposition {
            if matches!(self.lower(preposition), "including" | "while" | "as") {
                return None;
            }
            phrase = phrase.checked_sub(1)?;
            if self.barrier(self.phrases[phrase].words.end, preposition) {
                return None;
            }
        }
        Some(phrase)
    }

    /// "Five policemen manning a post were killed", "three men who were in the car died": the subject of a verb
    /// stands before what a participle or a relative clause adds to it.
    fn subject_beyond(&self, verb: usize) -> Option<usize> {
        let group = &self.verbs[verb];
        if group.gerund || group.infinitive || group.bare_participle {
            return None;
        }
        let other = verb.checked_sub(1)?;
        let added = &self.verbs[other];
        let relative = matches!(self.before(added.words.start, 1), "who" | "which" | "that");
        let close = (added.words.end..group.words.start).all(|at| {
            !matches!(self.lower(at), "," | ";" | ":" | "and" | "but" | "when" | "while" | "after")
        });
        if !(relative || added.gerund) || !close {
            return None;
        }
        let start = added.words.start - usize::from(relative);
        // Only what stands right before it is added to.
        let phrase = self.phrases.iter().rposition(|phrase| phrase.words.end == start)?;
        let mut phrase = phrase;
        while self.phrases[phrase].preposition.is_some() && phrase > 0 {
            phrase -= 1;
        }
        self.phrases[phrase].preposition.is_none().then_some(phrase)
    }

    /// "Five people, including a child, were killed", "two men (both farmers) died", "four guards, two of them women,
    /// were shot": the subject stands before what is said of some or all of them.
    fn subject_interrupted(&self, verb: usize) -> Option<usize> {
        let group = &self.verbs[verb];
        if group.gerund || group.infinitive || group.bare_participle {
            return None;
        }
        let mut end = group.words.start;
        while end > 0 && self.words[end - 1].tag.is_adverb() {
            end -= 1;
        }
        let closing = self.before(end, 1);
        let mut whole = None;
        let mut finite = false;
        for at in (end.saturating_sub(INTERRUPTION)..end).rev() {
            let lower = self.lower(at);
            let comma = self.before(at, 1) == ",";
            let of_whom =
                comma && closing == "," && self.lower(at + 1) == "of" && self.lower(at + 2) == "whom";
            let opens = match lower {
                _ if of_whom => true,
                "(" => closing == ")",
                "including" => !finite,
                "who" | "whose" => comma && closing == ",",
                "all" | "both" | "most" | "mostly" | "mainly" | "among" | "some" => {
                    comma && closing == "," && !finite
                }
                _ => comma && closing == "," && !finite && self.some_of_them(at),
            };
            if opens {
                let stop = if comma { at - 1 } else { at };
                let Some(phrase) = self.phrases.iter().rposition(|phrase| phrase.words.end == stop) else {
                    break;
                };
                whole = Some(phrase);
                finite = false;
                continue;
            }
            let of_another = matches!(lower, ";" | ":" | "when" | "while" | "after" | "before" | "but")
                || whole.is_some() && lower == ",";
            if of_another {
                break;
            }
            finite |= self.verb_at[at].is_some_and(|verb| {
                let other = &self.verbs[verb];
                !other.bare_participle && !other.gerund && !other.infinitive
            });
        }
        let whole = self.qualified(whole?);
        // "A bomb killed two, including a child, and seven were hurt": another verb's object is no subject.
        let start = self.phrases[whole].words.start;
        let taken = self.verbs[..verb].iter().enumerate().rev().find(|(_, other)| other.words.end <= start);
        let taken = taken.is_some_and(|(before, _)| self.object(before) == Some(whole));
        (self.phrases[whole].preposition.is_none() && !taken).then_some(whole)
    }

    /// "*Two* of them", "*three* of whom".
    fn some_of_them(&self, at: usize) -> bool {
        let one = self.lower(at) == "one" && self.lower(at + 1) == "of";
        one && matches!(self.lower(at + 2), "them" | "whom")
            || self.numbers.iter().any(|number| {
                number.words.start == at
                    && self.lower(number.words.end) == "of"
                    && matches!(self.lower(number.words.end + 1), "them" | "whom")
            })
    }

    /// "… as militants detonated it": what stands between a conjunction and a finite verb is its subject,
    /// whatever the tree says.
    fn subject_of_clause(&self, verb: usize) -> Option<usize> {
        let group = &self.verbs[verb];
        // "As police and students clashed with": nobody is clashed by anybody, whatever the tagger makes of the word.
        let acts = matches!(self.lemma(group.head), "clash" | "skirmish" | "collide");
        if group.infinitive || group.gerund || group.bare_participle && !acts {
            return None;
        }
        let near = self.phrases.iter().rposition(|phrase| phrase.words.end <= group.words.start)?;
        let close =
            (self.phrases[near].words.end..group.words.start).all(|at| self.words[at].tag.is_adverb());
        let mut near = self.qualified(near);
        // "As police and supporters of the party clashed": of two that are joined the first stands at the conjunction.
        if let Some(first) = near.checked_sub(1)
            && self.phrases[first].words.end + 1 == self.phrases[near].words.start
            && self.lower(self.phrases[first].words.end) == "and"
        {
            let before = self.before(self.phrases[first].words.start, 1);
            if matches!(before, "as" | "when" | "while" | "where" | "because" | "after" | "before") {
                near = first;
            }
        }
        let before = self.before(self.phrases[near].words.start, 1);
        (close && matches!(before, "as" | "when" | "while" | "where" | "because" | "after" | "before"))
            .then_some(near)
    }

    /// "…, and another 22 were wounded": a counted phrase right before a passive is its subject, whatever
    /// the tree says, unless it stands behind a preposition.
    fn adjacent_count(&self, verb: usize, chosen: usize) -> Option<usize> {
        let group = &self.verbs[verb];
        if !(group.passive || group.bare_participle) {
            return None;
        }
        let near = self.phrases.iter().rposition(|phrase| phrase.words.end <= group.words.start)?;
        let phrase = &self.phrases[near];
        let close = (phrase.words.end..group.words.start).all(|at| self.words[at].tag.is_adverb());
        (near != chosen
            && close
            && phrase.number.is_some()
            && phrase.preposition.is_none()
            && !self.coordinated(chosen).contains(&near))
        .then_some(near)
    }

    /// "A man with a knife killed", "fighters from Somalia attacked": the phrase that one behind a preposition
    /// qualifies is the subject, whatever the tree says.
    fn qualified(&self, phrase: usize) -> usize {
        let mut at = phrase;
        while let Some(preposition) = self.phrases[at].preposition
            && matches!(self.lower(preposition), "with" | "of" | "in" | "on" | "from" | "at")
            && let Some(before) = at.checked_sub(1)
            && self.phrases[before].words.end == preposition
        {
            at = before;
        }
        // "A man disguised as a guard shot two".
        if let Some(preposition) = self.phrases[at].preposition
            && self.lower(preposition) == "as"
            && matches!(self.before(preposition, 1), "disguised" | "dressed" | "posing" | "masquerading")
            && let Some(before) = at.checked_sub(1)
            && self.phrases[before].words.end + 1 == preposition
        {
            at = before;
        }
        at
    }

    /// Of several subjects that the parser gives a verb, the nearest before it.
    fn nearest_subject(&self, verb: usize) -> Option<usize> {
        let subjects =
            || self.children(verb).iter().copied().filter(|&child| self.words[child].relation.is_subject());
        // "A strike killed ten, two witnesses said": behind a comma stands who says so.
        let behind_comma = |child: usize| (verb..child).any(|at| self.lower(at) == ",");
        subjects()
            .filter(|&child| child < verb)
            .max()
            .or_else(|| subjects().min().filter(|&child| !behind_comma(child)))
    }
}
