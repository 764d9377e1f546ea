//! Keys of a few bytes, and what a word is made of.

/// Key of four bytes, or of three where the fourth is zero; least significant first.
///
/// Knuth's multiplicative hashing: the golden ratio of 2^32.
pub(crate) const fn of(bytes: u32, bits: u32) -> usize {
    (bytes.wrapping_mul(0x9E37_79B1) >> (32 - bits)) as usize
}

/// Bits of the keys of what a cue needs.
pub(crate) const NEED_BITS: u32 = 16;

/// Whether a byte is part of a word, as `\b` has it in patterns of bytes.
pub(crate) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A byte of text as the keys have it: every ASCII mark is a blank.
pub(crate) const fn blanked(byte: u8) -> u8 {
    if byte >= 0x80 || is_word(byte) {
        byte
    } else {
        b' '
    }
}
