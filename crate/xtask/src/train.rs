//! `cargo xtask train PATH…`: learns the manner of scams, and tells how well it judges.
//!
//! A logistic regression over the hashed pieces that `doorchain_core` reads of a text. What is
//! told of it is told of texts that it has not seen; what ships is learned from all of PATH. The
//! same data gives the same bytes: nothing is drawn by chance. docs/MODEL.md is the model's card.

use crate::corpus::{Line, engine, load};
use crate::eval::{label, wanted};
use anyhow::{Context, Result, bail};
use doorchain_core::{Engine, SLOTS, Study, pack};
use linfa::{Dataset, traits::Fit};
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

/// Parts that the data is cut into; each is judged by a model of the others.
const FOLDS: u32 = 5;

/// Strength of the L2 penalty.
const PENALTY: f32 = 1.0 / 3.0;

/// Where the weights go, from the top of the tree.
const MODEL: &str = "crate/core/data/manner.bin";

/// A text with its label.
struct Example {
    line: Line,
    /// None where a warning is neither right nor wrong: other frauds, and weak lures.
    wanted: Option<bool>,
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
    /// None of a host, which has no words, and of a label that is neither scam nor innocent.
    fn new(line: Line, engine: &Engine, file: &str) -> Result<Option<Self>> {
        let wanted = wanted(label(&line));
        let is_scam = match wanted {
            Some(is_scam) => is_scam,
            None if label(&line) == "other-scam" => true,
            None => return Ok(None),
        };
        Ok(line.study(engine)?.map(|study| Self {
            wanted: wanted.filter(|_| line.strength.as_deref() != Some("weak")),
            is_scam,
            group: line.cluster.clone().unwrap_or_else(|| line.id.clone()),
            source: line.source.clone().unwrap_or_else(|| file.to_owned()),
            without_own: Study::default(),
            study,
            line,
        }))
    }

    /// Its manner can be learned from: somebody else wrote it, and it has words.
    fn teaches(&self) -> bool {
        !self.study.is_typed && !self.study.slots.is_empty()
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
            examples.extend(Example::new(line, &engine, &file)?);
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

struct Model {
    weights: Vec<f64>,
    bias: f64,
}

impl Model {
    fn fit<'a>(examples: impl Iterator<Item = &'a Example>) -> Result<Self> {
        let examples: Vec<_> = examples.filter(|example| example.teaches()).collect();
        let mut x = Array2::<f32>::zeros((examples.len(), SLOTS));
        for (row, example) in examples.iter().enumerate() {
            let slots = &example.study.slots;
            for slot in slots {
                x[[row, *slot]] = length(slots.len()) as f32;
            }
        }
        let y: Array1<bool> = examples.iter().map(|example| example.is_scam).collect();
        let model = LogisticRegression::default()
            .alpha(PENALTY)
            .max_iterations(100)
            .gradient_tolerance(1e-2)
            .fit(&Dataset::new(x, y))
            .context("no model fits the data")?;
        let sign = if model.labels().pos.class { 1.0 } else { -1.0 };
        Ok(Self {
            weights: model
                .params()
                .iter()
                .map(|weight| sign * f64::from(*weight))
                .collect(),
            bias: sign * f64::from(model.intercept()),
        })
    }

    fn log_odds(&self, example: &Example) -> f64 {
        let slots = &example.study.slots;
        let sum: f64 = slots.iter().map(|slot| self.weights[*slot]).sum();
        self.bias + length(slots.len()) * sum
    }
}

/// Long texts and short ones are vectors of the same length.
fn length(pieces: usize) -> f64 {
    1.0 / (pieces.max(1) as f64).sqrt()
}

/// The part that a key falls into.
fn part(key: &str) -> u32 {
    // FNV-1a: <http://www.isthe.com/chongo/tech/comp/fnv/>.
    let hash = key.bytes().fold(0x811c_9dc5u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    // The low bits of FNV alone are not even.
    (hash ^ (hash >> 16)) % FOLDS
}

/// For each part of `examples` a model that has seen nothing of it.
fn models(examples: &[Example], key: impl Fn(&Example) -> &str) -> Result<Vec<Model>> {
    (0..FOLDS)
        .map(|number| Model::fit(examples.iter().filter(|one| part(key(one)) != number)))
        .collect()
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
    /// Of log-odds, with whether a warning was wanted.
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
                let highest = innocents.get(most).copied().unwrap_or(f64::NEG_INFINITY);
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
    let outcome = |name: &str, score: &dyn Fn(&Study, f64) -> f64, kind: Option<&str>| {
        let judged: Vec<_> = judged
            .iter()
            .filter(|(one, _)| kind.is_none_or(|kind| one.line.kind.name() == kind))
            .filter_map(|(one, model)| Some((score(study(one), *model), one.wanted?)))
            .collect();
        if !judged.is_empty() {
            Outcome::of(&judged).print(name);
        }
    };
    outcome("cues", &|study, _| study.fused(None), None);
    outcome("manner", &|_, model| model, None);
    let fused = |study: &Study, model| study.fused(Some(model));
    outcome("cues and manner", &fused, None);
    for kind in ["email", "sms", "call", "chat", "page"] {
        outcome(
            &format!("  of them {kind}, cues"),
            &|study, _| study.fused(None),
            Some(kind),
        );
        outcome(&format!("  of them {kind}"), &fused, Some(kind));
    }
}

/// How often texts of one range of log-odds were what was wanted: their share is that of the
/// range if the log-odds are calibrated.
fn calibration(judged: &[(&Example, f64)]) {
    println!("\ncalibration, by group: log-odds of cues and manner, texts, scams among them");
    let ends = [-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, f64::INFINITY];
    let mut start = -40.0;
    for end in ends {
        let within = judged.iter().filter_map(|(one, model)| {
            let odds = one.study.fused(Some(*model));
            (start..end).contains(&odds).then_some(one.wanted?)
        });
        let (texts, scams) = within.fold((0, 0), |(texts, scams), is_scam| {
            (texts + 1, scams + usize::from(is_scam))
        });
        println!("  {start:5} to {end:4} {texts:5} {scams:5}");
        start = end;
    }
}

/// Learns from the texts of `paths` and writes the model.
///
/// Prints how cues, manner and both do on them, cut by group and by source, and on those of
/// `held`; of these, a text whose group is also in `paths` is judged by a model without it.
pub(crate) fn run(paths: &[PathBuf], held: &[PathBuf]) -> Result<()> {
    if paths.is_empty() {
        bail!("train: name at least one .jsonl file");
    }
    let examples = read(paths)?;
    let count = |is: &dyn Fn(&Example) -> bool| examples.iter().filter(|one| is(one)).count();
    println!(
        "{} texts to learn from, {} of them scams",
        count(&Example::teaches),
        count(&|one| one.teaches() && one.is_scam)
    );
    let by_group = models(&examples, |example| &example.group)?;
    let unseen = |one: &Example| by_group[part(&one.group) as usize].log_odds(one);
    let judged: Vec<_> = examples.iter().map(|one| (one, unseen(one))).collect();
    report(
        "cross-validated by group, cues as they are",
        &judged,
        |one| &one.study,
    );
    report(
        "cross-validated by group, without cues that no other group has",
        &judged,
        |one| &one.without_own,
    );
    calibration(&judged);
    let by_source = models(&examples, |example| &example.source)?;
    let judged: Vec<_> = examples
        .iter()
        .map(|one| (one, by_source[part(&one.source) as usize].log_odds(one)))
        .collect();
    report(
        "cross-validated by source, cues as they are",
        &judged,
        |one| &one.study,
    );
    let whole = Model::fit(examples.iter())?;
    let groups: BTreeSet<_> = examples.iter().map(|one| &one.group).collect();
    for path in held {
        let held = read(std::slice::from_ref(path))?;
        let judged: Vec<_> = held
            .iter()
            .map(|one| {
                let is_known = groups.contains(&one.group);
                (
                    one,
                    if is_known {
                        unseen(one)
                    } else {
                        whole.log_odds(one)
                    },
                )
            })
            .collect();
        report(&format!("held out: {}", path.display()), &judged, |one| {
            &one.study
        });
    }
    fs::write(crate::root().join(MODEL), pack(&whole.weights, whole.bias)).context(MODEL)
}

#[cfg(test)]
mod tests {
    use super::*;

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
