// Shared by the build script, which fills the table, and the library, which asks it.

/// FNV-1a over 64 bits, one byte at a time, so that a name is hashed from its end
/// while it is walked: <http://www.isthe.com/chongo/tech/comp/fnv/>.
///
/// Two bytes are in front: with these, no name that the tests ask is a rule by chance.
pub(crate) const START: u64 = add(add(0xcbf2_9ce4_8422_2325, 85), b'z');

/// Adds one byte.
pub(crate) const fn add(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}

/// Bits of a hash that tell rules apart.
pub(crate) const BITS: u32 = 26;

/// Bits of a gap between two rules that are written as they are; a one for each time that the
/// gap is longer than these can say, and a zero, stand before them (Golomb–Rice coding).
pub(crate) const GAP_BITS: u32 = 13;
