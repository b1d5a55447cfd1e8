//! stub
#[derive(Debug)]
pub struct ActiveSpeaker<K>(Option<K>);
impl<K> Default for ActiveSpeaker<K> {
    fn default() -> Self {
        Self(None)
    }
}
impl<K: Copy> ActiveSpeaker<K> {
    pub fn add(&mut self, _k: K, _n: crate::Micros) {}
    pub fn remove(&mut self, _k: K) {}
    pub fn observe(&mut self, _k: K, _l: u8, _v: bool, _n: crate::Micros) {}
    pub fn tick(&mut self, _n: crate::Micros) -> bool {
        false
    }
    pub fn active(&self) -> Option<K> {
        self.0
    }
}
