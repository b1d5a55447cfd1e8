//! Packets between peers and units, and what units say when they are asked.

use super::{Due, Place, Reverse, SIGNALING, TICK, What, World};
use crate::sim::network::Class;
use viva_media::Path;
use viva_sfu::{Event, Output};
use viva_wire::{
    Micros,
    demux::{self, Kind},
};

impl World {
    pub(super) fn tick(&mut self, place: usize) {
        let now = self.now;
        let (mut plain, mut out) = (Vec::new(), Vec::new());
        let peer = &mut self.places[place].peer;
        if !peer.running {
            return;
        }
        peer.tick(now, &mut plain, &mut out);
        for packet in &plain {
            self.fold(now ^ packet.index << 20 ^ (packet.bytes.len() as u64) << 40);
        }
        self.send_up(place, out);
        self.schedule(now + TICK, What::Tick { place });
    }

    /// Hands a peer's datagrams to the network.
    pub(super) fn send_up(&mut self, place: usize, packets: Vec<Vec<u8>>) {
        self.open_tap(place);
        let path = self.path(place);
        let unit = self.places[place].peer.unit;
        for packet in packets {
            self.fold_datagram(path, &packet);
            let link = &mut self.places[place].up;
            let arrivals = if Self::is_tcp(path) {
                [link.stream(self.now), None]
            } else {
                link.datagram(self.now, packet.len(), class(&packet))
            };
            for at in arrivals.into_iter().flatten() {
                self.schedule(at, What::ToUnit { unit, path, packet: packet.clone() });
            }
        }
    }

    fn open_tap(&mut self, place: usize) {
        if !self.checked {
            return;
        }
        let place = &mut self.places[place];
        if let Some(inbound) = place.peer.client.take_tap()
            && let Err(reason) = place.tap.open(inbound, &self.units[place.peer.unit].model)
        {
            let message = format!("to {}: {reason}", place.peer.id);
            self.fail(&message);
        }
    }

    pub(super) fn reach_unit(&mut self, unit: usize, path: Path, mut packet: Vec<u8>) {
        let length = packet.len();
        self.units[unit].sfu.handle_packet(Micros(self.now), path, &mut packet);
        self.drain_after(unit, Some((path, length)));
    }

    pub(super) fn arrive(&mut self, unit: usize, path: Path, packet: Vec<u8>) {
        // Whoever copies a packet and is faster than it looks like a peer that moved: no seal can tell. So copies come later.
        if self.hostility > 0 {
            self.overhear(unit, path, &packet);
        }
        self.reach_unit(unit, path, packet);
    }

    pub(super) fn reach_peer(&mut self, place: usize, path: Path, mut packet: Vec<u8>) {
        if self.path(place) != path {
            return;
        }
        let mut out = Vec::new();
        self.places[place].peer.receive(self.now, &mut packet, &mut out);
        self.send_up(place, out);
    }

    /// Does all that a unit wants.
    pub(super) fn drain(&mut self, unit: usize) {
        self.drain_after(unit, None);
    }

    /// The same after a packet of so many bytes from a path.
    fn drain_after(&mut self, unit: usize, question: Option<(Path, usize)>) {
        loop {
            let now = Micros(self.now);
            let mut sent = Vec::new();
            match self.units[unit].sfu.poll_output(now) {
                Output::Transmit(transmits) => {
                    for transmit in transmits.iter() {
                        sent.extend(transmit.packets().map(|packet| (transmit.path, packet.to_vec())));
                    }
                }
                Output::Event(event) => self.handle_event(unit, event),
                Output::Close(path) => self.note(|| format!("unit {unit} closes {path}")),
                Output::Timeout(at) => {
                    let at = at.0;
                    if at != u64::MAX && at < self.units[unit].wake {
                        self.units[unit].wake = at;
                        self.schedule(at, What::Wake { unit });
                    }
                    return;
                }
            }
            for (path, packet) in sent {
                self.send_down(unit, path, packet, question);
            }
        }
    }

    fn send_down(&mut self, unit: usize, path: Path, packet: Vec<u8>, question: Option<(Path, usize)>) {
        self.fold_datagram(path, &packet);
        let media = matches!(demux::classify(&packet), Some(Kind::Rtp | Kind::Rtcp));
        let Some(place) = self.by_address.get(&path.remote).copied() else {
            // Nobody of ours is there: somebody hostile, or a peer that has moved.
            if let Some(place) = self.former.get(&path.remote).copied() {
                if media {
                    self.judge(place, &packet);
                }
                return;
            }
            if media {
                self.fail(&format!("media to a stranger, {path}"));
            }
            if let Some((from, length)) = question
                && from == path
                && packet.len() > length
            {
                self.fail(&format!("{} bytes answer {length} bytes from {path}", packet.len()));
            }
            return;
        };
        if media {
            self.judge(place, &packet);
        }
        if self.hostility > 0 {
            self.overhear(unit, path, &packet);
        }
        let class = class(&packet);
        let Place { down, line, .. } = &mut self.places[place];
        let arrivals = match (line.filter(|_| class == Class::Plain), Self::is_tcp(path)) {
            (Some(line), true) => [Some(self.lines[line].stream(self.now, packet.len())), None],
            (Some(line), false) => [self.lines[line].send(self.now, packet.len()), None],
            (None, true) => [down.stream(self.now), None],
            (None, false) => down.datagram(self.now, packet.len(), class),
        };
        for at in arrivals.into_iter().flatten() {
            self.schedule(at, What::ToPeer { place, path, packet: packet.clone() });
        }
    }

    fn judge(&mut self, place: usize, packet: &[u8]) {
        if !self.checked {
            return;
        }
        let now = self.now;
        let place = &mut self.places[place];
        let model = &self.units[place.peer.unit].model;
        // A good-bye may still leave for somebody who is gone, but no media.
        if let Err(reason) = place.tap.receive(now, packet, model) {
            let message = format!("to {}: {reason}", place.peer.id);
            self.fail(&message);
        }
    }

    fn handle_event(&mut self, unit: usize, event: Event) {
        self.note(|| format!("unit {unit}: {event:?}"));
        let of = |id| move |place: &Place| place.peer.id == id;
        match &event {
            Event::Transport { participant, state } => {
                if let Some(place) = self.places.iter_mut().find(|place| of(*participant)(place)) {
                    place.state = *state;
                }
            }
            Event::Wanted { participant, mid, encodings, .. } => {
                if let Some(place) = self.places.iter().position(of(*participant)) {
                    let what = What::Wanted { place, mid: *mid, encodings: *encodings };
                    self.schedule(self.now + SIGNALING, what);
                }
            }
            Event::Left { participant, reason } => {
                self.units[unit].model.remove(*participant);
                if let Some(place) = self.places.iter_mut().find(|place| of(*participant)(place)) {
                    place.left = Some(*reason);
                }
            }
            Event::Publication { .. }
            | Event::Slot { .. }
            | Event::ActiveSpeaker { .. }
            | Event::HandshakeFailed { .. }
            | Event::Excess { .. } => {}
        }
        self.events.push((self.now, unit, event));
    }

    /// Nothing is left to happen but what peers do by themselves.
    pub fn is_unit_quiet(&self, unit: usize) -> bool {
        self.units[unit].wake == u64::MAX
            && !self.queue.iter().any(|Reverse(Due { what, .. })| matches!(what, What::ToUnit { .. }))
    }
}

fn class(packet: &[u8]) -> Class {
    match demux::classify(packet) {
        Some(Kind::Dtls) => Class::Handshake,
        _ => Class::Plain,
    }
}
