//! The layers of a publication in order of size: by what their pictures are, else by the bits that they take.

use super::Layer;
use crate::selector::Order;
use viva_media::{LayerIndex, MAX_LAYERS};

/// Layers of one size, and such that do not tell theirs, are ordered by their bitrates where these differ by a quarter.
const DIFFERENT: u64 = 4;

/// The layers that have sent, by size; those that have not are placed as the others stand in the offer: rising or falling.
/// `before` stays where nothing tells otherwise.
pub(super) fn arranged(layers: &[Layer], before: &Order) -> Order {
    let at = |layer: LayerIndex| layers.get(layer.place());
    let mut known = [LayerIndex::FIRST; MAX_LAYERS];
    let mut length = 0;
    for layer in before.smallest_first().iter().copied() {
        if at(layer).is_some_and(|layer| layer.size.is_some() || layer.peak > 0) {
            known[length] = layer;
            length += 1;
        }
    }
    let known = &mut known[..length];
    let sized = known.iter().all(|layer| at(*layer).is_some_and(|layer| layer.size.is_some()));
    sort(known, |a, b| at(a).zip(at(b)).is_some_and(|(a, b)| smaller(a, b, sized)));

    let falling = matches!((known.first(), known.last()), (Some(first), Some(last)) if first > last);
    let mut offered = [LayerIndex::FIRST; MAX_LAYERS];
    let mut count = 0;
    for (place, layer) in offered.iter_mut().zip(LayerIndex::all().take(layers.len())) {
        *place = layer;
        count += 1;
    }
    let offered = &mut offered[..count];
    if falling {
        offered.reverse();
    }
    let mut next = known.iter().copied();
    for layer in &mut *offered {
        if known.contains(layer) {
            *layer = next.next().unwrap_or(*layer);
        }
    }
    Order::new(offered.iter().copied())
}

fn smaller(one: &Layer, other: &Layer, sized: bool) -> bool {
    let area = |layer: &Layer| layer.size.map(|(width, height)| u32::from(width) * u32::from(height));
    if sized && area(one) != area(other) {
        return area(one) < area(other);
    }
    one.peak + one.peak / DIFFERENT < other.peak
}

/// By insertion: `smaller` need not be an order of all, since what differs by little is left as it stands.
fn sort(layers: &mut [LayerIndex], smaller: impl Fn(LayerIndex, LayerIndex) -> bool) {
    for end in 1..layers.len() {
        for place in (1..=end).rev() {
            if !smaller(layers[place], layers[place - 1]) {
                break;
            }
            layers.swap(place, place - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use viva_media::{Encoding, MediaKind};

    fn layers(told: &[(Option<(u16, u16)>, u64)]) -> Vec<Layer> {
        let layer = |(size, peak): &(Option<(u16, u16)>, u64)| {
            let mut layer = Layer::new(MediaKind::Video, Encoding::default());
            (layer.size, layer.peak) = (*size, *peak);
            layer
        };
        told.iter().map(layer).collect()
    }

    fn order(told: &[(Option<(u16, u16)>, u64)]) -> Vec<usize> {
        let order = arranged(&layers(told), &Order::as_offered());
        order.smallest_first().iter().take(told.len()).map(|layer| layer.place()).collect()
    }

    const LARGE: Option<(u16, u16)> = Some((1280, 720));
    const MIDDLE: Option<(u16, u16)> = Some((640, 360));
    const SMALL: Option<(u16, u16)> = Some((320, 180));

    #[test]
    fn sizes_tell() {
        assert_eq!(order(&[(SMALL, 0), (MIDDLE, 0), (LARGE, 0)]), [0, 1, 2]);
        assert_eq!(order(&[(LARGE, 0), (MIDDLE, 0), (SMALL, 0)]), [2, 1, 0]);
        assert_eq!(order(&[(MIDDLE, 0), (LARGE, 0), (SMALL, 0)]), [2, 0, 1]);
        // Whatever the bits say, and whichever way up the camera is held.
        assert_eq!(order(&[(SMALL, 900_000), (Some((360, 640)), 9)]), [0, 1]);
        assert_eq!(order(&[(None, 0), (None, 0), (None, 0), (None, 0)]), [0, 1, 2, 3]);
    }

    #[test]
    fn one_that_has_not_sent_stands_as_the_others_rise_or_fall() {
        assert_eq!(order(&[(LARGE, 0), (None, 0), (SMALL, 0)]), [2, 1, 0]);
        assert_eq!(order(&[(LARGE, 0), (MIDDLE, 0), (None, 0)]), [2, 1, 0]);
        assert_eq!(order(&[(None, 0), (MIDDLE, 0), (LARGE, 0)]), [0, 1, 2]);
        assert_eq!(order(&[(LARGE, 0), (None, 0), (None, 0)]), [0, 1, 2]);
    }

    #[test]
    fn bits_tell_where_sizes_do_not() {
        assert_eq!(order(&[(None, 2_000_000), (None, 600_000), (None, 150_000)]), [2, 1, 0]);
        // One of them tells no size: all are compared by their bits.
        assert_eq!(order(&[(LARGE, 2_000_000), (None, 600_000), (SMALL, 150_000)]), [2, 1, 0]);
        assert_eq!(order(&[(LARGE, 2_000_000), (LARGE, 600_000)]), [1, 0]);
        // A little more is nothing.
        assert_eq!(order(&[(LARGE, 700_000), (LARGE, 600_000)]), [0, 1]);
    }
}
