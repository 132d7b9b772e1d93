/*! Verb groups and noun phrases of a sentence, read from its tags, left to right. */

use syntax::{Relation, Tag};

use crate::unit::{Phrase, Unit, VerbGroup};

const BE: &[&str] = &["be", "get", "become"];

/// Forms of verbs of harm that are never without an object in the active.
pub(crate) const NEEDS_OBJECT: &[&str] = &[
    "abducted",
    "arrested",
    "assassinated",
    "beheaded",
    "captured",
    "detained",
    "displaced",
    "executed",
    "hurt",
    "injured",
    "kidnapped",
    "killed",
    "murdered",
    "shot",
    "slain",
    "stabbed",
    "wounded",
];

/// Words that say what became of those counted, when they end their phrase ("10 dead", "another 4 wounded").
const OUTCOMES: &[&str] =
    &["dead", "displaced", "hurt", "injured", "killed", "missing", "unaccounted", "wounded"];

impl Unit {
    /// Groups verbs with their auxiliaries.
    pub(crate) fn find_verbs(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            let tag = self.words[at].tag;
            let starts =
                (tag.is_verb() || tag == Tag::Md) && !self.is_modifier(at) && self.time_at(at).is_none();
            if !starts {
                at += 1;
                continue;
            }
            let start = at;
            let mut head = at;
            let mut end = at + 1;
            let mut negated = at > 0 && matches!(self.before(at, 1), "not" | "never" | "n't");
            let mut modal = None;
            let mut passive_aux = false;
            let mut perfect = false;
            let mut auxiliary = self.is_auxiliary(at);
            if tag == Tag::Md {
                modal = Some(self.words[at].lemma.clone());
            }
            let mut be = BE.contains(&self.lemma(at));
            let mut have = self.lemma(at) == "have";
            let mut next = end;
            while auxiliary && next < self.words.len() {
                let word = &self.words[next];
                if matches!(word.lower.as_str(), "not" | "n't" | "never") {
                    negated = true;
                    next += 1;
                } else if word.tag.is_adverb() || word.lower == "also" || word.lower == "both" {
                    next += 1;
                } else if word.tag.is_verb() && self.time_at(next).is_none() {
                    // A participle after "be" that only describes a noun is none of the group's.
                    perfect |= have;
                    // No other form may follow "be": "hit" and "beat" look like three of them.
                    passive_aux = be && !word.tag.is_gerund();
                    head = next;
                    be = BE.contains(&word.lemma.as_str());
                    have = word.lemma == "have";
                    auxiliary = be || have;
                    next += 1;
                    end = next;
                } else {
                    break;
                }
            }
            let tag = self.words[head].tag;
            let alone = head == start;
            let infinitive = start > 0 && self.before(start, 1) == "to" && matches!(tag, Tag::Vb | Tag::Vbp);
            let group = VerbGroup {
                words: start..end,
                head,
                passive: passive_aux,
                bare_participle: alone && self.is_reduced(head),
                gerund: alone && tag.is_gerund(),
                infinitive,
                negated: negated || matches!(self.before(start, 1), "without"),
                modal,
                perfect,
            };
            for word in start..end {
                self.verb_at[word] = Some(self.verbs.len());
            }
            self.verbs.push(group);
            at = end;
        }
    }

    fn is_auxiliary(&self, at: usize) -> bool {
        self.words[at].tag == Tag::Md || matches!(self.lemma(at), "be" | "have" | "get" | "do")
    }

    /// Whether a participle describes the noun after it ("suspected militants", "wounded soldiers").
    fn is_modifier(&self, at: usize) -> bool {
        let word = &self.words[at];
        if !(word.tag.is_past_participle() || word.tag.is_gerund() || word.tag == Tag::Vbd) {
            return false;
        }
        let next = self.words.get(at + 1);
        let noun_next = next.is_some_and(|next| next.tag.is_noun() || next.tag.is_adjective());
        if !noun_next {
            return false;
        }
        if matches!(word.relation, Relation::Amod | Relation::Compound)
            && word.head.is_some_and(|head| head > at)
        {
            return true;
        }
        // "a wounded soldier", "the suspected militants", "two armed men".
        at > 0
            && !word.tag.is_gerund()
            && matches!(self.words[at - 1].tag, Tag::Dt | Tag::PrpPossessive | Tag::Cd | Tag::Jj | Tag::Pos)
    }

    /// Whether a verb form alone is a passive participle: no auxiliary before, no object after.
    fn is_reduced(&self, head: usize) -> bool {
        let word = &self.words[head];
        if !(word.tag.is_past_participle() || word.tag == Tag::Vbd) {
            return false;
        }
        // "The man who shot at a house": with a subject of its own and no auxiliary, he did it.
        if matches!(self.before(head, 1), "who" | "which") {
            return false;
        }
        // "Somebody shot into a crowd".
        if word.lower == "shot" && matches!(self.lower(head + 1), "into" | "through" | "toward" | "towards") {
            return false;
        }
        let has = |relation: Relation| {
            self.children(head).iter().any(|&child| self.words[child].relation == relation)
        };
        // "Four men shot on Erb Street": a verb that must have an object and has none is a passive.
        let needs_object = NEEDS_OBJECT.binary_search(&word.lower.as_str()).is_ok();
        if word.tag == Tag::Vbd
            && matches!(
                word.relation,
                Relation::Root | Relation::Conj | Relation::Ccomp | Relation::Advcl | Relation::AclRelcl
            )
            && (has(Relation::Obj) || has(Relation::Nsubj) && !needs_object)
        {
            return false;
        }
        // What follows decides: a preposition, an adverb, a comma or the end speak for the passive.
        let Some(next) = self.words.get(head + 1) else { return true };
        // "Wounded due to shelling".
        !(next.tag.is_noun()
            || next.tag.is_adjective() && next.lower != "due"
            || matches!(next.tag, Tag::Dt | Tag::PrpPossessive | Tag::Cd | Tag::Prp | Tag::Pdt)
            // "Seized improvised explosive devices".
            || self.is_modifier(head + 1)
            || self.numbers.iter().any(|number| number.words.start == head + 1))
            || self.time_at(head + 1).is_some()
    }

    /// Groups nouns with what stands before them.
    pub(crate) fn find_phrases(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            // "Shot *dead* at least 55": what the shots did belongs to the verb.
            let of_verb =
                self.lower(at) == "dead" && matches!(self.before(at, 1), "shot" | "shoot" | "shooting");
            if of_verb || !self.in_phrase(at, false) {
                at += 1;
                continue;
            }
            let start = at;
            let mut end = at;
            let mut head = None;
            let mut possessor = None;
            let pronoun = self.words[start].tag == Tag::Prp;
            let mut number: Option<usize> = None;
            while end < self.words.len() && self.in_phrase(end, end > start) {
                let word = &self.words[end];
                if end > start {
                    if pronoun {
                        break;
                    }
                    let opens = matches!(word.tag, Tag::Dt | Tag::PrpPossessive | Tag::Pdt | Tag::Prp)
                        || self.numbers.iter().any(|n| n.words.start == end);
                    // A determiner or number after a noun opens the next phrase, unless the noun was a
                    // possessor ("the army's three bases") or the number belongs to a name.
                    let after_noun = head.is_some() && self.words[end - 1].tag != Tag::Pos;
                    // "21 dead 15 injured": what became of the first ends them.
                    let told = number.is_some() && OUTCOMES.binary_search(&self.lower(end - 1)).is_ok();
                    if opens && (after_noun || told) {
                        break;
                    }
                }
                if let Some(found) = self.numbers.iter().position(|n| n.words.start == end) {
                    number = Some(found);
                    let stop = self.numbers[found].words.end;
                    if head.is_none() {
                        head = Some(stop - 1).filter(|_| false);
                    }
                    end = stop.max(end + 1);
                    continue;
                }
                // "A man and a *15-year-old* with wounds".
                let aged = word.lower.ends_with("-year-old");
                if word.tag.is_noun()
                    || aged
                    || word.tag == Tag::Prp
                    || word.tag == Tag::Fw
                    || word.tag == Tag::Wp
                {
                    head = Some(end);
                } else if word.tag == Tag::Pos {
                    possessor = Some(start..end);
                }
                end += 1;
            }
            // "An Afghan and coalition force": two descriptions of one noun.
            if end == start + 2
                && self.words[start].tag == Tag::Dt
                && self.words[start + 1].capital
                && (self.words[start + 1].tag.is_adjective() || self.words[start + 1].tag.is_proper())
                && matches!(self.lower(end), "and" | "-")
                && self.words.get(end + 1).is_some_and(|next| {
                    (next.tag.is_adjective() || next.tag.is_noun()) && !next.tag.is_plural()
                })
                && self.in_phrase(end + 1, true)
                && self.words.get(end + 2).is_some_and(|next| next.tag.is_noun())
            {
                end += 1;
                while end < self.words.len()
                    && self.in_phrase(end, true)
                    && !matches!(self.words[end].tag, Tag::Dt | Tag::PrpPossessive | Tag::Cd)
                {
                    if self.words[end].tag.is_noun() {
                        head = Some(end);
                    }
                    end += 1;
                }
            }
            let read = end;
            // "Another 4 wounded": what became of them is no part of who they are.
            if end > start + 1
                && OUTCOMES.binary_search(&self.lower(end - 1)).is_ok()
                && head.is_none_or(|head| {
                    head < end - 1 || self.words[head].tag.is_adjective() || number.is_some()
                })
                && (number.is_some() || head.is_some_and(|head| head < end - 1))
            {
                end -= 1;
            }
            // A possessive mark at the very end belongs to nothing.
            if end > start && self.words[end - 1].tag == Tag::Pos {
                end -= 1;
                possessor = None;
            }
            if end == start {
                at += 1;
                continue;
            }
            let head = head.filter(|&head| head < end).unwrap_or(end - 1);
            let preposition = start.checked_sub(1).filter(|&before| {
                matches!(self.words[before].tag, Tag::In | Tag::To)
                    || matches!(
                        self.words[before].lower.as_str(),
                        "including" | "against" | "targeting" | "following"
                    )
            });
            for word in start..end {
                self.phrase_at[word] = Some(self.phrases.len());
            }
            self.phrases.push(Phrase { words: start..end, head, number, preposition, pronoun, possessor });
            // "7 dead 5 wounded": the word between belongs to neither.
            let told = number.is_some()
                && read == end + 1
                && self.numbers.iter().any(|number| number.words.start == read);
            at = if told { read } else { end };
        }
    }

    fn in_phrase(&self, at: usize, inside: bool) -> bool {
        if self.time_at(at).is_some() {
            return false;
        }
        if self.numbers.iter().any(|number| number.words.contains(&at)) {
            return true;
        }
        if self.verb_at[at].is_some() {
            return false;
        }
        let word = &self.words[at];
        match word.tag {
            Tag::Dt | Tag::Pdt => {
                !matches!(word.lower.as_str(), "both" | "that") || word.relation == Relation::Det
            }
            Tag::PrpPossessive | Tag::Cd | Tag::Jj | Tag::Jjr | Tag::Jjs | Tag::Currency | Tag::Fw => true,
            Tag::Prp => !inside,
            Tag::Pos | Tag::Hyph => inside,
            // "Several *more* rebels".
            Tag::Rbr if inside && word.lower == "more" => {
                self.words.get(at + 1).is_some_and(|next| next.tag.is_noun() || next.tag.is_adjective())
            }
            Tag::Vbn | Tag::Vbg | Tag::Vbd => self.is_modifier(at),
            tag => tag.is_noun(),
        }
    }
}
