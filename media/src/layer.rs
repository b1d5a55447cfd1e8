//! The layers (encodings) of one publication: which, and sets of them.

use std::{
    fmt,
    ops::{BitAnd, BitOr, Sub},
};

/// Encodings of one publication that are told apart, at most.
pub const MAX_LAYERS: usize = 4;

/// A layer, by its place in the offer: below [`MAX_LAYERS`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LayerIndex(u8);

/// Some layers of one publication.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LayerSet(u8);

impl LayerIndex {
    /// The first in the offer; of what has one encoding, the only one.
    pub const FIRST: Self = Self(0);

    /// The layer at this place; `None` from [`MAX_LAYERS`] on.
    pub const fn new(place: usize) -> Option<Self> {
        if place < MAX_LAYERS { Some(Self(place as u8)) } else { None }
    }

    /// All that there can be.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> + Clone {
        (0..MAX_LAYERS as u8).map(Self)
    }

    /// Its place in the offer.
    pub const fn place(self) -> usize {
        self.0 as usize
    }
}

impl LayerSet {
    /// None.
    pub const EMPTY: Self = Self(0);
    /// All that there can be.
    pub const ALL: Self = Self((1 << MAX_LAYERS) - 1);

    /// The first so many.
    pub const fn first(count: usize) -> Self {
        if count >= MAX_LAYERS { Self::ALL } else { Self((1 << count) - 1) }
    }

    /// Is this layer among them?
    pub const fn contains(self, layer: LayerIndex) -> bool {
        self.0 & 1 << layer.0 != 0
    }

    /// No layer is among them.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Adds a layer.
    pub const fn insert(&mut self, layer: LayerIndex) {
        self.0 |= 1 << layer.0;
    }

    /// Takes a layer out.
    pub const fn remove(&mut self, layer: LayerIndex) {
        self.0 &= !(1 << layer.0);
    }

    /// The layers in the order of the offer.
    pub fn iter(self) -> impl Iterator<Item = LayerIndex> {
        LayerIndex::all().filter(move |layer| self.contains(*layer))
    }
}

impl FromIterator<LayerIndex> for LayerSet {
    fn from_iter<T: IntoIterator<Item = LayerIndex>>(layers: T) -> Self {
        let mut set = Self::EMPTY;
        layers.into_iter().for_each(|layer| set.insert(layer));
        set
    }
}

impl BitAnd for LayerSet {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for LayerSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Sub for LayerSet {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl fmt::Debug for LayerIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for LayerSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_and_not_taken_out() {
        let layer = |place| LayerIndex::new(place).unwrap();
        let mut set = LayerSet::EMPTY;
        assert!(set.is_empty() && LayerIndex::new(MAX_LAYERS).is_none());
        set.insert(layer(2));
        set.insert(layer(0));
        assert!(set.contains(layer(2)) && !set.contains(layer(1)));
        assert_eq!(set.iter().map(LayerIndex::place).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(set - LayerSet::first(1), [layer(2)].into_iter().collect());
        assert_eq!(set & LayerSet::first(2), LayerSet::first(1));
        set.remove(layer(2));
        assert_eq!(set | LayerSet::ALL, LayerSet::first(9));
        assert_eq!(format!("{set:?} {:?}", layer(3)), "{0} 3");
    }
}
