//! Lints: where they are set, why they are suppressed, where `unsafe` may stand.

use super::none;
use std::collections::BTreeMap;
use viva_tests::source;

/// The one crate that may hold `unsafe`, block by block.
const UNSAFE_CRATE: &str = "sfu-io";

/// Crates with a table of lints of their own, and the lints in which they differ from the workspace.
const OWN_LINTS: [(&str, &[&str]); 2] =
    [(UNSAFE_CRATE, &["unsafe_code"]), ("tests", &["unwrap_used", "panic"])];

#[test]
fn every_crate_has_the_lints_of_the_workspace() {
    let workspace = lints(&source::read("Cargo.toml"), "workspace.lints");
    assert!(workspace.len() > 5, "the lints of the workspace were not found");
    let mut breaks = Vec::new();
    for member in members() {
        let manifest = source::read(&format!("{member}/Cargo.toml"));
        if manifest.contains("[lints]\nworkspace = true") {
            continue;
        }
        let own = lints(&manifest, "lints");
        let differ = OWN_LINTS.iter().find(|(name, _)| *name == member).map_or(&[][..], |(_, differ)| differ);
        for (lint, level) in &workspace {
            if !differ.contains(&lint.as_str()) && own.get(lint) != Some(level) {
                breaks.push(format!("{member}/Cargo.toml: {lint} = {level}"));
            }
        }
    }
    none(
        "Write `[lints] workspace = true`; a crate with its own table (sfu-io, tests) repeats all the others:",
        breaks,
    );
}

#[test]
fn long_functions_are_found_in_every_crate() {
    let mut files = vec!["clippy.toml".to_owned()];
    files.extend(members().iter().map(|member| format!("{member}/clippy.toml")));
    let breaks = files
        .into_iter()
        .filter(|path| source::root().join(path).exists())
        .filter(|path| !source::read(path).contains("too-many-lines-threshold = 80\n"))
        .collect();
    none("Add `too-many-lines-threshold = 80` to:", breaks);
}

#[test]
fn every_suppression_has_a_reason() {
    let mut breaks = Vec::new();
    for file in source::files(&["rs"]) {
        let code = file.code();
        for attribute in ["[allow(", "[expect(", "[ignore]"] {
            for (at, _) in code.match_indices(attribute) {
                let end = code[at..].find(']').map_or(code.len(), |length| at + length);
                if !code[at..end].contains("reason") {
                    breaks.push(format!("{}:{}", file.path, code[..at].lines().count()));
                }
            }
        }
    }
    for file in source::files(&["ts", "vue", "mjs", "js"]) {
        for (number, line) in file.text.lines().enumerate() {
            let silent = line.contains("@ts-ignore")
                || line.contains("@ts-nocheck")
                || line.trim_end().ends_with("@ts-expect-error")
                || (line.contains("eslint-disable") && !line.contains(" -- "));
            if silent && !line.contains("/* eslint-disable */") {
                breaks.push(format!("{}:{}", file.path, number + 1));
            }
        }
    }
    none("Say why: `#[expect(…, reason = \"…\")]`, `@ts-expect-error …`, `eslint-disable … -- …`:", breaks);
}

#[test]
fn unsafe_lives_in_one_crate_and_each_says_why_it_is_sound() {
    let mut breaks = Vec::new();
    for file in source::files(&["rs"]) {
        let code = file.code();
        let text: Vec<&str> = file.text.lines().collect();
        for (number, line) in code.lines().enumerate() {
            let words = |c: char| !c.is_alphanumeric() && c != '_';
            if !line.split(words).any(|word| word == "unsafe") {
                continue;
            }
            let place = format!("{}:{}", file.path, number + 1);
            let above = text[..number].iter().rev().take_while(|line| line.trim_start().starts_with("//"));
            if file.package() != UNSAFE_CRATE {
                breaks.push(format!("{place}: not in this crate"));
            } else if !above.chain(text.get(number)).any(|line| line.contains("SAFETY: ")) {
                breaks.push(format!("{place}: no `// SAFETY: …` above it"));
            }
        }
    }
    none("`unsafe` stands only in sfu-io, each block below its SAFETY comment:", breaks);
}

/// The crates of the workspace.
pub(super) fn members() -> Vec<String> {
    let manifest = source::read("Cargo.toml");
    let list =
        manifest.lines().find(|line| line.starts_with("members = [")).expect("the workspace has members");
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The lints of both tables below `prefix` in a manifest, with their levels.
fn lints(manifest: &str, prefix: &str) -> BTreeMap<String, String> {
    let tables = [format!("[{prefix}.rust]"), format!("[{prefix}.clippy]")];
    let mut inside = false;
    let mut found = BTreeMap::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = tables.iter().any(|table| table == line);
        } else if let Some((lint, level)) =
            line.split_once(" = ").filter(|_| inside && !line.starts_with('#'))
        {
            found.insert(lint.to_owned(), level.to_owned());
        }
    }
    found
}
