//! The rules of the house as tests: each says what to do when it fails.

mod tidy {
    mod crates;
    mod documents;
    mod glossary;
    mod lints;
    mod modules;
    mod sources;

    /// Fails with one line for each break of a rule.
    #[track_caller]
    fn none(rule: &str, breaks: Vec<String>) {
        assert!(breaks.is_empty(), "{rule}\n  {}\n", breaks.join("\n  "));
    }
}
