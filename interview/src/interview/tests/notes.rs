//! What an examiner alone knows: private notes; and the panel's mean, as the setup allows.

use super::*;
use crate::{Mean, PrivateNote, ShowsMean};

fn keep(desk: &mut Desk, seat: SeatId, text: &str) -> Result<usize, Refused> {
    let text = text.to_owned();
    desk.seat(seat, SeatAction::KeepNote { candidate: A, text }).map(|decision| decision.records.len())
}

#[test]
fn a_private_note_is_in_its_writers_view_alone_and_never_in_the_audit() {
    let mut desk = Desk::waiting();
    assert_eq!(keep(&mut desk, EXAMINER, " 追问方法 \u{202e}"), Ok(1));
    let kept_at = desk.now;
    assert_eq!(keep(&mut desk, EXAMINER, "追问方法"), Ok(0), "the same note is nothing new");
    let note = PrivateNote { candidate: A, text: "追问方法".to_owned(), kept_at };
    assert_eq!(desk.panel(EXAMINER).notes, [note]);
    for seat in [SECOND, HOST, PATROL] {
        assert_eq!(desk.panel(seat).notes, []);
    }
    for by in [HOST, PATROL, A] {
        assert_eq!(keep(&mut desk, by, "mine"), Err(Refused::Forbidden));
    }
    assert_eq!(keep(&mut desk, EXAMINER, &"x".repeat(2001)), Err(Refused::TextTooLong(2000)));
    let lines: Vec<_> = desk.records.iter().map(|record| desk.interview.audit(1, record)).collect();
    let last = lines.last().unwrap();
    assert_eq!((last.event, last.seat, last.detail.as_str()), ("note_kept", Some(A), ""));
    assert_eq!(keep(&mut desk, EXAMINER, ""), Ok(1));
    assert_eq!(desk.panel(EXAMINER).notes, []);
}

#[test]
fn the_panels_mean_is_shown_when_the_setup_allows_it() {
    let mean = |points, sheets| Some(Mean { points: Points(points), sheets });
    // For one who has handed in, for one who has not, then for both when all have.
    for (shows_mean, early, all) in [
        (ShowsMean::Never, [None, None], None),
        (ShowsMean::AllIn, [None, None], mean(7801, 2)),
        (ShowsMean::OwnIn, [mean(8600, 1), None], mean(7801, 2)),
    ] {
        let mut desk = Desk::waiting();
        desk.administer(AdministratorAction::Change(Setup { shows_mean, ..setup() })).unwrap();
        let seen = |desk: &Desk, seat| desk.panel(seat).candidates[0].mean;
        desk.hand_in(EXAMINER, A, [9000, 8000]);
        assert_eq!([EXAMINER, SECOND].map(|seat| seen(&desk, seat)), early, "{shows_mean:?}");
        desk.hand_in(SECOND, A, [7000, 7003]);
        assert_eq!([EXAMINER, SECOND].map(|seat| seen(&desk, seat)), [all; 2], "{shows_mean:?}");
        assert_eq!([HOST, PATROL].map(|seat| seen(&desk, seat)), [None; 2], "for examiners alone");
    }
}
