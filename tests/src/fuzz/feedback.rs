//! RTCP, compound or of reduced size.

use super::Verdict::{self, Refused, Understood};
use viva_media::Ssrc;
use viva_wire::rtcp::{Feedback, Writer, read};

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
        Feedback::Remb { .. } | Feedback::Other { .. } => return,
    }
    let again: Vec<_> = read(writer.bytes()).collect();
    assert!(again.contains(&Ok(*feedback)), "{feedback:?} became {again:?}");
}
