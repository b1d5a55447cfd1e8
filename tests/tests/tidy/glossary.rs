//! The glossary in step with the code: words explained in both languages, and the types that carry them, both ways.

use super::none;
use std::collections::BTreeSet;
use viva_tests::source;

/// The vocabulary of the house.
const VOCABULARY: [&str; 19] = [
    "Room",
    "Participant",
    "Track",
    "Publication",
    "Subscription",
    "Slot",
    "Rid",
    "Layer",
    "Forwarder",
    "Selector",
    "Munger",
    "Allocator",
    "Pacer",
    "Transport",
    "Interview",
    "Seat",
    "Stage",
    "Invitation",
    "Admission",
];

/// The crates whose types are the words that the others speak.
const WORDS: [&str; 2] = ["media", "interview"];

/// The crates that are the product; the bench and the tests have clients of their own.
const OF_THE_PRODUCT: [&str; 9] =
    ["media/", "wire/", "sfu/", "turn/", "sfu-io/", "signaling/", "interview/", "face/", "server/"];

/// Types of these crates whose names are no words of the house: the RFCs' …
const OF_THE_RFCS: [&str; 7] = ["Codec", "Extension", "Fingerprint", "Mid", "Protocol", "Pt", "Ssrc"];
/// … and those of any program: times, tables, what is wrong with them, what several views have in common.
const OF_ANY_PROGRAM: [&str; 7] = ["Basics", "Cell", "Column", "Problem", "Table", "Time", "Unfoldable"];

/// A row of the glossary.
struct Row {
    english: String,
    chinese: String,
    meaning: String,
    types: Vec<String>,
}

fn rows() -> Vec<Row> {
    let text = source::read("docs/glossary.md");
    let cells = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows: Vec<Row> = cells
        .filter(|cells| !cells.starts_with("English") && !cells.starts_with('-'))
        .map(|cells| {
            let row: Vec<&str> = cells.split(" | ").collect();
            let [english, chinese, meaning, code] = row[..] else { panic!("not four cells: {cells}") };
            let types = code.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            let [english, chinese, meaning] = [english, chinese, meaning].map(str::to_owned);
            Row { english, chinese, meaning, types }
        })
        .collect();
    assert!(rows.len() > 40, "the tables of docs/glossary.md were not found");
    rows
}

#[test]
fn every_word_of_the_house_is_explained_in_both_languages() {
    let rows = rows();
    let explained = |row: &Row| {
        row.chinese.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) && row.meaning.len() > 20
    };
    let mut breaks: Vec<String> =
        rows.iter().filter(|row| !explained(row)).map(|row| row.english.clone()).collect();
    let missing = VOCABULARY.iter().filter(|word| rows.iter().all(|row| row.english != **word));
    breaks.extend(missing.map(|word| (*word).to_owned()));
    none("Write | English | 中文 | meaning | types | in docs/glossary.md for:", breaks);
}

#[test]
fn every_type_that_the_glossary_names_is_declared() {
    let sources = source::files(&["rs"]);
    let code: Vec<String> =
        sources.iter().filter(|file| file.path.contains("/src/")).map(source::Source::code).collect();
    let breaks = rows()
        .into_iter()
        .flat_map(|row| row.types)
        .filter(|name| !code.iter().any(|code| declares(code, name)))
        .collect();
    none("No crate declares it; write in docs/glossary.md what it is called now, or “–”:", breaks);
}

#[test]
fn a_word_of_the_house_of_which_the_glossary_names_no_type_is_the_name_of_none() {
    let rows = rows();
    let sources = source::files(&["rs"]);
    let product = |path: &str| path.contains("/src/") && OF_THE_PRODUCT.iter().any(|of| path.starts_with(of));
    let code: Vec<String> =
        sources.iter().filter(|file| product(&file.path)).map(source::Source::production).collect();
    let without =
        rows.iter().filter(|row| row.types.is_empty() && VOCABULARY.contains(&row.english.as_str()));
    let breaks: Vec<String> = without
        .filter(|row| code.iter().any(|code| declares(code, &row.english)))
        .map(|row| row.english.clone())
        .collect();
    none(
        "There is a type of this name now: put it in the last column of docs/glossary.md instead of “–”:",
        breaks,
    );
}

#[test]
fn every_word_that_the_crates_of_words_export_is_in_the_glossary() {
    let named: BTreeSet<String> = rows().into_iter().flat_map(|row| row.types).collect();
    let mut breaks = Vec::new();
    let mut exported = BTreeSet::new();
    for package in WORDS {
        let path = format!("{package}/src/lib.rs");
        for word in words(&source::read(&path)) {
            let other = OF_THE_RFCS.iter().chain(&OF_ANY_PROGRAM).any(|other| *other == word);
            if !other && !named.contains(&word) {
                breaks.push(format!("{path}: {word}"));
            }
            exported.insert(word);
        }
    }
    assert!(exported.len() > 30, "the exports were not found: {exported:?}");
    let stale = OF_THE_RFCS.iter().chain(&OF_ANY_PROGRAM).filter(|other| !exported.contains(**other));
    breaks.extend(stale.map(|other| format!("{other} is excepted here and exported nowhere")));
    none("Name it in the last column of docs/glossary.md, or among the exceptions of this test:", breaks);
}

/// Does this code declare a type of this name, itself or as the lone word of a line given to a macro?
fn declares(code: &str, name: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let keyword = ["struct", "enum", "trait", "type"]
        .iter()
        .any(|word| code.split(&format!("{word} {name}")).skip(1).any(ends));
    keyword || code.lines().any(|line| line.trim().trim_end_matches(',') == name)
}

/// The types of one word that the root of a crate exports; longer names are made of these.
fn words(root: &str) -> Vec<String> {
    root.split("pub use ")
        .skip(1)
        .filter_map(|rest| rest.split(';').next())
        .flat_map(|list| list.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .filter(|name| name.starts_with(|c: char| c.is_uppercase()))
        .filter(|name| name.chars().filter(|c| c.is_uppercase()).count() == 1)
        .map(str::to_owned)
        .collect()
}
