//! `cargo xtask fours PATH…`: how often runs of four bytes occur in the texts of honest people.
//!
//! The build script looks for the words of cues by what is rare there. A text counts by its length, up
//! to a limit, so that no page outweighs all messages.

use crate::corpus::{engine, load_all};
use crate::eval::wanted;
use anyhow::{Context, Result, bail};
use std::{collections::BTreeMap, fs, path::PathBuf};

/// Where the table goes, from the top of the tree.
const TABLE: &str = "crate/core/data/fours.tsv";

/// Runs that occur less often, per million, are left out.
const LEAST: u64 = 10;

/// Most letters of a text that are counted.
const MOST_LETTERS: usize = 20_000;

/// Counts, and writes the table.
///
/// # Errors
/// When a file or a line of it cannot be read or none of the texts is innocent.
pub(crate) fn run(paths: &[PathBuf]) -> Result<()> {
    let engine = engine();
    let mut counts: BTreeMap<[u8; 4], u64> = BTreeMap::new();
    for path in paths {
        for line in load_all(path)? {
            if wanted(&line)? != Some(false) {
                continue;
            }
            let text: String = line.text().chars().take(MOST_LETTERS).collect();
            for four in engine.fours(&text) {
                *counts.entry(four).or_default() += 1;
            }
        }
    }
    let all: u64 = counts.values().sum();
    if all == 0 {
        bail!("no innocent text in {} files", paths.len());
    }
    let mut table = format!(
        "# How often four bytes stand in a row in {all} bytes of innocent texts, per million, from {LEAST} on:\n\
         # folded, digits 0, every mark and blank a dot. Written by `cargo xtask fours`.\n\
         four\tmillionths\n"
    );
    for (four, count) in counts {
        let millionths = count * 1_000_000 / all;
        if millionths >= LEAST {
            table += &format!("{}\t{millionths}\n", written(four));
        }
    }
    let file = crate::root().join(TABLE);
    fs::write(&file, table).with_context(|| file.display().to_string())
}

/// Four bytes as the table has them: `%` and two hexadecimal digits for a byte beyond ASCII.
fn written(four: [u8; 4]) -> String {
    let byte = |byte: u8| match byte {
        b' ' => ".".to_owned(),
        0x80.. => format!("%{byte:02X}"),
        ascii => char::from(ascii).to_string(),
    };
    four.into_iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_letter_can_be_read_in_the_table() {
        assert_eq!(written(*b" to "), ".to.");
        assert_eq!(written([b'f', 0xC3, 0xBC, b'0']), "f%C3%BC0");
    }
}
