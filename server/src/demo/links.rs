//! What the demo prints: the way to every seat.

use super::{ADMINISTRATOR, PASSWORD};
use crate::{http::App, time_zone::TimeZone, tokens::seat_claims};
use std::{error::Error, fmt::Write, time::Duration};
use viva_interview::{CandidateRow, InterviewId, Language, Role, StaffRow, Time};

/// How long the links of the staff hold.
const LASTS: Duration = Duration::from_secs(12 * 3600);
/// So many candidates have a link of their own; the others stand in a table.
const FIRST: usize = 2;

/// The whole text; `password` is the administrator's, where it can be told.
///
/// # Errors
/// The interview cannot be looked at, or a token not be signed.
pub async fn links(app: &App, id: InterviewId, password: Option<&str>) -> Result<String, Box<dyn Error>> {
    let base = app.settings.base_url();
    let look = app.sittings.look(id, |i, _| (i.row(), i.candidate_rows(), i.staff_rows()));
    let (row, mut candidates, mut staff) = look.await.map_err(|problem| problem.detail)?;
    candidates.sort_by(|one, other| one.number.cmp(&other.number));
    staff.sort_by_key(|row| (place(row.role), !row.chair, row.name.clone()));
    let zone = TimeZone::of(&row.time_zone);
    let mut text = format!("\nAn interview is open: {}. A link for each seat", row.name);
    let _ = write!(text, "; times are those of {}:\n\n", zone.title(Language::En));
    let (first, others) = candidates.split_at(candidates.len().min(FIRST));
    for CandidateRow { name, number, code, password_set, starts_at, .. } in first {
        let time = starts_at.map(|at| format!(", {}", clock(&zone, at))).unwrap_or_default();
        let hint = if *password_set { format!(", password {PASSWORD}") } else { String::new() };
        let _ = writeln!(
            text,
            "  考生 {name} {number} (candidate){time}, code {code}{hint}\n  {base}/i#{code}\n"
        );
    }
    if let Some(CandidateRow { name, .. }) = candidates.iter().find(|row| row.photo) {
        let _ = writeln!(
            text,
            "  `make demo-camera` opens Chromium with a camera that shows {name} for the face check\n"
        );
    }
    if !others.is_empty() {
        let _ = writeln!(text, "  {} more candidates, by their codes at {base}/", others.len());
        for CandidateRow { name, number, code, starts_at, .. } in others {
            let time = starts_at.map_or_else(|| "-".to_owned(), |at| clock(&zone, at));
            let _ = writeln!(text, "  {time:<5}  {number}  {code}  {name}");
        }
        text.push('\n');
    }
    for StaffRow { seat, name, role, chair, .. } in staff {
        let token = app.tokens.sign(&seat_claims(id, seat, &name, LASTS))?;
        let (title, word, path) = match role {
            Role::Examiner if chair => ("主考", "examiner, chair", format!("examiner/{seat}")),
            Role::Examiner => ("考官", "examiner", format!("examiner/{seat}")),
            Role::Host => ("工作人员", "host", format!("host/{seat}")),
            Role::Patrol => ("巡考", "patrol", "patrol".to_owned()),
            Role::Candidate => continue,
        };
        let _ = writeln!(text, "  {title} {name} ({word})\n  {base}/{path}#token={token}\n");
    }
    let _ = writeln!(text, "  管理员 (administrator), with the outbox of SMS\n  {base}/admin/outbox");
    match password {
        Some(password) => {
            let _ = writeln!(text, "  account {ADMINISTRATOR}, password {password}\n");
        }
        None => text.push_str("  with the account that was made for it\n\n"),
    }
    Ok(text)
}

/// In which order the roles are told.
const fn place(role: Role) -> u8 {
    match role {
        Role::Candidate => 0,
        Role::Examiner => 1,
        Role::Host => 2,
        Role::Patrol => 3,
    }
}

/// What clocks show then, without the day.
fn clock(zone: &TimeZone, at: Time) -> String {
    let minute = zone.minute(at);
    minute.rsplit(' ').next().unwrap_or_default().to_owned()
}
