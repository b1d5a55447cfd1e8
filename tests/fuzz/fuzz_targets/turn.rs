//! Feeds `viva_tests::fuzz::turn`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| { viva_tests::fuzz::turn(data); });
