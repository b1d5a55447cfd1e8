//! Feeds `viva_tests::fuzz::sdp_offer`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| { viva_tests::fuzz::sdp_offer(data); });
