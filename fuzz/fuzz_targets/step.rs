#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| doorchain_fuzz::step(text));
