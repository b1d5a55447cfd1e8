//! Feeds `viva_tests::fuzz::websocket_message`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| { viva_tests::fuzz::websocket_message(data); });
