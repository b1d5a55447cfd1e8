//! Tests of both sides: against each other, against two other implementations, and against hostile bytes.

use super::*;
use crate::Error;
use rtcp::packet::unmarshal;

const US: Ssrc = Ssrc(0x0102_0304);
const MEDIA: Ssrc = Ssrc(0xa0b0_c0d0);

fn written(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut buffer = [0xaa; 1500];
    let mut writer = Writer::new(&mut buffer);
    write(&mut writer);
    writer.bytes().to_vec()
}

fn all(packet: &[u8]) -> Vec<Result<Feedback<'_>, Error>> {
    read(packet).collect()
}

fn info() -> SenderInfo {
    SenderInfo { ssrc: US, ntp: Ntp(0xb44d_b705_2000_0000), rtp: 90_000, packets: 17, octets: 20_000 }
}

fn block(about: u32, cumulative_lost: i32) -> ReportBlock {
    ReportBlock {
        about: Ssrc(about),
        fraction_lost: 25,
        cumulative_lost,
        highest: 0x0001_ffff,
        jitter: 300,
        last_report: 0xb705_2000,
        delay: 0x0005_4000,
    }
}

/// Everything that the unit writes, in one compound.
fn everything() -> Vec<u8> {
    written(|w| {
        w.sender_report(&info(), &[block(1, 4), block(2, -5)]).unwrap();
        w.cname(US, "viva").unwrap();
        w.receiver_report(US, &[block(3, 6)]).unwrap();
        assert_eq!(w.nack(US, MEDIA, &[10, 12, 65_535]), 3);
        w.picture_loss(US, MEDIA).unwrap();
        w.full_intra(US, MEDIA, 7).unwrap();
        w.append(twcc).unwrap();
        w.append(remb).unwrap();
        w.bye(&[US, MEDIA]).unwrap();
    })
}

/// Transport-wide feedback by hand: 100 arrived 1 ms after 2 × 64 ms, 101 did not, 102 arrived 65 ms later.
fn twcc(room: &mut [u8]) -> Option<usize> {
    let packet = [
        0x8f,
        205,
        0,
        6,
        1,
        2,
        3,
        4,
        0xa0,
        0xb0,
        0xc0,
        0xd0,
        0,
        100,
        0,
        3,
        0,
        0,
        2,
        9,
        0b1101_0010,
        0,
        4,
        1,
        4,
        0,
        0,
        0,
    ];
    room.get_mut(..packet.len())?.copy_from_slice(&packet);
    Some(packet.len())
}

fn remb(room: &mut [u8]) -> Option<usize> {
    let packet = [0x8f, 206, 0, 5, 1, 2, 3, 4, 0, 0, 0, 0, b'R', b'E', b'M', b'B', 1, 1, 2, 3, 9, 9, 9, 9];
    room.get_mut(..packet.len())?.copy_from_slice(&packet);
    Some(packet.len())
}

#[test]
fn what_is_written_is_read() {
    let packet = everything();
    let items = all(&packet).into_iter().collect::<Result<Vec<_>, _>>().unwrap();
    let [report, one, two, sdes, three, nack, loss, intra, twcc, remb, bye, byes] = items[..] else {
        panic!("{items:?}")
    };
    assert_eq!(report, Feedback::SenderReport(info()));
    assert_eq!(one, Feedback::ReportBlock { sender: US, block: block(1, 4) });
    assert_eq!(two, Feedback::ReportBlock { sender: US, block: block(2, -5) });
    assert_eq!(sdes, Feedback::Other { kind: 202 });
    assert_eq!(three, Feedback::ReportBlock { sender: US, block: block(3, 6) });
    let Feedback::Nack { media: MEDIA, lost } = nack else { panic!("{nack:?}") };
    assert_eq!(lost.collect::<Vec<_>>(), [10, 12, 65_535]);
    assert_eq!(loss, Feedback::PictureLoss { media: MEDIA });
    assert_eq!(intra, Feedback::FullIntra { media: MEDIA, sequence: 7 });
    let Feedback::TransportFeedback(twcc) = twcc else { panic!("{twcc:?}") };
    assert_eq!(twcc.count(), 9);
    assert_eq!(twcc.packets().collect::<Vec<_>>(), [(100, Some(516)), (101, None), (102, Some(776))]);
    assert_eq!(remb, Feedback::Remb { bits_per_second: 0x1_0203 });
    assert_eq!((bye, byes), (Feedback::Bye { ssrc: US }, Feedback::Bye { ssrc: MEDIA }));
}

#[test]
fn another_implementation_reads_what_is_written() {
    let packet = everything();
    let parts = unmarshal(&mut bytes::Bytes::from(packet)).unwrap();
    let names = parts.iter().map(|part| part.header().packet_type as u8).collect::<Vec<_>>();
    assert_eq!(names, [200, 202, 201, 205, 206, 206, 205, 206, 203]);
    let nack = parts[3]
        .as_any()
        .downcast_ref::<rtcp::transport_feedbacks::transport_layer_nack::TransportLayerNack>();
    let lost = nack.unwrap().nacks.iter().flat_map(|pair| pair.packet_list()).collect::<Vec<_>>();
    assert_eq!(lost, [10, 12, 65_535]);
    let sdes = parts[1].as_any().downcast_ref::<rtcp::source_description::SourceDescription>().unwrap();
    assert_eq!(sdes.chunks[0].items[0].text, "viva");
    let report = parts[0].as_any().downcast_ref::<rtcp::sender_report::SenderReport>().unwrap();
    assert_eq!(
        (report.ntp_time, report.rtp_time, report.octet_count),
        (0xb44d_b705_2000_0000, 90_000, 20_000)
    );
    assert_eq!((report.reports[0].total_lost, report.reports[1].total_lost), (4, 0x00ff_fffb));
}

#[test]
fn names_of_every_length_end_with_a_zero_and_a_whole_word() {
    for length in 0..300 {
        let packet = written(|w| w.cname(US, &"n".repeat(length)).unwrap());
        let sdes = <rtcp_types::Sdes<'_> as rtcp_types::prelude::RtcpPacketParser>::parse(&packet).unwrap();
        let value = sdes.chunks().next().unwrap().items().next().unwrap().value().to_vec();
        assert_eq!(value.len(), length.min(255));
        assert_eq!(packet.last(), Some(&0));
    }
}

#[test]
fn a_nack_packs_sixteen_followers_and_wraps() {
    let lost = (0..40).map(|n| 65_520_u16.wrapping_add(n)).collect::<Vec<_>>();
    let packet = written(|w| assert_eq!(w.nack(US, MEDIA, &lost), 40));
    assert_eq!(packet.len(), 12 + 3 * 4);
    let Some(Ok(Feedback::Nack { lost: read, .. })) = read(&packet).next() else { panic!() };
    assert_eq!(read.collect::<Vec<_>>(), lost);
}

#[test]
fn a_nack_says_how_much_of_it_fitted() {
    let lost = [1, 100, 101, 200, 300];
    let mut buffer = [0; 12 + 3 * 4 + 3];
    let mut writer = Writer::new(&mut buffer);
    assert_eq!(writer.nack(US, MEDIA, &lost), 4);
    assert_eq!(writer.len(), 24);
    assert_eq!(writer.nack(US, MEDIA, &lost[4..]), 0);
    assert_eq!(Writer::new(&mut [0; 64]).nack(US, MEDIA, &[]), 0);
}

#[test]
fn a_packet_that_does_not_fit_leaves_the_buffer_as_it_was() {
    for room in 0..60 {
        let mut buffer = vec![0; room];
        let mut writer = Writer::new(&mut buffer);
        let fits = writer.receiver_report(US, &[block(1, 0), block(2, 0)]).is_some();
        assert_eq!((fits, writer.len()), (room >= 56, if room >= 56 { 56 } else { 0 }));
    }
    let mut buffer = vec![0; 1500];
    let mut writer = Writer::new(&mut buffer);
    writer.receiver_report(US, &[block(1, 0); 40]).unwrap();
    assert_eq!(writer.len(), 8 + 31 * 24);
    assert_eq!(writer.append(|room| Some(room.len() + 1)), None);
}

#[test]
fn losses_beyond_24_bits_are_clamped() {
    let packet = written(|w| w.receiver_report(US, &[block(1, i32::MAX), block(2, i32::MIN)]).unwrap());
    let lost = read(&packet).map(|item| match item {
        Ok(Feedback::ReportBlock { block, .. }) => block.cumulative_lost,
        other => panic!("{other:?}"),
    });
    assert_eq!(lost.collect::<Vec<_>>(), [8_388_607, -8_388_608]);
}

#[test]
fn what_came_before_a_broken_part_counts() {
    let mut packet = written(|w| w.picture_loss(US, MEDIA).unwrap());
    for broken in [&[0x80][..], &[0x81, 206, 0, 3, 0, 0], &[0x40, 206, 0, 0], &[0xa0, 201, 0, 1, 0, 0, 0, 0]]
    {
        packet.truncate(12);
        packet.extend_from_slice(broken);
        assert_eq!(all(&packet), [Ok(Feedback::PictureLoss { media: MEDIA }), Err(Error::Malformed)]);
    }
}

#[test]
fn an_estimate_is_read_as_it_was_written_to_18_bits() {
    for bits_per_second in [0, 1, 0x3_ffff, 0x4_0000, 6_000_000, 5_400_000_001, u64::MAX] {
        let packet = written(|w| w.receiver_estimate(US, bits_per_second, &[MEDIA, US]).unwrap());
        let [Ok(Feedback::Remb { bits_per_second: read })] = all(&packet)[..] else { panic!() };
        assert!(read <= bits_per_second && bits_per_second - read <= bits_per_second >> 17, "{read}");
        // draft-alvestrand-rmcat-remb-03 §2.2: who says it, no media source, the name, how many streams, which.
        assert_eq!(packet[..4], [0x8f, 206, 0, 6]);
        assert_eq!(packet[8..17], [0, 0, 0, 0, b'R', b'E', b'M', b'B', 2]);
        assert_eq!(packet[20..24], MEDIA.0.to_be_bytes());
    }
    // An exponent beyond 64 bits.
    let mut packet = written(|w| w.receiver_estimate(US, u64::MAX, &[]).unwrap());
    packet[17] = 0xff;
    assert_eq!(all(&packet), [Ok(Feedback::Remb { bits_per_second: u64::MAX })]);
}

#[test]
fn padding_is_no_content() {
    let mut nack = written(|w| assert_eq!(w.nack(US, MEDIA, &[5]), 1));
    nack[0] |= 0x20;
    nack[3] += 1;
    nack.extend([0, 0, 0, 4]);
    let Some(Ok(Feedback::Nack { lost, .. })) = read(&nack).next() else { panic!() };
    assert_eq!(lost.collect::<Vec<_>>(), [5]);
    // Padding that reaches into the fixed fields, or is no padding at all.
    for length in [0, 9, 17, 255] {
        *nack.last_mut().unwrap() = length;
        assert_eq!(all(&nack), [Err(Error::Malformed)], "{length}");
    }
}

#[test]
fn a_count_larger_than_the_packet_is_malformed() {
    let mut report = written(|w| w.receiver_report(US, &[block(1, 0)]).unwrap());
    report[0] = 0x82;
    assert_eq!(all(&report), [Err(Error::Malformed)]);
    let mut bye = written(|w| w.bye(&[US]).unwrap());
    bye[0] = 0x9f;
    assert_eq!(all(&bye), [Err(Error::Malformed)]);
}

#[test]
fn no_bytes_panic_or_read_forever() {
    let seeds = [everything(), written(|w| w.sender_report(&info(), &[block(1, 2); 31]).unwrap())];
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    for round in 0..200_000_u64 {
        let mut packet = seeds[round as usize % 2].clone();
        for _ in 0..=next() % 8 {
            let at = next() as usize % packet.len();
            match next() % 4 {
                0 => packet[at] = next() as u8,
                1 => packet[at] ^= 1 << (next() % 8),
                2 => packet.truncate(at.max(1)),
                _ => packet.extend_from_slice(&next().to_be_bytes()),
            }
        }
        if next().is_multiple_of(8) {
            packet.fill_with(|| next() as u8);
        }
        let mut items = 0;
        for item in read(&packet) {
            items += 1;
            match item {
                Ok(Feedback::Nack { lost, .. }) => assert!(lost.count() <= packet.len() / 4 * 17),
                Ok(Feedback::TransportFeedback(feedback)) => {
                    assert!(feedback.packets().count() <= 65_535);
                    let _ = feedback.count();
                }
                _ => {}
            }
        }
        assert!(items <= packet.len() / 4 + 1);
    }
}
