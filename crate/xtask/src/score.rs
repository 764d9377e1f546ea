//! `cargo xtask score`: JSON lines in, verdicts out.

use crate::corpus::{Line, engine};
use anyhow::{Result, bail};
use serde_json::json;
use std::io::{self, BufRead, Write};

/// Judges every line of standard input. A bad line is told with its number; the rest goes on.
pub(crate) fn run() -> Result<()> {
    let bad = score(io::stdin().lock(), io::stdout().lock())?;
    if bad > 0 {
        bail!("{bad} bad lines");
    }
    Ok(())
}

fn score(mut input: impl BufRead, output: impl Write) -> Result<usize> {
    let engine = engine();
    let mut output = io::BufWriter::new(output);
    let mut bad = 0;
    let mut bytes = Vec::new();
    let mut number = 0;
    loop {
        bytes.clear();
        number += 1;
        if input.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let judged = std::str::from_utf8(&bytes)
            .map_err(anyhow::Error::from)
            .and_then(Line::read)
            .and_then(|line| Ok((line.judge(&engine)?, line.id)));
        match judged {
            Ok((verdict, id)) => writeln!(
                output,
                "{}",
                json!({
                    "id": id,
                    "level": verdict.level,
                    "score": verdict.score,
                    "reasons": verdict.reasons,
                })
            )?,
            Err(error) => {
                bad += 1;
                output.flush()?;
                eprintln!("line {number}: {error:#}");
            }
        }
    }
    output.flush()?;
    Ok(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_does_not_stop_the_rest() {
        let input = b"{\"id\":\"a\",\"kind\":\"sms\",\"text\":\"hi\"}\nnonsense\n\xff\n\n{\"id\":\"b\",\"kind\":\"host\",\"url\":\"example.org\"}\n";
        let mut output = Vec::new();
        assert_eq!(score(&input[..], &mut output).expect("reads"), 2);
        let lines: Vec<serde_json::Value> = output
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).expect("JSON"))
            .collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (&lines[0]["id"], &lines[0]["level"]),
            (&"a".into(), &"quiet".into())
        );
        assert_eq!(lines[1]["id"], "b");
    }
}
