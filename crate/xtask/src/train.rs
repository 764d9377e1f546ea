//! `cargo xtask train PATH…`: learns the manner of scams and how it is fused with the cues, and
//! tells how well they judge.
//!
//! Two logistic regressions: one over the hashed pieces that `doorchain_core` reads of a text, each
//! weighted by how rare it is, one over the numbers that its cues and that manner come to. What is
//! told of them is told of texts that they have not seen; what ships is learned from all of PATH.
//! The same data gives the same bytes: nothing is drawn by chance, but the fusion that is built in
//! chooses the stretch of a text that is learned from. docs/MODEL.md is the card of both.

use crate::corpus::{Line, engine, load_all};
use crate::eval::{label, wanted};
use crate::logistic::{self, Row};
use anyhow::{Context, Result, bail};
use doorchain_core::{Engine, Manners, Numbers, SLOTS, Study, fnv1a, length, names, pack};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Parts that the data is cut into; each is judged by a model of the others.
const FOLDS: usize = 5;

/// Strength of the L2 penalty.
const PENALTY: f64 = 1.0;

/// Texts that must have a piece for it to have a weight.
const LEAST_TEXTS: u32 = 2;

/// Most pieces that have a weight: those whose weight is farthest from 0.
const MOST_PIECES: usize = 10_000;

/// Strength of the same penalty on the weights that fuse.
const FUSION_PENALTY: f64 = 1.0;

/// Taken off the fused log-odds: scams are rarer in real life than in the data.
const SHIFT: f64 = 0.5;

/// The same of what was typed: who types of a caller has had one, or fears so.
const TYPED_SHIFT: f64 = 0.25;

/// Where the weights of manner go, from the top of the tree.
const MODEL: &str = "crate/core/data/manner.bin";

/// Where those of the fusion go.
const FUSION: &str = "crate/core/data/fusion.tsv";

/// A text with its label.
struct Example {
    line: Line,
    /// None where a warning is neither right nor wrong: other frauds, and weak lures.
    wanted: Option<bool>,
    is_scam: bool,
    /// Lines of one group are nearly the same text.
    group: String,
    study: Study,
    /// As `study`, with those cues muted that no other group of its label has: they may have
    /// been written for this very text.
    without_own: Study,
}

impl Example {
    /// None of a host, which has no words, and of a label that is neither scam nor innocent.
    fn new(line: Line, engine: &Engine) -> Result<Option<Self>> {
        let wanted = wanted(&line)?;
        let is_scam = match wanted {
            Some(is_scam) => is_scam,
            None if label(&line) == "other-scam" => true,
            None => return Ok(None),
        };
        Ok(line.study(engine)?.map(|study| Self {
            wanted: wanted.filter(|_| line.strength.as_deref() != Some("weak")),
            is_scam,
            group: line.cluster.clone().unwrap_or_else(|| line.id.clone()),
            without_own: Study::default(),
            study,
            line,
        }))
    }

    /// The part of the data that it falls into, with all of its group.
    fn part(&self) -> usize {
        let hash = fnv1a(&self.group);
        // The low bits of FNV alone are not even.
        (hash ^ (hash >> 16)) as usize % FOLDS
    }

    /// Its manner can be learned from: somebody else wrote it, and it has words.
    fn teaches(&self) -> bool {
        !self.study.is_typed && !self.study.slots().is_empty()
    }
}

fn read(paths: &[PathBuf]) -> Result<Vec<Example>> {
    let mut engine = engine();
    let mut examples = Vec::new();
    for path in paths {
        for line in load_all(path)? {
            examples.extend(Example::new(line, &engine)?);
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
    /// Of each slot; most are 0.
    weights: Vec<f64>,
    bias: f64,
}

impl Model {
    fn fit<'a>(examples: impl Iterator<Item = &'a Example>) -> Result<Self> {
        let examples: Vec<_> = examples.filter(|example| example.teaches()).collect();
        let mut texts = vec![0u32; SLOTS];
        for slot in examples.iter().flat_map(|example| example.study.slots()) {
            texts[*slot] += 1;
        }
        // Smoothed inverse document frequency: the penalty then holds a rare piece less, of which
        // there are fewer texts to learn from.
        let all = examples.len() as f64;
        let mut rarity: Vec<f64> = texts
            .iter()
            .map(|texts| match *texts {
                LEAST_TEXTS.. => 1.0 + ((1.0 + all) / (1.0 + f64::from(*texts))).ln(),
                _ => 0.0,
            })
            .collect();
        let model = Self::fit_weighted(&examples, &rarity)?;
        let mut slots: Vec<usize> = (0..SLOTS).collect();
        let farthest = |slot: &usize| model.weights[*slot].abs();
        slots.sort_by(|a, b| farthest(b).total_cmp(&farthest(a)));
        for slot in slots.into_iter().skip(MOST_PIECES) {
            rarity[slot] = 0.0;
        }
        Self::fit_weighted(&examples, &rarity)
    }

    /// Learns the weights of the slots whose rarity is not 0.
    fn fit_weighted(examples: &[&Example], rarity: &[f64]) -> Result<Self> {
        let slots: Vec<usize> = (0..SLOTS).filter(|slot| rarity[*slot] > 0.0).collect();
        let mut columns = vec![None; SLOTS];
        for (column, slot) in slots.iter().enumerate() {
            columns[*slot] = Some(column);
        }
        let row = |example: &&Example| -> Row {
            let seen = example.study.slots();
            seen.iter()
                .filter_map(|slot| Some((columns[*slot]?, rarity[*slot] * length(seen.len()))))
                .collect()
        };
        let rows: Vec<Row> = examples.iter().map(row).collect();
        let labels: Vec<bool> = examples.iter().map(|example| example.is_scam).collect();
        let (found, bias) = logistic::fit(&rows, &labels, slots.len(), PENALTY)?;
        let mut weights = vec![0.0; SLOTS];
        for (slot, weight) in slots.into_iter().zip(found) {
            weights[slot] = weight * rarity[slot];
        }
        Ok(Self { weights, bias })
    }

    fn judge<'a>(&self, example: &'a Example) -> Judged<'a> {
        Judged {
            example,
            manner: example.study.manners(|slots| self.log_odds(slots)),
        }
    }

    fn log_odds(&self, slots: &[usize]) -> f64 {
        let sum: f64 = slots.iter().map(|slot| self.weights[*slot]).sum();
        self.bias + length(slots.len()) * sum
    }
}

/// A text, and what a model of manner that has not seen it makes of it.
#[derive(Clone, Copy)]
struct Judged<'a> {
    example: &'a Example,
    manner: Manners,
}

/// Log-odds of what no weights make a warning.
const NEVER: f64 = -50.0;

/// Weights of the numbers that a text comes to.
struct Fusion {
    weights: Vec<f64>,
    bias: f64,
    /// It knows of the manner.
    has_manner: bool,
}

impl Fusion {
    /// Learns from what is certain to be right or wrong, by the cues that were not written for it.
    fn fit<'a>(judged: impl Iterator<Item = Judged<'a>>, has_manner: bool) -> Result<Self> {
        let rows: Vec<(Numbers, bool)> = judged
            .filter_map(|one| {
                let manner = has_manner.then_some(one.manner);
                Some((one.example.without_own.numbers(manner), one.example.wanted?))
            })
            .collect();
        let labels: Vec<bool> = rows.iter().map(|(_, wanted)| *wanted).collect();
        let mut kept: Vec<usize> = (0..names().count()).collect();
        // What cannot but speak for a warning must not lower it: whoever writes scams would add it.
        loop {
            let row = |(numbers, _): &(Numbers, bool)| -> Row {
                let values = kept.iter().map(|number| numbers.values()[*number]);
                values
                    .enumerate()
                    .filter(|(_, value)| *value != 0.0)
                    .collect()
            };
            let rows: Vec<Row> = rows.iter().map(row).collect();
            let (found, bias) = logistic::fit(&rows, &labels, kept.len(), FUSION_PENALTY)?;
            let names: Vec<_> = names().collect();
            let mut weights = vec![0.0; names.len()];
            for (number, weight) in kept.iter().zip(found) {
                weights[*number] = weight;
            }
            let wrong = |number: &usize| match names[*number].1 {
                Some(true) => -weights[*number],
                Some(false) => weights[*number],
                None => 0.0,
            };
            let worst = kept
                .iter()
                .copied()
                .max_by(|a, b| wrong(a).total_cmp(&wrong(b)))
                .filter(|number| wrong(number) > 0.0);
            let Some(worst) = worst else {
                for (weight, (name, _)) in weights.iter_mut().zip(&names) {
                    if name == "typed" {
                        *weight += SHIFT - TYPED_SHIFT;
                    }
                }
                return Ok(Self {
                    weights,
                    bias: bias - SHIFT,
                    has_manner,
                });
            };
            kept.retain(|number| *number != worst);
        }
    }

    /// Far below 0 where nothing may warn.
    fn log_odds(&self, study: &Study, judged: &Judged) -> f64 {
        let manner = self.has_manner.then_some(judged.manner);
        let fused = |numbers: &Numbers| numbers.log_odds(&self.weights, self.bias);
        study.log_odds(fused, manner).unwrap_or(NEVER)
    }

    /// The lines of `fusion.tsv`.
    fn lines(&self) -> String {
        let mut lines =
            "# Learned by `cargo xtask train`; docs/MODEL.md is the card.\nnumber\tweight\n"
                .to_owned();
        let weights = names().map(|(name, _)| name).zip(&self.weights);
        for (name, weight) in weights.chain([("bias".to_owned(), &self.bias)]) {
            // No "-0.000".
            lines += &format!(
                "{name}\t{:.3}\n",
                (weight * 1_000.0).round() / 1_000.0 + 0.0
            );
        }
        lines
    }
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

/// Two ways to fuse: without the manner, and with it.
struct Ways([Fusion; 2]);

impl Ways {
    fn fit<'a>(judged: impl Iterator<Item = Judged<'a>> + Clone) -> Result<Self> {
        Ok(Self([
            Fusion::fit(judged.clone(), false)?,
            Fusion::fit(judged, true)?,
        ]))
    }
}

/// Tells how each way does on texts that neither it nor the model of manner has seen.
fn report<'a>(
    title: &str,
    judged: &[Judged<'a>],
    study: impl Fn(&'a Example) -> &'a Study,
    ways: impl Fn(&Example) -> &'a Ways,
) {
    println!("\n{title}");
    println!(
        "  {:34} warned false   scams above all innocents but 0, 1, 3",
        ""
    );
    let outcome =
        |name: &str, score: &dyn Fn(Judged<'a>) -> f64, counts: &dyn Fn(&Line) -> bool| {
            let judged: Vec<_> = judged
                .iter()
                .filter(|one| counts(&one.example.line))
                .filter_map(|one| Some((score(*one), one.example.wanted?)))
                .collect();
            if !judged.is_empty() {
                Outcome::of(&judged).print(name);
            }
        };
    let fused = |way: usize| {
        let (study, ways) = (&study, &ways);
        move |one: Judged<'a>| ways(one.example).0[way].log_odds(study(one.example), &one)
    };
    outcome("cues", &fused(0), &|_| true);
    outcome("manner", &|one| one.manner.whole.read, &|_| true);
    outcome("cues and manner", &fused(1), &|_| true);
    // Only what was collected has a label; what was written for the project says what is due.
    let collected = |line: &Line| line.label.is_some();
    outcome("  of them collected", &fused(1), &collected);
    let wrong: Vec<_> = judged
        .iter()
        .filter(|one| collected(&one.example.line))
        .filter(|one| Some(fused(1)(**one) < 0.0) == one.example.wanted)
        .map(|one| one.example.line.id.as_str())
        .collect();
    println!("    wrong: {}", wrong.join(" "));
    for kind in ["email", "sms", "call", "chat", "page", "typed"] {
        let is_kind = |line: &Line| line.kind.name() == kind;
        outcome(&format!("  of them {kind}, cues"), &fused(0), &is_kind);
        outcome(&format!("  of them {kind}"), &fused(1), &is_kind);
        outcome(&format!("    {kind}, collected"), &fused(1), &|line| {
            is_kind(line) && collected(line)
        });
    }
}

/// Cross-validation: each part of the data is judged by models that have seen nothing of it.
struct Parts<'a> {
    /// Of each part.
    manners: Vec<Model>,
    /// All examples.
    judged: Vec<Judged<'a>>,
    /// Of each part.
    ways: Vec<Ways>,
}

impl<'a> Parts<'a> {
    fn fit(examples: &'a [Example]) -> Result<Self> {
        let manners: Vec<Model> = (0..FOLDS)
            .map(|number| Model::fit(examples.iter().filter(|one| one.part() != number)))
            .collect::<Result<_>>()?;
        let judged: Vec<_> = examples
            .iter()
            .map(|example| manners[example.part()].judge(example))
            .collect();
        let ways = (0..FOLDS)
            .map(|number| {
                let others = judged.iter().copied();
                Ways::fit(others.filter(|one| one.example.part() != number))
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            manners,
            judged,
            ways,
        })
    }

    fn report(&self) {
        report(
            "cross-validated by group, cues as they are",
            &self.judged,
            |one| &one.study,
            |one| &self.ways[one.part()],
        );
        report(
            "cross-validated by group, without cues that no other group has",
            &self.judged,
            |one| &one.without_own,
            |one| &self.ways[one.part()],
        );
        self.report_calibration();
    }

    /// How often texts of one range of log-odds were what was wanted: their share is that of the
    /// range if the log-odds are calibrated.
    fn report_calibration(&self) {
        println!("\ncalibration, by group: log-odds of cues and manner, texts, scams among them");
        let ends = [-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, f64::INFINITY];
        let mut start = -40.0;
        for end in ends {
            let within = self.judged.iter().filter_map(|one| {
                let fusion = &self.ways[one.example.part()].0[1];
                let odds = fusion.log_odds(&one.example.without_own, one);
                (start..end).contains(&odds).then_some(one.example.wanted?)
            });
            let (texts, scams) = within.fold((0, 0), |(texts, scams), is_scam| {
                (texts + 1, scams + usize::from(is_scam))
            });
            println!("  {start:5} to {end:4} {texts:5} {scams:5}");
            start = end;
        }
    }
}

/// What is learned from all of the data.
struct Whole<'a> {
    manner: Model,
    ways: Ways,
    groups: BTreeSet<&'a str>,
}

impl<'a> Whole<'a> {
    /// The fusion learns from manners that models without the text have told.
    fn fit(examples: &'a [Example], parts: &Parts) -> Result<Self> {
        Ok(Self {
            manner: Model::fit(examples.iter())?,
            ways: Ways::fit(parts.judged.iter().copied())?,
            groups: examples.iter().map(|one| one.group.as_str()).collect(),
        })
    }
}

/// Tells of the texts of a file, none of them judged by models that learned from its group.
fn report_held(path: &Path, whole: &Whole, parts: &Parts) -> Result<()> {
    let held = read(&[path.to_owned()])?;
    let is_known = |one: &Example| whole.groups.contains(one.group.as_str());
    let judged: Vec<_> = held
        .iter()
        .map(|example| {
            let seen_none = &parts.manners[example.part()];
            let model = if is_known(example) {
                seen_none
            } else {
                &whole.manner
            };
            model.judge(example)
        })
        .collect();
    report(
        &format!("held out: {}", path.display()),
        &judged,
        |one| &one.study,
        |one| {
            if is_known(one) {
                &parts.ways[one.part()]
            } else {
                &whole.ways
            }
        },
    );
    Ok(())
}

/// Learns from the texts of `paths` and writes both models.
///
/// Prints how cues, manner and both do on them, cut by group, and on those of
/// `held`; of these, a text whose group is also in `paths` is judged by models without it.
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
    let parts = Parts::fit(&examples)?;
    parts.report();
    let whole = Whole::fit(&examples, &parts)?;
    for path in held {
        report_held(path, &whole, &parts)?;
    }
    let (manner, fusion) = (&whole.manner, &whole.ways.0[1]);
    fs::write(crate::root().join(FUSION), fusion.lines()).context(FUSION)?;
    fs::write(
        crate::root().join(MODEL),
        pack(&manner.weights, manner.bias),
    )
    .context(MODEL)
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
