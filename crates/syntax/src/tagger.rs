//! The tagger: left to right, one decision a word, each seeing the two before it.
//!
//! After Collins (2002), "Discriminative training methods for hidden Markov models"; decoded greedily.

use crate::form::Form;
use crate::linear::feature;

/// How many features a decision has.
pub const FEATURES: usize = 31;

/// The tag code before the first word.
pub const START: u8 = u8::MAX;

/// The forms outside the sentence.
const OUTSIDE: Form = Form { word: 1, suffix: [1; 4], prefix: [1; 3], tail: 0, shape: 0 };

/// The features of the word at an index, given the codes of the two tags before it.
#[must_use]
pub fn features(forms: &[Form], index: usize, previous: u8, before: u8) -> [u32; FEATURES] {
    let at = |offset: isize| -> &Form {
        index.checked_add_signed(offset).and_then(|at| forms.get(at)).unwrap_or(&OUTSIDE)
    };
    let this = at(0);
    let (p1, p2, n1, n2) = (at(-1), at(-2), at(1), at(2));
    let (t1, t2) = (u32::from(previous), u32::from(before));
    let both = t1 << 8 | t2;
    [
        feature(1, 0, 0),
        feature(2, this.word, 0),
        feature(3, this.word, this.shape),
        feature(4, this.word, t1),
        feature(5, this.word, both),
        feature(6, this.word, n1.word),
        feature(7, this.word, p1.word),
        feature(8, this.suffix[0], 0),
        feature(9, this.suffix[1], 0),
        feature(10, this.suffix[2], 0),
        feature(11, this.suffix[3], 0),
        feature(12, this.suffix[2], t1),
        feature(13, this.suffix[1], this.shape),
        feature(14, this.suffix[3], this.shape),
        feature(15, this.prefix[0], this.shape),
        feature(16, this.prefix[1], 0),
        feature(17, this.prefix[2], 0),
        feature(18, this.tail, this.shape),
        feature(19, this.shape, t1),
        feature(20, this.shape, n1.shape),
        feature(21, this.shape, p1.shape),
        feature(22, t1, 0),
        feature(23, both, 0),
        feature(24, p1.word, t1),
        feature(25, p2.word, t2),
        feature(26, n1.word, 0),
        feature(27, n2.word, 0),
        feature(28, n1.word, t1),
        feature(29, n1.suffix[2], n1.shape),
        feature(30, n1.suffix[1], this.suffix[1]),
        feature(31, p1.suffix[2], 0),
    ]
}
