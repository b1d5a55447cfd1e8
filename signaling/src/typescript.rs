//! Keeps the TypeScript of the web package in step: `VIVA_BLESS=1 cargo test -p viva-signaling` rewrites it.

use crate::message::*;
use std::{fmt::Write as _, path::Path};
use ts_rs::{Config, TS};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src/protocol");
const GENERATED: &str = "Generated from the Rust types of the signaling crate by its tests (VIVA_BLESS=1 rewrites it); do not edit.";

#[test]
fn the_typescript_is_in_step() {
    compare("messages.ts", &messages());
    compare("errors.ts", &errors());
}

fn compare(name: &str, wanted: &str) {
    let path = Path::new(FOLDER).join(name);
    if std::env::var_os("VIVA_BLESS").is_some() {
        std::fs::create_dir_all(FOLDER).unwrap();
        std::fs::write(&path, wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{} is out of step: VIVA_BLESS=1 cargo test -p viva-signaling", path.display());
}

fn messages() -> String {
    let config = Config::new();
    let mut out = format!("// The messages of the WebSocket. {GENERATED}\n");
    out.push_str("\nimport type { ChatLine, SeatAction, SeatView } from './interview'\n");
    envelope::<ClientEnvelope, ClientMessage>(&mut out, &config);
    declare::<ClientMessage>(&mut out, &config);
    declare::<PublishedTrack>(&mut out, &config);
    declare::<SlotView>(&mut out, &config);
    envelope::<ServerEnvelope, ServerMessage>(&mut out, &config);
    declare::<ServerMessage>(&mut out, &config);
    declare::<IceServer>(&mut out, &config);
    declare::<MediaWay>(&mut out, &config);
    declare::<ParticipantState>(&mut out, &config);
    declare::<PublicationState>(&mut out, &config);
    declare::<PermissionState>(&mut out, &config);
    declare::<TrackSource>(&mut out, &config);
    declare::<NetworkQuality>(&mut out, &config);
    declare::<ListChange>(&mut out, &config);
    declare::<AnswerPublication>(&mut out, &config);
    declare::<AnswerSlot>(&mut out, &config);
    declare::<StatsReport>(&mut out, &config);
    declare::<SlotReport>(&mut out, &config);
    declare::<CloseReason>(&mut out, &config);
    declare::<ErrorCode>(&mut out, &config);
    out
}

fn declare<T: TS>(out: &mut String, config: &Config) {
    push(out, T::docs(), &T::decl(config));
}

/// An envelope is a number and any message: the message's type by its name, not written out again.
fn envelope<E: TS, M: TS>(out: &mut String, config: &Config) {
    let declared = E::decl(config);
    let written_out = M::inline_flattened(config);
    assert!(declared.contains(&written_out), "{declared}");
    push(out, E::docs(), &declared.replace(&written_out, &M::name(config)));
}

fn push(out: &mut String, docs: Option<String>, declaration: &str) {
    let text = format!("\n{}export {declaration}\n", docs.unwrap_or_default());
    for line in text.lines() {
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn errors() -> String {
    let mut out = format!("// The one table of errors, with the person's texts. {GENERATED}\n\n");
    let _ = writeln!(out, "import type {{ ErrorCode }} from './messages'\n");
    let _ = writeln!(out, "/** The version of the protocol. */\nexport const VERSION = {VERSION}\n");
    let _ = writeln!(out, "/** An error as the person meets it. */");
    let _ =
        writeln!(out, "export interface ErrorText {{\n  status: number\n  zh: string\n  en: string\n}}\n");
    let _ = writeln!(
        out,
        "/** HTTP status and texts by code. */\nexport const ERRORS: Record<ErrorCode, ErrorText> = {{"
    );
    for error in ErrorCode::ALL {
        let text = |text: &str| serde_json::to_string(text).unwrap();
        let (code, status, zh, en) = (error.code(), error.status(), text(error.zh()), text(error.en()));
        let _ = writeln!(out, "  {code}: {{ status: {status}, zh: {zh}, en: {en} }},");
    }
    out.push_str("}\n");
    out
}
