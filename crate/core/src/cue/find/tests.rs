use super::*;
use crate::cue::source;
use crate::text::Folder;
use std::path::Path;

#[test]
fn no_cue_is_held_back_from_a_text_that_has_it() {
    let finder = Finder::new(&Reasons::new());
    let folder = Folder::new();
    let mut keys = Keys::new();
    let mut room = Room::default();
    let mut matches = 0;
    for name in source::FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/cues/{name}.tsv"));
        let file = std::fs::read_to_string(path).expect("a cue file");
        for row in source::rows(&file) {
            let text = folder.fold(row[5]).folded;
            // From a place in the middle of a word, too: a stretch may begin there.
            for from in [0, 2] {
                let Some(part) = text.as_bytes().get(from..) else {
                    break;
                };
                keys.read(text.as_bytes(), |_, _| {});
                keys.begin(part);
                room.read(part);
                for cue in 0..finder.cues.len() {
                    if !finder.need(cue).is_met(&keys) {
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
