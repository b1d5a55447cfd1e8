//! The way to draw: vectors that everybody must get, fairness, and what the check finds.

use super::*;
use crate::{DrawFile, DrawSheet, DrawState, DrawVerdict, DrawView, Time};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn numbers(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("{number:04}")).collect()
}

fn seed(number: u64) -> Seed {
    Seed(hashed("seed of a test", [number.to_be_bytes().as_slice()]))
}

fn list<'a>(entries: &'a [String], lots: &'a [String]) -> DrawList<'a> {
    DrawList { interview: "0123456789abcdef", number: 1, kind: DrawKind::Order, entries, lots }
}

fn file(entries: Vec<String>, lots: Vec<String>, seed: Seed, words: &str) -> DrawFile {
    let list = list(&entries, &lots);
    let drawn = list.outcome(&seed, words).into_iter().map(|lot| lots[lot as usize].clone()).collect();
    let draw = DrawView {
        number: 1,
        kind: DrawKind::Order,
        state: DrawState::Drawn,
        commitment: hex(&list.commitment(&seed)),
        list: hex(&list.digest()),
        people: entries.len() as u32,
        of: lots.len() as u32,
        committed_at: Time(1),
        by: "root".to_owned(),
        reason: None,
        ended_at: Some(Time(2)),
        words: Some(words.to_owned()),
        seed: Some(seed),
        erased: false,
    };
    let (format, interview, name) = (DRAW_FORMAT.to_owned(), list.interview.to_owned(), "x".to_owned());
    DrawFile { format, interview, name, draws: vec![DrawSheet { draw, entries, lots, outcome: Some(drawn) }] }
}

fn found(file: &DrawFile) -> DrawVerdict {
    file.verdict(&file.draws[0])
}

#[test]
fn the_vectors_of_the_description_come_out() {
    let (entries, lots) =
        (texts(&["1001", "1002", "1003", "1004", "1005"]), texts(&["1", "2", "3", "4", "5"]));
    let list = list(&entries, &lots);
    let seed: Seed = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f".parse().unwrap();
    let (digest, commitment) = (hex(&list.digest()), hex(&list.commitment(&seed)));
    let drawn =
        |words| list.outcome(&seed, words).iter().map(|lot| lots[*lot as usize].as_str()).collect::<Vec<_>>();
    let described = include_str!("../../../docs/draws.md");
    for line in [digest, commitment, drawn("").join(" "), drawn("晴 26 ℃").join(" ")] {
        assert!(described.contains(&format!("`{line}`")), "{line}");
    }
}

#[test]
fn an_outcome_uses_every_lot_as_often_as_any_other() {
    for (entries, lots) in [(2, 1), (5, 5), (30, 7), (7, 30), (500, 500), (500, 3)] {
        let (entries, lots) = (numbers(entries), numbers(lots));
        let drawn = list(&entries, &lots).outcome(&seed(1), "");
        let mut counts = vec![0; lots.len()];
        drawn.iter().for_each(|lot| counts[*lot as usize] += 1);
        let (least, most) = (entries.len() / lots.len(), entries.len().div_ceil(lots.len()));
        assert_eq!(drawn.len(), entries.len());
        assert!(counts.iter().all(|count| (least..=most).contains(count)), "{counts:?}");
    }
    assert_eq!(list(&numbers(3), &[]).outcome(&seed(1), ""), Vec::<u32>::new());
}

#[test]
fn every_order_and_every_place_comes_up_equally_often() {
    const DRAWS: u64 = 24_000;
    let entries = numbers(4);
    let mut orders = std::collections::BTreeMap::<Vec<u32>, f64>::new();
    for number in 0..DRAWS {
        *orders.entry(list(&entries, &entries).outcome(&seed(number), "")).or_default() += 1.0;
    }
    let expected = DRAWS as f64 / 24.0;
    let chi: f64 = orders.values().map(|count| (count - expected).powi(2) / expected).sum();
    // 23 degrees of freedom: larger once in a thousand.
    assert!(orders.len() == 24 && chi < 49.73, "{chi} {orders:?}");

    let (entries, lots) = (numbers(7), numbers(3));
    let mut lots_of_first = [0.0; 3];
    for number in 0..DRAWS {
        lots_of_first[list(&entries, &lots).outcome(&seed(number), "")[0] as usize] += 1.0;
    }
    let expected = DRAWS as f64 / 3.0;
    let chi: f64 = lots_of_first.iter().map(|count: &f64| (count - expected).powi(2) / expected).sum();
    assert!(chi < 13.82, "{chi} {lots_of_first:?}");
}

#[test]
fn numbers_that_would_favour_some_are_thrown_away() {
    let mut stream = Stream { key: [0; 32], next: 0 };
    let bound = (1 << 63) + 1;
    let kept = (0..200).map(|_| stream.below(bound)).collect::<Vec<_>>();
    assert!(kept.iter().all(|number| *number < bound));
    assert!((300..500).contains(&stream.next), "about every second number is of no use: {}", stream.next);
}

#[test]
fn everything_that_is_known_before_is_in_the_hash() {
    let (entries, lots) = (texts(&["1", "23"]), texts(&["4", "5"]));
    let (moved, others) = (texts(&["12", "3"]), texts(&["5", "4"]));
    let one = list(&entries, &lots);
    let lists = [
        DrawList { interview: "0123456789abcdee", ..one },
        DrawList { number: 2, ..one },
        DrawList { kind: DrawKind::Rooms, ..one },
        DrawList { entries: &moved, ..one },
        DrawList { lots: &others, ..one },
        DrawList { entries: &entries[..1], lots: &texts(&["23", "4", "5"]), ..one },
    ];
    assert!(lists.iter().all(|other| other.digest() != one.digest()));
    assert_ne!(one.commitment(&seed(1)), one.commitment(&seed(2)));
}

#[test]
fn what_was_changed_afterwards_is_found() {
    let whole = file(numbers(30), numbers(30), seed(1), "rain");
    assert_eq!(found(&whole), DrawVerdict::Holds);
    let changed = |change: &dyn Fn(&mut DrawSheet)| {
        let mut file = whole.clone();
        change(&mut file.draws[0]);
        found(&file)
    };
    use DrawVerdict as V;
    assert_eq!(changed(&|sheet| sheet.entries.swap(0, 1)), V::ListDiffers);
    assert_eq!(changed(&|sheet| drop(sheet.entries.pop())), V::ListDiffers);
    assert_eq!(changed(&|sheet| sheet.draw.number = 2), V::ListDiffers);
    assert_eq!(changed(&|sheet| sheet.draw.list = "none".to_owned()), V::ListDiffers);
    assert_eq!(changed(&|sheet| sheet.draw.seed = Some(seed(2))), V::SeedDiffers);
    assert_eq!(changed(&|sheet| sheet.draw.seed = None), V::SeedDiffers);
    assert_eq!(changed(&|sheet| sheet.draw.words = Some("sun".to_owned())), V::OutcomeDiffers);
    assert_eq!(changed(&|sheet| sheet.outcome.as_mut().unwrap().swap(0, 1)), V::OutcomeDiffers);
    assert_eq!(changed(&|sheet| sheet.outcome = None), V::OutcomeDiffers);
    let given_up = |sheet: &mut DrawSheet| (sheet.draw.state, sheet.outcome) = (DrawState::GivenUp, None);
    assert_eq!(changed(&given_up), V::GivenUp);
    let open = |sheet: &mut DrawSheet| (sheet.draw.state, sheet.draw.seed) = (DrawState::Committed, None);
    assert_eq!(changed(&open), V::NotDrawn);
    let erased = |sheet: &mut DrawSheet| {
        sheet.entries[3] = "*000000000000000a".to_owned();
        sheet.draw.erased = true;
    };
    assert_eq!(changed(&erased), V::HoldsWithoutList);
    assert!(V::HoldsWithoutList.is_good() && !V::ListDiffers.is_good());
}

#[test]
fn a_seed_is_written_in_one_way_and_never_into_a_log() {
    let text = "00ff".repeat(16);
    let seed: Seed = text.parse().unwrap();
    assert_eq!((seed.to_string(), format!("{seed:?}")), (text.clone(), "Seed(…)".to_owned()));
    for wrong in ["", "00", &text.to_uppercase(), &format!("{text}00"), &text[1..]] {
        assert!(wrong.parse::<Seed>().is_err(), "{wrong}");
    }
}

#[test]
fn the_python_of_the_description_finds_the_same() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/verify_draws.py");
    let python = |file: &DrawFile| {
        let path = std::env::temp_dir().join(format!("viva-draws-{}.json", std::process::id()));
        std::fs::write(&path, serde_json::to_string(file).unwrap()).unwrap();
        let run = std::process::Command::new("python3").arg(script).arg(&path).output();
        std::fs::remove_file(path).unwrap();
        run.map(|run| (run.status.success(), String::from_utf8_lossy(&run.stdout).into_owned()))
    };
    let mut whole = file(numbers(30), numbers(7), seed(1), "晴 26 ℃");
    let first = python(&whole).expect("python3 runs");
    assert_eq!(first, (true, "draw 1: right\n".to_owned()));
    whole.draws.extend([(501, 501), (2, 1), (3, 40)].map(|(entries, lots)| {
        file(numbers(entries), numbers(lots), seed(entries as u64), "").draws.remove(0)
    }));
    assert!(whole.draws.iter().all(|sheet| whole.verdict(sheet) == DrawVerdict::Holds));
    assert_eq!(python(&whole).unwrap().1, "draw 1: right\n".repeat(4));
    whole.draws.truncate(1);
    whole.draws[0].draw.words = None;
    let (good, said) = python(&whole).unwrap();
    assert!(!good && said.contains("WRONG: the outcome"), "{said}");
    whole.draws[0].entries.swap(0, 1);
    assert!(python(&whole).unwrap().1.contains("WRONG: the list"));
}
