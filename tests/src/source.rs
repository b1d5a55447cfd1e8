//! The sources of the house as the tests of structure read them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// One source file.
pub struct Source {
    /// Its path from the root, with `/` between the parts.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// The file's extension, empty where there is none.
    pub fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// The first part of the path: the crate or package.
    pub fn package(&self) -> &str {
        self.path.split('/').next().unwrap_or_default()
    }

    /// The text of a Rust file with comments and the insides of strings blanked; every line stays where it was.
    pub fn code(&self) -> String {
        code_of(&self.text)
    }

    /// How many lines are production: all but the bodies of `#[cfg(test)] mod …` and files named `tests.rs`.
    pub fn production_lines(&self) -> usize {
        if self.extension() == "rs" { self.production().lines().count() } else { self.text.lines().count() }
    }

    /// The code of a Rust file without the bodies of `#[cfg(test)] mod …`; nothing of a file named `tests.rs`.
    pub fn production(&self) -> String {
        let mut production = String::new();
        if self.path.contains("/src/") && self.path.ends_with("/tests.rs") {
            return production;
        }
        let code = self.code();
        let mut test_module = None;
        let mut depth = 0usize;
        let mut cfg_test = false;
        for whole in code.lines() {
            let line = whole.trim();
            if test_module.is_none() && cfg_test && line.starts_with("mod ") && line.contains('{') {
                test_module = Some(depth);
            }
            cfg_test = line.starts_with("#[cfg(test)]") || (cfg_test && line.starts_with("#["));
            depth = (depth + line.matches('{').count()).saturating_sub(line.matches('}').count());
            match test_module {
                Some(outside) if depth <= outside => test_module = None,
                Some(_) => {}
                None => {
                    production.push_str(whole);
                    production.push('\n');
                }
            }
        }
        production
    }
}

/// All files below the root that people wrote and that have one of these extensions, by path.
pub fn files(extensions: &[&str]) -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    collect(&root, &mut found).expect("the repository can be read");
    let mut sources: Vec<Source> = found
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| extensions.iter().any(|wanted| e == *wanted)))
        .map(|path| Source {
            text: fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
            path: relative(&path, &root),
        })
        .collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// The text of one file, by its path from the root.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            let foreign =
                ["node_modules", "dist", "test-results", "target", "vendor"].contains(&name.as_ref());
            // Cargo marks its target folder, whatever its name.
            if !foreign && !name.starts_with('.') && !path.join("CACHEDIR.TAG").exists() {
                collect(&path, found)?;
            }
        } else {
            found.push(path);
        }
    }
    Ok(())
}

fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if first == '"' {
            string(rest)
        } else if let Some(length) = raw_string(rest, &code) {
            length
        } else if first == '\'' {
            character(rest)
        } else {
            0
        };
        if skipped == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(rest[..skipped].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[skipped..];
        }
    }
    code
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if text[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw_string(text: &str, before: &str) -> Option<usize> {
    if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') && !before.ends_with(['b', 'c']) {
        return None;
    }
    let after = text.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = body.find(&end).map_or(body.len(), |at| at + end.len());
    Some(text.len() - body.len() + length)
}

/// The length of a character literal, 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((at, c))) => {
            let after = at + c.len_utf8();
            text[after..].find('\'').map_or(text.len(), |end| after + end + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_blanked_and_lines_stay() {
        let text = "a // unsafe\n/* un /* nested */ safe */ b \"un\\\"safe\nx\" c r#\"un\"safe\"# d '\\'' e 'x' &'a f";
        let code = code_of(text);
        assert_eq!(code.lines().count(), text.lines().count());
        assert!(!code.contains("safe"), "{code}");
        assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "b", "c", "d", "e", "&'a", "f"]);
    }

    #[test]
    fn only_the_bodies_of_test_modules_are_not_production() {
        let text =
            "//! Caption.\n\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\nfn c() {}\n";
        let source = Source { path: "a.rs".to_owned(), text: text.to_owned() };
        assert_eq!(source.production_lines(), 6);
    }
}
