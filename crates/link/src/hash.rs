//! Hashes that are kept for years: what they give may never change, whatever machine or version computes them.

/// FNV-1a with 64 bits (Fowler, Noll and Vo).
#[must_use]
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The finaliser of splitmix64 (Steele, Lea and Flood 2014): every bit of the input bears on every bit of the output.
#[must_use]
pub const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The upper half of a hash, as a key that takes half the room.
#[must_use]
pub const fn short(hash: u64) -> u32 {
    (mix(hash) >> 32) as u32
}

/// The key of a word.
#[must_use]
pub fn key(word: &str) -> u32 {
    short(fnv1a(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_stay_what_they_are() {
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
        // The second output of splitmix64 seeded with 1234567 is 3203168211198807973.
        let golden = 0x9e37_79b9_7f4a_7c15_u64;
        assert_eq!(mix(1_234_567_u64.wrapping_add(golden)), 6_457_827_717_110_365_317);
        assert_eq!(mix(1_234_567_u64.wrapping_add(golden.wrapping_mul(2))), 3_203_168_211_198_807_973);
    }
}
