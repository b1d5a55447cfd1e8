//! Replays the committed corpus of every fuzz target on stable Rust, with what is one small step away from it.

use std::{
    fs,
    panic::UnwindSafe,
    path::{Path, PathBuf},
};
use viva_tests::{
    fuzz::{Body, TARGETS, Verdict},
    source,
};

/// Beyond this many bytes an input is stepped through in strides, so that long texts do not take minutes.
const STEPS: usize = 512;

#[test]
fn the_corpus_breaks_no_target() {
    for (name, body) in TARGETS {
        let verdicts: Vec<Verdict> =
            corpus(name).into_iter().map(|(path, input)| naming(&path, || body(&input))).collect();
        for verdict in [Verdict::Understood, Verdict::Refused] {
            assert!(verdicts.contains(&verdict), "{name}: the corpus has nothing that is {verdict:?}");
        }
    }
}

#[test]
fn nothing_one_step_away_from_the_corpus_breaks_a_target() {
    for (name, body) in TARGETS {
        for (path, input) in corpus(name) {
            naming(&path, || step_away(body, &input));
        }
    }
}

#[test]
fn every_target_has_its_wrapper_and_its_corpus() {
    let wrappers: Vec<String> = fs::read_dir(source::root().join("tests/fuzz/fuzz_targets"))
        .expect("the wrappers are there")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    let manifest = source::read("tests/fuzz/Cargo.toml");
    for (name, _) in TARGETS {
        let file = format!("{name}.rs");
        assert!(wrappers.contains(&file), "tests/fuzz/fuzz_targets/{file} is missing");
        let call = format!("viva_tests::fuzz::{name}(data)");
        assert!(
            source::read(&format!("tests/fuzz/fuzz_targets/{file}")).contains(&call),
            "{file} does not call {call}"
        );
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "tests/fuzz/Cargo.toml has no [[bin]] {name}"
        );
        assert!(corpus(name).len() >= 3, "tests/fuzz/corpus/{name} wants more inputs");
    }
    assert_eq!(wrappers.len(), TARGETS.len(), "a wrapper without a body: {wrappers:?}");
}

/// Every prefix, every byte turned over or changed by one, and every byte doubled.
fn step_away(body: Body, input: &[u8]) {
    for at in (0..input.len()).step_by(1 + input.len() / STEPS) {
        body(&input[..at]);
        for change in [0xff, 0x01, 0x80] {
            let mut changed = input.to_vec();
            changed[at] ^= change;
            body(&changed);
        }
        let mut longer = input.to_vec();
        longer.insert(at, input[at]);
        body(&longer);
    }
}

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = source::root().join("tests/fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| (path.clone(), fs::read(path).expect("a file of the corpus can be read")))
        .collect()
}

/// Names the input beside the panic of its target.
fn naming<T>(path: &Path, run: impl FnOnce() -> T + UnwindSafe) -> T {
    std::panic::catch_unwind(run).unwrap_or_else(|panic| {
        eprintln!("input: {}", path.display());
        std::panic::resume_unwind(panic)
    })
}
