//! One participant's transport: ICE, DTLS and SRTP around one 5-tuple, and what runs over it.

use crate::{
    api::TransportState,
    dropped::Dropped,
    dtls::{DtlsSession, DtlsSettings},
    egress::Queued,
    ice::Ice,
    key::{MemberKey, PublicationKey},
    meter::{Allowance, Meter},
    publication::{Layer, Publication, StreamClock},
    receiver::Receiver,
    shared::TimerKey,
    timeline::NtpOffset,
    wheel::{Timer, Wheel},
};
use std::{collections::VecDeque, time::Duration};
use viva_media::{
    ExtensionMap, LayerIndex, ParticipantId, Path, Permissions, SrtpProfile, Ssrc, TransportParameters,
};
use viva_wire::{
    Micros,
    srtp::{Inbound, Outbound},
    twcc::Recorder,
};

/// Streams that one transport may bring: three layers with retransmissions, audio, for each of a few publications.
pub const MAX_SSRCS: usize = 64;

/// Clocks of streams remembered after their publications.
const MAX_CLOCKS: usize = 16;

/// One participant's transport.
// In the order of use, which `repr(C)` keeps: what every packet touches stands together in few cache lines.
#[repr(C)]
pub struct Transport {
    /// What it receives.
    pub receiver: Receiver,
    pub counters: Counters,
    /// Connectivity.
    pub ice: Ice,
    /// Keys, once the handshake is complete.
    pub srtp: Option<Srtp>,
    /// What it has sent against what it may. Only what is authentic counts: nobody else can use it up.
    pub meter: Meter,
    /// A connectivity check came within the time of consent (RFC 7675 §5.1): media may be sent.
    pub consent: bool,
    /// When the newest authentic media packet came.
    pub heard: Option<Micros>,
    /// Whose.
    pub participant: ParticipantId,
    /// Where it is.
    pub key: MemberKey,
    /// What it may do.
    pub permissions: Permissions,
    /// The handshake, and the good-bye: large, and out of the way of what each packet touches.
    pub dtls: Box<DtlsSession>,
    /// What was told of it last.
    pub state: TransportState,
    /// Ids of header extensions.
    pub extensions: ExtensionMap,
    /// Which stream belongs to what.
    pub bindings: Vec<Binding>,
    /// What it publishes.
    pub publications: Vec<PublicationKey>,
    /// Arrivals, for transport-wide feedback.
    pub arrivals: Recorder,
    /// The distance of its clock from ours.
    pub ntp_offset: NtpOffset,
    /// When it joined.
    pub joined: Micros,
    /// When to look after it next.
    pub timer: Timer,
    /// The moment that the timer is set to.
    pub timer_at: Micros,
    /// Clocks of streams whose publications are no more, the newest last.
    clocks: Vec<StreamClock>,
    /// When the next reports are due.
    pub reports: Micros,
    /// When it is next looked at what it sends and receives.
    pub looks: Micros,
    /// When the next transport-wide feedback is due.
    pub feedback: Micros,
    /// Whether it sends more than it may, as told last.
    pub excess: Excess,
}

/// Keys and streams of a sealed transport.
pub struct Srtp {
    /// How it is sealed.
    pub profile: SrtpProfile,
    /// Opens what comes.
    pub inbound: Inbound,
    /// Seals what goes.
    pub outbound: Outbound,
}

/// One incoming stream and what it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// The stream.
    pub ssrc: Ssrc,
    pub publication: PublicationKey,
    pub layer: LayerIndex,
    /// It carries the layer's retransmissions.
    pub retransmission: bool,
}

/// Whether a transport sends more than it may.
#[derive(Debug, Clone, Copy, Default)]
pub struct Excess {
    /// Packets dropped for it when it was looked at last.
    seen: u64,
    /// When it was told, or still sent too much; `None` while it keeps to what it may.
    since: Option<Micros>,
}

/// So many packets within one look are no mishap.
const NOTABLE: u64 = 10;
/// After so long within the allowance it is told that all is well.
const SETTLED: Duration = Duration::from_secs(10);

impl Excess {
    /// Looks at how many packets have been dropped for it in all; what is to be told, if that changes.
    pub fn look(&mut self, dropped: u64, now: Micros) -> Option<bool> {
        let fresh = dropped - std::mem::replace(&mut self.seen, dropped);
        match self.since {
            None if fresh >= NOTABLE => self.since.replace(now).is_none().then_some(true),
            Some(_) if fresh > 0 => {
                self.since = Some(now);
                None
            }
            Some(since) if now.since(since) >= SETTLED => self.since.take().map(|_| false),
            _ => None,
        }
    }

    /// Is it told to send too much?
    pub const fn is_told(&self) -> bool {
        self.since.is_some()
    }
}

/// What passed over a transport.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counters {
    /// Packets received and accepted.
    pub packets_in: u64,
    pub bytes_in: u64,
    /// Packets sent.
    pub packets_out: u64,
    pub bytes_out: u64,
    /// Loss by the receiver's newest report, of 256.
    pub loss_out: u8,
    /// Loss of what it publishes, of 256.
    pub loss_in: u8,
    /// Round-trip time by its newest report.
    pub rtt: Option<Duration>,
    /// Packets dropped since they were more than it may send.
    pub excess: u64,
}

impl Transport {
    /// A transport that waits for its first connectivity check.
    pub fn new(
        now: Micros,
        key: MemberKey,
        participant: ParticipantId,
        permissions: Permissions,
        parameters: TransportParameters,
        allowance: Allowance,
        dtls: &DtlsSettings,
    ) -> Self {
        Self {
            receiver: Receiver::default(),
            participant,
            key,
            permissions,
            ice: Ice::new(parameters.local, parameters.remote, now),
            dtls: Box::new(DtlsSession::new(dtls, parameters.fingerprint, now)),
            srtp: None,
            meter: Meter::new(allowance, now),
            consent: true,
            heard: None,
            state: TransportState::New,
            extensions: ExtensionMap::default(),
            bindings: Vec::new(),
            publications: Vec::new(),
            arrivals: Recorder::default(),
            ntp_offset: NtpOffset::default(),
            joined: now,
            timer: Timer::default(),
            timer_at: Micros::NEVER,
            clocks: Vec::new(),
            reports: Micros::NEVER,
            looks: now,
            feedback: Micros::NEVER,
            excess: Excess::default(),
            counters: Counters::default(),
        }
    }

    /// Media can be sent, and may be.
    pub const fn is_connected(&self) -> bool {
        self.consent && self.srtp.is_some() && self.ice.selected().is_some()
    }

    /// The path to send on, once it is sealed. What goes without consent is feedback on what the client sends: it is there,
    /// as its seals prove, and its stack relies on feedback, which is a small part of what comes.
    pub fn media_path(&self) -> Option<Path> {
        self.srtp.as_ref().and_then(|_| self.ice.selected())
    }

    /// Has it looked at no later than `at`.
    pub fn arm(&mut self, wheel: &mut Wheel<TimerKey>, at: Micros) {
        if at < self.timer_at {
            self.timer_at = at;
            wheel.schedule(&mut self.timer, TimerKey::Participant(self.key), at);
        }
    }

    /// What opens a packet that comes now, while the transport keeps to what it may send.
    ///
    /// # Errors
    /// [`Dropped::NoKeys`], [`Dropped::TransportExcess`].
    #[inline]
    pub fn opener(&mut self, now: Micros) -> Result<&mut Inbound, Dropped> {
        let srtp = self.srtp.as_mut().ok_or(Dropped::NoKeys)?;
        if !self.meter.has_room(now) {
            self.counters.excess += 1;
            return Err(Dropped::TransportExcess);
        }
        Ok(&mut srtp.inbound)
    }

    /// A sealed packet of this length came on this path: it counts against what the transport may send, and since it cannot
    /// be replayed, media may follow the peer there. Whether what was told of the transport is still true.
    #[inline]
    pub fn note_authentic(&mut self, now: Micros, path: Path, length: usize) -> bool {
        self.meter.charge(length);
        self.counters.packets_in += 1;
        self.counters.bytes_in += length as u64;
        self.ice.handle_authentic(now, path);
        // Nearly always it is told already.
        matches!(&self.state, TransportState::Connected(told) if *told == path)
    }

    /// Appends to what leaves for it; `false` when its queue is full.
    #[inline]
    pub fn enqueue(&mut self, sending: &mut VecDeque<MemberKey>, queued: Queued) -> bool {
        self.receiver.enqueue(sending, self.key, queued)
    }

    /// The stream's place, if it is known.
    #[inline]
    pub fn binding(&self, ssrc: Ssrc) -> Option<Binding> {
        self.bindings.iter().find(|binding| binding.ssrc == ssrc).copied()
    }

    /// Remembers a stream's place.
    pub fn bind(&mut self, binding: Binding) -> Result<(), Dropped> {
        if self.bindings.len() >= MAX_SSRCS {
            return Err(Dropped::TooManySsrcs);
        }
        // A layer that starts anew with another SSRC gives up the old one.
        if let Some(old) = self.bindings.iter().position(|known| {
            (known.publication, known.layer, known.retransmission)
                == (binding.publication, binding.layer, binding.retransmission)
        }) {
            self.bindings.swap_remove(old);
        }
        self.bindings.push(binding);
        Ok(())
    }

    /// Remembers the clocks of a publication that goes, should its streams come back in another.
    pub fn keep_clocks(&mut self, publication: &Publication) {
        for clock in publication.layers.iter().filter_map(Layer::clock) {
            self.clocks.retain(|known| known.ssrc != clock.ssrc);
            if self.clocks.len() >= MAX_CLOCKS {
                self.clocks.remove(0);
            }
            self.clocks.push(clock);
        }
    }

    /// The clock of a stream that goes on, which is its layer's again.
    pub fn take_clock(&mut self, ssrc: Ssrc) -> Option<StreamClock> {
        let place = self.clocks.iter().position(|clock| clock.ssrc == ssrc)?;
        Some(self.clocks.remove(place))
    }

    /// Forgets all streams of a publication.
    pub fn unbind(&mut self, publication: PublicationKey) {
        // Their replay windows stay: a packet of them must not be taken as new, whatever the stream is called now.
        self.bindings.retain(|binding| binding.publication != publication);
    }
}
