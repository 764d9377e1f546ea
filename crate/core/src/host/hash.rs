// Shared by the build script, which fills the table, and the library, which asks it.

/// FNV-1a over 32 bits, one byte at a time, so that a name is hashed from its end
/// while it is walked: <http://www.isthe.com/chongo/tech/comp/fnv/>.
pub(crate) const START: u32 = 0x811c_9dc5;

/// Adds one byte.
pub(crate) const fn add(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}
