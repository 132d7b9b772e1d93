//! Part-of-speech tags: the Penn Treebank set with the additions of the English Web Treebank.

use crate::labels::label_set;

label_set! {
    /// A part-of-speech tag (XPOS of UD English EWT).
    Tag {
        /// Coordinating conjunction.
        Cc => "CC",
        /// Cardinal number.
        Cd => "CD",
        /// Determiner.
        Dt => "DT",
        /// Existential "there".
        Ex => "EX",
        /// Foreign word.
        Fw => "FW",
        /// Preposition or subordinating conjunction.
        In => "IN",
        /// Adjective.
        Jj => "JJ",
        /// Adjective, comparative.
        Jjr => "JJR",
        /// Adjective, superlative.
        Jjs => "JJS",
        /// List item marker.
        Ls => "LS",
        /// Modal.
        Md => "MD",
        /// Common noun, singular or mass.
        Nn => "NN",
        /// Common noun, plural.
        Nns => "NNS",
        /// Proper noun, singular.
        Nnp => "NNP",
        /// Proper noun, plural.
        Nnps => "NNPS",
        /// Predeterminer.
        Pdt => "PDT",
        /// Possessive ending.
        Pos => "POS",
        /// Personal pronoun.
        Prp => "PRP",
        /// Possessive pronoun.
        PrpPossessive => "PRP$",
        /// Adverb.
        Rb => "RB",
        /// Adverb, comparative.
        Rbr => "RBR",
        /// Adverb, superlative.
        Rbs => "RBS",
        /// Particle.
        Rp => "RP",
        /// Symbol.
        Sym => "SYM",
        /// "to".
        To => "TO",
        /// Interjection.
        Uh => "UH",
        /// Verb, base form.
        Vb => "VB",
        /// Verb, past tense.
        Vbd => "VBD",
        /// Verb, gerund or present participle.
        Vbg => "VBG",
        /// Verb, past participle.
        Vbn => "VBN",
        /// Verb, present, not third person singular.
        Vbp => "VBP",
        /// Verb, present, third person singular.
        Vbz => "VBZ",
        /// Wh-determiner.
        Wdt => "WDT",
        /// Wh-pronoun.
        Wp => "WP",
        /// Possessive wh-pronoun.
        WpPossessive => "WP$",
        /// Wh-adverb.
        Wrb => "WRB",
        /// Sentence-final mark.
        FullStop => ".",
        /// Comma.
        Comma => ",",
        /// Colon, semicolon, dash, dots.
        Colon => ":",
        /// Opening quotation mark.
        OpenQuote => "``",
        /// Closing quotation mark.
        CloseQuote => "''",
        /// Opening bracket.
        OpenBracket => "-LRB-",
        /// Closing bracket.
        CloseBracket => "-RRB-",
        /// Currency sign.
        Currency => "$",
        /// Hyphen between the parts of a word.
        Hyph => "HYPH",
        /// Superfluous punctuation: bullets, rules, smileys.
        Nfp => "NFP",
        /// Address: mail, web.
        Add => "ADD",
        /// Affix.
        Afx => "AFX",
        /// Part of a word that was split by a stray space.
        Gw => "GW",
        /// Unknown.
        Xx => "XX",
    }
}

impl Tag {
    /// A verb in any form; modals are not verbs here.
    #[must_use]
    pub const fn is_verb(self) -> bool {
        matches!(self, Self::Vb | Self::Vbd | Self::Vbg | Self::Vbn | Self::Vbp | Self::Vbz)
    }

    /// A verb form that can head a clause by itself (past or present tense), or a modal.
    #[must_use]
    pub const fn is_finite(self) -> bool {
        matches!(self, Self::Vbd | Self::Vbp | Self::Vbz | Self::Md)
    }

    /// A past participle ("killed" in "was killed").
    #[must_use]
    pub const fn is_past_participle(self) -> bool {
        matches!(self, Self::Vbn)
    }

    /// A gerund or present participle.
    #[must_use]
    pub const fn is_gerund(self) -> bool {
        matches!(self, Self::Vbg)
    }

    /// A past tense or a past participle: taggers confuse the two, and often either will do.
    #[must_use]
    pub const fn is_past(self) -> bool {
        matches!(self, Self::Vbd | Self::Vbn)
    }

    /// A noun, common or proper.
    #[must_use]
    pub const fn is_noun(self) -> bool {
        matches!(self, Self::Nn | Self::Nns | Self::Nnp | Self::Nnps)
    }

    /// A common noun.
    #[must_use]
    pub const fn is_common_noun(self) -> bool {
        matches!(self, Self::Nn | Self::Nns)
    }

    /// A proper noun.
    #[must_use]
    pub const fn is_proper(self) -> bool {
        matches!(self, Self::Nnp | Self::Nnps)
    }

    /// A plural noun.
    #[must_use]
    pub const fn is_plural(self) -> bool {
        matches!(self, Self::Nns | Self::Nnps)
    }

    /// A personal or possessive pronoun, or a wh-pronoun.
    #[must_use]
    pub const fn is_pronoun(self) -> bool {
        matches!(self, Self::Prp | Self::PrpPossessive | Self::Wp | Self::WpPossessive | Self::Wdt | Self::Ex)
    }

    /// An adjective in any degree.
    #[must_use]
    pub const fn is_adjective(self) -> bool {
        matches!(self, Self::Jj | Self::Jjr | Self::Jjs)
    }

    /// An adverb in any degree.
    #[must_use]
    pub const fn is_adverb(self) -> bool {
        matches!(self, Self::Rb | Self::Rbr | Self::Rbs | Self::Wrb)
    }

    /// A number.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Cd)
    }

    /// Punctuation of any kind.
    #[must_use]
    pub const fn is_punctuation(self) -> bool {
        matches!(
            self,
            Self::FullStop
                | Self::Comma
                | Self::Colon
                | Self::OpenQuote
                | Self::CloseQuote
                | Self::OpenBracket
                | Self::CloseBracket
                | Self::Hyph
                | Self::Nfp
        )
    }
}
