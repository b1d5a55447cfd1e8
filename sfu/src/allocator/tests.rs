//! Tiles of usual sizes at all kinds of budgets.

use super::*;
use slotmap::SlotMap;
use viva_media::LayerIndex;

/// 180, 360 and 720 rows as cameras send them, with three temporal layers.
const COSTS: [[u64; 3]; 3] = [[70, 100, 160], [0, 0, 480], [0, 0, 1_600]];

fn layer(place: usize) -> LayerIndex {
    LayerIndex::new(place).unwrap()
}

/// The steps up to a layer.
fn steps(largest: usize) -> Steps {
    let mut steps = Steps::default();
    for (place, costs) in COSTS.iter().enumerate().take(largest + 1) {
        for (temporal, kilobits) in (0..).zip(costs).filter(|(_, kilobits)| **kilobits > 0) {
            let temporal = if temporal == 2 { Target::ALL } else { temporal };
            steps.push(Step { target: Target { layer: layer(place), temporal }, bits: kilobits * 1_000 });
        }
    }
    steps
}

struct Room {
    allocator: Allocator,
    now: Micros,
    tiles: Vec<Tile>,
    keys: SlotMap<SlotKey, ()>,
    plan: Plan,
}

impl Room {
    fn new(tiles: &[(u16, usize)]) -> Self {
        let mut keys = SlotMap::with_key();
        let tiles =
            tiles.iter().map(|(height, largest)| Tile::new(keys.insert(()), *height, steps(*largest)));
        let tiles = tiles.collect();
        let now = Micros(1_000_000);
        Self { allocator: Allocator::default(), now, tiles, keys, plan: Plan::default() }
    }

    /// Time passes at a budget; what each tile gets after it, by its height: the layer and its temporal layers.
    fn run(&mut self, seconds: u64, budget: u64) -> Vec<Option<(usize, u8)>> {
        for _ in 0..seconds * 5 {
            self.plan = self.allocator.share(self.now, budget, false, &mut self.tiles);
            self.now += Duration::from_millis(200);
            for tile in &mut self.tiles {
                let target = tile.gets().map(|step| step.target);
                *tile = tile.after(target, target.is_none());
            }
        }
        let target = |tile: &Tile| tile.now.map(|target| (target.layer.place(), target.temporal));
        self.tiles.iter().map(target).collect()
    }
}

const THREE: [(u16, usize); 3] = [(360, 1); 3];

#[test]
fn a_free_line_carries_everything_at_once() {
    let mut room = Room::new(&THREE);
    assert_eq!(room.run(1, u64::MAX / 200), [Some((1, 3)); 3]);
    assert_eq!(room.plan.bits, 3 * 480_000);
}

#[test]
fn at_a_megabit_all_three_move_and_one_is_larger() {
    let mut room = Room::new(&THREE);
    let got = room.run(10, 930_000);
    assert_eq!(got.iter().flatten().filter(|(layer, _)| *layer == 1).count(), 1, "{got:?}");
    assert_eq!(got.iter().flatten().count(), 3);
}

#[test]
fn where_all_cannot_move_the_first_one_moves_well() {
    let got = |budget| Room::new(&THREE).run(5, budget);
    assert_eq!(got(270_000), [Some((0, 1)), Some((0, 0)), Some((0, 0))]);
    assert_eq!(got(190_000), [Some((0, 3)), None, None]);
    assert_eq!(got(260_000), [Some((0, 3)), Some((0, 0)), None]);
    assert_eq!(got(120_000), [Some((0, 1)), None, None]);
    assert_eq!(got(90_000), [Some((0, 0)), None, None]);
    assert_eq!(got(60_000), [None; 3]);
}

#[test]
fn larger_tiles_come_first_and_priority_before_size() {
    let mut room = Room::new(&[(180, 0), (720, 2), (180, 0)]);
    let got = room.run(5, 2_200_000);
    assert_eq!(room.tiles[0].height, 720);
    assert_eq!(got, [Some((2, 3)), Some((0, 3)), Some((0, 3))]);
    let small = room.keys.keys().next().unwrap();
    let mut room = Room::new(&[(180, 0), (720, 2)]);
    for tile in &mut room.tiles {
        tile.priority = if tile.height == 180 { Priority::First } else { Priority::Usual };
    }
    room.run(5, 300_000);
    assert_eq!(room.tiles[0].slot, small);
    assert_eq!(
        room.tiles[0].now.map(|target| target.temporal),
        Some(Target::ALL),
        "the preferred one is whole"
    );
}

#[test]
fn what_is_too_much_goes_at_once_and_comes_back_after_a_while() {
    let mut room = Room::new(&THREE);
    room.run(20, 2_000_000);
    room.plan = room.allocator.share(room.now, 900_000, true, &mut room.tiles);
    assert!(room.plan.bits <= 900_000, "{:?}", room.plan);
    let lowered = room.tiles.iter().filter(|tile| tile.is_lowered()).count();
    assert!(lowered >= 2);
    for tile in &mut room.tiles {
        *tile = tile.after(tile.gets().map(|step| step.target), false);
    }
    assert_ne!(room.run(1, 2_000_000), [Some((1, 3)); 3], "not at once");
    assert_eq!(room.run(1, 2_000_000), [Some((1, 3)); 3]);
}

#[test]
fn a_raise_that_fails_again_and_again_is_tried_less_and_less() {
    let mut room = Room::new(&[(720, 2)]);
    let mut switches = 0;
    let mut before = None;
    // The line seems to carry it until it is sent.
    for _ in 0..300 {
        let got = room.tiles[0].now.map(|target| target.layer.place());
        let budget = if got == Some(2) { 1_000_000 } else { 2_000_000 };
        room.plan = room.allocator.share(room.now, budget, budget < 2_000_000, &mut room.tiles);
        room.now += Duration::from_millis(200);
        let target = room.tiles[0].gets().map(|step| step.target);
        room.tiles[0] = room.tiles[0].after(target, false);
        switches += u32::from(target != before);
        before = target;
    }
    assert!((6..=14).contains(&switches), "{switches} in a minute");
}

#[test]
fn a_budget_that_swings_a_little_moves_nothing() {
    let mut room = Room::new(&THREE);
    room.run(20, 700_000);
    let before = room.tiles.iter().map(|tile| tile.now).collect::<Vec<_>>();
    for swing in [690_000, 705_000, 680_000, 700_000, 720_000, 660_000] {
        room.run(2, swing);
        assert_eq!(room.tiles.iter().map(|tile| tile.now).collect::<Vec<_>>(), before);
    }
}

#[test]
fn a_new_tile_is_shown_even_while_nothing_is_raised() {
    let mut room = Room::new(&[(360, 1)]);
    room.run(20, 2_000_000);
    room.run(1, 300_000);
    let slot = room.keys.insert(());
    room.tiles.push(Tile::new(slot, 180, steps(0)));
    room.plan = room.allocator.share(room.now, 400_000, false, &mut room.tiles);
    assert!(room.tiles.iter().all(|tile| tile.gets().is_some()));
}

#[test]
fn the_plan_says_what_the_next_step_needs() {
    let mut room = Room::new(&THREE);
    room.run(10, 500_000);
    assert_eq!(room.plan, Plan { bits: 420_000, full: 1_440_000, next: 480_000 * 100 / RAISED_SHARE });
    room.run(10, 2_000_000);
    assert_eq!(room.plan.bits, room.plan.full);
    assert!(room.plan.next >= room.plan.full);
    assert_eq!(Room::new(&[]).allocator.share(Micros(0), 0, false, &mut []), Plan::default());
}

#[test]
fn a_step_that_is_not_cheaper_than_the_next_is_none() {
    let mut steps = Steps::default();
    let step = |place, bits| Step { target: Target::whole(layer(place)), bits };
    for (place, bits) in [(0, 100), (1, 300), (2, 90), (3, 400)] {
        steps.push(step(place, bits));
    }
    assert_eq!([steps.get(0), steps.get(1), steps.get(2)], [Some(step(2, 90)), Some(step(3, 400)), None]);
}
