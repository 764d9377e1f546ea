//! `cargo xtask eval PATH…`: how often the engine that ships is right.

use crate::corpus::{Kind, Line, engine, load};
use anyhow::{Result, bail, ensure};
use doorchain_core::{Level, Verdict};
use serde::Serialize;
use std::{collections::BTreeMap, path::PathBuf};

/// z of a two-sided 95 % interval of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Most ids printed for one group; the JSON has them all.
const MOST_IDS: usize = 40;

/// Lines of one kind, label and strength.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    count: usize,
    levels: BTreeMap<String, usize>,
    /// Share at caution or above.
    warned: Rate,
    /// Reason codes, most frequent first.
    reasons: Vec<(String, usize)>,
    /// Lines that were to be warned of and were not, or the other way round.
    wrong: Vec<String>,
}

/// A share with its Wilson score interval.
#[derive(Clone, Copy, Default, Serialize)]
struct Rate {
    hits: usize,
    of: usize,
    share: f64,
    low: f64,
    high: f64,
}

impl Rate {
    /// Wilson, E. B. (1927): the interval stays within 0 and 1 and holds for few lines too.
    fn new(hits: usize, of: usize) -> Self {
        if of == 0 {
            return Self::default();
        }
        let n = of as f64;
        let share = hits as f64 / n;
        let middle = share + Z * Z / (2.0 * n);
        let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        Self {
            hits,
            of,
            share,
            low: ((middle - spread) / scale).max(0.0),
            high: ((middle + spread) / scale).min(1.0),
        }
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}/{} = {:.3} ({:.3}–{:.3})",
            self.hits, self.of, self.share, self.low, self.high
        )
    }
}

/// What stands for the label of a line that has none.
const UNLABELLED: &str = "unlabelled";

/// The label of the corpus, or what a case expects.
pub(crate) fn label(line: &Line) -> &str {
    line.label
        .as_deref()
        .or(line.expect.as_deref())
        .unwrap_or(UNLABELLED)
}

/// What the label of a line asks for; none where a warning is neither a hit nor a false alarm.
///
/// # Errors
/// When the label is unknown.
pub(crate) fn wanted(line: &Line) -> Result<Option<bool>> {
    Ok(match label(line) {
        "amazon-scam" | "remote-scam" | "amazon-phish" | "amazon-lookalike" | "permutation"
        | "warned" | "caution" => Some(true),
        "notWarned"
        | "notice"
        | "quiet"
        | "benign"
        | "benign-amazon"
        | "benign-remote"
        | "benign-lookalike"
        | "amazon-owned"
        | "amazon-infra-thirdparty" => Some(false),
        "other-scam" | UNLABELLED => None,
        other => bail!("{}: there is no label {other}", line.id),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    groups: BTreeMap<String, Group>,
    /// Recall of scams whose strength is not weak.
    recall: BTreeMap<String, Rate>,
    false_alarms: Rate,
    bad_lines: Vec<String>,
}

/// Reads the files, judges every line and prints the counts.
///
/// # Errors
/// When a label is unknown, or, once the counts are printed, where a line could not be read.
pub(crate) fn run(paths: &[PathBuf], as_json: bool) -> Result<()> {
    if paths.is_empty() {
        bail!("eval: name at least one .jsonl or .tsv file");
    }
    let mut lines = Vec::new();
    let mut bad = Vec::new();
    for path in paths {
        let (read, failed) = load(path)?;
        lines.extend(read);
        bad.extend(failed);
    }
    let engine = engine();
    let judged = lines
        .iter()
        .map(|line| Ok((line, line.judge(&engine)?)))
        .collect::<Result<Vec<_>>>()?;
    let report = report(&judged, bad)?;
    if as_json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report);
    }
    let bad = report.bad_lines.len();
    ensure!(bad == 0, "{bad} bad lines");
    Ok(())
}

fn report(judged: &[(&Line, Verdict)], bad_lines: Vec<String>) -> Result<Report> {
    let mut by_group: BTreeMap<String, Vec<&(&Line, Verdict)>> = BTreeMap::new();
    let mut strong: BTreeMap<(Kind, &str), (usize, usize)> = BTreeMap::new();
    let mut alarms = (0, 0);
    for one in judged {
        let (line, verdict) = one;
        let label = label(line);
        let mut name = format!("{} {label}", line.kind.name());
        if let Some(strength) = &line.strength {
            name = format!("{name} {strength}");
        }
        by_group.entry(name).or_default().push(one);
        let warned = usize::from(verdict.level >= Level::Caution);
        match wanted(line)? {
            Some(true) if line.strength.as_deref() != Some("weak") => {
                let count = strong.entry((line.kind, label)).or_default();
                count.0 += warned;
                count.1 += 1;
            }
            Some(false) => {
                alarms.0 += warned;
                alarms.1 += 1;
            }
            _ => {}
        }
    }
    Ok(Report {
        groups: by_group
            .into_iter()
            .map(|(name, members)| Ok((name, group(&members)?)))
            .collect::<Result<_>>()?,
        recall: strong
            .into_iter()
            .map(|((kind, label), (hits, of))| {
                (format!("{} {label}", kind.name()), Rate::new(hits, of))
            })
            .collect(),
        false_alarms: Rate::new(alarms.0, alarms.1),
        bad_lines,
    })
}

fn group(members: &[&(&Line, Verdict)]) -> Result<Group> {
    let mut group = Group {
        count: members.len(),
        ..Group::default()
    };
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (line, verdict) in members {
        let level = format!("{:?}", verdict.level).to_lowercase();
        *group.levels.entry(level).or_default() += 1;
        for reason in &verdict.reasons {
            *reasons.entry(&reason.code).or_default() += 1;
        }
        let warned = verdict.level >= Level::Caution;
        group.warned.hits += usize::from(warned);
        if wanted(line)?.is_some_and(|wanted| wanted != warned) {
            group.wrong.push(line.id.clone());
        }
    }
    group.warned = Rate::new(group.warned.hits, members.len());
    group.reasons = reasons
        .into_iter()
        .map(|(code, count)| (code.to_owned(), count))
        .collect();
    group
        .reasons
        .sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    Ok(group)
}

fn print(report: &Report) {
    for (name, group) in &report.groups {
        let levels: Vec<String> = group
            .levels
            .iter()
            .map(|(level, count)| format!("{level} {count}"))
            .collect();
        println!("{name}: {}", levels.join(", "));
        println!("  warned {}", group.warned);
        let reasons: Vec<String> = group
            .reasons
            .iter()
            .take(6)
            .map(|(code, count)| format!("{code} {count}"))
            .collect();
        if !reasons.is_empty() {
            println!("  reasons: {}", reasons.join(", "));
        }
        if !group.wrong.is_empty() {
            let more = group.wrong.len().saturating_sub(MOST_IDS);
            let told = group.wrong[..group.wrong.len() - more].join(" ");
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            println!("  wrong: {told}{more}");
        }
    }
    println!("\nrecall, strong:");
    for (name, rate) in &report.recall {
        println!("  {name}: {rate}");
    }
    println!("false alarms: {}", report.false_alarms);
    for bad in &report.bad_lines {
        eprintln!("{bad}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_as_published() {
        // Newcombe, R. G. (1998), Statistics in Medicine 17, table I, method 3.
        for (hits, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let rate = Rate::new(hits, of);
            assert!((rate.low - low).abs() < 5e-5, "{hits}/{of}: {}", rate.low);
            assert!(
                (rate.high - high).abs() < 5e-5,
                "{hits}/{of}: {}",
                rate.high
            );
        }
    }

    #[test]
    fn every_label_says_what_it_wants() {
        let wanted = |label: &str| {
            let line = format!(r#"{{"id":"1","kind":"sms",{label}}}"#);
            super::wanted(&Line::read(&line).expect("a line")).ok()
        };
        assert_eq!(wanted(r#""label":"amazon-scam""#), Some(Some(true)));
        assert_eq!(wanted(r#""label":"benign-remote""#), Some(Some(false)));
        assert_eq!(wanted(r#""label":"other-scam""#), Some(None));
        assert_eq!(wanted(r#""expect":"notWarned""#), Some(Some(false)));
        assert_eq!(wanted(r#""text":"hello""#), Some(None));
        assert_eq!(wanted(r#""label":"amazon-scan""#), None);
    }
}
