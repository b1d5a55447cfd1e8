//! stub
use crate::Micros;
#[derive(Debug, Default)]
pub struct NtpOffset;
impl NtpOffset {
    pub fn handle_report(&mut self, _n: Micros, _a: Micros) {}
}
#[derive(Debug)]
pub struct Timeline;
impl Timeline {
    pub fn new(_c: u32) -> Self {
        Self
    }
    pub fn handle_arrival(&mut self, _t: u32, _n: Micros) {}
    pub fn handle_report(&mut self, _n: Micros, _r: u32, _a: Micros) {}
    pub fn capture_time(&self, _t: u32, _o: &NtpOffset) -> Option<Micros> {
        None
    }
    pub fn rtp_at(&self, _n: Micros, _o: &NtpOffset) -> Option<u32> {
        None
    }
}
