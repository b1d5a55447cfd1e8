//! Checks from right and wrong peers, nomination, replay from elsewhere, restart.

use super::*;
use is::stun::TransId;
use viva_media::Carrier;

fn credentials(name: &str) -> IceCredentials {
    IceCredentials { ufrag: format!("ufrag-{name}"), pwd: format!("password-of-{name}-0123456789") }
}

fn hmac_sha1(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    hmac::sign(&key, &parts.concat()).as_ref().try_into().unwrap()
}

fn path(port: u16) -> Path {
    Path {
        carrier: Carrier::Udp,
        local: "127.0.0.1:40000".parse().unwrap(),
        remote: format!("127.0.0.1:{port}").parse().unwrap(),
    }
}

fn request(local: &str, remote: &str, password: &str, nominate: bool) -> Vec<u8> {
    let username = format!("{local}:{remote}");
    let message = StunMessage::binding_request(&username, TransId::new(), true, 7, 1, nominate);
    let mut bytes = vec![0; 300];
    let length = message.to_bytes(Some(password.as_bytes()), &mut bytes, hmac_sha1).unwrap();
    bytes.truncate(length);
    bytes
}

fn good(nominate: bool) -> Vec<u8> {
    request("ufrag-us", "ufrag-peer", "password-of-us-0123456789", nominate)
}

fn ice() -> Ice {
    Ice::new(credentials("us"), credentials("peer"), Micros(0))
}

fn check(ice: &mut Ice, now: u64, port: u16, datagram: &[u8]) -> Result<Checked, Dropped> {
    let mut answer = [0; MAX_ANSWER];
    let checked = Check::read(datagram)
        .and_then(|check| ice.handle_check(Micros::from_millis(now), path(port), &check, &mut answer))?;
    assert!(checked.answer <= datagram.len(), "an answer is never larger than the question");
    let reply = StunMessage::parse(&answer[..checked.answer]).unwrap();
    assert!(reply.verify(b"password-of-us-0123456789", hmac_sha1) || checked.restarted);
    Ok(checked)
}

#[test]
fn nothing_but_a_binding_request_is_read_as_a_check() {
    // Every type in which the parser of messages sees method Binding and class request, and those next to it.
    for high in [0x00, 0x40, 0x80, 0xc0] {
        for low in [[0, 1], [0, 0], [1, 1], [0, 0x11], [0, 3]] {
            let mut datagram = good(false);
            datagram[..2].copy_from_slice(&[low[0] | high, low[1]]);
            let read = Check::read(&datagram).map(|_| ());
            let due = if (high, low) == (0, [0, 1]) { Ok(()) } else { Err(Dropped::StunMalformed) };
            assert_eq!(read, due, "{high:#x} {low:?}");
            assert!(
                read.is_err() || viva_wire::demux::classify(&datagram) == Some(viva_wire::demux::Kind::Stun)
            );
        }
    }
}

#[test]
fn a_valid_check_opens_a_path_and_its_answer_tells_the_address() {
    let mut ice = ice();
    let datagram = good(false);
    let mut answer = [0; MAX_ANSWER];
    let read = Check::read(&datagram).unwrap();
    let checked = ice.handle_check(Micros(1), path(5000), &read, &mut answer).unwrap();
    assert!(checked.new_path);
    let reply = StunMessage::parse(&answer[..checked.answer]).unwrap();
    assert_eq!(reply.mapped_address(), Some(path(5000).remote));
    assert_eq!(ice.selected(), None, "valid, not nominated");
    check(&mut ice, 2, 5000, &good(true)).unwrap();
    assert_eq!(ice.selected(), Some(path(5000)));
}

#[test]
fn wrong_passwords_and_users_change_nothing() {
    let mut ice = ice();
    let wrong = request("ufrag-us", "ufrag-peer", "password-of-another-01234567", true);
    assert_eq!(check(&mut ice, 1, 5000, &wrong), Err(Dropped::StunIntegrity));
    let foreign = request("ufrag-xx", "ufrag-peer", "password-of-us-0123456789", true);
    assert_eq!(check(&mut ice, 1, 5000, &foreign), Err(Dropped::StunUnknownUser));
    let other_peer = request("ufrag-us", "ufrag-xx", "password-of-us-0123456789", true);
    assert_eq!(check(&mut ice, 1, 5000, &other_peer), Err(Dropped::StunUnknownUser));
    assert_eq!((ice.paths().count(), ice.selected()), (0, None));
}

#[test]
fn every_damaged_check_is_refused() {
    let datagram = good(true);
    for index in 0..datagram.len() {
        let mut damaged = datagram.clone();
        damaged[index] ^= 1;
        let mut ice = ice();
        let result = check(&mut ice, 1, 5000, &damaged);
        // The fingerprint's own value may differ: it is no proof of anything.
        assert!(result.is_err() || index >= datagram.len() - 8, "byte {index}");
        assert!(Check::read(&datagram[..index]).is_err(), "cut at {index}");
    }
}

#[test]
fn a_copy_of_a_check_from_elsewhere_is_refused_and_a_repetition_is_answered() {
    let mut ice = ice();
    let nomination = good(true);
    check(&mut ice, 1, 5000, &nomination).unwrap();
    assert_eq!(check(&mut ice, 2, 6666, &nomination), Err(Dropped::Replayed));
    assert!(check(&mut ice, 3, 5000, &nomination).is_ok());
    assert_eq!(ice.paths().count(), 1);
}

#[test]
fn a_nomination_from_elsewhere_does_not_take_a_session_with_media() {
    let mut ice = ice();
    check(&mut ice, 1, 5000, &good(true)).unwrap();
    ice.handle_authentic(Micros::from_millis(10), path(5000));
    check(&mut ice, 20, 6666, &good(true)).unwrap();
    assert_eq!(ice.selected(), Some(path(5000)));
    assert!(!ice.handle_authentic(Micros::from_millis(30), path(5000)));
    assert_eq!(ice.selected(), Some(path(5000)));
}

#[test]
fn media_from_a_nominated_path_proves_that_the_peer_moved() {
    let mut ice = ice();
    check(&mut ice, 1, 5000, &good(true)).unwrap();
    ice.handle_authentic(Micros::from_millis(10), path(5000));
    check(&mut ice, 20, 7000, &good(true)).unwrap();
    assert!(ice.handle_authentic(Micros::from_millis(30), path(7000)));
    assert_eq!(ice.selected(), Some(path(7000)));
}

#[test]
fn a_silent_path_gives_way_to_media_and_not_to_a_nomination() {
    let mut ice = ice();
    check(&mut ice, 1, 5000, &good(true)).unwrap();
    ice.handle_authentic(Micros::from_millis(10), path(5000));
    check(&mut ice, 9000, 6666, &good(true)).unwrap();
    assert_eq!(ice.selected(), Some(path(5000)));
    check(&mut ice, 9000, 7000, &good(false)).unwrap();
    assert!(ice.handle_authentic(Micros::from_millis(9001), path(7000)));
    assert_eq!(ice.selected(), Some(path(7000)));
}

#[test]
fn before_any_media_the_newest_nomination_holds() {
    let mut ice = ice();
    check(&mut ice, 1, 5000, &good(true)).unwrap();
    check(&mut ice, 2, 7000, &good(true)).unwrap();
    assert_eq!(ice.selected(), Some(path(7000)));
}

#[test]
fn old_credentials_hold_until_the_first_check_with_the_new_ones() {
    let mut ice = ice();
    check(&mut ice, 1, 5000, &good(true)).unwrap();
    assert_eq!(ice.restart(credentials("us2"), credentials("peer2")), None);
    assert!(check(&mut ice, 2, 5000, &good(true)).is_ok());
    let new = request("ufrag-us2", "ufrag-peer2", "password-of-us2-0123456789", true);
    assert!(check(&mut ice, 3, 7000, &new).unwrap().restarted);
    assert_eq!(check(&mut ice, 4, 5000, &good(true)), Err(Dropped::StunUnknownUser));
    assert_eq!(ice.ufrags().collect::<Vec<_>>(), ["ufrag-us2"]);
}

#[test]
fn paths_are_bounded() {
    let mut ice = ice();
    for port in 0..MAX_PATHS as u16 {
        check(&mut ice, 1, 5000 + port, &good(false)).unwrap();
    }
    assert_eq!(check(&mut ice, 2, 9000, &good(false)), Err(Dropped::TooManyPaths));
    let checked = check(&mut ice, 10_000, 9000, &good(false)).unwrap();
    assert!(checked.replaced.is_some());
    assert_eq!(ice.paths().count(), MAX_PATHS);
}

/// A binding request with these attributes, signed with our password.
fn signed(attributes: &[(u16, &[u8])], password: &str) -> Vec<u8> {
    let mut bytes = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    bytes.extend_from_slice(b"transaction!");
    for (kind, value) in attributes {
        bytes.extend_from_slice(&kind.to_be_bytes());
        bytes.extend_from_slice(&(value.len() as u16).to_be_bytes());
        bytes.extend_from_slice(value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    let length = (bytes.len() + 24 - 20) as u16;
    bytes[2..4].copy_from_slice(&length.to_be_bytes());
    let signature = hmac_sha1(password.as_bytes(), &[&bytes]);
    bytes.extend_from_slice(&[0, 8, 0, 20]);
    bytes.extend_from_slice(&signature);
    bytes
}

#[test]
fn a_request_without_priority_is_refused_aloud_and_opens_nothing() {
    let ice = ice();
    let refused = |datagram: &[u8]| {
        assert!(Check::read(datagram).is_err());
        let mut answer = [0; MAX_ANSWER];
        let length = ice.refuse(&Incomplete::read(datagram)?, &mut answer)?;
        assert!(length <= datagram.len(), "an answer is never larger than the question");
        Some(answer[..length].to_vec())
    };
    let password = "password-of-us-0123456789";
    let controlling: (u16, &[u8]) = (0x802a, &[0, 0, 0, 0, 0, 0, 0, 7]);
    let request = signed(&[(6, b"ufrag-us:ufrag-peer"), controlling], password);
    let answer = refused(&request).unwrap();
    // A binding error response to the same transaction, with ERROR-CODE 400, our integrity and a fingerprint.
    assert_eq!(answer[..2], [0x01, 0x11]);
    assert_eq!(answer[8..20], request[8..20]);
    assert_eq!(answer[20..28], [0, 9, 0, 4, 0, 0, 4, 0]);
    let mut covered = answer[..28].to_vec();
    covered[2..4].copy_from_slice(&32u16.to_be_bytes());
    assert_eq!(answer[32..52], hmac_sha1(password.as_bytes(), &[&covered]));
    assert_eq!(answer[52..56], [0x80, 0x28, 0, 4]);
    // Whoever cannot sign is not answered, nor a name that nobody has, nor what is too short for an answer.
    assert_eq!(refused(&signed(&[(6, b"ufrag-us:ufrag-peer"), controlling], "another password")), None);
    assert_eq!(refused(&signed(&[(6, b"ufrag-us:somebody")], password)), None);
    assert_eq!(refused(&signed(&[controlling], password)), None);
    for end in 0..request.len() {
        assert_eq!(refused(&request[..end]), None, "{end}");
    }
    assert_eq!(ice.paths().count(), 0);
}
