//! Feeds `viva_tests::fuzz::demux`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| { viva_tests::fuzz::demux(data); });
