//! Media over TCP (RFC 6544 active to passive, RFC 4571 framing), where UDP does not get through.

use super::{
    house::server,
    page::{self, Page},
    sans_io::{Offered, Section},
};
use str0m::media::MediaKind;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn media_flows_over_tcp_from_end_to_end() {
    let server = server().await;
    let sender = async {
        let mut page = Page::join(&server, "exam", "candidate").await;
        let offered = Offered::tcp(1, &[Section::Camera(&["q", "h", "f"]), Section::Microphone]);
        let answer = page.offer(offered.sdp.clone(), vec![]).await;
        (page, offered.accept(&answer).await)
    };
    let receiver = async {
        let mut page = Page::join(&server, "exam", "examiner").await;
        let slots = [Section::Slot(MediaKind::Video), Section::Slot(MediaKind::Audio)];
        let offered = Offered::tcp(2, &slots);
        let mids = offered.mids.clone();
        let answer = page.offer(offered.sdp.clone(), vec![]).await;
        (page, offered.accept(&answer).await, mids)
    };
    let ((mut candidate, _sender), (mut examiner, receiver, mids)) = tokio::join!(sender, receiver);
    let publication = examiner.until(page::video).await;
    examiner.view(&mids[0], &publication, 720).await;
    let flows = |seen: &super::seen::Seen| seen.of(&mids[0]).count() > 300 && seen.of(&mids[1]).count() > 100;
    receiver.until("picture and sound", flows).await;
    receiver.seen(|seen| {
        for mid in &mids {
            assert!(seen.of(mid).checked().iter().all(|stamp| stamp.sender == 1));
        }
    });
    for page in [&mut candidate, &mut examiner] {
        assert_eq!(page.protocol().await, "AEAD_AES_256_GCM tcp");
    }
}
