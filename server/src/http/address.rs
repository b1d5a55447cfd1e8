//! Whose address a request comes from, where proxies stand in front.

use super::App;
use crate::settings::{Network, Settings};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
};

/// So many requests from one side tell how the proxies in front are set up.
const ENOUGH: u64 = 20;

/// The address that a request comes from, as far as it can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(*known);
        }
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
        let client = Self(app.proxies.client(peer, &parts.headers));
        parts.extensions.insert(client);
        Ok(client)
    }
}

/// The proxies that are believed, and what they have said so far.
#[derive(Debug)]
pub struct Proxies {
    trusted: Vec<Network>,
    /// People come by https and this program speaks plain HTTP, so that somebody stands in front.
    https: bool,
    /// Requests whose client a trusted proxy named.
    named: AtomicU64,
    /// Requests of a trusted peer that named nobody.
    silent: AtomicU64,
    /// Requests that name a client and come from a peer that is not trusted.
    unheard: AtomicU64,
    warned: AtomicBool,
}

impl Proxies {
    /// As the settings have them; says in the log when nobody is trusted and somebody must be there.
    pub fn new(settings: &Settings) -> Self {
        let proxies = Self {
            trusted: settings.proxies(),
            https: settings.is_secure() && !settings.speaks_tls(),
            named: AtomicU64::new(0),
            silent: AtomicU64::new(0),
            unheard: AtomicU64::new(0),
            warned: AtomicBool::new(false),
        };
        proxies.warn();
        proxies
    }

    /// The address behind the proxies of ours: the last that they name and that is none of them. A proxy that names
    /// nobody counts as the client itself.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        let says = headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(FORWARDED);
        if !self.trusts(peer) {
            if says {
                self.counted(&self.unheard);
            }
            return peer;
        }
        let by = |hops: Vec<Option<IpAddr>>| (!hops.is_empty()).then(|| self.outermost(peer, &hops));
        let found = match (by(x_forwarded_for(headers)), by(forwarded(headers))) {
            // A proxy writes one of the two and hands on what the client wrote into the other: where they contradict
            // each other, it is not known who said what.
            (Some(one), Some(other)) if one != other => peer,
            (Some(found), _) | (None, Some(found)) => found,
            (None, None) => peer,
        };
        self.counted(if found == peer { &self.silent } else { &self.named });
        found
    }

    /// What is wrong with the proxies, as far as it can be seen: all clients count as one.
    pub fn fault(&self) -> Option<&'static str> {
        let [named, silent, unheard] =
            [&self.named, &self.silent, &self.unheard].map(|count| count.load(Relaxed));
        if !self.https || named > 0 {
            None
        } else if self.trusted.is_empty() {
            Some(
                "public_url is https, so a proxy stands in front, and trusted_proxies names none: all clients count as \
                 one address, and the limits of one hold for all together",
            )
        } else if unheard >= ENOUGH {
            Some(
                "the proxy in front is none of trusted_proxies, so that its word is not believed: all clients count as \
                 one address, and the limits of one hold for all together",
            )
        } else if silent >= ENOUGH {
            Some(
                "the proxy in front names no client (it should set X-Forwarded-For or Forwarded): all clients count as \
                 one address, and the limits of one hold for all together",
            )
        } else {
            None
        }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }

    fn outermost(&self, peer: IpAddr, hops: &[Option<IpAddr>]) -> IpAddr {
        let mut client = peer;
        for hop in hops.iter().rev() {
            // A hop that hides, or that nobody can read: whoever wrote it is the last that is known.
            let Some(address) = hop else { break };
            client = *address;
            if !self.trusts(client) {
                break;
            }
        }
        client
    }

    fn counted(&self, count: &AtomicU64) {
        // The fault can only appear while nobody was ever named; after that there is nothing to look for.
        if count.fetch_add(1, Relaxed) + 1 == ENOUGH {
            self.warn();
        }
    }

    fn warn(&self) {
        if let Some(fault) = self.fault()
            && !self.warned.swap(true, Relaxed)
        {
            tracing::warn!("{fault}");
        }
    }
}

const X_FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED: &str = "forwarded";

/// The hops of all headers `X-Forwarded-For`, in their order.
fn x_forwarded_for(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let lines = headers.get_all(X_FORWARDED_FOR).iter().map(|line| line.to_str().unwrap_or("?"));
    lines.flat_map(|line| line.split(',')).map(hop).collect()
}

/// The hops of all headers `Forwarded` (RFC 7239 §4), in their order.
fn forwarded(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let lines = headers.get_all(FORWARDED).iter().map(|line| line.to_str().unwrap_or("?"));
    let elements = lines.flat_map(|line| split(line, ','));
    let of = |element: &str| {
        let mut pairs = split(element, ';').into_iter().filter_map(|pair| pair.split_once('='));
        pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for")).and_then(|(_, value)| hop(value))
    };
    elements.map(of).collect()
}

/// The parts between separators that stand in no quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    let parts = text.split(|c: char| {
        quoted ^= c == '"';
        c == separator && !quoted
    });
    parts.collect()
}

/// An address as proxies write it: bare, with a port, in brackets, in quotes.
fn hop(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"').trim();
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        // One colon is that of a port; more are those of an IPv6 address.
        None => text.split_once(':').filter(|(_, port)| !port.contains(':')).map_or(text, |(bare, _)| bare),
    };
    let without_zone = bare.split('%').next()?;
    without_zone.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Sources;
    use axum::http::{HeaderName, HeaderValue};

    fn proxies(settings: &[(&str, &str)]) -> Proxies {
        let mut sources = Sources::default();
        for (key, value) in settings {
            sources.flags.insert((*key).to_owned(), (*value).to_owned());
        }
        Proxies::new(&sources.load().unwrap())
    }

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    fn client(trusted: &str, peer: &str, lines: &[(&'static str, &'static str)]) -> String {
        let proxies = proxies(&[("trusted_proxies", trusted)]);
        proxies.client(peer.parse().unwrap(), &headers(lines)).to_string()
    }

    #[test]
    fn every_way_of_writing_an_address_is_read() {
        for (text, wanted) in [
            ("198.51.100.7", Some("198.51.100.7")),
            (" 198.51.100.7:51008 ", Some("198.51.100.7")),
            ("\"198.51.100.7:51008\"", Some("198.51.100.7")),
            ("2001:db8::7", Some("2001:db8::7")),
            ("[2001:db8::7]", Some("2001:db8::7")),
            ("[2001:db8::7]:51008", Some("2001:db8::7")),
            ("\"[2001:DB8::7]:_port\"", Some("2001:db8::7")),
            ("fe80::1%eth0", Some("fe80::1")),
            ("::ffff:198.51.100.7", Some("198.51.100.7")),
            ("[::ffff:c633:6407]:443", Some("198.51.100.7")),
            ("unknown", None),
            ("_hidden", None),
            ("", None),
            ("198.51.100", None),
            ("198.51.100.7.example", None),
            ("[2001:db8::7", Some("2001:db8::7")),
        ] {
            assert_eq!(hop(text).map(|address| address.to_string()).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy_and_only_the_last_hop() {
        const X: &str = "x-forwarded-for";
        let told = [(X, "198.51.100.7")];
        assert_eq!(client("", "192.0.2.1", &told), "192.0.2.1");
        assert_eq!(client("192.0.2.9", "192.0.2.1", &told), "192.0.2.1");
        assert_eq!(client("192.0.2.1", "192.0.2.1", &told), "198.51.100.7");
        assert_eq!(client("192.0.2.1", "::ffff:192.0.2.1", &told), "198.51.100.7");
        // What the client itself wrote in front is not believed.
        assert_eq!(client("192.0.2.1", "192.0.2.1", &[(X, "10.0.0.1, 198.51.100.7")]), "198.51.100.7");
        let two = [(X, "10.0.0.1"), (X, "198.51.100.7,192.0.2.2:4711")];
        assert_eq!(client("192.0.2.1,192.0.2.2", "192.0.2.1", &two), "198.51.100.7");
        assert_eq!(client("192.0.2.0/30", "192.0.2.1", &two), "198.51.100.7");
        assert_eq!(client("192.0.2.0/24", "192.0.2.1", &[(X, "192.0.2.77, 192.0.2.2")]), "192.0.2.77");
        for nobody in ["nonsense", "unknown", "", "10.0.0.1, ,"] {
            let lines = [(X, nobody)];
            assert_eq!(client("192.0.2.1", "192.0.2.1", &lines), "192.0.2.1", "{nobody}");
        }
        assert_eq!(client("192.0.2.1", "192.0.2.1", &[]), "192.0.2.1");
        // Whoever stands before a hop that hides is not known.
        let hidden = [(X, "198.51.100.7, unknown, 192.0.2.2")];
        assert_eq!(client("192.0.2.1,192.0.2.2", "192.0.2.1", &hidden), "192.0.2.2");
    }

    #[test]
    fn forwarded_of_rfc_7239_is_read_with_its_quotes() {
        const F: &str = "forwarded";
        for (line, wanted) in [
            ("for=198.51.100.7", "198.51.100.7"),
            ("proto=https; For=\"198.51.100.7:4711\" ;by=203.0.113.43", "198.51.100.7"),
            ("for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=10.0.0.1, for=198.51.100.7;proto=http", "198.51.100.7"),
            ("for=\"_a,b;for=10.0.0.1\", for=198.51.100.7", "198.51.100.7"),
            ("for=198.51.100.7, for=unknown", "192.0.2.1"),
            ("for=198.51.100.7, by=203.0.113.43", "192.0.2.1"),
        ] {
            assert_eq!(client("192.0.2.1", "192.0.2.1", &[(F, line)]), wanted, "{line}");
        }
        let both = |x| [(F, "for=198.51.100.7"), ("x-forwarded-for", x)];
        assert_eq!(client("192.0.2.1", "192.0.2.1", &both("198.51.100.7:80")), "198.51.100.7");
        assert_eq!(client("192.0.2.1", "192.0.2.1", &both("10.0.0.1")), "192.0.2.1", "one of them lies");
    }

    #[test]
    fn who_is_trusted_when_nothing_is_said() {
        let told = headers(&[("x-forwarded-for", "198.51.100.7")]);
        let local = [("public_url", "https://viva.example"), ("listen", "127.0.0.1:8080")];
        for (settings, peer, wanted) in [
            (local, "127.0.0.1", "198.51.100.7"),
            (local, "::1", "198.51.100.7"),
            ([local[0], ("listen", "[::1]:8080")], "::1", "198.51.100.7"),
            ([("public_url", "HTTPS://viva.example"), local[1]], "127.0.0.1", "198.51.100.7"),
            ([local[0], ("listen", "0.0.0.0:8080")], "127.0.0.1", "127.0.0.1"),
            ([("public_url", "http://viva.example"), local[1]], "127.0.0.1", "127.0.0.1"),
            ([("trusted_proxies", "10.0.0.0/8"), local[1]], "127.0.0.1", "127.0.0.1"),
        ] {
            let client = proxies(&settings).client(peer.parse().unwrap(), &told);
            assert_eq!(client.to_string(), wanted, "{settings:?}");
        }
    }

    #[test]
    fn one_address_for_everybody_is_a_fault_that_is_told() {
        let https = ("public_url", "https://viva.example");
        let all = ("listen", "0.0.0.0:8080");
        let told = headers(&[("x-forwarded-for", "198.51.100.7")]);
        let many = |proxies: &Proxies, peer: &str, headers: &HeaderMap| {
            for _ in 0..ENOUGH {
                proxies.client(peer.parse().unwrap(), headers);
            }
        };
        assert!(proxies(&[https, all]).fault().unwrap().contains("trusted_proxies"));
        assert_eq!(proxies(&[("domain", "viva.example.org")]).fault(), None, "nobody stands in front");
        assert_eq!(proxies(&[all]).fault(), None, "nobody needs to stand in front");
        assert_eq!(proxies(&[https]).fault(), None, "the proxy of this machine is trusted");
        let others = proxies(&[https, all, ("trusted_proxies", "10.0.0.0/8")]);
        assert_eq!(others.fault(), None);
        many(&others, "172.18.0.3", &told);
        assert!(others.fault().unwrap().contains("none of trusted_proxies"));
        let silent = proxies(&[https]);
        many(&silent, "127.0.0.1", &HeaderMap::new());
        assert!(silent.fault().unwrap().contains("names no client"));
        silent.client("127.0.0.1".parse().unwrap(), &told);
        assert_eq!(silent.fault(), None, "somebody was named");
    }
}
