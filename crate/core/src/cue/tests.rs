use super::node::Node;
use super::parse::Parser;
use super::patterns::Patterns;
use super::run::{Program, Room};
use super::*;
use crate::text::{Folder, fold_char, letter};
use proptest::prelude::*;
use regex::bytes::{Regex, RegexBuilder};
use std::collections::HashSet;
use std::path::Path;

/// A cue file as it stands in the tree.
fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/cues/{name}.tsv"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The cue files in the engine's order.
pub(super) fn files() -> Vec<String> {
    source::FILES.iter().map(|name| file(name)).collect()
}

/// The pattern of a row, folded, with its fragments.
fn whole(row: &[&str]) -> String {
    static FRAGMENTS: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| file("fragments"));
    let fragments: Vec<_> = source::rows(&FRAGMENTS)
        .map(|part| (part[0], source::pattern("", part[1])))
        .collect();
    fragment::expand(
        &source::pattern(row[2], row[3]),
        fragments.iter().map(|(name, part)| (*name, part.as_str())),
    )
}

/// Every pattern as the `regex` crate has it, in the engine's order.
fn patterns() -> Vec<Regex> {
    files()
        .iter()
        .flat_map(|file| source::rows(file))
        .map(|row| {
            RegexBuilder::new(&whole(&row))
                .unicode(false)
                .size_limit(1 << 22)
                .build()
                .unwrap_or_else(|error| panic!("{}: {error}", row[0]))
        })
        .collect()
}

/// Some letters of scripts in which no cue is written are left as they are.
#[test]
fn whatever_folds_to_a_letter_of_a_pattern_is_folded() {
    let mut asked = HashSet::new();
    for file in files() {
        asked.extend(source::rows(&file).flat_map(|row| whole(&row).chars().collect::<Vec<_>>()));
    }
    for c in '\u{80}'..=char::MAX {
        let (mut wanted, mut found) = (String::new(), String::new());
        letter::fold_char(c, |part| wanted.push(part));
        fold_char(c, |part| found.push(part));
        if wanted.contains(|part| asked.contains(&part)) {
            assert_eq!(found, wanted, "U+{:04X}", u32::from(c));
        }
    }
}

#[test]
fn programs_find_what_the_patterns_find() {
    let laid = Patterns::new(include_bytes!(concat!(
        env!("OUT_DIR"),
        "/cue_patterns.bin"
    )));
    let programs: Vec<_> = (0..laid.count())
        .map(|cue| Program::new(&laid.node(cue), &laid.classes))
        .collect();
    let patterns = patterns();
    assert_eq!(programs.len(), patterns.len());
    let folder = Folder::new();
    let mut texts = Vec::new();
    for file in files() {
        for row in source::rows(&file) {
            // As they are, cut off at both ends, and one behind the other.
            for text in [
                row[5].to_owned(),
                row[6].to_owned(),
                format!("{} {}", row[6], row[5]),
            ] {
                let folded = folder.fold(&text).folded;
                let bytes = folded.as_bytes();
                let third = bytes.len() / 3;
                texts.extend([
                    bytes.to_vec(),
                    bytes[third..].to_vec(),
                    bytes[..2 * third].to_vec(),
                ]);
            }
        }
    }
    let mut room = Room::default();
    let mut matches = 0;
    for (number, pattern) in patterns.iter().enumerate() {
        // Every text would take a minute; a step that shares no factor with three meets all sorts.
        let own = 9 * number..(9 * number + 9).min(texts.len());
        for text in texts[own]
            .iter()
            .chain(texts.iter().skip(number % 17).step_by(17))
        {
            room.read(text);
            let wanted = pattern.find(text).map(|found| found.range());
            matches += usize::from(wanted.is_some());
            assert_eq!(
                programs[number].find(text, &mut room),
                wanted,
                "{pattern} in {:?}",
                String::from_utf8_lossy(text)
            );
        }
    }
    assert!(matches > 3 * patterns.len(), "{matches} matches");
}

proptest! {
    /// Patterns of every form that the programs have, on texts made of their own letters.
    #[test]
    fn any_program_finds_what_its_pattern_finds(
        pattern in form(),
        texts in proptest::collection::vec("[abc .]{0,24}", 1..12),
    ) {
        let mut parser = Parser::default();
        // What may match nothing is no pattern of a cue.
        let Ok(node) = parser.parse(&pattern) else { return Ok(()) };
        let mut data = Vec::new();
        node.write(&mut data).expect("is short");
        let read = Node::read(&mut &*data.leak(), &[]);
        let program = Program::new(&read, &parser.classes);
        let regex = RegexBuilder::new(&pattern).unicode(false).build().expect("is a pattern");
        let mut room = Room::default();
        for text in &texts {
            room.read(text.as_bytes());
            let wanted = regex.find(text.as_bytes()).map(|found| found.range());
            prop_assert_eq!(program.find(text.as_bytes(), &mut room), wanted, "{} in {:?}", pattern, text);
        }
    }
}

/// A pattern, three storeys high at most.
fn form() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[abc]{1,3}",
        Just(".".to_owned()),
        Just(r"\w".to_owned()),
        Just(r"\b".to_owned()),
        Just("[ab]".to_owned()),
        Just("[^a]".to_owned()),
        (0..3u32, 0..4u32).prop_map(|(least, more)| format!(".{{{least},{}}}", least + more)),
        Just(r"\w*".to_owned()),
        Just("a+".to_owned()),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        let several = || proptest::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            several().prop_map(|parts| parts.concat()),
            several().prop_map(|parts| format!("(?:{})", parts.join("|"))),
            inner.clone().prop_map(|part| format!("(?:{part})?")),
            inner.clone().prop_map(|part| format!("(?:{part}){{0,2}}")),
            inner.clone().prop_map(|part| format!("(?:{part})*")),
            inner.clone().prop_map(|part| format!("(?:{part}){{2,}}")),
        ]
    })
}

#[test]
fn every_cue_matches_its_example_and_not_its_counter_example() {
    let finder = Finder::new(&Reasons::new());
    let folder = Folder::new();
    let found = |cue: usize, text: &str| {
        let mode = match finder.cue(cue).typed_only {
            true => Mode::Typed,
            false => Mode::Page,
        };
        finder
            .find(&folder.fold(text), mode)
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
        assert_eq!(row.len(), 9, "{row:?}");
        let id = row[0];
        assert!(ids.insert(id), "{id} stands twice");
        assert!(meaning(row[1], &reasons).is_some(), "{id}: unknown code");
        assert!(
            !row[7].is_empty() && row[8].len() == 10,
            "{id}: source or date"
        );
    }
    assert!(ids.len() >= 60, "{} cues", ids.len());
}
