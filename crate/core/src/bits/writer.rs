//! Writes what `bits::BitReader` reads; used by the build script and by `train`.

/// Writes bits, from the lowest bit of each byte up.
#[derive(Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
    bits: usize,
}

impl Writer {
    pub(crate) fn number(&mut self, number: u64, bits: u32) {
        for bit in 0..bits {
            self.bit(number >> bit & 1 == 1);
        }
    }

    pub(crate) fn ones(&mut self, ones: u64) {
        for _ in 0..ones {
            self.bit(true);
        }
        self.bit(false);
    }

    pub(crate) fn rice(&mut self, number: u64, bits: u32) {
        self.ones(number >> bits);
        self.number(number, bits);
    }

    fn bit(&mut self, bit: bool) {
        if self.bits.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << (self.bits % 8);
        }
        self.bits += 1;
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        self.bytes
    }
}
