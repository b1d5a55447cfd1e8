//! `viva draw`: checks exported random draws, without a server and without settings.

use clap::{Args, Subcommand};
use std::{error::Error, fmt::Write, path::PathBuf};
use viva_interview::{DrawFile, DrawSheet, DrawVerdict};

/// The largest file that is read: a hundred draws of two thousand people have their place in it.
const LARGEST: u64 = 64 << 20;

/// What `viva draw` does.
#[derive(Debug, Subcommand)]
pub(super) enum DrawCommand {
    /// Checks the draws of an exported draws.json: the exit code is 0 where all of it holds, 1 where anything does not.
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The export.
    file: PathBuf,
    /// A commitment that somebody noted before the draw: it must stand in the file. May be given several times.
    #[arg(long)]
    commitment: Vec<String>,
}

/// What was found, and whether all holds.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) text: String,
    pub(super) good: bool,
}

impl DrawCommand {
    /// Does it.
    pub(super) fn run(&self) -> Result<Found, Box<dyn Error>> {
        let Self::Verify(VerifyArgs { file, commitment }) = self;
        let named = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        if std::fs::metadata(file).map_err(|error| named(&error))?.len() > LARGEST {
            return Err(named(&"this is no export of draws: it is larger than 64 MiB").into());
        }
        let text = std::fs::read_to_string(file).map_err(|error| named(&error))?;
        let export = serde_json::from_str(text.trim_start_matches('\u{feff}'));
        let export: DrawFile =
            export.map_err(|error| named(&format!("this is no export of draws: {error}")))?;
        if !export.is_known() {
            return Err(named(&format!("drawn by “{}”, which this viva does not know", export.format)).into());
        }
        Ok(verify(&export, commitment))
    }
}

/// Checks all draws of a file, and that what was noted before stands in it.
fn verify(export: &DrawFile, noted: &[String]) -> Found {
    let mut found = Found { text: String::new(), good: true };
    let _ = writeln!(found.text, "{} ({})", export.name, export.interview);
    for sheet in &export.draws {
        let verdict = export.verdict(sheet);
        found.good &= verdict.is_good();
        found.text.push_str(&told(sheet, verdict));
    }
    let twice = export.draws.windows(2).any(|pair| pair[0].draw.number >= pair[1].draw.number);
    if twice {
        found.good = false;
        found.text.push_str("WRONG 不符: the numbers of the draws do not rise 抽签编号重复或乱序\n");
    }
    for noted in noted {
        let noted = noted.trim().to_lowercase().replace([' ', '-'], "");
        let draw = export.draws.iter().find(|sheet| sheet.draw.commitment == noted);
        found.good &= draw.is_some();
        let _ = match draw {
            Some(sheet) => writeln!(found.text, "{noted}: draw {} 见第 {0} 次抽签", sheet.draw.number),
            None => writeln!(found.text, "WRONG 不符: {noted} stands in no draw 文件中没有这一承诺"),
        };
    }
    let verdict = match (found.good, export.draws.is_empty()) {
        (_, true) => "no draws 没有抽签",
        (true, _) => "OK 核验通过: all that can be checked holds",
        (false, _) => "FAILED 核验不通过: do not rely on this file 请勿采信",
    };
    let _ = writeln!(found.text, "{verdict}");
    found
}

fn told(sheet: &DrawSheet, verdict: DrawVerdict) -> String {
    let draw = &sheet.draw;
    let says = match verdict {
        DrawVerdict::Holds => "OK 通过: list, commitment and outcome fit the seed",
        DrawVerdict::NotDrawn => "not drawn yet 尚未抽签: the list fits its hash",
        DrawVerdict::GivenUp => "given up 已作废: list and seed fit the commitment",
        DrawVerdict::GivenUpUnseen => "given up 已作废: the seed was lost, nothing can be said of it",
        DrawVerdict::HoldsWithoutList => {
            "seed and outcome fit 种子与结果相符; somebody on the list was erased 名单已有人被清除: compare the hash of the list with your notes"
        }
        DrawVerdict::ListDiffers => "WRONG 不符: the list is not the one of its hash 名单与哈希不符",
        DrawVerdict::SeedDiffers => "WRONG 不符: the seed is not the one of the commitment 种子与承诺不符",
        DrawVerdict::OutcomeDiffers => "WRONG 不符: the outcome is not the one of the seed 结果与种子不符",
    };
    let head = format!("draw {} ({}, {} of {})", draw.number, draw.kind.as_str(), draw.people, draw.of);
    let list = format!("  list       {}\n  commitment {}\n", draw.list, draw.commitment);
    let seed = draw.seed.map(|seed| format!("  seed       {seed}\n")).unwrap_or_default();
    let words = draw.words.as_deref().filter(|words| !words.is_empty());
    let words = words.map(|words| format!("  words      {}\n", words.replace('\n', " "))).unwrap_or_default();
    format!("{head}: {says}\n{list}{seed}{words}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(subcommand)]
        command: DrawCommand,
    }

    fn run(arguments: &[&str]) -> Result<Found, String> {
        let line = Line::parse_from(["draw", "verify"].iter().chain(arguments));
        line.command.run().map_err(|error| error.to_string())
    }

    /// A file of its own, gone with the test.
    struct Export(PathBuf);

    impl Export {
        fn of(text: &str) -> Self {
            let path = std::env::temp_dir().join(format!("viva-draws-{}.json", crate::random::hex::<8>()));
            std::fs::write(&path, text).unwrap();
            Self(path)
        }

        fn path(&self) -> &str {
            self.0.to_str().unwrap()
        }
    }

    impl Drop for Export {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    const COMMITMENT: &str = "21610b6136fe815fb9319e60e9c66bf8b0a7aae345ecfa99eb53ca830952587b";

    /// The vector of `docs/draws.md`.
    fn vector() -> serde_json::Value {
        let seed: String = (0..32).map(|byte| format!("{byte:02x}")).collect();
        serde_json::json!({
            "format": "viva draw 1", "interview": "0123456789abcdef", "name": "复试",
            "draws": [{
                "number": 1, "kind": "order", "state": "drawn", "commitment": COMMITMENT,
                "list": "09e46fd7ddb1a3a36d1c39e82cfa5533ace8d6f83eece77fa1986e5ea9818cfc",
                "people": 5, "of": 5, "committed_at": 1, "by": "root", "reason": null, "ended_at": 2,
                "words": "晴 26 ℃", "seed": seed, "erased": false,
                "entries": ["1001", "1002", "1003", "1004", "1005"],
                "lots": ["1", "2", "3", "4", "5"],
                "outcome": ["3", "1", "5", "4", "2"],
            }],
        })
    }

    #[test]
    fn an_export_that_holds_is_told_from_one_that_was_changed() {
        let whole = Export::of(&vector().to_string());
        let noted = COMMITMENT.to_uppercase().replacen("2161", "2161 ", 1);
        let found = run(&[whole.path(), "--commitment", &noted]).unwrap();
        assert!(found.good && found.text.contains("核验通过"), "{}", found.text);
        let other = run(&[whole.path(), "--commitment", &"0".repeat(64)]).unwrap();
        assert!(!other.good && other.text.contains("stands in no draw"), "{}", other.text);
        let mut changed = vector();
        changed["draws"][0]["outcome"].as_array_mut().unwrap().swap(0, 1);
        let found = run(&[Export::of(&changed.to_string()).path()]).unwrap();
        assert!(!found.good && found.text.contains("结果与种子不符"), "{}", found.text);
        let mut twice = vector();
        let again = twice["draws"][0].clone();
        twice["draws"].as_array_mut().unwrap().push(again);
        assert!(!run(&[Export::of(&twice.to_string()).path()]).unwrap().good);
    }

    #[test]
    fn a_file_that_is_no_export_is_named_and_not_judged() {
        assert!(run(&["/nothing/here.json"]).unwrap_err().contains("here.json"));
        for (text, told) in [
            ("{}", "no export"),
            (r#"{"format":"viva draw 2","interview":"","name":"","draws":[]}"#, "viva draw 2"),
        ] {
            assert!(run(&[Export::of(text).path()]).unwrap_err().contains(told), "{text}");
        }
        let empty = Export::of(r#"{"format":"viva draw 1","interview":"","name":"","draws":[]}"#);
        let found = run(&[empty.path()]).unwrap();
        assert!(found.good && found.text.contains("没有抽签"));
        assert!(!run(&[empty.path(), "--commitment", "ab"]).unwrap().good, "what was noted is missing");
    }
}
