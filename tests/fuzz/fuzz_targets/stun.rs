//! Feeds `viva_tests::fuzz::stun`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| { viva_tests::fuzz::stun(data); });
