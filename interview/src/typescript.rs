//! Keeps the TypeScript of the web package in step: `VIVA_BLESS=1 cargo test -p viva-interview` rewrites it.

use crate::*;
use std::{fmt::Write as _, path::Path};
use ts_rs::{Config, TS};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src/protocol/interview.ts");
const CAPTION: &str = "// What a seat of an interview knows and may do. Generated from the Rust types of the interview crate by its tests (VIVA_BLESS=1 rewrites it); do not edit.";

#[test]
fn the_typescript_is_in_step() {
    let wanted = views();
    if std::env::var_os("VIVA_BLESS").is_some() {
        std::fs::write(FILE, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(Path::new(FILE)).unwrap_or_default();
    assert!(found == wanted, "{FILE} is out of step: VIVA_BLESS=1 cargo test -p viva-interview");
}

fn views() -> String {
    let mut out = format!("{CAPTION}\n");
    ids(&mut out);
    declare::<SeatView>(&mut out);
    declare::<WayStep>(&mut out);
    declare::<CandidateView>(&mut out);
    declare::<PanelView>(&mut out);
    declare::<Basics>(&mut out);
    declare::<Stage>(&mut out);
    declare::<StageKind>(&mut out);
    declare::<StageMark>(&mut out);
    declare::<ClockView>(&mut out);
    declare::<HelmView>(&mut out);
    declare::<Role>(&mut out);
    declare::<Step>(&mut out);
    declare::<Check>(&mut out);
    declare::<Method>(&mut out);
    declare::<DeviceProblem>(&mut out);
    declare::<DeviceTrouble>(&mut out);
    identities(&mut out);
    declare::<SmsView>(&mut out);
    declare::<SecondCamera>(&mut out);
    declare::<PictureCodec>(&mut out);
    declare::<ShowsMean>(&mut out);
    declare::<Mean>(&mut out);
    declare::<QuestionSet>(&mut out);
    declare::<Question>(&mut out);
    declare::<SecondCameraState>(&mut out);
    declare::<SecondCameraView>(&mut out);
    declare::<ChecksView>(&mut out);
    declare::<CheckView>(&mut out);
    declare::<ChatLine>(&mut out);
    declare::<ChatPart>(&mut out);
    declare::<Audience>(&mut out);
    declare::<ResultView>(&mut out);
    declare::<Verdict>(&mut out);
    declare::<Draft>(&mut out);
    declare::<DraftSeen>(&mut out);
    declare::<Withdrawal>(&mut out);
    declare::<Gate>(&mut out);
    declare::<Waiver>(&mut out);
    declare::<CandidateCard>(&mut out);
    declare::<PaperView>(&mut out);
    declare::<PaperKind>(&mut out);
    declare::<SlidesView>(&mut out);
    declare::<PanelMember>(&mut out);
    declare::<Criterion>(&mut out);
    declare::<Sheet>(&mut out);
    declare::<PrivateNote>(&mut out);
    declare::<IncidentView>(&mut out);
    draws(&mut out);
    declare::<SeatAction>(&mut out);
    declare::<DeviceKind>(&mut out);
    declare::<Rehearsed>(&mut out);
    declare::<RehearsedChecks>(&mut out);
    declare::<RehearsedCheck>(&mut out);
    declare::<RehearsedTrouble>(&mut out);
    declare::<Setup>(&mut out);
    declare::<LetsGo>(&mut out);
    declare::<InterviewRow>(&mut out);
    declare::<StaffRow>(&mut out);
    declare::<CandidateRow>(&mut out);
    declare::<ImportRow>(&mut out);
    declare::<RowProblem>(&mut out);
    declare::<Column>(&mut out);
    declare::<Problem>(&mut out);
    out
}

fn draws(out: &mut String) {
    declare::<DrawView>(out);
    declare::<DrawKind>(out);
    declare::<DrawState>(out);
    declare::<DrawSheet>(out);
    declare::<DrawFile>(out);
    declare::<Seed>(out);
}

fn identities(out: &mut String) {
    declare::<IdentityView>(out);
    declare::<IdentityRules>(out);
    declare::<StaffCheckView>(out);
    declare::<StaffCheckFailure>(out);
    declare::<FaceUse>(out);
    declare::<FaceView>(out);
    declare::<FaceOffer>(out);
    declare::<FaceCard>(out);
    declare::<FaceTrialView>(out);
    declare::<FaceTrial>(out);
    declare::<FaceOutcome>(out);
    declare::<Consent>(out);
    declare::<ConsentTerms>(out);
    declare::<FaceHint>(out);
    declare::<FaceAsk>(out);
    declare::<FaceClientMessage>(out);
    declare::<FaceServerMessage>(out);
    declare::<Pledge>(out);
}

fn ids(out: &mut String) {
    declare::<InterviewId>(out);
    declare::<SeatId>(out);
    declare::<CriterionId>(out);
    declare::<Code>(out);
    declare::<Time>(out);
    declare::<Points>(out);
}

fn declare<T: TS>(out: &mut String) {
    let text = format!("\n{}export {}\n", T::docs().unwrap_or_default(), T::decl(&Config::new()));
    for line in text.lines() {
        let _ = writeln!(out, "{}", line.trim_end());
    }
}
