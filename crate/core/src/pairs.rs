//! Data in which frequent pairs of bytes are one byte: byte pair encoding (Gage, "A New
//! Algorithm for Data Compression", The C Users Journal, February 1994).
//!
//! Deflate or zstd would make the module smaller still, but the download larger: their bit streams
//! cannot be compressed again, and brotli does better than they do. Packed pairs it compresses to about
//! the size that the data itself comes to.

/// Most bytes that a pair may expand to: so many are copied at once.
pub(crate) const MOST: usize = 8;

/// Expands what [`pack`](fn@crate::pack::pack) packed: the number of bytes as a little-endian `u32`; the
/// number of pairs; for each pair the byte that stands for it and its two bytes, which may themselves
/// stand for earlier pairs; the escape, a byte that says that the next one stands for itself; the codes.
///
/// What is missing is filled with zeros.
pub(crate) fn expand(packed: &[u8]) -> Vec<u8> {
    let Some(([a, b, c, d, pairs], rest)) = packed.split_first_chunk() else {
        return Vec::new();
    };
    let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
    let (pairs, rest) = rest.split_at(rest.len().min(3 * usize::from(*pairs)));
    let itself = |byte: usize| {
        let mut bytes = [0; MOST];
        bytes[0] = byte as u8;
        (bytes, 1)
    };
    let mut spelt: [_; 256] = std::array::from_fn(itself);
    for pair in pairs.chunks_exact(3) {
        let [first, second] = [pair[1], pair[2]].map(|byte| spelt[usize::from(byte)]);
        let (mut bytes, length) = first;
        for (to, from) in bytes[length..].iter_mut().zip(second.0) {
            *to = from;
        }
        spelt[usize::from(pair[0])] = (bytes, (length + second.1).min(MOST));
    }
    let mut data = vec![0; length + MOST];
    let mut at = 0;
    let (escape, rest) = rest.split_first().unwrap_or((&0, &[]));
    let mut codes = rest.iter();
    while let Some(code) = codes.next() {
        let (bytes, length) = if code == escape {
            itself((*codes.next().unwrap_or(&0)).into())
        } else {
            spelt[usize::from(*code)]
        };
        let Some(to) = data.get_mut(at..at + MOST) else {
            break;
        };
        to.copy_from_slice(&bytes);
        at += length;
    }
    data.truncate(length);
    data
}

/// A file that the build script packed, expanded on first use.
macro_rules! packed {
    ($name:literal) => {{
        static DATA: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
            $crate::pairs::expand(include_bytes!(concat!(env!("OUT_DIR"), "/", $name)))
        });
        DATA.as_slice()
    }};
}

/// The same where it is text.
macro_rules! packed_text {
    ($name:literal) => {
        std::str::from_utf8($crate::pairs::packed!($name)).unwrap_or_default()
    };
}

pub(crate) use {packed, packed_text};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::pack;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_is_expanded(
            data in "(ab|abab|aaaa|bank|[a-d ]|\\PC){0,400}",
            bytes in proptest::collection::vec(any::<u8>(), 0..600),
        ) {
            let data = data.repeat(8);
            prop_assert_eq!(expand(&pack(data.as_bytes())), data.as_bytes());
            prop_assert_eq!(&expand(&pack(&bytes)), &bytes);
        }

        #[test]
        fn any_bytes_are_expanded(
            length in 0u32..1_000,
            rest in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let packed = [&length.to_le_bytes()[..], &rest].concat();
            let expanded = expand(&packed);
            prop_assert!(expanded.is_empty() || expanded.len() == length as usize);
        }
    }

    #[test]
    fn pairs_are_one_byte() {
        let text = "bank of the bank, ".repeat(40);
        let packed = pack(text.as_bytes());
        assert!(packed.len() < text.len() / 2, "{}", packed.len());
    }

    #[test]
    fn every_byte_can_be_there() {
        let data: Vec<u8> = (0..=255)
            .chain(b"password".repeat(100))
            .chain(0..=255)
            .collect();
        let packed = pack(&data);
        assert!(packed.len() < data.len());
        assert_eq!(expand(&packed), data);
    }
}
