//! Feeds `viva_tests::fuzz::token`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| { viva_tests::fuzz::token(data); });
