//! Who imports whom, and what the pure crates may not import.

use super::none;
use serde_json::Value;
use std::{collections::BTreeMap, process::Command};
use viva_tests::source;

/// Each crate and those of ours that it may import: the table in ARCHITECTURE.md.
const MAY_IMPORT: [(&str, &[&str]); 13] = [
    ("viva-media", &[]),
    ("viva-interview", &[]),
    ("viva-face", &[]),
    ("viva-wire", &["viva-media"]),
    ("viva-sfu", &["viva-media", "viva-wire"]),
    ("viva-peer", &["viva-media", "viva-wire"]),
    ("viva-signaling", &["viva-media"]),
    ("viva-turn", &["viva-media", "viva-wire"]),
    ("viva-sfu-io", &["viva-media", "viva-sfu", "viva-turn", "viva-peer"]),
    (
        "viva-server",
        &[
            "viva-media",
            "viva-peer",
            "viva-sfu",
            "viva-turn",
            "viva-sfu-io",
            "viva-signaling",
            "viva-interview",
            "viva-face",
        ],
    ),
    ("viva-instructions", &["viva-media", "viva-wire", "viva-peer", "viva-sfu"]),
    (
        "viva-bench",
        &[
            "viva-instructions",
            "viva-media",
            "viva-wire",
            "viva-peer",
            "viva-sfu",
            "viva-turn",
            "viva-sfu-io",
            "viva-signaling",
            "viva-face",
        ],
    ),
    (
        "viva-tests",
        &[
            "viva-media",
            "viva-wire",
            "viva-peer",
            "viva-sfu",
            "viva-turn",
            "viva-sfu-io",
            "viva-signaling",
            "viva-interview",
            "viva-face",
            "viva-server",
            "viva-instructions",
            "viva-bench",
        ],
    ),
];

/// The crates that take time and randomness as arguments and return effects as values.
const PURE: [&str; 8] = [
    "viva-media",
    "viva-wire",
    "viva-peer",
    "viva-sfu",
    "viva-turn",
    "viva-signaling",
    "viva-interview",
    "viva-face",
];

/// What would bring a clock, randomness, IO, threads, locks or a runtime into a pure crate, by the beginning of its name.
const IMPURE: [&str; 22] = [
    "tokio",
    "async",
    "futures",
    "smol",
    "mio",
    "socket2",
    "quinn",
    "rustix",
    "libc",
    "nix",
    "rand",
    "getrandom",
    "fastrand",
    "chrono",
    "time",
    "parking_lot",
    "dashmap",
    "crossbeam",
    "rayon",
    "axum",
    "hyper",
    "reqwest",
];

/// The crates that may name the runtime.
const MAY_NAME_TOKIO: [&str; 4] = ["viva-server", "viva-sfu-io", "viva-bench", "viva-tests"];

#[test]
fn crates_import_only_what_the_table_allows() {
    let table = BTreeMap::from(MAY_IMPORT);
    let mut breaks = Vec::new();
    for (package, dependencies) in workspace() {
        let Some(allowed) = table.get(package.as_str()) else {
            breaks.push(format!("{package} is not in the table"));
            continue;
        };
        for dependency in dependencies.iter().filter(|name| name.starts_with("viva-")) {
            if !allowed.contains(&dependency.as_str()) {
                breaks.push(format!("{package} imports {dependency}"));
            }
        }
    }
    none("Imports go down only. Move the code, or let typed parameters of `media` cross instead:", breaks);
}

#[test]
fn pure_crates_depend_on_nothing_that_acts() {
    let breaks = workspace()
        .into_iter()
        .filter(|(package, _)| PURE.contains(&package.as_str()))
        .flat_map(|(package, dependencies)| {
            let impure =
                dependencies.into_iter().filter(|name| IMPURE.iter().any(|word| begins_with(name, word)));
            impure.map(move |name| format!("{package} depends on {name}")).collect::<Vec<_>>()
        })
        .collect();
    none(
        "A pure crate takes time and randomness as arguments and returns effects. Act in sfu-io or server:",
        breaks,
    );
}

#[test]
fn only_the_acting_crates_name_tokio() {
    let breaks = workspace()
        .into_iter()
        .filter(|(package, _)| !MAY_NAME_TOKIO.contains(&package.as_str()))
        .filter(|(_, dependencies)| dependencies.iter().any(|name| begins_with(name, "tokio")))
        .map(|(package, _)| package)
        .collect();
    none("Only server, sfu-io, bench and tests may name tokio, not:", breaks);
}

#[test]
fn pure_crates_share_one_text_of_bans() {
    let file = |package: &str| format!("{}/clippy.toml", package.trim_start_matches("viva-"));
    let first = source::read(&file(PURE[0]));
    for ban in
        ["Instant::now", "SystemTime::now", "thread::spawn", "sync::Mutex", "net::UdpSocket", "HashMap"]
    {
        assert!(first.contains(ban), "media/clippy.toml no longer bans {ban}");
    }
    let breaks =
        PURE.iter().map(|package| file(package)).filter(|path| source::read(path) != first).collect();
    none("The bans of the pure crates are one text; copy media/clippy.toml over:", breaks);
}

/// Whether a crate's name is `word` or `word` with more after a hyphen or underscore.
fn begins_with(name: &str, word: &str) -> bool {
    name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

/// Every crate of ours with the names of all that it depends on, for use, tests and build.
fn workspace() -> BTreeMap<String, Vec<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(source::root())
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata writes JSON");
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    list(&metadata["packages"])
        .iter()
        .map(|package| (name(package), list(&package["dependencies"]).iter().map(name).collect()))
        .collect()
}
