//! Small letters, by a table of runs that the build script makes of the library's own, which would be
//! 11 KB of the module.

use std::sync::LazyLock;

static RUNS: LazyLock<Vec<Run>> =
    LazyLock::new(|| read(include_bytes!(concat!(env!("OUT_DIR"), "/small.bin"))));

/// Capitals in a row, or every second letter of one, that are equally far from their small letters.
struct Run {
    first: u32,
    last: u32,
    step: u32,
    /// From a capital to its small letter, modulo 2³².
    distance: u32,
}

/// The small letter of a capital, and any other letter as it is. `İ` has two: the first of them.
pub(crate) fn small(letter: char) -> char {
    if letter.is_ascii() {
        return letter.to_ascii_lowercase();
    }
    let code = u32::from(letter);
    let at = RUNS.partition_point(|run| run.last < code);
    match RUNS.get(at) {
        Some(run) if run.first <= code && (code - run.first).is_multiple_of(run.step) => {
            char::from_u32(code.wrapping_add(run.distance)).unwrap_or(letter)
        }
        _ => letter,
    }
}

/// A text in small letters, each by itself.
pub(crate) fn lower(text: &str) -> String {
    text.chars().map(small).collect()
}

/// Reads, of each run, four numbers of three bytes, the lowest first: how far its first letter is from
/// the last of the run before, how many steps it has, how long these are, and the distance.
fn read(data: &[u8]) -> Vec<Run> {
    let mut last = 0;
    let numbers = |run: &[u8]| {
        let number = |at: usize| u32::from_le_bytes([run[at], run[at + 1], run[at + 2], 0]);
        [number(0), number(3), number(6), number(9)]
    };
    (data.chunks_exact(12).map(numbers))
        .map(|[gap, steps, step, distance]| {
            let first = last + gap;
            last = first + steps * step;
            Run {
                first,
                last,
                step,
                // From 24 bits to 32 with its sign.
                distance: ((distance << 8) as i32 >> 8) as u32,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_library_has_them() {
        for letter in '\0'..=char::MAX {
            let wanted = letter.to_lowercase().next();
            assert_eq!(Some(small(letter)), wanted, "U+{:04X}", u32::from(letter));
        }
        assert_eq!(lower("AMAZON Ünï ΑΜΑΖΩΝ"), "amazon ünï αμαζων");
    }
}
