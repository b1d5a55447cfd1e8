//! RTCP, compound or of reduced size.

use super::Verdict::{self, Refused, Understood};
use viva_media::Ssrc;
use viva_wire::rtcp::{Arrival, CongestionFeedback, Feedback, Writer, read};

/// A decrypted RTCP packet: what it says, said by our writer, is read the same.
pub fn rtcp(data: &[u8]) -> Verdict {
    let mut understood = 0;
    for item in read(data) {
        let Ok(feedback) = item else { return Refused };
        understood += 1;
        say_again(&feedback);
    }
    if understood == 0 { Refused } else { Understood }
}

fn say_again(feedback: &Feedback<'_>) {
    let mut buffer = vec![0; 70_000];
    let mut writer = Writer::new(&mut buffer);
    match feedback {
        Feedback::SenderReport(info) => writer.sender_report(info, &[]).expect("there is room"),
        Feedback::ReportBlock { sender, block } => {
            writer.receiver_report(*sender, std::slice::from_ref(block)).expect("there is room");
        }
        Feedback::PictureLoss { media } => writer.picture_loss(Ssrc(1), *media).expect("there is room"),
        Feedback::FullIntra { media, sequence } => {
            writer.full_intra(Ssrc(1), *media, *sequence).expect("there is room");
        }
        Feedback::Bye { ssrc } => writer.bye(&[*ssrc]).expect("there is room"),
        Feedback::Nack { media, lost } => {
            let lost: Vec<u16> = lost.collect();
            // Our own name something, in rising order; a peer's need not.
            if lost.is_empty()
                || !lost.windows(2).all(|two| (1..0x8000).contains(&two[1].wrapping_sub(two[0])))
            {
                return;
            }
            assert_eq!(writer.nack(Ssrc(1), *media, &lost), lost.len());
            let Some(Ok(Feedback::Nack { media: again_media, lost: again })) = read(writer.bytes()).next()
            else {
                panic!("what was written is no NACK");
            };
            assert_eq!((again_media, again.collect::<Vec<_>>()), (*media, lost));
            return;
        }
        Feedback::TransportFeedback(feedback) => {
            assert!(feedback.packets().count() <= usize::from(u16::MAX));
            let sequences: Vec<u16> = feedback.packets().map(|(sequence, _)| sequence).collect();
            assert!(
                sequences.windows(2).all(|two| two[1].wrapping_sub(two[0]) == 1),
                "sequence numbers rise by one"
            );
            return;
        }
        Feedback::Congestion(feedback) => return congestion(*feedback),
        Feedback::Remb { .. } | Feedback::Other { .. } => return,
    }
    let again: Vec<_> = read(writer.bytes()).collect();
    assert!(again.contains(&Ok(*feedback)), "{feedback:?} became {again:?}");
}

/// What congestion feedback tells, told again at another time, is the same as far as that time can tell it.
fn congestion(feedback: CongestionFeedback<'_>) {
    let told: Vec<_> = feedback.packets().collect();
    assert!(told.len() <= 32_768);
    let rises = |a: &(Ssrc, u16, Arrival), b: &(Ssrc, u16, Arrival)| a.0 == b.0 && b.1 == a.1.wrapping_add(1);
    let blocks: Vec<_> = told.chunk_by(rises).map(|block| (block[0].0, block[0].1, block)).collect();
    let arrivals: Vec<Vec<_>> =
        blocks.iter().map(|(.., block)| block.iter().map(|told| told.2).collect()).collect();
    let at = told.iter().find_map(|(.., arrival)| match arrival {
        Arrival::At(at) => Some(*at),
        _ => None,
    });
    // Two blocks of one stream that follow each other may be more together than one may hold.
    if arrivals.iter().any(|arrivals| arrivals.len() > 16_384) {
        return;
    }
    let streams: Vec<_> = blocks
        .iter()
        .zip(&arrivals)
        .map(|((ssrc, first, _), arrivals)| (*ssrc, *first, &arrivals[..]))
        .collect();
    let mut buffer = vec![0; 400_000];
    let mut writer = Writer::new(&mut buffer);
    if writer.congestion_feedback(Ssrc(1), at.unwrap_or(0).wrapping_add(8_189 * 64), &streams).is_none() {
        return;
    }
    let Some(Ok(Feedback::Congestion(again))) = read(writer.bytes()).next() else {
        panic!("what was written is no congestion feedback");
    };
    let missing = |(ssrc, number, arrival): (Ssrc, u16, Arrival)| (ssrc, number, arrival == Arrival::Missing);
    assert!(again.packets().map(missing).eq(told.iter().copied().map(missing)));
}
