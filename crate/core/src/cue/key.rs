//! Keys of a few bytes in a row.

/// Key of four bytes, or of three where the fourth is zero; least significant first.
///
/// Knuth's multiplicative hashing: the golden ratio of 2^32.
pub(crate) const fn of(bytes: u32, bits: u32) -> usize {
    (bytes.wrapping_mul(0x9E37_79B1) >> (32 - bits)) as usize
}

/// Whether a byte is part of a word, as `\b` has it in patterns of bytes.
pub(crate) const fn is_word(byte: u8) -> bool {
    const WORD: [bool; 256] = {
        let mut word = [false; 256];
        let mut at = 0;
        while at < 256 {
            word[at] = (at as u8).is_ascii_alphanumeric() || at as u8 == b'_';
            at += 1;
        }
        word
    };
    WORD[byte as usize]
}

/// A byte of text as the keys have it: ASCII punctuation is a blank, and every digit a zero, so that
/// a number can be asked for.
pub(crate) const fn blanked(byte: u8) -> u8 {
    const BLANKED: [u8; 256] = {
        let mut blanked = [b' '; 256];
        let mut at = 0;
        while at < 256 {
            let byte = at as u8;
            if byte.is_ascii_digit() {
                blanked[at] = b'0';
            } else if byte >= 0x80 || is_word(byte) {
                blanked[at] = byte;
            }
            at += 1;
        }
        blanked
    };
    BLANKED[byte as usize]
}

/// Every run of four bytes.
pub(crate) fn fours(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> {
    let fours = bytes.windows(4);
    fours.map(|four| [four[0], four[1], four[2], four[3]])
}
