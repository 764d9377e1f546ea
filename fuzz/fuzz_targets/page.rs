#![no_main]

use doorchain_core::PageFacts;
use doorchain_fuzz::ENGINE;
use libfuzzer_sys::fuzz_target;

// Facts as JSON where the bytes are that, else as bare text: both ways in are walked.
fuzz_target!(|bytes: &[u8]| {
    let facts: PageFacts = serde_json::from_slice(bytes).unwrap_or_else(|_| PageFacts {
        text: String::from_utf8_lossy(bytes).into_owned(),
        ..PageFacts::default()
    });
    let verdict = ENGINE.judge_page("https://www.example.org/", &facts);
    let units = facts.text.encode_utf16().count();
    assert!(verdict.score.is_finite() && verdict.reasons.len() <= 5);
    for words in verdict.reasons.iter().flat_map(|reason| &reason.words) {
        assert!(words.start <= words.end && words.end as usize <= units);
    }
});
