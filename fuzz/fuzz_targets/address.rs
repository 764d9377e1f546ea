#![no_main]

use doorchain_fuzz::ENGINE;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|url: &str| {
    assert!(ENGINE.judge_address(url).score.is_finite());
});
