// Shared by the build script, which fills the table, and the library, which asks it.

/// FNV-1a over 64 bits, one byte at a time, so that a name is hashed from its end
/// while it is walked: <http://www.isthe.com/chongo/tech/comp/fnv/>.
pub(crate) const START: u64 = 0xcbf2_9ce4_8422_2325;

/// Adds one byte.
pub(crate) const fn add(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}
