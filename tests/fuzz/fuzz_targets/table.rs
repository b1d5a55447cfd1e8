//! Feeds `viva_tests::fuzz::table`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| { viva_tests::fuzz::table(data); });
