//! Packs what [`expand`](crate::pairs::expand) expands; used by the build script.

use crate::pairs::MOST;

/// Least occurrences for a byte to be written as itself; a rarer one is escaped, so that its code is
/// free to stand for a pair.
const SELDOM: usize = 8;

/// Least occurrences for a pair to become one byte: to say what that byte stands for takes three.
const OFTEN: usize = 20;

/// Codes from here on are escaped bytes, written as two.
const TOLD: u16 = 256;

/// Packs bytes, always in the same way.
pub(crate) fn pack(data: &[u8]) -> Vec<u8> {
    let mut count = [0usize; 256];
    for byte in data {
        count[usize::from(*byte)] += 1;
    }
    let rarest = (0..=255).min_by_key(|byte: &u8| count[usize::from(*byte)]);
    let escape = rarest.unwrap_or_default();
    let stands = |byte: u8| byte != escape && count[usize::from(byte)] >= SELDOM;
    let mut codes: Vec<u16> = data
        .iter()
        .map(|byte| u16::from(*byte) + if stands(*byte) { 0 } else { TOLD })
        .collect();
    // How many bytes each code expands to.
    let mut length = [1; TOLD as usize];
    let mut pairs = Vec::new();
    for code in (0..=255).filter(|byte| *byte != escape && !stands(*byte)) {
        let Some([first, second]) = most_frequent(&codes, &length) else {
            break;
        };
        length[usize::from(code)] = length[usize::from(first)] + length[usize::from(second)];
        pairs.extend([code, first, second]);
        join(&mut codes, [first, second], code);
    }
    let head = (data.len() as u32).to_le_bytes();
    let mut packed = [&head[..], &[(pairs.len() / 3) as u8], &pairs, &[escape]].concat();
    for code in codes {
        if code >= TOLD {
            packed.push(escape);
        }
        packed.push(code as u8);
    }
    packed
}

/// The most frequent pair, if it is frequent enough.
fn most_frequent(codes: &[u16], length: &[usize]) -> Option<[u8; 2]> {
    let mut count = vec![0usize; usize::from(u16::MAX) + 1];
    for pair in codes.windows(2) {
        if let [first @ ..TOLD, second @ ..TOLD] = *pair {
            count[usize::from(first) << 8 | usize::from(second)] += 1;
        }
    }
    let fits = |pair: &usize| length[pair >> 8] + length[pair & 0xFF] <= MOST;
    let most = (0..count.len())
        .rev()
        .filter(fits)
        .max_by_key(|pair| count[*pair])?;
    (count[most] >= OFTEN).then_some([(most >> 8) as u8, most as u8])
}

/// Replaces each occurrence of a pair by a code.
fn join(codes: &mut Vec<u16>, pair: [u8; 2], code: u8) {
    let pair = pair.map(u16::from);
    let mut to = 0;
    let mut from = 0;
    while from < codes.len() {
        let is_pair = codes[from..].starts_with(&pair);
        codes[to] = if is_pair { code.into() } else { codes[from] };
        to += 1;
        from += if is_pair { 2 } else { 1 };
    }
    codes.truncate(to);
}
