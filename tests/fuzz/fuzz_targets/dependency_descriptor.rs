//! Feeds `viva_tests::fuzz::dependency_descriptor`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| { viva_tests::fuzz::dependency_descriptor(data); });
