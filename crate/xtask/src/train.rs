//! `cargo xtask train PATH…`: would a learned model judge better than the cues?
//!
//! A logistic regression over hashed pieces of the words around the cues, judged on texts that it
//! has not seen. The same data gives the same figures: nothing is drawn by chance. What came of
//! it stands in docs/MODEL.md.

use crate::corpus::{Line, engine, load};
use crate::eval::{label, wanted};
use anyhow::{Context, Result, bail};
use doorchain_core::{Engine, Study};
use linfa::{Dataset, traits::Fit};
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// Parts that the data is cut into; each is judged by a model of the others.
const FOLDS: u32 = 5;

/// Bits of a piece's hash: the model has two to the power of this many weights.
const BITS: u32 = 13;

/// Strength of the L2 penalty.
const PENALTY: f64 = 0.3;

/// Log-odds that no warning can come of.
const NEVER: f64 = -50.0;

/// Ways to fuse: factor of the model's log-odds, what is taken off them before (the share of
/// scams is lower in real life than in the data), and how much they may take and add.
const FUSIONS: [(f64, f64, f64); 6] = [
    (1.0, 0.0, 1.0),
    (1.0, 0.4, 1.0),
    (1.0, 0.8, 1.0),
    (1.5, 0.0, 2.0),
    (1.5, 0.4, 2.0),
    (1.5, 0.8, 2.0),
];

/// A text with its label.
struct Example {
    line: Line,
    is_scam: bool,
    /// Lines of one group are nearly the same text.
    group: String,
    source: String,
    study: Study,
    /// As `study`, with those cues muted that no other group of its label has: they may have
    /// been written for this very text.
    without_own: Study,
}

impl Example {
    /// The cues found nothing at all: no model may warn of it.
    fn is_blank(&self) -> bool {
        self.study.cues.is_empty() && !self.study.may_warn
    }
}

fn read(paths: &[PathBuf]) -> Result<Vec<Example>> {
    let mut engine = engine();
    let mut examples = Vec::new();
    for path in paths {
        let (lines, bad) = load(path)?;
        for bad in bad {
            eprintln!("{bad}");
        }
        let file = path.file_stem().unwrap_or_default().to_string_lossy();
        for line in lines {
            examples.extend(example(line, &engine, &file)?);
        }
    }
    // The groups that each cue was found in, scams and innocents apart.
    let mut groups: BTreeMap<(usize, bool), BTreeSet<String>> = BTreeMap::new();
    for example in &examples {
        for cue in &example.study.cues {
            let key = (*cue, example.is_scam);
            groups.entry(key).or_default().insert(example.group.clone());
        }
    }
    for example in &mut examples {
        let own: BTreeSet<usize> = example
            .study
            .cues
            .iter()
            .copied()
            .filter(|cue| groups[&(*cue, example.is_scam)].len() < 2)
            .collect();
        example.without_own = if own.is_empty() {
            example.study.clone()
        } else {
            engine.mute(own);
            let study = example.line.study(&engine)?.unwrap_or_default();
            engine.mute(BTreeSet::new());
            study
        };
    }
    Ok(examples)
}

/// None of a host, which has no words, and of a label that is neither scam nor innocent.
fn example(line: Line, engine: &Engine, file: &str) -> Result<Option<Example>> {
    let (Some(is_scam), Some(study)) = (wanted(label(&line)), line.study(engine)?) else {
        return Ok(None);
    };
    Ok((line.strength.as_deref() != Some("weak")).then(|| Example {
        is_scam,
        group: line.cluster.clone().unwrap_or_else(|| line.id.clone()),
        source: line.source.clone().unwrap_or_else(|| file.to_owned()),
        without_own: Study::default(),
        study,
        line,
    }))
}

fn hash(start: u32, text: &str) -> u32 {
    // FNV-1a: <http://www.isthe.com/chongo/tech/comp/fnv/>.
    text.bytes().fold(start, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

const WORD: u32 = 0x811c_9dc5;
const PAIR: u32 = 0x811c_9dc6;
const START: u32 = 0x811c_9dc7;

/// Hashed pieces of folded text: words, pairs of words, starts of words, each once.
///
/// Numbers are one word, whatever they count. Where a script sets no blanks each letter is one.
fn pieces(text: &str) -> BTreeSet<usize> {
    let mut words: Vec<String> = vec![String::new()];
    for c in text.chars() {
        let alone = ('\u{3040}'..'\u{fb00}').contains(&c);
        let same = words.last().is_some_and(|word| {
            c.is_alphanumeric() && !alone && word.starts_with('0') == c.is_ascii_digit()
        });
        match words.last_mut() {
            Some(word) if same && c.is_ascii_digit() => word.replace_range(.., "0"),
            Some(word) if same => word.push(c),
            _ if c.is_ascii_digit() => words.push("0".to_owned()),
            _ if alone => words.extend([c.to_string(), String::new()]),
            _ if c.is_alphanumeric() => words.push(c.to_string()),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    // Knuth's multiplicative hashing spreads the hashes over the slots.
    let slot = |hash: u32| (hash.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize;
    let mut pieces = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        pieces.insert(slot(hash(WORD, word)));
        if let Some((end, _)) = word.char_indices().nth(4) {
            pieces.insert(slot(hash(START, &word[..end])));
        }
        if let Some(next) = words.get(at + 1) {
            pieces.insert(slot(hash(hash(PAIR, word), next)));
        }
    }
    pieces
}

struct Model {
    weights: Vec<f64>,
    bias: f64,
}

impl Model {
    fn fit<'a>(examples: impl Iterator<Item = &'a Example>) -> Result<Self> {
        let examples: Vec<_> = examples.filter(|example| !example.is_blank()).collect();
        let mut x = Array2::<f64>::zeros((examples.len(), 1 << BITS));
        for (row, example) in examples.iter().enumerate() {
            let pieces = pieces(&example.study.words);
            let value = length(pieces.len());
            for piece in pieces {
                x[[row, piece]] = value;
            }
        }
        let y: Array1<bool> = examples.iter().map(|example| example.is_scam).collect();
        let model = LogisticRegression::default()
            .alpha(PENALTY)
            .max_iterations(100)
            .gradient_tolerance(1e-3)
            .fit(&Dataset::new(x, y))
            .context("no model fits the data")?;
        let sign = if model.labels().pos.class { 1.0 } else { -1.0 };
        Ok(Self {
            weights: model.params().iter().map(|weight| sign * weight).collect(),
            bias: sign * model.intercept(),
        })
    }

    fn log_odds(&self, example: &Example) -> f64 {
        let pieces = pieces(&example.study.words);
        let sum: f64 = pieces.iter().map(|piece| self.weights[*piece]).sum();
        self.bias + length(pieces.len()) * sum
    }
}

/// Long texts and short ones are vectors of the same length.
fn length(pieces: usize) -> f64 {
    1.0 / (pieces.max(1) as f64).sqrt()
}

/// Log-odds of each example by a model that has seen nothing with its key.
fn unseen<'a>(
    examples: &'a [Example],
    key: impl Fn(&'a Example) -> &'a str,
) -> Result<Vec<(&'a Example, f64)>> {
    let fold = |example: &'a Example| hash(WORD, key(example)) % FOLDS;
    let mut judged = Vec::new();
    for number in 0..FOLDS {
        let model = Model::fit(examples.iter().filter(|one| fold(one) != number))?;
        let own = examples.iter().filter(|one| fold(one) == number);
        judged.extend(own.map(|example| (example, model.log_odds(example))));
    }
    Ok(judged)
}

/// How one way of judging did.
#[derive(Debug, PartialEq)]
struct Outcome {
    warned: usize,
    scams: usize,
    alarms: usize,
    innocents: usize,
    /// Scams above all innocents but none, one and three.
    above: [usize; 3],
}

impl Outcome {
    /// Of log-odds with what each is.
    fn of(judged: &[(f64, bool)]) -> Self {
        let (mut scams, mut innocents) = (Vec::new(), Vec::new());
        for (score, is_scam) in judged {
            let of = if *is_scam { &mut scams } else { &mut innocents };
            of.push(*score);
        }
        innocents.sort_by(|a, b| b.total_cmp(a));
        let warned = |scores: &[f64]| scores.iter().filter(|score| **score >= 0.0).count();
        Self {
            warned: warned(&scams),
            alarms: warned(&innocents),
            above: [0, 1, 3].map(|most| {
                let highest = innocents.get(most).copied().unwrap_or(NEVER);
                scams.iter().filter(|score| **score > highest).count()
            }),
            scams: scams.len(),
            innocents: innocents.len(),
        }
    }

    fn print(&self, name: &str) {
        let [none, one, three] = self.above;
        println!(
            "  {name:34} {:4}/{} {:4}/{}   {none:4} {one:4} {three:4}",
            self.warned, self.scams, self.alarms, self.innocents
        );
    }
}

fn report(title: &str, judged: &[(&Example, f64)], study: impl Fn(&Example) -> &Study) {
    println!("\n{title}");
    println!(
        "  {:34} warned false   scams above all innocents but 0, 1, 3",
        ""
    );
    let by_cues = |study: &Study| {
        if study.may_warn {
            study.log_odds
        } else {
            NEVER
        }
    };
    let outcome = |score: &dyn Fn(&Example, f64) -> f64| {
        let judged: Vec<_> = judged
            .iter()
            .map(|(example, model)| (score(example, *model), example.is_scam))
            .collect();
        Outcome::of(&judged)
    };
    outcome(&|example, _| by_cues(study(example))).print("cues");
    outcome(&|example, model| if example.is_blank() { NEVER } else { model }).print("model");
    for (factor, shift, most) in FUSIONS {
        outcome(&|example, model| {
            by_cues(study(example)) + (factor * (model - shift)).clamp(-most, most)
        })
        .print(&format!("{factor} × (model − {shift}), ± {most} at most"));
    }
}

/// Prints how cues, model and both do on the texts of `paths`, cut by group and by source, and
/// on those of `held`, which neither may have been made from.
pub(crate) fn run(paths: &[PathBuf], held: &[PathBuf]) -> Result<()> {
    if paths.is_empty() {
        bail!("train: name at least one .jsonl file");
    }
    let examples = read(paths)?;
    let scams = examples.iter().filter(|example| example.is_scam).count();
    let blank = examples.iter().filter(|example| example.is_blank()).count();
    println!(
        "{} texts, {scams} of them scams; {blank} without any cue",
        examples.len()
    );
    let by_group = unseen(&examples, |example| &example.group)?;
    report(
        "cross-validated by group, cues as they are",
        &by_group,
        |example| &example.study,
    );
    report(
        "cross-validated by group, without cues that no other group has",
        &by_group,
        |example| &example.without_own,
    );
    let by_source = unseen(&examples, |example| &example.source)?;
    report(
        "cross-validated by source, cues as they are",
        &by_source,
        |example| &example.study,
    );
    if !held.is_empty() {
        let held = read(held)?;
        let model = Model::fit(examples.iter())?;
        let judged: Vec<_> = held
            .iter()
            .map(|example| (example, model.log_odds(example)))
            .collect();
        report("held out", &judged, |example| &example.study);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_words_pairs_and_starts() {
        // Two words, their pair; of the longer word its start too.
        assert_eq!(pieces("pay now").len(), 3);
        assert_eq!(pieces("refund now").len(), 4);
        assert_eq!(pieces("code 1234"), pieces("code 98"));
        assert_eq!(pieces("返金").len(), 3);
        assert!(pieces("?!").is_empty());
    }

    #[test]
    fn counts_what_stands_above_the_innocents() {
        let judged = [
            (2.0, true),
            (1.0, false),
            (0.5, true),
            (-1.0, false),
            (-2.0, true),
        ];
        assert_eq!(
            Outcome::of(&judged),
            Outcome {
                warned: 2,
                scams: 3,
                alarms: 1,
                innocents: 2,
                above: [1, 2, 3],
            }
        );
    }
}
