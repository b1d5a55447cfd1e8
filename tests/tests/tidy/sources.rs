//! The look of source files: captions, lengths, names.

use super::none;
use viva_tests::source::{self, Source};

/// Lines that a file may have, test modules aside.
const LONGEST: usize = 500;

/// Files that are longer, with the lines that they have. The list may only shrink: no entry is added, no number grows.
const TOO_LONG: [(&str, usize); 0] = [];

/// Names that say nothing.
const EMPTY_WORDS: [&str; 8] = ["manager", "helper", "helpers", "util", "utils", "common", "misc", "stuff"];

const CODE: [&str; 6] = ["rs", "ts", "vue", "mjs", "js", "css"];

#[test]
fn every_source_file_opens_with_a_caption() {
    let breaks =
        source::files(&CODE).iter().filter(|file| !has_caption(file)).map(|file| file.path.clone()).collect();
    none(
        "The first line says in one sentence what the file is for (`//! …`, `// …`, `<!-- … -->`, `/* … */`):",
        breaks,
    );
}

#[test]
fn files_are_not_longer_than_a_reader_can_hold() {
    let mut breaks = Vec::new();
    for file in source::files(&CODE).iter().filter(|file| !is_test_of_a_page(file) && !is_generated(file)) {
        let lines = file.production_lines();
        match TOO_LONG.iter().find(|(path, _)| *path == file.path) {
            None if lines > LONGEST => {
                breaks.push(format!("{}: {lines} lines; split it by concern", file.path))
            }
            Some((_, listed)) if lines > *listed => {
                breaks.push(format!("{}: has grown to {lines}", file.path))
            }
            Some((_, listed)) if lines < *listed => {
                breaks.push(format!(
                    "{}: is down to {lines}; write that into TOO_LONG, or take it out",
                    file.path
                ));
            }
            _ => {}
        }
    }
    none(&format!("A file has at most {LONGEST} lines, test modules aside:"), breaks);
}

#[test]
fn modules_stand_beside_their_folder() {
    let breaks = source::files(&["rs"])
        .into_iter()
        .map(|file| file.path)
        .filter(|path| path.ends_with("/mod.rs"))
        .collect();
    none("Write `foo.rs` beside `foo/` instead of:", breaks);
}

#[test]
fn names_say_what_a_thing_is() {
    let mut breaks = Vec::new();
    for file in source::files(&CODE) {
        let stem = file.path.rsplit('/').next().unwrap_or_default();
        if let Some(word) = empty_word(stem) {
            breaks.push(format!("{}: “{word}”", file.path));
        }
        if file.extension() == "rs" {
            for (number, line) in file.code().lines().enumerate() {
                if let Some(word) = declared(line).and_then(empty_word) {
                    breaks.push(format!("{}:{}: “{word}”", file.path, number + 1));
                }
            }
        }
    }
    none("These words say nothing; use the field's word (docs/glossary.md) for what the thing does:", breaks);
}

#[test]
fn accessors_are_named_by_what_they_give() {
    let mut breaks = Vec::new();
    for file in source::files(&["rs"]) {
        for (number, line) in file.code().lines().enumerate() {
            if line.contains("fn get_") {
                breaks.push(format!("{}:{}", file.path, number + 1));
            }
        }
    }
    none("Leave the `get_` out of the name:", breaks);
}

fn has_caption(file: &Source) -> bool {
    let mut lines = file.text.lines().filter(|line| !line.starts_with("#!/"));
    let first = lines.next().unwrap_or_default();
    let sentence = match file.extension() {
        "rs" => first.strip_prefix("//!"),
        "vue" => first.strip_prefix("<!--"),
        "css" => first.strip_prefix("/*"),
        _ => first.strip_prefix("//").or_else(|| first.strip_prefix("/*")),
    };
    sentence.is_some_and(|text| text.chars().filter(|c| c.is_alphabetic()).count() > 5)
}

/// Written by a test that compares it: nobody reads it from end to end, nor splits it by hand.
fn is_generated(file: &Source) -> bool {
    file.path.starts_with("web/src/protocol/")
        && file.text.lines().next().is_some_and(|caption| caption.contains("Generated from the Rust types"))
}

fn is_test_of_a_page(file: &Source) -> bool {
    file.path.ends_with(".test.ts")
}

/// The name that a line of Rust declares, if it declares a module or a type.
fn declared(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    words.find(|word| ["mod", "struct", "enum", "trait", "type"].contains(word))?;
    words.next()
}

fn empty_word(name: &str) -> Option<&'static str> {
    let mut spaced = String::new();
    for c in name.chars() {
        if c.is_uppercase() {
            spaced.push(' ');
        }
        spaced.extend(if c.is_alphanumeric() { c.to_lowercase().next() } else { Some(' ') });
    }
    EMPTY_WORDS.into_iter().find(|word| spaced.split_whitespace().any(|part| part == *word))
}
