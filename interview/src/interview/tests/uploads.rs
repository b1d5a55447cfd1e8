//! Papers and slides: who adds them until when, who sees them, what is erased.

use super::*;
use crate::{AdministratorAction as Administer, Effect, PaperFile, PaperKind, PaperView, SlidesView, limit};

fn file(name: &str, bytes: u64, slides: bool) -> PaperFile {
    PaperFile { name: name.to_owned(), kind: PaperKind::Pdf, bytes, slides }
}

fn own(desk: &mut Desk, seat: SeatId, number: u32, paper: PaperFile) -> Result<Decision, Refused> {
    desk.path(seat, PathAction::AddPaper { number, paper })
}

fn office(desk: &mut Desk, seat: SeatId, number: u32, paper: PaperFile) -> Result<Decision, Refused> {
    desk.administer(Administer::AddPaper { seat, number, paper })
}

fn names(papers: &[PaperView]) -> Vec<&str> {
    papers.iter().map(|paper| paper.name.as_str()).collect()
}

fn on_card(desk: &Desk, reader: SeatId, seat: SeatId) -> Vec<PaperView> {
    desk.panel(reader).candidates.into_iter().find(|card| card.seat == seat).unwrap().papers
}

/// A before the panel, with slides.
fn presenting() -> Desk {
    let mut desk = Desk::waiting();
    own(&mut desk, A, 1, file("slides.pdf", 9, true)).unwrap();
    desk.go_to(StageKind::Interview);
    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
    desk
}

#[test]
fn a_candidate_adds_papers_from_the_identity_step_until_the_first_call() {
    let mut desk = Desk::new();
    desk.path(A, PathAction::Enter { code: code(A) }).unwrap();
    assert!(!desk.candidate(A).may_add_papers);
    assert_eq!(own(&mut desk, A, 1, file("early.pdf", 9, false)), Err(Refused::PapersClosed));
    desk.bring_in(A);
    assert!(desk.candidate(A).may_add_papers);
    own(&mut desk, A, 1, file("cv.pdf", 9, false)).unwrap();
    own(&mut desk, A, 2, file("wrong.pdf", 9, false)).unwrap();
    desk.path(A, PathAction::RemovePaper { number: 2 }).unwrap();
    assert_eq!(names(&desk.candidate(A).papers), ["cv.pdf"]);

    desk.go_to(StageKind::Interview);
    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
    desk.seat(HOST, SeatAction::SendBack {}).unwrap();
    assert!(!desk.candidate(A).may_add_papers);
    assert_eq!(own(&mut desk, A, 3, file("late.pdf", 9, false)), Err(Refused::PapersClosed));
    assert_eq!(desk.path(A, PathAction::RemovePaper { number: 1 }), Err(Refused::PapersClosed));
    // The office may still: the staff asks it to.
    office(&mut desk, A, 3, file("found.pdf", 9, false)).unwrap();
    assert_eq!(names(&desk.candidate(A).papers), ["cv.pdf", "found.pdf"]);
    desk.go_to(StageKind::End);
    assert_eq!(office(&mut desk, A, 4, file("after.pdf", 9, false)), Err(Refused::PapersClosed));
}

#[test]
fn numbers_are_given_once_and_what_the_office_added_stays() {
    let mut desk = Desk::waiting();
    office(&mut desk, A, 4, file("office.pdf", 9, false)).unwrap();
    for number in [3, 4] {
        assert!(matches!(own(&mut desk, A, number, file("a", 9, false)), Err(Refused::NotNow(_))));
    }
    assert_eq!(desk.path(A, PathAction::RemovePaper { number: 4 }), Err(Refused::Forbidden));
    desk.administer(Administer::RemovePaper { seat: A, number: 4 }).unwrap();
    assert_eq!(desk.interview.next_paper(A, true, 1, desk.now), Ok(5));
    assert!(desk.administer(Administer::RemovePaper { seat: A, number: 4 }).unwrap().records.is_empty());
}

#[test]
fn papers_are_bounded_in_number_and_in_bytes() {
    let mut desk = Desk::waiting();
    let too_large = |most| Err(Refused::PapersTooLarge { most });
    let large = limit::PAPER_BYTES;
    assert_eq!(own(&mut desk, A, 1, file("a", large + 1, false)), too_large(large));
    assert_eq!(own(&mut desk, A, 1, file("a", 0, false)), Err(Refused::TextEmpty));
    for number in 1..=3 {
        own(&mut desk, A, number, file("a", large, false)).unwrap();
    }
    assert_eq!(own(&mut desk, A, 4, file("a", 1, false)), too_large(limit::PAPERS_BYTES_OF_CANDIDATE));
    for number in 1..=10 {
        own(&mut desk, B, number, file("b", 1, false)).unwrap();
    }
    assert_eq!(own(&mut desk, B, 11, file("b", 1, false)), Err(Refused::TooMany(limit::PAPERS)));
}

#[test]
fn the_panel_sees_them_and_neither_patrols_nor_other_candidates_do() {
    let mut desk = presenting();
    assert_eq!(names(&on_card(&desk, EXAMINER, A)), ["slides.pdf"]);
    assert_eq!(on_card(&desk, PATROL, A), []);
    let other = serde_json::to_string(&desk.candidate(B)).unwrap();
    assert!(!other.contains("slides.pdf"));
    assert!(desk.interview.reads_papers(EXAMINER) && !desk.interview.reads_papers(PATROL));
    assert!(!desk.interview.reads_papers(B));
    desk.seat(HOST, SeatAction::Remove { seat: EXAMINER, reason: "r".to_owned() }).unwrap();
    assert!(!desk.interview.reads_papers(EXAMINER));
}

#[test]
fn whoever_is_asked_again_who_they_are_sees_no_papers() {
    let mut desk = Desk::waiting();
    own(&mut desk, A, 1, file("cv.pdf", 9, false)).unwrap();
    assert!(desk.interview.own_paper(A, 1).is_some());
    desk.seat(HOST, SeatAction::VerifyAgain { candidate: A }).unwrap();
    assert_eq!((desk.candidate(A).papers, desk.interview.own_paper(A, 1)), (Vec::new(), None));
}

#[test]
fn slides_are_turned_by_whom_the_panel_asked_and_no_turn_is_recorded() {
    let mut desk = presenting();
    let turn = |desk: &mut Desk, page| desk.seat(A, SeatAction::TurnPage { page });
    assert!(matches!(turn(&mut desk, 2), Err(Refused::NotNow(_))));
    desk.seat(EXAMINER, SeatAction::InviteSlides { candidate: A, invited: true }).unwrap();
    let before = desk.records.len();
    for (page, wanted) in [(2, 2), (0, 1), (u32::MAX, limit::PAPER_PAGES)] {
        let effects = turn(&mut desk, page).unwrap().effects;
        assert_eq!(effects, [Effect::Page { seat: A, page: wanted }]);
    }
    assert_eq!(desk.records.len(), before);
    desk.presence.pages.insert(A, 7);
    let seen = |desk: &Desk, seat| match desk.interview.view(seat, desk.now, &desk.presence).unwrap() {
        SeatView::Panel(view) => view.slides,
        SeatView::Candidate(view) => view.slides,
    };
    let shown = Some(SlidesView { number: 1, page: 7 });
    assert_eq!(
        [HOST, EXAMINER, A, PATROL, B].map(|seat| seen(&desk, seat)),
        [shown, shown, shown, None, None]
    );
    assert!(desk.seat(B, SeatAction::TurnPage { page: 1 }).is_err());
    // With the turn they end.
    desk.seat(HOST, SeatAction::SendBack {}).unwrap();
    assert_eq!(seen(&desk, EXAMINER), None);
    assert!(turn(&mut desk, 1).is_err());
}

#[test]
fn slides_are_one_pdf_of_the_current_candidate() {
    let mut desk = presenting();
    let invite =
        |desk: &mut Desk, candidate, by| desk.seat(by, SeatAction::InviteSlides { candidate, invited: true });
    assert_eq!(invite(&mut desk, B, HOST), Err(Refused::SlidesMissing));
    office(&mut desk, B, 1, file("b.pdf", 9, true)).unwrap();
    assert!(matches!(invite(&mut desk, B, HOST), Err(Refused::NotNow(_))));
    assert_eq!(invite(&mut desk, A, PATROL), Err(Refused::Forbidden));
    assert_eq!(invite(&mut desk, A, A), Err(Refused::Forbidden));
    let picture = PaperFile { kind: PaperKind::Png, ..file("c.png", 9, true) };
    assert!(matches!(office(&mut desk, A, 2, picture), Err(Refused::NotNow(_))));
    // Newer slides take the place of the older ones, which stay as a paper.
    office(&mut desk, A, 2, file("new.pdf", 9, true)).unwrap();
    let marks: Vec<_> = on_card(&desk, HOST, A).iter().map(|paper| paper.slides).collect();
    assert_eq!(marks, [false, true]);
}

#[test]
fn names_lose_what_leads_elsewhere_and_are_erased_with_the_person() {
    let mut desk = Desk::waiting();
    own(&mut desk, A, 1, file("../../李华\n\u{202e}简历.pdf", 9, false)).unwrap();
    own(&mut desk, A, 2, file(" ", 9, false)).unwrap();
    assert_eq!(names(&desk.candidate(A).papers), [".. .. 李华 简历.pdf", "2.pdf"]);
    desk.seat(A, SeatAction::Leave {}).unwrap();
    let number = "1".to_owned();
    desk.administer(Administer::ErasePerson { seat: A, number, keep_result: true }).unwrap();
    let left = Interview::fold(desk.records.clone()).unwrap();
    assert_eq!(left.papers(A), Some(&[][..]));
    let mut records = desk.records.clone();
    crate::redact(&mut records);
    assert!(!serde_json::to_string(&records).unwrap().contains("简历"));
    desk.interview = left;
    assert_eq!(office(&mut desk, A, 3, file("again.pdf", 9, false)), Err(Refused::PapersClosed));
}
