//! Simulcast by `str0m`: the size of a tile decides which encoding comes, and switches happen at key frames.

use super::{
    house::server,
    page::{self, Page},
    sans_io::{Offered, Section},
};
use str0m::media::MediaKind;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tile_gets_the_encoding_of_its_size_and_switches_at_a_key_frame() {
    let server = server().await;
    let sender = async {
        let mut page = Page::join(&server, "exam", "candidate").await;
        let offered = Offered::udp(1, &[Section::Camera(&["q", "h", "f"]), Section::Microphone]).await;
        let answer = page.offer(offered.sdp.clone(), vec![]).await;
        (page, offered.accept(&answer).await)
    };
    let receiver = async {
        let mut page = Page::join(&server, "exam", "examiner").await;
        let slots = [Section::Slot(MediaKind::Video), Section::Slot(MediaKind::Audio)];
        let offered = Offered::udp(2, &slots).await;
        let mids = offered.mids.clone();
        let answer = page.offer(offered.sdp.clone(), vec![]).await;
        (page, offered.accept(&answer).await, mids)
    };
    let ((_candidate, sender), (mut examiner, receiver, mids)) = tokio::join!(sender, receiver);
    let [picture, sound] = [mids[0].as_str(), mids[1].as_str()];
    let publication = examiner.until(page::video).await;
    // Twice: where an encoding's first key frame comes just then, nobody needs to ask for one.
    for (height, encoding) in [(90, 0), (720, 2), (360, 1), (720, 2), (360, 1)] {
        examiner.view(picture, &publication, height).await;
        let shown =
            |seen: &super::seen::Seen| seen.of(picture).newest().is_some_and(|s| s.encoding == encoding);
        receiver.until("the encoding of the tile's size", shown).await;
    }
    let many = |seen: &super::seen::Seen| seen.of(picture).count() > 300 && seen.of(sound).count() > 100;
    receiver.until("picture and sound", many).await;
    receiver.until("no gap", |seen| seen.of(picture).continuous() && seen.of(sound).continuous()).await;
    receiver.seen(|seen| {
        let stamps = seen.of(picture).checked();
        assert!(stamps.iter().all(|stamp| stamp.sender == 1));
        assert!(seen.of(sound).checked().iter().all(|stamp| stamp.sender == 1));
    });
    assert_eq!(examiner.protocol().await, "AEAD_AES_256_GCM udp");
    let asked = sender.seen(|seen| seen.key_frame_requests.clone());
    assert!(asked.iter().any(|rid| rid == "f") && asked.iter().any(|rid| rid == "h"), "{asked:?}");
}
