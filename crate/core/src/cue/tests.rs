use super::*;
use crate::text::Folder;
use std::collections::HashSet;
use std::path::Path;

/// The cue files as they stand in the tree, in the engine's order.
fn files() -> Vec<String> {
    source::FILES
        .iter()
        .map(|name| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/cues/{name}.tsv"));
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
        })
        .collect()
}

#[test]
fn every_cue_matches_its_example_and_not_its_counter_example() {
    let finder = Finder::new(&Reasons::new());
    let folder = Folder::new();
    let found = |cue: usize, text: &str| {
        finder
            .find(&folder.fold(text))
            .iter()
            .any(|hit| hit.cue == cue)
    };
    let files = files();
    let mut wrong = Vec::new();
    for (cue, row) in files.iter().flat_map(|file| source::rows(file)).enumerate() {
        let [id, _, _, _, _, example, counter, ..] = row[..] else {
            wrong.push(format!("{row:?}: too few cells"));
            continue;
        };
        if !found(cue, example) {
            wrong.push(format!("{id}: misses {example:?}"));
        }
        if found(cue, counter) {
            wrong.push(format!("{id}: catches {counter:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_line_is_a_cue_with_source_and_date() {
    let reasons = Reasons::new();
    let cues = read(&reasons);
    let files = files();
    let rows: Vec<_> = files
        .iter()
        .zip(source::FILES)
        .flat_map(|(file, name)| source::rows(file).map(move |row| (row, *name == source::TYPED)))
        .collect();
    assert_eq!(
        rows.len(),
        cues.len(),
        "a line with an unknown code or weight"
    );
    let mut ids = HashSet::new();
    for ((row, typed), cue) in rows.iter().zip(&cues) {
        assert_eq!(cue.typed_only, *typed, "{row:?}");
        assert_eq!(cue.pattern, source::pattern(row[2], row[3]), "{row:?}");
        assert_eq!(row.len(), 9, "{row:?}");
        let id = row[0];
        assert!(ids.insert(id), "{id} stands twice");
        assert!(meaning(row[1], &reasons).is_some(), "{id}: unknown code");
        assert!(cue.regex().is_some(), "{id}: {} is no pattern", cue.pattern);
        let whole = fragment::expand(cue.pattern, fragments());
        assert!(
            !whole.contains("{a") && !whole.contains("{t"),
            "{id}: {whole}"
        );
        assert!(
            !row[7].is_empty() && row[8].len() == 10,
            "{id}: source or date"
        );
    }
    assert!(ids.len() >= 60, "{} cues", ids.len());
}
