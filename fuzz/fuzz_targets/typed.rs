#![no_main]

use doorchain_fuzz::ENGINE;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let verdict = ENGINE.judge_typed("", text);
    assert!(verdict.reasons.iter().all(|reason| reason.words.is_empty()));
});
