//! Feeds `viva_tests::fuzz::sdp_fragment`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| { viva_tests::fuzz::sdp_fragment(data); });
