//! Dependency relations: Universal Dependencies 2, with the subtypes of the English Web Treebank.

use crate::labels::label_set;

label_set! {
    /// A dependency relation.
    Relation {
        /// Clausal modifier of a noun.
        Acl => "acl",
        /// Relative clause.
        AclRelcl => "acl:relcl",
        /// Adverbial clause.
        Advcl => "advcl",
        /// Relative clause on a whole clause ("…, which angered the crowd").
        AdvclRelcl => "advcl:relcl",
        /// Adverbial modifier.
        Advmod => "advmod",
        /// Adjectival modifier.
        Amod => "amod",
        /// Apposition.
        Appos => "appos",
        /// Auxiliary.
        Aux => "aux",
        /// Passive auxiliary.
        AuxPass => "aux:pass",
        /// Case marker: preposition, possessive ending.
        Case => "case",
        /// Coordinating conjunction.
        Cc => "cc",
        /// First half of a paired conjunction ("both … and").
        CcPreconj => "cc:preconj",
        /// Clausal complement with its own subject.
        Ccomp => "ccomp",
        /// Compound.
        Compound => "compound",
        /// Particle of a phrasal verb ("blow up").
        CompoundPrt => "compound:prt",
        /// Conjunct: depends on the first one.
        Conj => "conj",
        /// Copula.
        Cop => "cop",
        /// Clausal subject.
        Csubj => "csubj",
        /// Clausal subject of a clause that is itself a predicate.
        CsubjOuter => "csubj:outer",
        /// Clausal subject of a passive.
        CsubjPass => "csubj:pass",
        /// Unspecified.
        Dep => "dep",
        /// Determiner.
        Det => "det",
        /// Predeterminer ("all the men").
        DetPredet => "det:predet",
        /// Discourse element.
        Discourse => "discourse",
        /// Dislocated element.
        Dislocated => "dislocated",
        /// Expletive ("there", "it").
        Expl => "expl",
        /// Fixed multiword expression ("because of").
        Fixed => "fixed",
        /// Flat name or date.
        Flat => "flat",
        /// Part of a word split by mistake.
        Goeswith => "goeswith",
        /// Indirect object.
        Iobj => "iobj",
        /// List item.
        List => "list",
        /// Subordinator, or the "to" of an infinitive.
        Mark => "mark",
        /// Nominal modifier of a noun.
        Nmod => "nmod",
        /// Title or descriptor before a name.
        NmodDesc => "nmod:desc",
        /// Possessor.
        NmodPoss => "nmod:poss",
        /// Nominal modifier without a preposition.
        NmodUnmarked => "nmod:unmarked",
        /// Subject.
        Nsubj => "nsubj",
        /// Subject of a clause that is itself a predicate.
        NsubjOuter => "nsubj:outer",
        /// Subject of a passive.
        NsubjPass => "nsubj:pass",
        /// Number that counts its head.
        Nummod => "nummod",
        /// Object.
        Obj => "obj",
        /// Oblique nominal.
        Obl => "obl",
        /// Agent of a passive ("by gunmen").
        OblAgent => "obl:agent",
        /// Oblique nominal without a preposition ("Monday", "two years ago").
        OblUnmarked => "obl:unmarked",
        /// Dependent of an elided head.
        Orphan => "orphan",
        /// Parataxis: reporting clauses, loosely joined clauses.
        Parataxis => "parataxis",
        /// Punctuation.
        Punct => "punct",
        /// Repair of a slip.
        Reparandum => "reparandum",
        /// The head of the sentence.
        Root => "root",
        /// Person addressed.
        Vocative => "vocative",
        /// Complement clause whose subject is given outside.
        Xcomp => "xcomp",
    }
}

impl Relation {
    /// The relation of a spelling; an unknown subtype is read as its universal relation, anything
    /// else as `dep`.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            // Before UD 2.11 the English treebanks split the unmarked ones by meaning.
            "obl:tmod" | "obl:npmod" => return Self::OblUnmarked,
            "nmod:tmod" | "nmod:npmod" => return Self::NmodUnmarked,
            _ => {}
        }
        Self::from_name(name)
            .or_else(|| Self::from_name(name.split(':').next().unwrap_or(name)))
            .unwrap_or(Self::Dep)
    }

    /// The universal relation without its subtype.
    #[must_use]
    pub fn universal(self) -> Self {
        match self.as_str().split_once(':') {
            Some((base, _)) => Self::from_name(base).unwrap_or(self),
            None => self,
        }
    }

    /// A subject of any kind, active or passive.
    #[must_use]
    pub const fn is_subject(self) -> bool {
        matches!(
            self,
            Self::Nsubj
                | Self::NsubjPass
                | Self::NsubjOuter
                | Self::Csubj
                | Self::CsubjPass
                | Self::CsubjOuter
        )
    }

    /// A subject of a passive.
    #[must_use]
    pub const fn is_passive_subject(self) -> bool {
        matches!(self, Self::NsubjPass | Self::CsubjPass)
    }

    /// A nominal that tells where, when, with what, by whom.
    #[must_use]
    pub const fn is_oblique(self) -> bool {
        matches!(self, Self::Obl | Self::OblAgent | Self::OblUnmarked)
    }

    /// A clause that hangs on another word.
    #[must_use]
    pub const fn is_clause(self) -> bool {
        matches!(
            self,
            Self::Acl
                | Self::AclRelcl
                | Self::Advcl
                | Self::AdvclRelcl
                | Self::Ccomp
                | Self::Xcomp
                | Self::Csubj
                | Self::CsubjPass
                | Self::CsubjOuter
                | Self::Parataxis
        )
    }

    /// A word that belongs to the name or compound of its head.
    #[must_use]
    pub const fn is_name_part(self) -> bool {
        matches!(self, Self::Flat | Self::Compound | Self::NmodDesc | Self::Goeswith)
    }
}
