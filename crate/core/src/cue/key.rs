// Shared by the build script, which lays the tables down, and the library, which asks them.

/// Key of four bytes, or of three where the fourth is zero; least significant first.
///
/// Knuth's multiplicative hashing: the golden ratio of 2^32.
pub(crate) const fn of(bytes: u32, bits: u32) -> usize {
    (bytes.wrapping_mul(0x9E37_79B1) >> (32 - bits)) as usize
}

/// Bits of the keys of windows.
pub(crate) const GRAM_BITS: u32 = 14;

/// Key of a window of three bytes or more: that of its first four.
#[cfg_attr(not(test), allow(dead_code, reason = "only the build script asks"))]
pub(crate) fn of_window(window: &[u8]) -> usize {
    let mut bytes = [0; 4];
    bytes
        .iter_mut()
        .zip(window)
        .for_each(|(to, from)| *to = *from);
    of(u32::from_le_bytes(bytes), GRAM_BITS)
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
