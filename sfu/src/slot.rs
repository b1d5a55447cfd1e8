//! One place in which a client receives: what it can decode there, what it wants to see, and the stream that fills it.

use crate::{
    api::View,
    key::{PublicationKey, TransportKey},
    publication::{Layer, Publication, Sent},
    subscription::{Numbers, Pair, Subscription},
};
use std::time::Duration;
use viva_media::{
    Codec, CodecKind, CodecParameters, LayerIndex, LayerSet, MediaKind, Mid, Pt, SlotParameters, Ssrc,
};
use viva_wire::Micros;

/// One place in which a client receives: one SSRC for life, whatever fills it.
#[repr(C)]
pub struct Slot {
    /// Whose it is.
    pub receiver: TransportKey,
    /// What passes, and as what.
    pub subscription: Subscription,
    /// What the client wants to see here.
    view: Option<View>,
    /// The media section that carries it.
    pub mid: Mid,
    /// What the client can decode here.
    pub codecs: Vec<CodecParameters>,
    /// The line carries nothing for it at present.
    pub paused: bool,
    /// The layer that its tile could show if the line carried everything.
    pub wished: Option<LayerIndex>,
    /// When it began, or came back.
    pub resumed: Micros,
    /// Looks in a row that have found its source much larger than its tile.
    pub oversize: u8,
    /// What would fill it, were it not so large.
    pub held: Option<Held>,
}

/// What was taken out of a slot since it is much larger than its tile.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    pub source: PublicationKey,
    /// The layer that passed.
    pub layer: LayerIndex,
    /// Bits a second that it took.
    pub bits: u64,
    /// When it is tried again.
    pub until: Micros,
}

impl Slot {
    /// An empty slot.
    pub fn new(
        parameters: SlotParameters,
        receiver: TransportKey,
        media: Numbers,
        rtx_sequence: u64,
        key_frame_interval: Duration,
    ) -> Self {
        Self {
            receiver,
            subscription: Subscription::new(&parameters, media, rtx_sequence, key_frame_interval),
            mid: parameters.mid,
            codecs: parameters.codecs,
            view: None,
            paused: false,
            wished: None,
            resumed: Micros(0),
            oversize: 0,
            held: None,
        }
    }

    /// Audio or video.
    pub const fn kind(&self) -> MediaKind {
        self.subscription.kind
    }

    /// The SSRC of its stream.
    pub const fn ssrc(&self) -> Ssrc {
        self.subscription.ssrc
    }

    /// The publication that fills it.
    pub const fn source(&self) -> Option<PublicationKey> {
        self.subscription.source
    }

    /// What the client wants to see here.
    pub const fn view(&self) -> Option<View> {
        self.view
    }

    /// The client wants to see this here, or nothing any more. What would fill it is looked at anew.
    pub fn set_view(&mut self, view: Option<View>) {
        self.view = view;
        self.held = None;
        self.subscription.set_height(view.map_or(0, |view| view.height));
    }

    /// Can the client decode one of these? Audio that is sent redundantly can be sent plainly too.
    pub fn can_decode(&self, codecs: &[CodecParameters]) -> bool {
        codecs.iter().any(|theirs| self.decoder(theirs.codec).is_some())
    }

    /// Can the client decode this?
    fn decodes(&self, sent: Codec) -> bool {
        self.decoder(sent).is_some()
    }

    /// The layers that the client can decode, by what is sent if something is, else by what is agreed. A layer that has not
    /// sent yet is taken to be encoded as the others.
    pub fn decodable(&self, publication: &Publication) -> LayerSet {
        let Some(newest) = publication.sent() else {
            return if self.can_decode(&publication.codecs) { LayerSet::ALL } else { LayerSet::EMPTY };
        };
        let decodes = |(_, layer): &(LayerIndex, &Layer)| {
            let Sent { codec, told } = layer.sent.unwrap_or(newest);
            self.decodes(codec) || told.is_some_and(|told| self.decodes(told))
        };
        LayerIndex::all().zip(&publication.layers).filter(decodes).map(|(layer, _)| layer).collect()
    }

    /// The layers that the client could be sent now; `None` while nothing was ever sent, and any may begin.
    pub fn live_of(&self, publication: &Publication) -> Option<LayerSet> {
        match (publication.live(), self.decodable(publication)) {
            (LayerSet::EMPTY, LayerSet::ALL) => None,
            (LayerSet::EMPTY, decodable) => Some(decodable),
            (live, decodable) => Some(live & decodable),
        }
    }

    /// As what the client is sent this codec: what it offers for just that, else what decodes it too.
    fn decoder(&self, sent: Codec) -> Option<&CodecParameters> {
        let exactly = self.codecs.iter().find(|ours| ours.codec == sent);
        exactly.or_else(|| self.codecs.iter().find(|ours| ours.codec.decodes(sent)))
    }

    /// The payload type of its retransmissions, whatever is sent.
    pub fn retransmission_type(&self) -> Option<Pt> {
        self.codecs.iter().find_map(|codec| codec.rtx)
    }

    /// Prepares for a source with these codecs, of which one may be known to be sent.
    pub fn fit(&mut self, source: PublicationKey, codecs: &[CodecParameters], sent: Option<Sent>) {
        self.held = None;
        self.oversize = 0;
        let mut payload_types = [None; CodecKind::ALL.len()];
        if let Some(Sent { codec, told }) = sent {
            let ours = told.and_then(|told| self.decoder(told)).or_else(|| self.decoder(codec));
            let pair = ours.map(|ours| Pair { pt: ours.pt, rtx: ours.rtx });
            payload_types[codec.kind() as usize] = pair;
        }
        for theirs in codecs {
            let pair = self.decoder(theirs.codec).map(|ours| Pair { pt: ours.pt, rtx: ours.rtx });
            let place = &mut payload_types[theirs.codec.kind() as usize];
            // Of several formats of one codec the publisher's first counts.
            *place = place.or(pair);
        }
        // A redundant payload names the payload types of its blocks (RFC 2198 §3): it passes only between equals.
        let opus = |codecs: &[CodecParameters]| {
            codecs.iter().find(|codec| codec.codec == Codec::Opus).map(|codec| codec.pt)
        };
        if opus(codecs) != opus(&self.codecs) {
            payload_types[CodecKind::Red as usize] = None;
        }
        self.subscription.fill(source, payload_types);
    }
}
