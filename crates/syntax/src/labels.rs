//! The two label sets as plain enums: a name in the program, a spelling outside, a byte in the weights.

/// Declares a label set: the enum, its spellings, and the way back from a byte or a spelling.
macro_rules! label_set {
    ($(#[$meta:meta])* $name:ident { $($(#[$note:meta])* $variant:ident => $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$note])* $variant,)+ }

        impl $name {
            /// Every label, in the order of its byte.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The label as treebanks spell it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The label of an exact spelling.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }

            /// The byte that stands for the label in the weights.
            #[must_use]
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// The label that a byte of the weights stands for.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Self> {
                Self::ALL.get(usize::from(code)).copied()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use label_set;
