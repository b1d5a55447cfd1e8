//! One track that a participant sends: its layers, who receives it, who may.

mod cost;
mod layer;
mod order;
mod spatial;

pub use cost::Sound;
pub use layer::{Arrival, Layer, Number, Packet, Sent, Shape, StreamClock};
pub use spatial::Spatial;

use crate::{
    allocator::Steps,
    cache::Cached,
    key::{LayerKey, PublicationKey, SlotKey, TransportKey},
    meter::{Allowance, Meter},
    selector::{self, Liveness, Order},
    throttle::KeyFrameBudget,
};
use viva_media::{
    Audience, Codec, CodecParameters, LayerIndex, LayerSet, MAX_LAYERS, MediaKind, Mid, Priority, Pt,
    PublicationId, PublicationParameters, Rid, Ssrc,
};
use viva_wire::{
    Micros,
    codec::{self, Frame},
};

/// One track with all its layers.
pub struct Publication {
    pub id: PublicationId,
    /// Who sends it.
    pub owner: TransportKey,
    /// The media section that carries it.
    pub mid: Mid,
    /// Audio or video.
    pub kind: MediaKind,
    /// What it may be encoded with.
    pub codecs: Vec<CodecParameters>,
    /// Its encodings, in the order of the agreement; of a stream with several spatial layers these, from the lowest: then the
    /// first has the stream, and the others what is known of their pictures.
    pub layers: Vec<Layer>,
    /// Whether its layers are spatial layers of one stream.
    pub shape: Spatial,
    /// The same by what they are.
    pub order: Order,
    /// What its newest packets are encoded with.
    sent: Option<Sent>,
    /// Slots that were to show it and cannot decode what it sends.
    pub waiting: Vec<SlotKey>,
    /// The fan-out table: the slots that this publication fills. Only permitted ones stand here.
    pub routes: Vec<SlotKey>,
    /// Who may receive it: nobody until the control plane says so.
    pub audience: Audience,
    /// Does it come before others on a line that does not carry all?
    pub priority: Priority,
    /// Not forwarded while muted.
    pub muted: bool,
    /// It is sound that is sent twice (RFC 2198).
    pub redundant: bool,
    /// Until when its own way to us counts as one that loses packets.
    pub lossy_until: Micros,
    /// What it may send.
    pub allowance: Allowance,
    /// What it has sent against that.
    pub meter: Meter,
    /// Where its packets stood in the newest batch that had some.
    pub place_in_batch: Option<u32>,
    /// Which layers send.
    liveness: Liveness,
    /// The layers that send, as told last.
    pub told_live: LayerSet,
    /// The layers that are wanted, as told last.
    pub wanted: LayerSet,
    /// Since when fewer layers are wanted than were told.
    pub surplus_since: Option<Micros>,
}

impl Publication {
    /// A publication that nothing has come of yet.
    pub fn new(
        now: Micros,
        parameters: &PublicationParameters,
        owner: TransportKey,
        allowance: Allowance,
    ) -> Self {
        Self {
            id: parameters.id,
            owner,
            mid: parameters.mid,
            kind: parameters.kind,
            codecs: parameters.codecs.clone(),
            layers: parameters
                .encodings
                .iter()
                .take(MAX_LAYERS)
                .map(|encoding| Layer::new(parameters.kind, *encoding))
                .collect(),
            shape: Spatial::default(),
            order: Order::as_offered(),
            sent: None,
            waiting: Vec::new(),
            routes: Vec::new(),
            audience: Audience::NOBODY,
            priority: Priority::Usual,
            muted: false,
            redundant: false,
            lossy_until: Micros(0),
            allowance,
            meter: Meter::new(allowance, now),
            place_in_batch: None,
            liveness: Liveness::default(),
            told_live: LayerSet::EMPTY,
            wanted: LayerSet::first(parameters.encodings.len()),
            surplus_since: None,
        }
    }

    /// How much it may send from now on.
    pub fn allow(&mut self, allowance: Allowance) {
        if self.allowance != allowance {
            self.allowance = allowance;
            self.meter.allow(allowance);
        }
    }

    /// The codec that a payload type stands for, and whether it is that codec's retransmission.
    #[inline]
    pub fn codec(&self, pt: Pt) -> Option<(&CodecParameters, bool)> {
        self.codecs.iter().find_map(|codec| {
            if codec.pt == pt {
                Some((codec, false))
            } else {
                (codec.rtx == Some(pt)).then_some((codec, true))
            }
        })
    }

    /// The layer that a packet belongs to by its declared SSRC or its rid; with one layer, that one.
    pub fn layer_of(&self, ssrc: Ssrc, rid: Option<Rid>, retransmission: bool) -> Option<LayerIndex> {
        let declared = self.layers.iter().position(|layer| {
            (if retransmission { layer.encoding.rtx_ssrc } else { layer.encoding.ssrc }) == Some(ssrc)
        });
        let index = declared.or_else(|| match (rid, self.streams()) {
            (_, [only]) if only.encoding.rid.is_none() => Some(0),
            (Some(rid), layers) => layers.iter().position(|layer| layer.encoding.rid == Some(rid)),
            (None, _) => None,
        })?;
        LayerIndex::new(index)
    }

    /// A packet of a layer came; returns whether other layers send now than before.
    pub fn note_arrival(&mut self, layer: LayerIndex, frame: &Frame, now: Micros) -> bool {
        let Some(layer) = self.shape.layer_of(layer, frame) else { return false };
        self.liveness.arrived(layer, frame.starts_frame, now)
    }

    /// The layers that send.
    pub const fn live(&self) -> LayerSet {
        self.liveness.live()
    }

    /// The layer for a tile of this height among these, whether it sends now or is paused because nobody
    /// wanted it.
    pub fn layer_for(&self, height: u16, among: LayerSet) -> Option<LayerIndex> {
        let mut heights = [None; MAX_LAYERS];
        for (known, layer) in heights.iter_mut().zip(&self.layers) {
            *known = layer.size.map(|(_, height)| height);
        }
        selector::choose_layer(heights.get(..self.layers.len())?, &self.order, among, height)
    }

    /// Rows of a layer's picture, known or guessed from the others.
    pub fn nominal_height(&self, layer: LayerIndex) -> u16 {
        let mut heights = [None; MAX_LAYERS];
        for (known, layer) in heights.iter_mut().zip(&self.layers) {
            *known = layer.size.map(|(_, height)| height);
        }
        let heights = heights.get(..self.layers.len()).unwrap_or_default();
        selector::layer_height(heights, &self.order, layer)
    }

    /// The ways to send it to a tile of this height with these layers, the cheapest first.
    pub fn steps(&self, height: u16, among: LayerSet) -> Steps {
        cost::steps(self, height, among)
    }

    /// Bits a second on the wire that a layer takes with the fewest of its pictures.
    pub fn least(&self, layer: LayerIndex) -> u64 {
        cost::least(self, layer)
    }

    /// Once a second: measures what its layers cost.
    pub fn measure(&mut self, now: Micros) {
        for layer in &mut self.layers {
            layer.bitrate = layer.rates.bits_per_second(now);
            layer.cost.measure(layer.rates.up_to(now));
        }
    }

    /// The layer at this place of the agreement.
    #[inline]
    pub fn layer(&self, layer: LayerIndex) -> Option<&Layer> {
        self.layers.get(layer.place())
    }

    /// The same, to be changed.
    #[inline]
    pub fn layer_mut(&mut self, layer: LayerIndex) -> Option<&mut Layer> {
        self.layers.get_mut(layer.place())
    }

    /// What the newest packets are encoded with.
    pub const fn sent(&self) -> Option<Sent> {
        self.sent
    }

    /// What a packet of a picture tells of its layer: the codec, if it is the newest, whose payload comes along then, and the
    /// size. Returns whether either is news.
    #[inline]
    pub fn learn(&mut self, packet: &Packet, newest: Option<&[u8]>) -> (bool, bool) {
        if self.kind != MediaKind::Video {
            return (false, false);
        }
        let Cached { codec, frame, .. } = &packet.meta;
        let recoded = newest.is_some_and(|payload| {
            let told = if frame.parameters { codec::told(*codec, payload) } else { None };
            self.learn_codec(packet.layer, *codec, told)
        });
        (recoded, self.learn_size(packet.layer, frame))
    }

    #[inline]
    fn learn_codec(&mut self, layer: LayerIndex, codec: Codec, told: Option<Codec>) -> bool {
        let Some(layer) = self.layers.get_mut(layer.place()) else { return false };
        match &mut layer.sent {
            Some(sent) if sent.codec == codec && (told.is_none() || sent.told == told) => return false,
            sent => *sent = Some(Sent { codec, told }),
        }
        self.sent = layer.sent;
        if !codec.has_layers() {
            self.flatten();
        }
        true
    }

    /// Orders the layers anew by what they have shown of themselves; returns whether they stand otherwise than before.
    pub fn arrange(&mut self) -> bool {
        let order = order::arranged(&self.layers, &self.order);
        std::mem::replace(&mut self.order, order) != order
    }

    /// May a key frame of this layer be asked for on behalf of a receiver with this budget? Where others have asked already, it costs nothing.
    pub fn may_be_asked(
        &self,
        key: PublicationKey,
        layer: LayerIndex,
        budget: &mut KeyFrameBudget<LayerKey>,
        now: Micros,
    ) -> bool {
        let asked = self.layer(layer).is_some_and(|layer| layer.key_frames.is_wanted());
        asked || budget.take((key, layer), now)
    }

    /// Takes back the requests for key frames of layers that do not send and that nobody wants.
    pub fn forget_wishes(&mut self) {
        let kept = self.wanted | self.live();
        layer::forget_wishes(&mut self.layers, kept);
    }

    /// Whether the publisher understands picture loss indications, and full intra requests.
    pub fn key_frame_requests(&self) -> (bool, bool) {
        (self.codecs.iter().any(|codec| codec.pli), self.codecs.iter().any(|codec| codec.fir))
    }

    /// The frame's picture size becomes the layer's; returns whether it is another than before.
    fn learn_size(&mut self, layer: LayerIndex, frame: &Frame) -> bool {
        let told = frame.size.filter(|_| !self.shape.is_spatial);
        let (Some(size), Some(layer)) = (told, self.layers.get_mut(layer.place())) else {
            return false;
        };
        layer.size.replace(size) != Some(size)
    }
}
