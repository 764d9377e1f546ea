//! What a verdict says it rests on.

use super::case::{Evidence, Zone};
use crate::order::insert;
use crate::order::sort_by;
use crate::text::Text;
use crate::{CueKind, Engine, Reason, Words};

/// Most reasons a verdict tells.
pub(super) const MOST_REASONS: usize = 5;

/// Most places a reason marks in the page.
const MOST_WORDS: usize = 3;

impl Engine {
    /// The evidence by its codes, most telling first.
    pub(super) fn reasons(&self, evidence: &[&Evidence], text: Option<&Text>) -> Vec<Reason> {
        let mut codes: Vec<(u16, CueKind, f64, Vec<&Zone>)> = Vec::new();
        for one in evidence {
            match codes.iter_mut().find(|(reason, ..)| *reason == one.reason) {
                Some((_, _, weight, zones)) => {
                    *weight = weight.max(one.weight);
                    zones.push(&one.zone);
                }
                None => codes.push((one.reason, one.kind, one.weight, vec![&one.zone])),
            }
        }
        // What leads to the loss comes first: a stranger in the computer, the bank.
        let grave = |kind: CueKind| matches!(kind, CueKind::Remote | CueKind::Bank);
        // What words say tells people more than that they are like others.
        let learned = |kind: CueKind| kind == CueKind::Learned;
        sort_by(&mut codes, |a, b| {
            grave(b.1)
                .cmp(&grave(a.1))
                .then(learned(a.1).cmp(&learned(b.1)))
                .then(b.2.total_cmp(&a.2))
                .then(a.0.cmp(&b.0))
        });
        // Then one reason of each kind before a second of any: the banner has room for three.
        let mut told = Vec::new();
        let (first, second): (Vec<_>, Vec<_>) = codes
            .into_iter()
            .partition(|code| insert(&mut told, code.1));
        first
            .into_iter()
            .chain(second)
            .take(MOST_REASONS)
            .map(|(reason, kind, _, zones)| Reason {
                code: self.reader().reasons.code(reason).into(),
                kind,
                words: text.map_or_else(Vec::new, |text| words(&zones, text)),
            })
            .collect()
    }
}

/// The page's own words, those with a place in its text first.
fn words(zones: &[&Zone], text: &Text) -> Vec<Words> {
    let placed = zones.iter().filter_map(|zone| match zone {
        Zone::Text(place) => {
            let (range, original) = text.original(place.clone());
            let (start, end) = text.utf16(range);
            Some(Words {
                text: original.to_owned(),
                start,
                end,
            })
        }
        _ => None,
    });
    let heads = zones.iter().filter_map(|zone| match zone {
        Zone::Head(head) => Some(Words {
            text: head.clone(),
            start: 0,
            end: 0,
        }),
        _ => None,
    });
    let mut words: Vec<Words> = Vec::new();
    for one in placed.chain(heads) {
        if words.last() != Some(&one) {
            words.push(one);
        }
        if words.len() == MOST_WORDS {
            break;
        }
    }
    words
}
