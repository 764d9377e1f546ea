//! At which of its bytes a literal is looked for. Worked out by the build script.

use super::fours::Fours;
use super::key::{self, blanked};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// A literal is looked for at one of its first so many bytes: which one is stored in four bits.
const STARTS: usize = 16;

/// Where the window of each literal begins, chosen so that few places of honest texts have to be looked
/// at: with rare bytes, or with such as begin the windows of many literals.
///
/// The greedy way to a small hitting set: Chvátal, V. (1979), A greedy heuristic for the
/// set-covering problem. Four bytes that begin the most windows for each of their occurrences come
/// first.
pub(crate) fn starts(literals: &[Vec<u8>], fours: &Fours) -> Vec<u8> {
    let mut holders: BTreeMap<[u8; 4], Vec<usize>> = BTreeMap::new();
    for (number, literal) in literals.iter().enumerate() {
        for (_, four) in beginnings(literal) {
            holders.entry(four).or_default().push(number);
        }
    }
    let mut chosen: Vec<Option<u8>> = vec![None; literals.len()];
    // How many windows four bytes would begin for each occurrence in a million: as bits, whose order
    // is that of the numbers where none is negative.
    let worth = |four: &[u8; 4], chosen: &[Option<u8>]| {
        let open = holders[four]
            .iter()
            .filter(|number| chosen[**number].is_none());
        // The same literal of two cues is one window.
        let open: BTreeSet<_> = open.map(|number| &literals[*number]).collect();
        (open.len() as f64 / fours.of(*four)).to_bits()
    };
    let mut heap: BinaryHeap<_> = holders
        .keys()
        .map(|four| (worth(four, &chosen), *four))
        .collect();
    while let Some((before, four)) = heap.pop() {
        let now = worth(&four, &chosen);
        if now == 0 {
            continue;
        }
        if now < before {
            // Some of its literals have been taken since.
            heap.push((now, four));
            continue;
        }
        for number in &holders[&four] {
            let mut starts = beginnings(&literals[*number]).filter(|(_, begins)| *begins == four);
            if let (None, Some((start, _))) = (chosen[*number], starts.next()) {
                chosen[*number] = Some(start);
            }
        }
    }
    chosen.into_iter().map(Option::unwrap_or_default).collect()
}

/// Where the window of a literal may begin, and with which four bytes.
fn beginnings(literal: &[u8]) -> impl Iterator<Item = (u8, [u8; 4])> {
    let fours = key::fours(literal).take(STARTS).zip(0..);
    fours.map(|(four, start)| (start, four.map(blanked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_begin_alike_and_with_what_is_rare() {
        let lines = [
            ("acco", "300"),
            ("your", "900"),
            ("ount", "400"),
            ("zwyx", "10"),
        ];
        let fours = Fours::read(lines.into_iter()).expect("a table");
        let literals = ["your account", "my account", "account", "your zwyx", "otp"];
        let literals: Vec<_> = literals.map(|literal| literal.as_bytes().to_vec()).into();
        // "ccou" is in three literals, and in no honest text that the table knows of.
        let starts = starts(&literals, &fours);
        let begin = |number: usize| &literals[number][usize::from(starts[number])..][..3];
        assert_eq!(begin(0), begin(1));
        assert_eq!(begin(1), begin(2));
        assert!(fours.of([0, 1, 2, 3].map(|at| literals[0][usize::from(starts[0]) + at])) < 10.0);
        assert_ne!(begin(3), b"you");
        assert_eq!(starts[4], 0);
    }
}
