#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dbconf_fuzz::guard::check(data));
