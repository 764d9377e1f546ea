use super::*;
use crate::reason::Reasons;
use crate::text::Folder;
use std::collections::HashSet;

fn found(finder: &Finder, folder: &Folder, text: &str) -> Vec<&'static str> {
    finder
        .find(&folder.fold(text))
        .iter()
        .map(|hit| finder.cue(hit.cue).id)
        .collect()
}

#[test]
fn every_cue_matches_its_example_and_not_its_counter_example() {
    let reasons = Reasons::new();
    let finder = Finder::new(&reasons);
    let folder = Folder::new();
    let mut wrong = Vec::new();
    for row in FILES.iter().flat_map(|file| rows(file)) {
        let [id, _, _, _, _, example, counter, ..] = row[..] else {
            wrong.push(format!("{row:?}: too few cells"));
            continue;
        };
        if !found(&finder, &folder, example).contains(&id) {
            wrong.push(format!("{id}: misses {example:?}"));
        }
        if found(&finder, &folder, counter).contains(&id) {
            wrong.push(format!("{id}: catches {counter:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_line_is_a_cue_with_source_and_date() {
    let reasons = Reasons::new();
    let fragments = fragments(include_str!("../../data/cues/fragments.tsv"));
    let mut ids = HashSet::new();
    for row in FILES.iter().flat_map(|file| rows(file)) {
        assert_eq!(row.len(), 9, "{row:?}");
        assert!(ids.insert(row[0]), "{} stands twice", row[0]);
        let cue = cue(&row, &fragments, &reasons)
            .unwrap_or_else(|| panic!("{}: unknown code or weight", row[0]));
        assert!(
            cue.regex().is_some(),
            "{}: {} is no pattern",
            cue.id,
            cue.pattern
        );
        assert!(
            !cue.pattern.contains("{tool}") && !cue.pattern.contains("{amount}"),
            "{}",
            cue.id
        );
        assert!(
            !row[7].is_empty() && row[8].len() == 10,
            "{}: source or date",
            row[0]
        );
        assert!(
            anchor::anchors(&cue.pattern).is_some(),
            "{}: no literal to look for: {}",
            cue.id,
            cue.pattern
        );
    }
    assert!(ids.len() >= 60, "{} cues", ids.len());
}
