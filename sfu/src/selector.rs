//! The selector of one slot and one publication: says of every packet whether the slot's receiver gets it.
//!
//! A layer is entered only where a decoder can begin, so a switch stays pending, with the old layer going on, until the new
//! one's key frame starts. Audio needs nothing of its own: any packet of it is such a place.
//!
//! A slot that is to show another publication makes a second selector for that and keeps the first until the second one
//! says [`Decision::Switch`].

mod frames;
mod layers;
mod temporal;
#[cfg(test)]
mod tests;

pub use layers::{Liveness, Order, choose_layer, layer_height};

use crate::munger::Incoming;
use frames::{Aim, Frames};
use std::time::Duration;
use temporal::Temporal;
use viva_media::{LayerIndex, LayerSet, MAX_LAYERS};
use viva_wire::Micros;

/// What becomes of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Goes on: tell the munger to `forward`.
    Forward,
    /// The first packet of a layer that was not forwarded before: tell the munger to `switch`.
    Switch,
    /// Of the right layer, but left out on purpose: tell the munger to `skip`.
    Skip,
    /// Of another layer; nothing to tell.
    Ignore,
}

/// What a slot should get of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The encoding, or the spatial layer of the only one.
    pub layer: LayerIndex,
    /// The highest temporal layer, [`Target::ALL`] for all.
    pub temporal: u8,
}

impl Target {
    /// All temporal layers.
    pub const ALL: u8 = 3;

    /// A layer with all its temporal layers.
    pub const fn whole(layer: LayerIndex) -> Self {
        Self { layer, temporal: Self::ALL }
    }
}

/// Requests for a key frame of the target, in vain, until a larger layer passes in its stead.
const PATIENCE: u8 = 6;

/// Chooses among the packets of one publication for one slot.
#[derive(Debug)]
pub struct Selector {
    target: Option<Target>,
    current: Option<LayerIndex>,
    /// Those that send, once that is known.
    live: Option<LayerSet>,
    /// Which layers are smaller than which.
    order: Order,
    /// Those that have shown parameter sets, and are entered only there.
    parameters: LayerSet,
    /// Layer and timestamp of the newest picture that would be an entry, were its parameter sets known.
    bare: Option<(LayerIndex, u32)>,
    temporal: Temporal,
    /// The layers are spatial layers of one stream.
    spatial: bool,
    /// Each of these needs those below it.
    nested: bool,
    /// What passes of a stream that tells which frames need which.
    frames: Frames,
    /// The receiver has lost the picture.
    lost: bool,
    /// Nothing above the target passes in its stead.
    capped: bool,
    /// The newest request for a key frame that is not yet answered.
    asked: Option<(LayerIndex, Micros)>,
    /// How often it was repeated in vain.
    repeats: u8,
    interval: Duration,
}

impl Selector {
    /// A selector without a target, which ignores everything. `interval` is the time after which a key frame that did not
    /// come is asked for again. All layers count as live until [`Self::set_live`] says otherwise.
    pub fn new(interval: Duration) -> Self {
        Self {
            target: None,
            current: None,
            live: None,
            order: Order::as_offered(),
            parameters: LayerSet::EMPTY,
            bare: None,
            temporal: Temporal::new(Target::ALL),
            spatial: false,
            nested: false,
            frames: Frames::new(),
            lost: false,
            capped: false,
            asked: None,
            repeats: 0,
            interval,
        }
    }

    /// Says what the slot should get. `None` pauses at once; what follows a pause begins with a switch.
    pub fn set_target(&mut self, target: Option<Target>) {
        self.target = target;
        match target {
            Some(Target { layer, temporal }) if self.current == Some(layer) => {
                self.temporal.set_limit(temporal)
            }
            // Until the switch the layer before goes on as it is.
            Some(_) => {}
            None => {
                // What follows may be another publication, of another codec.
                self.parameters = LayerSet::EMPTY;
                self.bare = None;
                self.current = None;
                self.lost = false;
                self.capped = false;
                self.asked = None;
            }
        }
    }

    /// Until the target's key frame comes, of the layer before only the pictures that others depend on pass.
    pub fn thin_out(&mut self) {
        if self.current != self.target.map(|target| target.layer) {
            self.temporal.set_limit(0);
        }
    }

    /// Until something passes, nothing above the target does in its stead: it may be silent only because nobody wanted it.
    /// A target that does not come after [`PATIENCE`] requests is another matter.
    pub const fn cap(&mut self) {
        self.capped = true;
    }

    /// Says which layers the publication sends now; `None` where that is not known, and any may begin.
    pub const fn set_live(&mut self, live: Option<LayerSet>) {
        self.live = live;
    }

    /// Says which layers are smaller than which.
    pub const fn set_order(&mut self, order: Order) {
        self.order = order;
    }

    /// Says whether the layers are spatial layers of one stream, and whether each needs those below it. Where that changes the
    /// stream is entered anew.
    pub fn set_spatial(&mut self, spatial: bool, nested: bool) {
        self.nested = nested;
        if std::mem::replace(&mut self.spatial, spatial) != spatial {
            self.current = None;
            self.asked = None;
        }
    }

    /// The receiver asked for a key frame.
    pub const fn set_lost(&mut self) {
        self.lost = true;
    }

    /// The target, if not paused.
    pub const fn target(&self) -> Option<Target> {
        self.target
    }

    /// The layer being forwarded.
    pub const fn current(&self) -> Option<LayerIndex> {
        self.current
    }

    /// The highest spatial layer that passes of one stream that has several.
    #[inline]
    pub fn top(&self) -> Option<u8> {
        (self.spatial && self.current.is_some()).then(|| self.frames.passes().spatial)
    }

    /// The packet, which passes, is the last one of its picture as that is sent.
    #[inline]
    pub fn ends_picture(&self, packet: &Incoming) -> bool {
        self.spatial && packet.frame.ends_frame && self.frames.is_top(&packet.frame.dependencies)
    }

    /// What becomes of nearly every packet of `layer`; `None`: [`Self::decide_unless`] says it.
    #[inline]
    pub fn decide_at_once(&mut self, layer: LayerIndex, packet: &Incoming) -> Option<Decision> {
        let frame = &packet.frame;
        if frame.parameters || self.spatial || frame.dependencies.is_known() {
            return None;
        }
        if self.current == Some(layer) {
            return Some(self.decide_current(layer, packet));
        }
        (!frame.key_frame).then_some(Decision::Ignore)
    }

    /// Of a packet of the layer that passes.
    #[inline]
    fn decide_current(&mut self, layer: LayerIndex, packet: &Incoming) -> Decision {
        if packet.frame.key_frame && !self.temporal.is_late(packet) {
            self.temporal.restart(packet);
            self.arrive(layer);
        }
        if self.temporal.admits(packet) { Decision::Forward } else { Decision::Skip }
    }

    /// What becomes of this packet of `layer`.
    pub fn decide(&mut self, layer: LayerIndex, packet: &Incoming) -> Decision {
        self.decide_unless(layer, packet, || false)
    }

    /// The same, but that the layer is not entered here where that is `futile`.
    pub fn decide_unless(
        &mut self,
        layer: LayerIndex,
        packet: &Incoming,
        futile: impl FnOnce() -> bool,
    ) -> Decision {
        let Some(target) = self.target else { return Decision::Ignore };
        let frame = &packet.frame;
        if frame.parameters {
            self.parameters.insert(layer);
        }
        if self.spatial || frame.dependencies.is_known() {
            return self.decide_described(target, layer, packet, futile);
        }
        if self.current == Some(layer) {
            return self.decide_current(layer, packet);
        }
        if self.may_enter(target, layer, packet) && !futile() {
            self.enter(target, layer, packet);
            return Decision::Switch;
        }
        Decision::Ignore
    }

    /// The same where the stream tells which frames need which: apart, since few do.
    #[inline(never)]
    fn decide_described(
        &mut self,
        target: Target,
        layer: LayerIndex,
        packet: &Incoming,
        futile: impl FnOnce() -> bool,
    ) -> Decision {
        if self.spatial {
            return self.decide_spatial(target, packet, futile);
        }
        let frame = &packet.frame.dependencies;
        if self.current == Some(layer) {
            if packet.frame.key_frame && !self.frames.is_late(frame) {
                self.arrive(layer);
            }
            if packet.frame.key_frame && self.frames.restarts(frame, packet.timestamp) {
                self.frames.enter(aim(LAST, self.temporal.wanted()), frame);
            }
            self.frames.set_goal(aim(LAST, self.temporal.wanted()), self.temporal.wanted(), false);
            let passes = self.frames.admits(frame, packet.timestamp);
            return if passes { Decision::Forward } else { Decision::Skip };
        }
        if self.may_enter(target, layer, packet) && !futile() {
            self.enter(target, layer, packet);
            self.frames.enter(aim(LAST, self.temporal.wanted()), frame);
            self.frames.admits(frame, packet.timestamp);
            return Decision::Switch;
        }
        Decision::Ignore
    }

    fn may_enter(&mut self, target: Target, layer: LayerIndex, packet: &Incoming) -> bool {
        packet.frame.key_frame && self.has_parameters(layer, packet) && self.would_enter(layer, target.layer)
    }

    fn enter(&mut self, target: Target, layer: LayerIndex, packet: &Incoming) {
        self.current = Some(layer);
        self.capped = false;
        self.temporal.set_limit(if layer == target.layer { target.temporal } else { Target::ALL });
        self.temporal.enter(packet);
        self.arrive(layer);
    }

    /// The same where the layers share one stream: all of them are entered with a key picture, and one is left for another where
    /// a frame says so.
    fn decide_spatial(
        &mut self,
        target: Target,
        packet: &Incoming,
        futile: impl FnOnce() -> bool,
    ) -> Decision {
        let frame = &packet.frame.dependencies;
        if !frame.is_known() {
            return Decision::Ignore;
        }
        let goal = self.goal().unwrap_or(target.layer);
        let temporal = if goal == target.layer { target.temporal } else { Target::ALL };
        let picture = packet.timestamp;
        // Another size is entered as another stream is: with the first packet of a key picture. What overtook that follows it.
        let enters = match self.current {
            Some(current) => {
                current != goal && !self.falls_freely(current, goal) && self.frames.is_recent(frame, picture)
            }
            None => true,
        } || packet.frame.key_frame && self.frames.restarts(frame, picture);
        if enters && packet.frame.key_frame && self.current.is_some() && self.frames.is_decided(frame) {
            // What overtook it has passed already. A larger size is entered with the next one.
            if self.current > Some(goal) {
                self.current = Some(goal);
                self.temporal.set_limit(temporal);
                self.frames.fall(aim(goal, temporal), frame);
                self.arrive(goal);
            }
        } else if enters && packet.frame.key_frame && !futile() {
            self.current = Some(goal);
            self.capped = false;
            self.temporal.set_limit(temporal);
            self.frames.enter(aim(goal, temporal), frame);
            self.frames.admits(frame, picture);
            self.arrive(goal);
            return Decision::Switch;
        }
        let Some(current) = self.current else { return Decision::Ignore };
        // As with a layer of its own, nothing is needed of what came before the switch.
        if self.frames.is_left(frame) {
            return Decision::Ignore;
        }
        // Should the first packet not come in time, the rest is there to be asked for. What would not pass anyway is left out.
        if enters && frame.is_of_key_picture() && !packet.frame.key_frame && self.frames.needs(frame) {
            return Decision::Ignore;
        }
        let arrives = packet.frame.key_frame && !self.frames.is_late(frame);
        let temporal = if goal == current { self.temporal.wanted() } else { temporal };
        self.frames.set_goal(aim(goal, temporal), self.temporal.wanted(), self.nested);
        let passes = self.frames.admits(frame, picture);
        if let Some(layer) = LayerIndex::new(self.frames.passes().spatial.into())
            && layer != current
        {
            self.current = Some(layer);
            self.temporal.set_limit(temporal);
            self.arrive(layer);
        } else if arrives {
            self.arrive(current);
        }
        if passes { Decision::Forward } else { Decision::Skip }
    }

    /// The layer that a key frame must be asked for now. Says so once, and again each interval until it comes.
    pub fn key_frame_wanted(&mut self, now: Micros) -> Option<LayerIndex> {
        let layer = self.pending()?;
        if self.asked.is_some_and(|(asked, at)| asked == layer && now < at + self.interval) {
            return None;
        }
        let again = self.asked.is_some_and(|(asked, _)| asked == layer);
        self.repeats = if again { self.repeats.saturating_add(1) } else { 0 };
        self.asked = Some((layer, now));
        if self.spatial {
            return Some(LayerIndex::FIRST);
        }
        Some(self.stand_in(layer))
    }

    /// Which layer is asked this time. Some clients answer for one of their streams alone: while nothing is shown, every
    /// second request goes to another one that sends, each in its turn.
    fn stand_in(&self, layer: LayerIndex) -> LayerIndex {
        let Some(live) = self.live else { return layer };
        if self.current.is_some() || self.is_capped() || self.repeats.is_multiple_of(2) {
            return layer;
        }
        let others = || live.iter().filter(|other| *other != layer);
        let count = others().count().max(1);
        others().nth(usize::from(self.repeats / 2) % count).unwrap_or(layer)
    }

    /// When [`Self::key_frame_wanted`] has something to say, if nothing else happens: a moment that may be past.
    pub fn deadline(&self) -> Option<Micros> {
        let layer = self.pending()?;
        match self.asked {
            Some((asked, at)) if asked == layer => Some(at + self.interval),
            _ => Some(Micros(0)),
        }
    }

    /// May a decoder begin with this key frame as far as parameter sets go? A bare picture may just have overtaken those in
    /// the packet before it; a stream that never shows any, since they went another way, is entered at its second.
    fn has_parameters(&mut self, layer: LayerIndex, packet: &Incoming) -> bool {
        if packet.frame.parameters || self.current == Some(layer) && !self.parameters.contains(layer) {
            return true;
        }
        if self.parameters.contains(layer) {
            return false;
        }
        if !packet.frame.bare {
            return true;
        }
        let before = self.bare.replace((layer, packet.timestamp));
        before.is_some_and(|(known, timestamp)| known == layer && timestamp != packet.timestamp)
    }

    /// The layer whose key frame is waited for.
    fn pending(&self) -> Option<LayerIndex> {
        // Nearly always all is as it should be.
        let target = self.target.map(|target| target.layer);
        if self.current == target && !self.lost && target.is_some_and(|layer| self.is_live(layer)) {
            return None;
        }
        let goal = self.goal()?;
        if self.current.is_some_and(|current| self.falls_freely(current, goal)) {
            return self.lost.then_some(goal);
        }
        (self.lost || self.current != Some(goal)).then_some(goal)
    }

    /// Where to go under the present circumstances: the target, or while that is silent the best of what there is, above it
    /// only if there is nothing else.
    fn goal(&self) -> Option<LayerIndex> {
        let rank = self.order.rank(self.target?.layer);
        let live = |layer: &LayerIndex| self.is_live(*layer);
        let (smaller, larger) = self.order.smallest_first().split_at_checked(rank + 1)?;
        let best = smaller.iter().copied().rfind(live);
        if self.is_capped() {
            return best.or(self.target.map(|target| target.layer));
        }
        best.or_else(|| self.current.filter(live)).or_else(|| larger.iter().copied().find(live))
    }

    /// A smaller size of the stream is on its way already: it goes on with any frame that says so.
    fn falls_freely(&self, current: LayerIndex, goal: LayerIndex) -> bool {
        self.spatial && self.nested && goal < current
    }

    /// Enters the goal, the target even before it is known to be live, and from nothing any smaller layer too: its picture
    /// is better than none until the target's key frame comes.
    fn would_enter(&self, layer: LayerIndex, target: LayerIndex) -> bool {
        let nothing = self.current.is_none_or(|current| !self.is_live(current));
        let smaller = || self.order.rank(layer) < self.order.rank(target);
        layer == target
            || self.goal() == Some(layer)
            || nothing && (smaller() || self.repeats > 0 && !self.is_capped())
    }

    const fn is_capped(&self) -> bool {
        self.capped && self.repeats < PATIENCE
    }

    /// A key frame of the layer being forwarded came.
    fn arrive(&mut self, layer: LayerIndex) {
        self.lost = false;
        if self.asked.is_some_and(|(asked, _)| asked == layer) {
            self.asked = None;
            self.repeats = 0;
        }
    }

    fn is_live(&self, layer: LayerIndex) -> bool {
        self.live.is_none_or(|live| live.contains(layer))
    }
}

/// Of an encoding that is entered as a whole, all spatial layers.
const LAST: LayerIndex = match LayerIndex::new(MAX_LAYERS - 1) {
    Some(layer) => layer,
    None => LayerIndex::FIRST,
};

fn aim(spatial: LayerIndex, temporal: u8) -> Aim {
    Aim { spatial: spatial.place() as u8, temporal }
}
