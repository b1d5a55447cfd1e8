//! Which addresses the peers are told.

use std::{
    collections::BTreeSet,
    io,
    net::{IpAddr, SocketAddr},
};
use viva_media::{Candidate, Protocol};

/// What of the settings decides over candidates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Announcement<'a> {
    /// The host's own addresses, for wildcard sockets.
    pub(crate) interfaces: &'a [IpAddr],
    /// Addresses of the host as seen from outside.
    pub(crate) public: &'a [IpAddr],
    /// Announce bound addresses of a family that has public ones?
    pub(crate) announce_bound: bool,
}

impl Announcement<'_> {
    /// The candidates of sockets of one protocol bound to `sockets`, public addresses first.
    pub(crate) fn candidates(self, protocol: Protocol, sockets: &[SocketAddr]) -> Vec<Candidate> {
        let mut told = BTreeSet::new();
        let mut candidates = Vec::new();
        for address in self.outside(sockets).chain(self.inside(sockets)) {
            if told.insert(address) {
                candidates.push(Candidate { protocol, address });
            }
        }
        candidates
    }

    fn outside(self, sockets: &[SocketAddr]) -> impl Iterator<Item = SocketAddr> {
        self.public.iter().filter_map(move |&ip| {
            let socket = sockets.iter().find(|socket| socket.is_ipv4() == ip.is_ipv4())?;
            Some(SocketAddr::new(ip, socket.port()))
        })
    }

    fn inside(self, sockets: &[SocketAddr]) -> impl Iterator<Item = SocketAddr> {
        let announced = sockets.iter().filter(move |socket| {
            self.announce_bound || !self.public.iter().any(|ip| ip.is_ipv4() == socket.is_ipv4())
        });
        announced.flat_map(move |&socket| {
            let wildcard = socket.ip().is_unspecified();
            let interfaces = if wildcard { self.interfaces } else { &[] };
            let of_family = interfaces.iter().filter(move |ip| ip.is_ipv4() == socket.is_ipv4());
            let on_interfaces = of_family.map(move |&ip| SocketAddr::new(ip, socket.port()));
            on_interfaces.chain((!wildcard).then_some(socket))
        })
    }
}

/// The addresses of the host's running interfaces that peers may reach: no link-local ones, and loopback only
/// where there is nothing else.
///
/// # Errors
/// Of getifaddrs(3).
pub(crate) fn interface_addresses() -> io::Result<Vec<IpAddr>> {
    let running = if_addrs::get_if_addrs()?.into_iter().filter(if_addrs::Interface::is_oper_up);
    let all = running.filter(|interface| !interface.is_link_local()).map(|interface| interface.ip());
    Ok(reachable(all.collect()))
}

/// From which address leaves whatever does not say so, where that is certain: from the bound one, or from a wildcard on a
/// host that has but one address of its family.
pub(crate) fn source(bound: IpAddr, interfaces: &[IpAddr]) -> Option<IpAddr> {
    if !bound.is_unspecified() {
        return Some(bound);
    }
    let mut of_family = interfaces.iter().filter(|ip| ip.is_ipv4() == bound.is_ipv4());
    of_family.next().filter(|_| of_family.next().is_none()).copied()
}

fn reachable(mut all: Vec<IpAddr>) -> Vec<IpAddr> {
    if !all.iter().all(IpAddr::is_loopback) {
        all.retain(|ip| !ip.is_loopback());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ips(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().expect("an address")).collect()
    }

    fn told(public: &[&str], announce_bound: bool, sockets: &[&str]) -> Vec<String> {
        let interfaces = ips(&["192.0.2.1", "2001:db8::1", "198.51.100.7"]);
        let public = ips(public);
        let announcement = Announcement { interfaces: &interfaces, public: &public, announce_bound };
        let sockets: Vec<_> = sockets.iter().map(|text| text.parse().expect("an address")).collect();
        let candidates = announcement.candidates(Protocol::Udp, &sockets);
        candidates.iter().map(|candidate| candidate.address.to_string()).collect()
    }

    #[test]
    fn a_wildcard_stands_for_the_interfaces_of_its_family() {
        assert_eq!(told(&[], true, &["0.0.0.0:5000"]), ["192.0.2.1:5000", "198.51.100.7:5000"]);
        assert_eq!(told(&[], true, &["[::]:5001"]), ["[2001:db8::1]:5001"]);
        assert_eq!(told(&[], true, &["127.0.0.1:5000"]), ["127.0.0.1:5000"]);
    }

    #[test]
    fn public_addresses_come_first_and_may_hide_the_bound_ones_of_their_family() {
        let sockets = ["10.0.0.2:5000", "[2001:db8::9]:5000"];
        assert_eq!(
            told(&["203.0.113.5"], true, &sockets),
            ["203.0.113.5:5000", "10.0.0.2:5000", "[2001:db8::9]:5000"]
        );
        assert_eq!(told(&["203.0.113.5"], false, &sockets), ["203.0.113.5:5000", "[2001:db8::9]:5000"]);
    }

    #[test]
    fn an_address_is_told_once_and_never_without_a_socket_of_its_family() {
        assert_eq!(told(&["192.0.2.1"], true, &["192.0.2.1:5000"]), ["192.0.2.1:5000"]);
        assert_eq!(told(&["2001:db8::5"], true, &["192.0.2.1:5000"]), ["192.0.2.1:5000"]);
    }

    #[test]
    fn a_wildcard_has_one_source_where_the_host_has_one_address_of_its_family() {
        let from = |bound: &str, interfaces: &[&str]| source(ips(&[bound])[0], &ips(interfaces));
        let only = ["192.0.2.1", "2001:db8::1"];
        assert_eq!(from("0.0.0.0", &only), Some(ips(&only)[0]));
        assert_eq!(from("::", &only), Some(ips(&only)[1]));
        assert_eq!(from("0.0.0.0", &["192.0.2.1", "198.51.100.7"]), None);
        assert_eq!(from("::", &["192.0.2.1"]), None);
        assert_eq!(from("198.51.100.7", &["192.0.2.1", "198.51.100.7"]), Some(ips(&["198.51.100.7"])[0]));
    }

    #[test]
    fn loopback_is_the_last_resort() {
        assert_eq!(reachable(ips(&["127.0.0.1", "::1", "192.0.2.1"])), ips(&["192.0.2.1"]));
        assert_eq!(reachable(ips(&["127.0.0.1", "::1"])), ips(&["127.0.0.1", "::1"]));
    }
}
