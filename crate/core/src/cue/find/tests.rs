use super::*;
use crate::CueKind;
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
                for ways in finder.ways.chunk_by(|a, b| a.cue == b.cue) {
                    let cue = usize::from(ways[0].cue);
                    if !ways.iter().any(|way| finder.need(way).is_met(&keys)) {
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
        for sentence in text
            .sentences()
            .filter(|sentence| sentence.len() <= MOST_BYTES)
        {
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

#[test]
fn finds_what_stands_across_the_end_of_a_reach() {
    let finder = Finder::new(&Reasons::new());
    let folder = Folder::new();
    let count = |text: &str| {
        let text = folder.fold(text);
        let found = finder.find(&text, Mode::Page);
        let of_remote = |hit: &&Hit| match finder.meaning(hit) {
            Meaning::Evidence { kind, .. } => kind == CueKind::Remote,
            _ => false,
        };
        found.iter().filter(of_remote).count()
    };
    let filler = "and so on ".repeat(80);
    let asked = "so please install anydesk on your computer";
    let least = count(asked);
    assert!(least > 0);
    // The tool's name alone begins a first stretch, which ends somewhere in the words that follow.
    let end = MOST_BYTES - REACH;
    for at in end - 2 * asked.len()..end {
        let text = format!("anydesk {}{asked} {filler}", &filler[..at]);
        assert!(count(&text) >= least, "{at}");
    }
}

#[test]
fn every_way_of_a_pattern_is_looked_for() {
    let finder = Finder::new(&Reasons::new());
    let mut of_several = 0;
    for (cue, ways) in finder.ways.chunk_by(|a, b| a.cue == b.cue).enumerate() {
        assert!(ways.iter().all(|way| usize::from(way.cue) == cue));
        let count = finder.tree(cue).ways().1.len();
        assert!([1, count].contains(&ways.len()), "cue {cue}");
        of_several += usize::from(ways.len() > 1);
        for way in ways {
            finder.need(way);
        }
    }
    assert!(of_several > 300, "{of_several}");
}
