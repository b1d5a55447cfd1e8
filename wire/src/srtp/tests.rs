//! Vectors of the RFCs and of libsrtp's own test, round trips of all profiles, and hostile packets.

use super::{
    Inbound, InvalidKeys, KeyMaterial, MAX_RTP_INDEX, Outbound, cipher::Cipher, inbound::estimate_index,
    key::Prf,
};
use crate::{Error, noise::Noise};
use viva_media::SrtpProfile;

const PROFILES: [SrtpProfile; 3] =
    [SrtpProfile::AeadAes256Gcm, SrtpProfile::AeadAes128Gcm, SrtpProfile::AesCm128HmacSha1_80];

const KEY_128: &str = "000102030405060708090a0b0c0d0e0f";
const KEY_256: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter_map(|c| (c as char).to_digit(16)).map(|d| d as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

mod vectors {
    use super::*;

    #[test]
    fn session_keys_are_those_of_rfc_3711_b_3() {
        let prf =
            Prf::new(&hex("E1F97A0D3E018BE0D64FA32C06DE4139"), &hex("0EC675AD498AFEEBB6960B3AABE6")).unwrap();
        assert_eq!(prf.derive::<16>(0).unwrap()[..], hex("C61E7A93744F39EE10734AFE3FF7A087"));
        assert_eq!(prf.derive::<14>(2).unwrap()[..], hex("30CBBC08863D8C85D49DB34A9AE1"));
        assert_eq!(
            prf.derive::<94>(1).unwrap()[..],
            hex("CEBE321F6FF7716B6FD4AB49AF256A15 6D38BAA48F0A0ACF3C34E2359E6CDBCE
                 E049646C43D9327AD175578EF7227098 6371C10C9A369AC2F94A8C5FBCDDDC25
                 6D6E919A48B610EF17C2041E47403576 6B68642C59BBFC2F34DB60DBDFB2")
        );
    }

    #[test]
    fn session_keys_of_256_bits_are_those_of_rfc_6188_7_2() {
        let key = hex("f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6");
        let prf = Prf::new(&key, &hex("3b04803de51ee7c96423ab5b78d2")).unwrap();
        assert_eq!(
            prf.derive::<32>(0).unwrap()[..],
            hex("5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4")
        );
        assert_eq!(prf.derive::<20>(1).unwrap()[..], hex("fd9c32d39ed5fbb5a9dc96b30818454d1313dc05"));
        assert_eq!(prf.derive::<14>(2).unwrap()[..], hex("fa31791685ca444a9e07c6c64e93"));
    }

    /// The expected keys are what `openssl enc -aes-256-ctr` makes of the counter that RFC 7714 §11 describes.
    #[test]
    fn a_salt_of_96_bits_is_filled_up_on_the_right() {
        let prf = Prf::new(&hex(KEY_256), &hex("a0a1a2a3a4a5a6a7a8a9aaab")).unwrap();
        assert_eq!(
            prf.derive::<32>(0).unwrap()[..],
            hex("b7a435ce454463b760dc82c838468a115c699625af4b93a0f8220a2a6119c5d0")
        );
        assert_eq!(prf.derive::<12>(5).unwrap()[..], hex("258c540cf38ddd40848ceaed"));
    }

    #[test]
    fn the_key_stream_is_that_of_rfc_3711_b_2() {
        let cipher = Cipher::new(
            SrtpProfile::AesCm128HmacSha1_80,
            &hex("2B7E151628AED2A6ABF7158809CF4F3C"),
            &hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"),
            &[0; 20],
        );
        let Ok(Cipher::Cm(cm)) = cipher else { panic!("another cipher") };
        let mut stream = vec![0; 65282 * 16];
        cm.apply(0, 0, &mut stream).unwrap();
        assert_eq!(
            stream[..48],
            hex("E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB
                 41E95B3BB0A2E8DD477901E4FCA894C0")
        );
        assert_eq!(
            stream[65279 * 16..],
            hex("EC8CDF7398607CB0F2D21675EA9EA1E4 362B7C3C6773516318A077D7FC5073AE
                 6A2CC3787889374FBEB4C81B17BA6C44")
        );
    }

    fn session(profile: SrtpProfile) -> Cipher {
        let key = hex(if profile == SrtpProfile::AeadAes256Gcm { KEY_256 } else { KEY_128 });
        Cipher::new(profile, &key, b"Quid pro quo", &[]).unwrap()
    }

    fn both_ways(profile: SrtpProfile) -> (Inbound, Outbound) {
        (
            Inbound::from_ciphers(session(profile), session(profile)),
            Outbound { rtp: session(profile), rtcp: session(profile), next_rtcp_index: 0x5d4 },
        )
    }

    #[test]
    fn rtp_is_sealed_as_in_rfc_7714_16() {
        let plain = hex("8040f17b8041f8d35501a0b2
             47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573");
        for (profile, sealed) in [
            (
                SrtpProfile::AeadAes128Gcm,
                "8040f17b8041f8d35501a0b2
                 f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833
                 899d7f27beb16a9152cf765ee4390cce",
            ),
            (
                SrtpProfile::AeadAes256Gcm,
                "8040f17b8041f8d35501a0b2
                 32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b
                 7aa3db36dfffd6b0f9bb7878d7a76c13",
            ),
        ] {
            let (mut inbound, outbound) = both_ways(profile);
            let mut packet = plain.clone();
            packet.resize(plain.len() + outbound.rtp_overhead(), 0);
            assert_eq!(outbound.protect_rtp(0xf17b, 12, &mut packet, plain.len()), Ok(packet.len()));
            assert_eq!(packet, hex(sealed));
            assert_eq!(inbound.unprotect_rtp(&mut packet), Ok((plain.len(), 0xf17b)));
            assert_eq!(packet[..plain.len()], plain);
        }
    }

    const RTCP: &str = "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61
         deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

    #[test]
    fn rtcp_is_sealed_as_in_rfc_7714_17_1_and_17_2() {
        for (profile, sealed) in [
            (
                SrtpProfile::AeadAes128Gcm,
                "81c8000d4d617273
                 63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b
                 c84aa45896cf4d2fc5abf87245d9eade800005d4",
            ),
            (
                SrtpProfile::AeadAes256Gcm,
                "81c8000d4d617273
                 d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad
                 1d1eb30c4446839f57ff6f6cb26ac3be800005d4",
            ),
        ] {
            let (mut inbound, mut outbound) = both_ways(profile);
            let mut packet = hex(RTCP);
            let plain_len = packet.len();
            packet.resize(plain_len + outbound.rtcp_overhead(), 0);
            assert_eq!(outbound.protect_rtcp(&mut packet, plain_len), Ok(packet.len()));
            assert_eq!(packet, hex(sealed));
            assert_eq!(inbound.unprotect_rtcp(&mut packet), Ok(plain_len));
            assert_eq!(packet[..plain_len], hex(RTCP));
        }
    }

    #[test]
    fn rtcp_that_is_only_authenticated_is_opened_as_in_rfc_7714_17_3() {
        let (mut inbound, _) = both_ways(SrtpProfile::AeadAes128Gcm);
        let sealed = [hex(RTCP), hex("841dd9683dd78ec92ae58790125f62b3000005d4")].concat();
        let plain_len = hex(RTCP).len();
        for at in 0..sealed.len() {
            let mut forged = sealed.clone();
            forged[at] ^= 2;
            assert!(inbound.unprotect_rtcp(&mut forged).is_err(), "{at}");
        }
        let mut packet = sealed.clone();
        assert_eq!(inbound.unprotect_rtcp(&mut packet), Ok(plain_len));
        assert_eq!(packet[..plain_len], hex(RTCP));
        assert_eq!(inbound.unprotect_rtcp(&mut sealed.clone()), Err(Error::Replayed));
    }

    /// The reference packets of libsrtp's `srtp_validate` and `srtp_validate_gcm`: from master keys to the wire.
    #[test]
    fn packets_are_sealed_as_by_libsrtp() {
        let cm = "E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6";
        let gcm = "000102030405060708090a0b0c0d0e0f a0a1a2a3a4a5a6a7a8a9aaab";
        for (profile, master, sealed) in [
            (SrtpProfile::AesCm128HmacSha1_80, cm, "4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb"),
            (
                SrtpProfile::AeadAes128Gcm,
                gcm,
                "c5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392",
            ),
        ] {
            let (_, mut outbound) = from_master(profile, &hex(master));
            let header = hex("800f1234decafbadcafebabe");
            let mut packet = [&header[..], &[0xab; 16], &[0; 20]].concat();
            let sealed_len = outbound.protect_rtp(0x1234, 12, &mut packet, 28).unwrap();
            assert_eq!(packet[..sealed_len], [header, hex(sealed)].concat(), "{profile:?}");

            if profile == SrtpProfile::AesCm128HmacSha1_80 {
                outbound.next_rtcp_index = 1;
                let mut packet = [&hex("81c8000bcafebabe")[..], &[0xab; 16], &[0; 14]].concat();
                assert_eq!(outbound.protect_rtcp(&mut packet, 24), Ok(38));
                assert_eq!(
                    packet,
                    hex("81c8000bcafebabe 7128035be487b9bdbef89041f977a5a8 80000001 993e08cd54d6c1230798")
                );
            }
        }
    }

    /// The same master key and salt for both directions.
    fn from_master(profile: SrtpProfile, master: &[u8]) -> (Inbound, Outbound) {
        let (key, salt) = master.split_at(16);
        let exported = [key, key, salt, salt].concat();
        let (inbound, outbound) = KeyMaterial::split(profile, &exported, true).unwrap();
        (Inbound::new(&inbound).unwrap(), Outbound::new(&outbound).unwrap())
    }
}

/// The client's and the server's side of one session.
struct Session {
    client: (Inbound, Outbound),
    server: (Inbound, Outbound),
}

fn session(profile: SrtpProfile) -> Session {
    let exported: Vec<u8> = (0..KeyMaterial::exported_len(profile) as u8).collect();
    let side = |we_are_server| {
        let (inbound, outbound) = KeyMaterial::split(profile, &exported, we_are_server).unwrap();
        (Inbound::new(&inbound).unwrap(), Outbound::new(&outbound).unwrap())
    };
    Session { client: side(false), server: side(true) }
}

/// A packet with a contributing source and a header extension: 28 bytes of header.
fn rtp(ssrc: u32, sequence: u16, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x91, 96];
    packet.extend(sequence.to_be_bytes());
    packet.extend([0, 0, 0, 7]);
    packet.extend(ssrc.to_be_bytes());
    packet.extend([0, 0, 0, 9, 0xbe, 0xde, 0, 2, 0x10, 0x85, 0x21, 1, 2, 0, 0, 0]);
    packet.extend(payload);
    packet
}

const HEADER_LEN: usize = 28;

fn seal(outbound: &Outbound, index: u64, plain: &[u8]) -> Vec<u8> {
    let mut packet = plain.to_vec();
    packet.resize(plain.len() + outbound.rtp_overhead(), 0xee);
    let sealed_len = outbound.protect_rtp(index, HEADER_LEN, &mut packet, plain.len()).unwrap();
    assert_eq!(sealed_len, packet.len());
    packet
}

fn seal_rtcp(outbound: &mut Outbound, plain: &[u8]) -> Vec<u8> {
    let mut packet = plain.to_vec();
    packet.resize(plain.len() + outbound.rtcp_overhead(), 0xee);
    assert_eq!(outbound.protect_rtcp(&mut packet, plain.len()), Ok(packet.len()));
    packet
}

fn receiver_report(ssrc: u32) -> Vec<u8> {
    let mut packet = vec![0x80, 201, 0, 1];
    packet.extend(ssrc.to_be_bytes());
    packet.extend([0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2]);
    packet
}

#[test]
fn both_sides_understand_each_other_and_not_themselves() {
    for profile in PROFILES {
        let Session { mut client, mut server } = session(profile);
        let passes = |from: &Outbound, to: &mut Inbound, len: usize| {
            let plain = rtp(1, len as u16, &vec![0x5a; len]);
            let mut packet = seal(from, len as u64, &plain);
            assert_eq!(packet[..HEADER_LEN], plain[..HEADER_LEN]);
            assert!(len < 15 || packet[HEADER_LEN..plain.len()] != plain[HEADER_LEN..]);
            assert_eq!(to.unprotect_rtp(&mut packet), Ok((plain.len(), len as u64)));
            assert_eq!(packet[..plain.len()], plain);
        };
        for len in [0, 1, 15, 16, 17, 1200] {
            passes(&client.1, &mut server.0, len);
            passes(&server.1, &mut client.0, len);
        }
        let mut packet = seal(&client.1, 7, &rtp(2, 7, b"x"));
        assert_eq!(client.0.unprotect_rtp(&mut packet), Err(Error::Authentication));
        let mut packet = seal_rtcp(&mut client.1, &receiver_report(2));
        assert_eq!(client.0.unprotect_rtcp(&mut packet), Err(Error::Authentication));
    }
}

#[test]
fn rtcp_of_many_senders_goes_both_ways() {
    for profile in PROFILES {
        let Session { client: (_, mut outbound), server: (mut inbound, _) } = session(profile);
        for ssrc in [1, 2, 1, 1, 3, 2] {
            let plain = receiver_report(ssrc);
            let sealed = seal_rtcp(&mut outbound, &plain);
            let mut packet = sealed.clone();
            assert_eq!(inbound.unprotect_rtcp(&mut packet), Ok(plain.len()));
            assert_eq!(packet[..plain.len()], plain);
            assert_eq!(inbound.unprotect_rtcp(&mut sealed.clone()), Err(Error::Replayed));
        }
    }
}

#[test]
fn the_rollover_counter_follows_through_loss_and_reordering() {
    for profile in PROFILES {
        let Session { client: (_, outbound), server: (mut inbound, _) } = session(profile);
        // Steps of up to 700 packets, every fourth followed by one 600 late, over five rounds. The first packet is of
        // round zero, which is where a receiver starts (RFC 3711 §3.3.1).
        let mut noise = Noise::new(1);
        let mut index = 64_000;
        let mut seen = std::collections::BTreeSet::new();
        while index < 5 << 16 {
            index += 1 + noise.below(700);
            let late = noise.one_in(4).then_some(index - 600);
            for index in [Some(index), late].into_iter().flatten() {
                let mut packet = seal(&outbound, index, &rtp(1, index as u16, b"media"));
                let expected = match seen.insert(index) {
                    true => Ok((HEADER_LEN + 5, index)),
                    false => Err(Error::Replayed),
                };
                assert_eq!(inbound.unprotect_rtp(&mut packet), expected);
            }
        }
    }
}

#[test]
fn a_packet_is_taken_once() {
    for profile in PROFILES {
        let Session { client: (_, outbound), server: (mut inbound, _) } = session(profile);
        let sealed: Vec<_> =
            (100..1200).map(|index| seal(&outbound, index, &rtp(1, index as u16, b"m"))).collect();
        // The first packet arrives last, when it has left the window.
        for packet in &sealed[1..] {
            assert!(inbound.unprotect_rtp(&mut packet.clone()).is_ok());
            assert_eq!(inbound.unprotect_rtp(&mut packet.clone()), Err(Error::Replayed));
        }
        assert_eq!(inbound.unprotect_rtp(&mut sealed[0].clone()), Err(Error::Replayed));
    }
}

#[test]
fn a_forged_packet_moves_neither_window_nor_rollover_counter() {
    for profile in PROFILES {
        let Session { client: (_, outbound), server: (mut inbound, _) } = session(profile);
        let open = |inbound: &mut Inbound, index: u64| {
            inbound.unprotect_rtp(&mut seal(&outbound, index, &rtp(1, index as u16, b"m")))
        };
        assert!(open(&mut inbound, 10).is_ok());
        let mut forged = seal(&outbound, 30_000, &rtp(1, 30_000, b"m"));
        forged[3] ^= 1;
        assert_eq!(inbound.unprotect_rtp(&mut forged), Err(Error::Authentication));
        assert_eq!(open(&mut inbound, 9).map(|(_, index)| index), Ok(9));
        assert_eq!(open(&mut inbound, 11).map(|(_, index)| index), Ok(11));
    }
}

#[test]
fn a_changed_byte_anywhere_breaks_the_seal() {
    for profile in PROFILES {
        let Session { client: (_, mut outbound), server: (mut inbound, _) } = session(profile);
        let sealed = seal(&outbound, 1, &rtp(1, 1, b"payload"));
        let sealed_rtcp = seal_rtcp(&mut outbound, &receiver_report(1));
        for bit in 0..8 {
            for at in 0..sealed.len() {
                let mut packet = sealed.clone();
                packet[at] ^= 1 << bit;
                let dropped = inbound.unprotect_rtp(&mut packet).unwrap_err();
                assert!(
                    matches!(dropped, Error::Authentication | Error::Malformed),
                    "{profile:?} {at} {bit}"
                );
            }
            for at in 0..sealed_rtcp.len() {
                let mut packet = sealed_rtcp.clone();
                packet[at] ^= 1 << bit;
                let dropped = inbound.unprotect_rtcp(&mut packet).unwrap_err();
                assert!(
                    matches!(dropped, Error::Authentication | Error::Malformed),
                    "{profile:?} {at} {bit}"
                );
            }
        }
        assert!(inbound.unprotect_rtp(&mut sealed.clone()).is_ok());
        assert!(inbound.unprotect_rtcp(&mut sealed_rtcp.clone()).is_ok());
    }
}

#[test]
fn a_packet_cut_anywhere_is_dropped() {
    for profile in PROFILES {
        let Session { client: (_, mut outbound), server: (mut inbound, _) } = session(profile);
        let sealed = seal(&outbound, 1, &rtp(1, 1, b"payload"));
        for len in 0..sealed.len() {
            let expected = if len < HEADER_LEN + outbound.rtp_overhead() {
                Error::Malformed
            } else {
                Error::Authentication
            };
            assert_eq!(inbound.unprotect_rtp(&mut sealed[..len].to_vec()), Err(expected), "{len}");
        }
        let sealed = seal_rtcp(&mut outbound, &receiver_report(1));
        for len in 0..sealed.len() {
            let expected =
                if len < 8 + outbound.rtcp_overhead() { Error::Malformed } else { Error::Authentication };
            assert_eq!(inbound.unprotect_rtcp(&mut sealed[..len].to_vec()), Err(expected), "{len}");
        }
    }
}

#[test]
fn random_bytes_are_dropped() {
    for profile in PROFILES {
        let mut inbound = session(profile).server.0;
        let mut noise = Noise::new(1);
        for _ in 0..20_000 {
            let mut next = || noise.below(256) as u8;
            let mut packet: Vec<u8> = (0..next()).map(|_| next()).collect();
            // Half of them get as far as the seal.
            if let [first, _, ..] = &mut packet[..]
                && next() < 128
            {
                *first = 0x80;
            }
            assert!(inbound.unprotect_rtp(&mut packet.clone()).is_err());
            assert!(inbound.unprotect_rtcp(&mut packet).is_err());
        }
    }
}

#[test]
fn a_place_is_freed_by_who_is_long_silent_and_what_it_has_seen_stays_seen() {
    let Session { client: (_, mut outbound), server: (mut inbound, _) } = session(SrtpProfile::AeadAes128Gcm);
    let most = Inbound::MAX_SSRCS as u32;
    for ssrc in 0..most {
        assert!(inbound.unprotect_rtp(&mut seal(&outbound, 5, &rtp(ssrc, 5, b"m"))).is_ok());
        assert!(inbound.unprotect_rtcp(&mut seal_rtcp(&mut outbound, &receiver_report(ssrc))).is_ok());
    }
    let one_more = seal(&outbound, 5, &rtp(most, 5, b"m"));
    let one_more_rtcp = seal_rtcp(&mut outbound, &receiver_report(most));
    assert_eq!(inbound.unprotect_rtp(&mut one_more.clone()), Err(Error::TooManySsrcs));
    assert_eq!(inbound.unprotect_rtcp(&mut one_more_rtcp.clone()), Err(Error::TooManySsrcs));
    // All but one go on.
    for index in 6..40 {
        for ssrc in (0..most).filter(|ssrc| *ssrc != 3) {
            assert!(
                inbound.unprotect_rtp(&mut seal(&outbound, index, &rtp(ssrc, index as u16, b"m"))).is_ok()
            );
            let mut report = seal_rtcp(&mut outbound, &receiver_report(ssrc));
            assert!(inbound.unprotect_rtcp(&mut report).is_ok());
        }
    }
    assert!(inbound.unprotect_rtp(&mut one_more.clone()).is_ok());
    assert!(inbound.unprotect_rtcp(&mut one_more_rtcp.clone()).is_ok());
    for ssrc in 0..=most {
        let mut again = seal(&outbound, 5, &rtp(ssrc, 5, b"m"));
        let expected = if ssrc == 3 { Error::TooManySsrcs } else { Error::Replayed };
        assert_eq!(inbound.unprotect_rtp(&mut again), Err(expected), "{ssrc}");
    }
}

#[test]
fn a_session_may_have_thousands_of_streams_one_after_the_other() {
    let Session { client: (_, outbound), server: (mut inbound, _) } = session(SrtpProfile::AeadAes128Gcm);
    let open = |inbound: &mut Inbound, ssrc: u32, index: u64| {
        inbound.unprotect_rtp(&mut seal(&outbound, index, &rtp(ssrc, index as u16, b"m")))
    };
    let streams = (Inbound::MAX_SSRCS + Inbound::MAX_RETIRED) as u32;
    for ssrc in 0..streams {
        for index in 100..130 {
            assert!(open(&mut inbound, ssrc, index).is_ok(), "{ssrc}");
        }
    }
    // The first comes back, in its next round even, and what it sent before is not taken again.
    assert_eq!(open(&mut inbound, 0, 120), Err(Error::Replayed));
    assert!(
        open(&mut inbound, 0, 65_536 + 3).is_err(),
        "a leap: the estimate is round zero, as old as can be"
    );
    assert!(open(&mut inbound, 0, 130).is_ok());
    assert_eq!(open(&mut inbound, 0, 129), Err(Error::Replayed));
    // There is an end.
    let after = (0..64).map(|ssrc| open(&mut inbound, streams + ssrc, 5)).find(Result::is_err);
    assert_eq!(after, Some(Err(Error::TooManySsrcs)));
}

#[test]
fn a_leap_of_more_than_half_a_round_is_followed() {
    for profile in PROFILES {
        let Session { client: (_, outbound), server: (mut inbound, _) } = session(profile);
        let mut index = 10_000;
        for leap in [1, 40_000, 1, 33_000, 1, 64_000, 32_769, 60_000] {
            for index in index + leap..index + leap + 50 {
                let mut packet = seal(&outbound, index, &rtp(1, index as u16, b"m"));
                assert_eq!(inbound.unprotect_rtp(&mut packet), Ok((HEADER_LEN + 1, index)), "{leap}");
            }
            index += leap + 49;
        }
    }
}

#[test]
fn forged_packets_take_no_place() {
    let mut inbound = session(SrtpProfile::AeadAes256Gcm).server.0;
    let stranger = session(SrtpProfile::AeadAes256Gcm).server.1;
    for ssrc in 0..200 {
        let mut packet = seal(&stranger, 5, &rtp(ssrc, 5, b"m"));
        assert_eq!(inbound.unprotect_rtp(&mut packet), Err(Error::Authentication));
    }
}

#[test]
fn the_index_is_estimated_as_in_rfc_3711_appendix_a() {
    // (rollover counter, greatest sequence number seen, arriving one) and the arriving one's counter.
    for ((round, seen, sequence), expected) in [
        ((5, 100, 101), 5),
        ((5, 100, 99), 5),
        ((5, 100, 32_868), 5),
        ((5, 100, 32_869), 4),
        ((5, 100, 65_535), 4),
        ((5, 65_535, 0), 6),
        ((5, 40_000, 7_231), 6),
        ((5, 40_000, 7_232), 5),
        ((5, 40_000, 65_535), 5),
        // There is no round before the first.
        ((0, 100, 65_535), 0),
    ] {
        let newest = round << 16 | seen;
        assert_eq!(
            estimate_index(newest, sequence),
            expected << 16 | u64::from(sequence),
            "{seen} {sequence}"
        );
    }
}

#[test]
fn counters_that_have_run_out_seal_nothing() {
    for profile in PROFILES {
        let (_, mut outbound) = session(profile).client;
        let mut packet = [rtp(1, 0xffff, b"m"), vec![0; 20]].concat();
        let plain_len = packet.len() - 20;
        assert!(outbound.protect_rtp(MAX_RTP_INDEX, HEADER_LEN, &mut packet.clone(), plain_len).is_ok());
        let beyond = MAX_RTP_INDEX + 0x1_0000;
        assert_eq!(outbound.protect_rtp(beyond, HEADER_LEN, &mut packet, plain_len), Err(Error::Seal));

        outbound.next_rtcp_index = (1 << 31) - 1;
        seal_rtcp(&mut outbound, &receiver_report(1));
        let mut packet = [receiver_report(1), vec![0; 20]].concat();
        assert_eq!(outbound.protect_rtcp(&mut packet, 20), Err(Error::Seal));
    }
}

#[test]
fn what_does_not_fit_is_not_sealed() {
    for profile in PROFILES {
        let (_, mut outbound) = session(profile).client;
        let plain = rtp(1, 1, b"m");
        let mut packet = plain.clone();
        packet.resize(plain.len() + outbound.rtp_overhead(), 0);
        let room = packet.len();
        let attempts = [
            (1, HEADER_LEN, room - 1, plain.len()),
            (1, plain.len() + 1, room, plain.len()),
            (1, HEADER_LEN, room, usize::MAX),
            (2, HEADER_LEN, room, plain.len()),
        ];
        for (index, header_len, room, plain_len) in attempts {
            let sealed = outbound.protect_rtp(index, header_len, &mut packet.clone()[..room], plain_len);
            assert_eq!(sealed, Err(Error::Seal), "{index} {header_len} {room} {plain_len}");
        }
        assert!(outbound.protect_rtp(1, HEADER_LEN, &mut packet, plain.len()).is_ok());
        for plain_len in [0, 7, 100, usize::MAX] {
            assert_eq!(outbound.protect_rtcp(&mut [0x80; 27], plain_len), Err(Error::Seal), "{plain_len}");
        }
    }
}

#[test]
fn keys_of_another_length_are_refused() {
    for profile in PROFILES {
        for len in [0, 1, KeyMaterial::exported_len(profile) - 1, KeyMaterial::exported_len(profile) + 1] {
            assert_eq!(KeyMaterial::split(profile, &vec![1; len], true).err(), Some(InvalidKeys));
        }
    }
}

#[test]
fn no_key_is_printed() {
    for profile in PROFILES {
        let exported = vec![0xab; KeyMaterial::exported_len(profile)];
        let (material, _) = KeyMaterial::split(profile, &exported, true).unwrap();
        assert_eq!(format!("{material:?}"), format!("KeyMaterial {{ profile: {profile:?}, .. }}"));
    }
}
