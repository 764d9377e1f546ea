//! Inputs as somebody might write them who wants a reader to fail: good ones, spoilt, the same in
//! every run.

/// Gives `count` inputs made of these good ones.
pub(crate) fn spoilt(good: &[&[u8]], count: usize) -> impl Iterator<Item = Vec<u8>> {
    let good: Vec<Vec<u8>> = good.iter().map(|bytes| bytes.to_vec()).collect();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    (0..count).map(move |_| {
        let mut bytes = good[dice.below(good.len())].clone();
        for _ in 0..=dice.below(6) {
            let at = dice.below(bytes.len() + 1);
            let end = at + dice.below(bytes.len() - at + 1);
            match dice.below(6) {
                0 => bytes.truncate(at),
                1 => {
                    bytes.drain(at..end);
                }
                2 => bytes.extend_from_within(at..end),
                3 => {
                    let odd = ODD[dice.below(ODD.len())];
                    bytes.splice(at..at, odd.iter().copied());
                }
                4 => {
                    let other = &good[dice.below(good.len())];
                    let from = dice.below(other.len() + 1);
                    bytes.splice(at..end, other[from..].iter().copied());
                }
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 1 << dice.below(8);
                    }
                }
            }
        }
        bytes
    })
}

/// What readers stumble over: ends of text, letters cut in two, numbers that no type holds.
const ODD: [&[u8]; 16] = [
    b"\0",
    b"\r\n",
    b"\n\n",
    b" - ",
    b"\xff\xfe",
    b"\xe2\x80",
    "\u{202e}\u{1f600}é".as_bytes(),
    b"18446744073709551616",
    b"-1",
    b"9999-99-99 99:99:99.999",
    b"=",
    b":",
    b"->",
    b"[]%",
    b"\"\\u0000\"",
    &[b'['; 3000],
];

/// Numbers that look random, by Marsaglia's xorshift.
struct Dice(u64);

impl Dice {
    /// A number below this one, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % end
    }
}
