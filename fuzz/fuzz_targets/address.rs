#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|url: &str| doorchain_fuzz::address(url));
