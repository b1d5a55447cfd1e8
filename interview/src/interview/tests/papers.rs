//! Scores, and their export.

use super::*;
use crate::AuditLine;

fn save(desk: &mut Desk, examiner: SeatId, candidate: SeatId, points: &[(&str, u32)]) -> Result<(), Refused> {
    let points = points.iter().map(|(id, points)| (id.parse().unwrap(), Points(*points))).collect();
    let remark = "好".to_owned();
    desk.seat(examiner, SeatAction::SaveScores { candidate, points, remark }).map(|_| ())
}

fn submit(desk: &mut Desk, examiner: SeatId, candidate: SeatId) -> Result<(), Refused> {
    desk.seat(examiner, SeatAction::SubmitScores { candidate }).map(|_| ())
}

/// The points of the sheets that a seat sees.
fn seen(desk: &Desk, seat: SeatId) -> Vec<(SeatId, Option<u32>)> {
    desk.panel(seat).sheets.iter().map(|sheet| (sheet.examiner, sheet.total.map(|total| total.0))).collect()
}

#[test]
fn scores_are_hidden_until_all_examiners_have_handed_in() {
    let mut desk = Desk::waiting();
    save(&mut desk, EXAMINER, A, &[("c1", 9000), ("c2", 8000)]).unwrap();
    submit(&mut desk, EXAMINER, A).unwrap();
    save(&mut desk, SECOND, A, &[("c1", 7000)]).unwrap();
    assert_eq!(seen(&desk, EXAMINER), [(EXAMINER, Some(8600))]);
    assert_eq!(seen(&desk, SECOND), [(SECOND, None)]);
    assert_eq!((seen(&desk, HOST), seen(&desk, PATROL)), (vec![], vec![]));
    assert_eq!(desk.panel(HOST).submitted[&A], [EXAMINER]);
    assert_eq!(desk.panel(HOST).candidates[0].submitted, 1);
    assert!(desk.interview.score_rows().iter().all(|row| row.total.is_none()));
    assert_eq!(desk.seat(HOST, SeatAction::LockScores { candidate: A }), Err(Refused::ScoresIncomplete));

    save(&mut desk, SECOND, A, &[("c1", 7000), ("c2", 7001)]).unwrap();
    submit(&mut desk, SECOND, A).unwrap();
    let all = [(EXAMINER, Some(8600)), (SECOND, Some(7000))];
    for seat in [EXAMINER, SECOND, HOST] {
        assert_eq!(seen(&desk, seat), all);
    }
    assert_eq!(seen(&desk, PATROL), []);
    let totals: Vec<_> = desk.interview.score_rows().iter().map(|row| row.total).collect();
    assert_eq!(totals, [Some(Points(8600)), Some(Points(7000)), None]);
}

#[test]
fn an_examiner_who_is_put_out_is_not_waited_for() {
    let mut desk = Desk::waiting();
    save(&mut desk, EXAMINER, A, &[("c1", 9000), ("c2", 8000)]).unwrap();
    submit(&mut desk, EXAMINER, A).unwrap();
    desk.seat(HOST, SeatAction::Remove { seat: SECOND, reason: "ill".to_owned() }).unwrap();
    assert_eq!(seen(&desk, HOST).len(), 1);
    desk.seat(HOST, SeatAction::Readmit { seat: SECOND }).unwrap();
    assert_eq!(seen(&desk, SECOND), []);
}

#[test]
fn sheets_keep_within_their_bounds_and_are_handed_in_once() {
    let mut desk = Desk::waiting();
    let out_of_bounds = Err(Refused::ScoresOutOfBounds { of: "c1".to_owned() });
    for points in [999, 10_001] {
        assert_eq!(save(&mut desk, EXAMINER, A, &[("c1", points)]), out_of_bounds);
    }
    assert_eq!(save(&mut desk, EXAMINER, A, &[("c9", 1000)]), Err(Refused::NotFound("criterion")));
    assert_eq!(save(&mut desk, EXAMINER, SeatId(5), &[]), Err(Refused::CandidateUnknown));
    assert_eq!(submit(&mut desk, EXAMINER, A), Err(Refused::ScoresIncomplete));
    save(&mut desk, EXAMINER, A, &[("c1", 1000), ("c2", 10_000)]).unwrap();
    submit(&mut desk, EXAMINER, A).unwrap();
    submit(&mut desk, EXAMINER, A).unwrap();
    assert_eq!(save(&mut desk, EXAMINER, A, &[("c1", 2000)]), Err(Refused::ScoresSubmitted));
}

#[test]
fn closed_scores_stay_as_they_are_and_stay_shown() {
    let mut desk = Desk::waiting();
    for examiner in [EXAMINER, SECOND] {
        save(&mut desk, examiner, A, &[("c1", 9000), ("c2", 8000)]).unwrap();
        submit(&mut desk, examiner, A).unwrap();
    }
    desk.seat(HOST, SeatAction::LockScores { candidate: A }).unwrap();
    assert_eq!(desk.panel(HOST).locked, [A]);
    let (seat, account, name) = (SeatId(0x20), String::new(), "late".to_owned());
    desk.administer(AdministratorAction::AddStaff { seat, account, name, role: Role::Examiner }).unwrap();
    assert_eq!(save(&mut desk, seat, A, &[("c1", 9000)]), Err(Refused::ScoresLocked));
    assert_eq!(seen(&desk, HOST).len(), 2);
}

#[test]
fn the_export_has_points_and_the_audit_has_none_and_no_secrets() {
    let mut desk = Desk::waiting();
    desk.interview(A, 9876);
    desk.publish(A, "拟录取").unwrap();
    let csv = desk.interview.score_table(None).csv();
    assert!(csv.contains("98.76") && csv.contains("87.50") && csv.contains("考生2"), "{csv}");
    let lines: Vec<_> =
        desk.records.iter().zip(1..).map(|(record, seq)| desk.interview.audit(seq, record)).collect();
    assert_eq!(lines.len(), desk.records.len());
    let json = serde_json::to_string(&lines).unwrap();
    for secret in ["98.76", "9876", "13812345678", &code(A).to_string()] {
        assert!(!json.contains(secret), "{secret}");
    }
    let [.., published, _] = &lines[..] else { panic!("nothing was published") };
    assert_eq!(
        (published.event, published.person.as_str(), published.detail.as_str()),
        ("result_published", "考生1", "拟录取")
    );
    assert_eq!(AuditLine::table(lines, None).csv().lines().count(), desk.records.len() + 1);
}
