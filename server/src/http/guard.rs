//! Before a request of the API is looked at: no forged one, and whose address it comes from.

use super::{App, problem::Problem};
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};
use viva_signaling::message::ErrorCode;

/// A header that no form and no image of another site can set: with cookies that stay on this site it is what keeps
/// forged requests out.
const GUARD: &str = "x-viva";
/// Its value.
pub const VALUE: &str = "1";

/// Refuses requests that change something and lack the header; nothing of the API is kept by a cache.
pub async fn guard(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !reads && request.headers().get(GUARD).is_none_or(|value| value != VALUE) {
        let detail = "a request that changes something needs the header `X-Viva: 1`";
        return Problem::new(ErrorCode::Forbidden, detail).into_response();
    }
    let mut response = next.run(request).await;
    let cache = response.headers_mut().entry(header::CACHE_CONTROL);
    cache.or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The address that a request comes from, as far as it can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
        Ok(Self(client_address(peer.to_canonical(), &parts.headers, &app.settings.trusted_proxies.0)))
    }
}

/// The last address of `X-Forwarded-For` that no proxy of ours added, when a proxy of ours is who asks.
fn client_address(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    if !proxies.contains(&peer) {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let forwarded: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    let mut address = peer;
    for hop in forwarded.iter().rev() {
        let Ok(hop) = hop.parse::<IpAddr>() else { return address };
        address = hop.to_canonical();
        if !proxies.contains(&address) {
            break;
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded: &[&'static str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let proxies: Vec<IpAddr> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        client_address(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy_and_only_the_last_hop() {
        assert_eq!(address("192.0.2.1", &["198.51.100.7"], &[]), "192.0.2.1");
        assert_eq!(address("192.0.2.1", &["198.51.100.7"], &["192.0.2.9"]), "192.0.2.1");
        assert_eq!(address("192.0.2.1", &["198.51.100.7"], &["192.0.2.1"]), "198.51.100.7");
        // What the client itself wrote in front is not believed.
        assert_eq!(address("192.0.2.1", &["10.0.0.1, 198.51.100.7"], &["192.0.2.1"]), "198.51.100.7");
        let two = ["192.0.2.1", "192.0.2.2"];
        assert_eq!(address("192.0.2.1", &["10.0.0.1", "198.51.100.7,192.0.2.2"], &two), "198.51.100.7");
        assert_eq!(address("192.0.2.1", &["nonsense"], &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(address("192.0.2.1", &[], &["192.0.2.1"]), "192.0.2.1");
    }
}
