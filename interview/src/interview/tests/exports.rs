//! Tables for people: one row a candidate, in their language and by the clocks of the interview.

use super::*;
use crate::{AuditLine, Language, Table, Wording};

const BEIJING: i32 = 8 * 3600;

fn told<T>(language: Language, write: impl Fn(&Wording<'_>) -> T) -> T {
    let zone = language.of("北京时间", "Beijing time");
    write(&Wording { language, zone, offset: &|_| BEIJING })
}

fn results(desk: &Desk, language: Language) -> Table {
    told(language, |wording| desk.interview.result_table(wording))
}

fn rows(table: &Table, columns: &[&str]) -> Vec<Vec<String>> {
    let place = |column: &&str| table.headings.iter().position(|heading| heading == column).unwrap();
    let places: Vec<usize> = columns.iter().map(place).collect();
    table.rows.iter().map(|row| places.iter().map(|at| row[*at].text()).collect()).collect()
}

#[test]
fn equals_share_a_rank_and_the_next_one_comes_after_all_of_them() {
    let mut desk = Desk::waiting();
    let more = [(SeatId(0xc), "3"), (SeatId(0xd), "4"), (SeatId(0xe), "5")];
    let new = more.iter().map(|(seat, number)| new_candidate(*seat, number)).collect();
    desk.administer(AdministratorAction::AddCandidates(new)).unwrap();
    for (seat, _) in more {
        desk.bring_in(seat);
    }
    for (seat, points) in [(A, 9000), (B, 8000), (SeatId(0xc), 8000), (SeatId(0xd), 7000)] {
        desk.presence.seats.insert(seat);
        desk.interview(seat, points);
    }
    let table = results(&desk, Language::Zh);
    let found = rows(&table, &["名次", "考号", "平均分", "极差", "已提交评分表"]);
    let wanted = [
        ["1", "1", "86.00", "0.00", "2"],
        ["2", "2", "80.00", "0.00", "2"],
        ["2", "3", "80.00", "0.00", "2"],
        ["4", "4", "74.00", "0.00", "2"],
        ["", "5", "", "", "0"],
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_mean_is_not_shown_before_all_have_handed_in_and_a_draft_never() {
    let mut desk = Desk::waiting();
    desk.go_to(StageKind::Interview);
    desk.seat(HOST, SeatAction::Call { candidate: A }).unwrap();
    let points = [("c1".parse().unwrap(), Points(9000)), ("c2".parse().unwrap(), Points(8000))].into();
    desk.seat(EXAMINER, SeatAction::SaveScores { candidate: A, points, remark: String::new() }).unwrap();
    desk.seat(EXAMINER, SeatAction::SubmitScores { candidate: A }).unwrap();
    let (outcome, remark) = ("拟录取".to_owned(), String::new());
    desk.seat(HOST, SeatAction::DraftResult { candidate: A, outcome, points: None, remark }).unwrap();
    let table = results(&desk, Language::En);
    assert_eq!(
        rows(&table, &["Rank", "Mean", "Spread", "Sheets handed in", "Outcome"])[0],
        ["", "", "", "1", ""]
    );
}

#[test]
fn a_result_is_told_with_its_times_by_the_clocks_of_the_interview() {
    let mut desk = Desk::waiting();
    desk.interview(A, 9000);
    desk.publish(A, "拟录取").unwrap();
    let published = desk.now;
    desk.go_to(StageKind::Confirmation);
    desk.seat(A, SeatAction::Confirm { published_at: None, revision: None }).unwrap();
    let table = results(&desk, Language::Zh);
    let row = &rows(
        &table,
        &["结论", "成绩", "公布时间（北京时间）", "确认时间（北京时间）", "身份验证方式", "更正理由"],
    )[0];
    let local = |at: Time| at.local(BEIJING).to_string();
    let (told, confirmed) = (local(published), local(desk.now));
    assert_eq!(row[..], ["拟录取", "87.50", &*told, &*confirmed, "工作人员放行", ""]);
    // 2,000,000 ms after 1970 in UTC are 08:33 there.
    assert_eq!(told, "1970-01-01 08:33:20");
    let english = results(&desk, Language::En);
    assert!(english.headings.contains(&"Published at (Beijing time)".to_owned()), "{:?}", english.headings);
    assert_eq!(rows(&english, &["Identity shown by"])[0], ["let through by the host"]);
    // What never was is empty, in a text, a figure and a time alike.
    assert_eq!(rows(&english, &["Outcome", "Points", "Confirmed at (Beijing time)"])[1], ["", "", ""]);
}

#[test]
fn a_result_that_was_taken_back_stands_in_the_table_with_its_time_and_reason() {
    let mut desk = Desk::waiting();
    desk.interview(A, 9000);
    desk.publish(A, "拟录取").unwrap();
    let reason = "分数有误".to_owned();
    desk.seat(HOST, SeatAction::WithdrawResult { candidate: A, reason }).unwrap();
    let at = desk.now.local(BEIJING).to_string();
    let columns = ["结论", "公布时间（北京时间）", "撤回时间（北京时间）", "撤回理由"];
    let found = rows(&results(&desk, Language::Zh), &columns);
    assert_eq!(found[0], ["", "", &*at, "分数有误"]);
    assert_eq!(found[1], ["", "", "", ""]);
    desk.publish(A, "候补").unwrap();
    assert_eq!(rows(&results(&desk, Language::Zh), &columns[2..])[0], ["", ""], "another one is told");
}

#[test]
fn scores_people_and_the_audit_are_told_in_one_language_where_it_is_asked_for() {
    let mut desk = Desk::waiting();
    desk.interview(A, 9000);
    let scores = told(Language::En, |wording| desk.interview.score_table(Some(wording)));
    assert_eq!(scores.headings[..3], ["Number", "Name", "Examiner"]);
    assert_eq!(rows(&scores, &["Handed in at (Beijing time)"])[0], ["1970-01-01 08:33:20"]);
    assert_eq!(desk.interview.score_table(None).headings[0], "考号 number");
    let people = told(Language::Zh, |wording| desk.interview.candidate_table(Some(Language::Zh), wording));
    assert_eq!(people.headings, ["姓名", "考号", "手机", "时间（北京时间）"]);
    let lines = desk.records.iter().zip(1..).map(|(record, seq)| desk.interview.audit(seq, record));
    let audit = told(Language::Zh, |wording| AuditLine::table(lines.clone(), Some(wording)));
    assert_eq!(audit.headings[..2], ["序号", "时间（北京时间）"]);
    assert_eq!(audit.rows[0][1].text(), "1970-01-01 08:33:20");
    assert!(audit.rows.iter().all(|row| row.len() == audit.headings.len()));
}
