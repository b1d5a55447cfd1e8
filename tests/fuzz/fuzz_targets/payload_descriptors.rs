//! Feeds `viva_tests::fuzz::payload_descriptors`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| { viva_tests::fuzz::payload_descriptors(data); });
