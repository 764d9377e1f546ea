//! All that speaks for and against a warning, fused to one log-odds.
//!
//! A logistic regression over the numbers that cues, structure and manner of a text come to,
//! learned by `cargo xtask train`; docs/MODEL.md is its card.

use crate::CueKind;
use crate::decimal::decimal;
#[cfg(any(test, feature = "study"))]
use crate::verdict;

/// How many kinds of evidence a text can have: the manner, which is the last and has a number of its
/// own, is none.
const KINDS: usize = CueKind::Learned as usize;

/// A feature that belongs to no evidence kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// How many kinds of evidence there are.
    Kinds,
    /// Evidence has what only the crime asks for: 1.
    Graver,
    /// Sender that poses as Amazon: 1.
    Sender,
    /// Log-odds of the model of manner.
    Manner,
    /// The same of a conversation, once more.
    Turns,
    /// Words of those who talk about fraud.
    Talk,
    /// Kinds of evidence in an article, where such words are many: it tells every step of the crime.
    ArticleKinds,
    /// Words of those who tell a story.
    Story,
    /// Words of a genuine notice.
    Genuine,
    /// Advice.
    Advice,
    /// Amazon is named and nobody says to be it: 1.
    Mention,
    /// A page at an address of its own, and no message: 1.
    Site,
    /// Typed by the person: 1.
    Typed,
}

/// Names of the [`Number`]s in their order, and whether more of it can only speak for a warning,
/// or only against it.
const NUMBERS: [(&str, Option<bool>); 13] = [
    ("kinds", Some(true)),
    ("graver", Some(true)),
    ("sender", Some(true)),
    ("manner", Some(true)),
    ("turns", Some(true)),
    ("talk", Some(false)),
    ("article_kinds", Some(false)),
    ("story", Some(false)),
    ("genuine", Some(false)),
    ("advice", Some(false)),
    ("mention", Some(false)),
    ("site", None),
    ("typed", None),
];

/// Where the numbers that are no kind's begin: each kind has two.
const OTHERS: usize = 2 * KINDS;

/// How many numbers a text comes to.
const COUNT: usize = OTHERS + NUMBERS.len();

/// Clamp: an author who knows the model can push it either way.
const MANNER_LEAST: f64 = -2.0;
const MANNER_MOST: f64 = 4.0;

/// Most that each sort of words against a warning counts.
const MOST_AGAINST: f64 = 5.0;

/// Most that words count that talk about fraud: an article tells every step of the crime.
const MOST_TALK: f64 = 8.0;

/// The numbers that one text comes to.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(not(feature = "study"), expect(unreachable_pub))]
pub struct Numbers([f64; COUNT]);

impl Default for Numbers {
    fn default() -> Self {
        Self([0.0; COUNT])
    }
}

impl Numbers {
    /// Takes in a piece of evidence: of each kind the two that weigh most count.
    pub(crate) fn add(&mut self, kind: CueKind, weight: f64) {
        let at = 2 * kind as usize;
        let Some([first, second]) = self.0[..OTHERS].get_mut(at..at + 2) else {
            return;
        };
        if *first <= 0.0 && weight > 0.0 {
            *first = weight;
            self.0[OTHERS + Number::Kinds as usize] += 1.0;
        } else if weight > *first {
            *second = *first;
            *first = weight;
        } else if weight > *second {
            *second = weight;
        }
    }

    /// Sets a number.
    pub(crate) fn set(&mut self, number: Number, value: f64) {
        let value = match number {
            Number::Manner | Number::Turns => value.clamp(MANNER_LEAST, MANNER_MOST),
            Number::Talk => value.min(MOST_TALK),
            Number::Story | Number::Genuine | Number::Advice => value.min(MOST_AGAINST),
            _ => value,
        };
        self.0[OTHERS + number as usize] = value;
    }

    /// How many kinds of evidence were added.
    pub(crate) fn kinds(&self) -> f64 {
        self.0[OTHERS + Number::Kinds as usize]
    }

    /// Sets a number to 1 where something is so.
    pub(crate) fn mark(&mut self, number: Number, is_so: bool) {
        self.set(number, f64::from(u8::from(is_so)));
    }

    /// Log-odds (natural logarithm) by the weights of the numbers, in the order of [`names`].
    #[cfg_attr(not(feature = "study"), expect(unreachable_pub))]
    pub fn log_odds(&self, weights: &[f64], bias: f64) -> f64 {
        let pairs = weights.iter().zip(&self.0);
        bias + pairs.map(|(weight, number)| weight * number).sum::<f64>()
    }

    /// The numbers, in the order of [`names`].
    #[cfg(feature = "study")]
    pub fn values(&self) -> &[f64] {
        &self.0
    }
}

/// Ends the name of the second of a kind's numbers.
const SECOND: &str = "_second";

/// The number that has this name.
fn place(name: &str) -> Option<usize> {
    let (kind, second) = match name.strip_suffix(SECOND) {
        Some(kind) => (kind, 1),
        None => (name, 0),
    };
    let of_kind = CueKind::named(kind)
        .map(|kind| kind as usize)
        .filter(|at| *at < KINDS);
    let other = || NUMBERS.iter().position(|(known, _)| *known == name);
    of_kind
        .map(|at| 2 * at + second)
        .or_else(|| other().map(|at| OTHERS + at))
}

/// Names of the numbers, and whether more of it can only speak for a warning, or only against it.
#[cfg(any(test, feature = "study"))]
#[cfg_attr(not(feature = "study"), expect(unreachable_pub))]
pub fn names() -> impl Iterator<Item = (String, Option<bool>)> {
    let kinds = verdict::KINDS[..KINDS]
        .iter()
        .flat_map(|(_, kind)| [(*kind).to_owned(), [kind, SECOND].concat()])
        .map(|name| (name, Some(true)));
    let others = NUMBERS
        .iter()
        .map(|(name, speaks)| ((*name).to_owned(), *speaks));
    kinds.chain(others)
}

/// The weights of the numbers.
pub(crate) struct Fusion {
    weights: Numbers,
    bias: f64,
}

impl Fusion {
    /// Reads `fusion.tsv`: a number's name and its weight a line, and the bias.
    pub(crate) fn new(data: &str) -> Self {
        let mut fusion = Self {
            weights: Numbers::default(),
            bias: 0.0,
        };
        for (name, weight) in data.lines().filter_map(|line| line.split_once('\t')) {
            let weight = decimal(weight).unwrap_or(0.0);
            match place(name) {
                Some(at) => fusion.weights.0[at] = weight,
                None if name == "bias" => fusion.bias = weight,
                None => {}
            }
        }
        fusion
    }

    /// Log-odds (natural logarithm) that a text of these numbers is the crime.
    pub(crate) fn log_odds(&self, numbers: &Numbers) -> f64 {
        numbers.log_odds(&self.weights.0, self.bias)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../data/fusion.tsv");

    #[test]
    fn names_stand_in_the_order_of_their_types() {
        for (at, (kind, _)) in verdict::KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, at);
        }
        assert_eq!(verdict::KINDS.len(), KINDS + 1);
        assert_eq!(NUMBERS[Number::Mention as usize].0, "mention");
        assert_eq!(Number::Typed as usize + 1, NUMBERS.len());
        let places: Vec<_> = names().map(|(name, _)| place(&name)).collect();
        assert_eq!(places, (0..COUNT).map(Some).collect::<Vec<_>>());
        assert_eq!(place("number"), None);
    }

    #[test]
    fn the_two_that_weigh_most_of_a_kind_count() {
        let mut numbers = Numbers::default();
        for weight in [1.0, 3.0, 2.0, 0.5] {
            numbers.add(CueKind::Call, weight);
        }
        numbers.add(CueKind::Learned, 9.0);
        numbers.mark(Number::Typed, true);
        numbers.set(Number::Manner, -70.0);
        let fusion = Fusion::new("call\t1\ncall_second\t10\nkinds\t100\ntyped\t1000\nbias\t0.5\n");
        assert_eq!(fusion.log_odds(&numbers), 1123.5);
        assert_eq!(Fusion::new("manner\t1\n").log_odds(&numbers), MANNER_LEAST);
    }

    #[test]
    fn every_number_has_a_weight_that_speaks_as_it_must() {
        let lines = SHIPPED.lines().filter(|line| !line.starts_with('#'));
        // The heading and the bias are two more.
        assert_eq!(lines.count(), COUNT + 2);
        let fusion = Fusion::new(SHIPPED);
        assert!(fusion.bias < 0.0);
        for ((name, speaks), weight) in names().zip(fusion.weights.0) {
            assert!(SHIPPED.contains(&format!("\n{name}\t")), "{name}");
            match speaks {
                Some(true) => assert!(weight >= 0.0, "{name}"),
                Some(false) => assert!(weight <= 0.0, "{name}"),
                None => {}
            }
        }
    }
}
