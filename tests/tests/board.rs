//! The scoreboard of bandwidth: each scenario is run anew and compared with the table that is kept.

use std::{
    env, fs,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};
use viva_tests::board::{Row, Run, SEEDS, Table, all, named, plot, row, run, trace};

const ANEW: &str = "write it anew with `make board`, and look at what became better and worse";

/// One test for each row, so that they run beside each other.
macro_rules! rows {
    ($($test:ident $name:literal)*) => {
        const ROWS: &[&str] = &[$($name),*];
        $(
            #[test]
            fn $test() {
                assert_kept($name);
            }
        )*
    };
}

rows! {
    steady_300_kbit_deep "steady-0.3-deep"
    steady_300_kbit_shallow "steady-0.3-shallow"
    steady_1_mbit_deep "steady-1-deep"
    steady_1_mbit_shallow "steady-1-shallow"
    steady_3_mbit_deep "steady-3-deep"
    steady_3_mbit_shallow "steady-3-shallow"
    steady_10_mbit_deep "steady-10-deep"
    steady_10_mbit_shallow "steady-10-shallow"
    one_stream_of_several_sizes "layered-1-deep"
    steps_deep "steps-5-1-0.3-3-deep"
    steps_shallow "steps-5-1-0.3-3-shallow"
    steps_over_tcp "steps-5-1-0.3-3-tcp"
    slide "slide-3-to-0.7"
    oscillating "oscillating-2-0.8"
    steps_of_one_stream "layered-5-1-0.3-3-deep"
    loss_without_congestion "loss-5-percent"
    much_loss_without_congestion "loss-20-percent"
    loss_in_bursts "loss-in-bursts"
    far_with_jitter "far-200-ms-jitter"
    reordering "reordering"
    a_download_beside "download"
    streams_beside "streams-come-and-go"
    feedback_lost "feedback-lost-30-percent"
    feedback_by_stream "told-by-stream"
    own_estimate "remb"
    reports_without_feedback "only-reports"
    publishers_lose "publishers-lose-5-percent"
    two_on_one_line "two-on-one-line"
    idle_then_pin "idle-then-pin-720"
    seven_people "seven-people"
    wall_of_36 "wall-of-36"
    voice_on_100_kbit "voice-on-0.1"
    voice_on_50_kbit "voice-on-0.05"
}

fn assert_kept(name: &str) {
    if env::var_os("UPDATE_DOCS").is_some() {
        return;
    }
    let scenario = named(name).expect("a scenario");
    let now = row(&scenario);
    let table = Table::read();
    let kept = table.row(name).map_or("", |row| row.text.as_str());
    assert!(kept == now.text, "\n{kept}is now\n{}{ANEW}", now.text);
    assert!(table.row(name) == Some(&now), "the drawing of {name} is another: {ANEW}");
}

/// `UPDATE_DOCS=1` writes the table anew: all rows, or with `ONLY` those whose names hold that. `TRACE` names a folder for
/// the course of each run.
#[test]
fn the_table_holds_every_scenario() {
    let scenarios = all();
    let names: Vec<_> = scenarios.iter().map(|scenario| scenario.name).collect();
    assert_eq!(names, ROWS, "each scenario has a test");
    let mut table = Table::read();
    if env::var_os("UPDATE_DOCS").is_some() {
        let only = env::var("ONLY").unwrap_or_default();
        let chosen: Vec<_> = names.iter().copied().filter(|name| name.contains(&only)).collect();
        let mut anew = run_all(&chosen);
        let rows = names.iter().filter_map(|name| match anew.iter().position(|row| row.name == *name) {
            Some(place) => Some(anew.swap_remove(place)),
            None => table.row(name).cloned(),
        });
        table = Table { rows: rows.collect() };
        table.write();
    }
    let kept: Vec<_> = table.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(kept, names, "{ANEW}");
    assert!(table.is_kept(), "{ANEW}");
}

/// As text and drawing, where somebody wants to look at it.
fn keep_course(name: &str, seed: u64, run: &Run) {
    if let Some(folder) = env::var_os("TRACE").map(PathBuf::from).filter(|folder| folder.is_dir()) {
        let file = |ending: &str| folder.join(format!("{name}-{seed}.{ending}"));
        fs::write(file("txt"), trace(run)).expect("the course is written");
        fs::write(file("svg"), plot::svg(name, run)).expect("the course is drawn");
    }
}

/// All seeds of these scenarios, on all cores.
fn run_all(names: &[&str]) -> Vec<Row> {
    let jobs: Vec<_> = names.iter().flat_map(|name| SEEDS.map(|seed| (*name, seed))).collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::<(usize, Run)>::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let job = next.fetch_add(1, Ordering::Relaxed);
                    let Some((name, seed)) = jobs.get(job) else { return };
                    let run = run(&named(name).expect("a scenario"), *seed);
                    keep_course(name, *seed, &run);
                    done.lock().expect("no panic").push((job, run));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no panic");
    done.sort_by_key(|(job, _)| *job);
    let runs: Vec<Run> = done.into_iter().map(|(_, run)| run).collect();
    names
        .iter()
        .zip(runs.chunks(SEEDS.len()))
        .map(|(name, runs)| Row::new(&named(name).expect("a scenario"), runs))
        .collect()
}
