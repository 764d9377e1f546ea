//! Numbers in as few bits as they need, from the lowest bit of each byte up.

#[cfg(any(test, feature = "study"))]
pub(crate) mod writer;

/// The first eight bytes as a little-endian number; past the end are zeros.
pub(crate) fn word(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut last = [0; 8];
        last[..bytes.len()].copy_from_slice(bytes);
        last
    }))
}

/// Bits that one `peek` is guaranteed to deliver.
const SURE: u32 = 57;

/// Reads bits; past the end it reads zeros.
pub(crate) struct BitReader<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0 }
    }

    /// The next bits; the first is the lowest.
    fn peek(&self) -> u64 {
        word(self.data.get(self.at / 8..).unwrap_or_default()) >> (self.at % 8)
    }

    /// A number of `bits` bits, at most 57.
    pub(crate) fn number(&mut self, bits: u32) -> u64 {
        let number = self.peek() & ((1 << bits) - 1);
        self.at += bits as usize;
        number
    }

    /// How many ones come before the next zero, which is read too.
    pub(crate) fn ones(&mut self) -> u32 {
        let mut ones = 0;
        loop {
            let more = self.peek().trailing_ones().min(SURE);
            ones += more;
            self.at += more as usize;
            if more < SURE {
                self.at += 1;
                return ones;
            }
        }
    }

    /// A Rice-coded number: its high part in ones, ended by a zero, then its `bits` low bits.
    pub(crate) fn rice(&mut self, bits: u32) -> u64 {
        let high = u64::from(self.ones()) << bits;
        high | self.number(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::{writer::Writer, *};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            numbers in proptest::collection::vec((0u64..5_000, 0u32..13), 0..60),
        ) {
            let mut writer = Writer::default();
            for (number, bits) in &numbers {
                writer.rice(*number, *bits);
                writer.ones(*number % 130);
                writer.number(*number, 13);
            }
            let bytes = writer.bytes();
            let mut reader = BitReader::new(&bytes);
            for (number, bits) in &numbers {
                prop_assert_eq!(reader.rice(*bits), *number);
                prop_assert_eq!(u64::from(reader.ones()), *number % 130);
                prop_assert_eq!(reader.number(13), *number);
            }
        }

        #[test]
        fn any_bytes_come_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut reader = BitReader::new(&bytes);
            while reader.at < 8 * bytes.len() {
                reader.rice(4);
            }
            prop_assert_eq!((reader.ones(), reader.number(57)), (0, 0));
        }
    }
}
