use super::*;
use crate::cue::{source, tests::files};
use crate::text::Folder;

#[test]
fn no_cue_is_held_back_from_a_text_that_has_it() {
    let finder = Finder::new(&Reasons::new());
    let folder = Folder::new();
    let (mut keys, mut blanked) = (Keys::new(), Blanked::default());
    let mut room = Room::default();
    let mut matches = 0;
    for file in files() {
        for row in source::rows(&file) {
            let text = folder.fold(row[5]).folded;
            // From a place in the middle of a word, too: a stretch may begin there.
            for from in [0, 2] {
                let Some(part) = text.as_bytes().get(from..) else {
                    break;
                };
                blanked.read(text.as_bytes());
                keys.read(&blanked, &mut Vec::new());
                keys.begin(part);
                room.read(part);
                for cue in 0..finder.cues.len() {
                    let mut ways = finder.ways.iter().filter(|way| usize::from(way.cue) == cue);
                    if !ways.any(|way| finder.need(way).is_met(&keys)) {
                        let found = finder.program(cue).find(part, &mut room);
                        assert_eq!(found, None, "cue {cue} is held back from {}", row[5]);
                    } else if from == 0 {
                        matches += 1;
                    }
                }
            }
        }
    }
    let pairs = finder.cues.len() * finder.cues.len();
    assert!(matches < pairs / 4, "{matches} of {pairs} pass");
}

#[test]
fn finds_what_every_pattern_held_against_every_sentence_finds() {
    let finder = Finder::new(&Reasons::new());
    let folder = Folder::new();
    let mut room = Room::default();
    let mut examples = Vec::new();
    for file in files() {
        examples.extend(source::rows(&file).map(|row| row[5].to_owned()));
    }
    // Letters of another script at the edge of a word, and every sort of end that a sentence has.
    let ends = [". ", "。", "! ", "\n", "।", "あ", " – ", "…", "?"];
    let mut count = 0;
    for (at, pair) in examples.chunks(2).enumerate() {
        let end = ends[at % ends.len()];
        let original = format!("{end}{}{end}", pair.join(end));
        let text = folder.fold(&original);
        let mut found = finder.find(&text, Mode::Typed);
        found.sort_by_key(|hit| (hit.place.start, hit.cue));
        let mut wanted = Vec::new();
        for sentence in text.sentences().filter(|sentence| sentence.len() <= REACH) {
            let bytes = &text.folded.as_bytes()[sentence.clone()];
            room.read(bytes);
            for cue in (0..finder.cues.len()).filter(|cue| finder.cues[*cue].counts(Mode::Typed)) {
                if let Some(place) = finder.program(cue).find(bytes, &mut room) {
                    let place = sentence.start + place.start..sentence.start + place.end;
                    wanted.push((cue, text.whole_letters(place)));
                }
            }
        }
        wanted.sort_by_key(|(cue, place)| (place.start, *cue));
        let found: Vec<_> = found.into_iter().map(|hit| (hit.cue, hit.place)).collect();
        assert_eq!(found, wanted, "{}", text.folded);
        count += wanted.len();
    }
    assert!(count > examples.len());
}
