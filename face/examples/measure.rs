//! Measures what a check costs: `cargo run --release -p viva-face --example measure`, after `make setup`. With the names of
//! pictures behind `--` it only decodes these, and says how much memory that took.

use std::{
    fs,
    io::{Write, stdout},
    path::Path,
    time::{Duration, Instant},
};
use viva_face::{Analyser, DETECTOR, EMBEDDER, Models, PRINT_DETECTOR, Picture};

const ROUNDS: usize = 300;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.cache/faces");
    let mut out = stdout().lock();
    writeln!(out, "at start: {}", memory()?)?;
    let pictures: Vec<String> = std::env::args().skip(1).collect();
    for picture in &pictures {
        let bytes = fs::read(picture)?;
        let start = now();
        let decoded = Picture::decode(&bytes);
        writeln!(out, "{picture} in {:.0?}: {decoded:?}: {}", start.elapsed(), memory()?)?;
    }
    if !pictures.is_empty() {
        return Ok(());
    }
    let (detector, embedder) = (fs::read(folder.join(DETECTOR.name))?, fs::read(folder.join(EMBEDDER.name))?);
    let start = now();
    let models = Models::load(&detector, &embedder)?;
    writeln!(out, "models loaded in {:.0?}: {}", start.elapsed(), memory()?)?;
    drop((detector, embedder));
    let bytes = fs::read(folder.join("photos/obama.jpg"))?;
    let picture = Picture::decode(&bytes)?;
    let analyser = models.analyser();
    writeln!(out, "decode: {}", repeated(|| Picture::decode(&bytes))?)?;
    writeln!(out, "look: {}", repeated(|| analyser.look(&picture))?)?;
    writeln!(out, "analyse: {}", repeated(|| analyser.analyse(&picture))?)?;
    writeln!(out, "one worker: {}", memory()?)?;
    let models = models.with_prints(&fs::read(folder.join(PRINT_DETECTOR.name))?)?;
    writeln!(out, "with the model of prints: {}", memory()?)?;
    let (analyser, face) = (models.analyser(), analyser.look(&picture)?.face.ok_or("no face")?);
    writeln!(out, "print or screen: {}", repeated(|| analyser.live(&picture, &face))?)?;
    let workers: Vec<Analyser> = (0..2).map(|_| models.analyser()).collect();
    let times = side_by_side(&workers, &bytes)?;
    writeln!(out, "decode and analyse, two workers side by side: {}", quantiles(times))?;
    writeln!(out, "two workers more: {}", memory()?)?;
    Ok(())
}

fn side_by_side(workers: &[Analyser], bytes: &[u8]) -> Result<Vec<Duration>, Box<dyn std::error::Error>> {
    let mut times = Vec::new();
    std::thread::scope(|scope| {
        let work = |worker: &Analyser| {
            let mut times = Vec::new();
            for _ in 0..ROUNDS {
                let start = now();
                let picture = Picture::decode(bytes).map_err(|fault| fault.to_string())?;
                worker.analyse(&picture).map_err(|fault| fault.to_string())?;
                times.push(start.elapsed());
            }
            Ok::<_, String>(times)
        };
        let running: Vec<_> = workers.iter().map(|worker| scope.spawn(move || work(worker))).collect();
        for thread in running {
            times.extend(thread.join().map_err(|_| "a worker has ended")??);
        }
        Ok(times)
    })
}

/// Times and CPU time of many rounds.
fn repeated<T, E: std::error::Error + 'static>(
    run: impl Fn() -> Result<T, E>,
) -> Result<String, Box<dyn std::error::Error>> {
    let mut times = Vec::new();
    let before = cpu()?;
    for _ in 0..ROUNDS {
        let start = now();
        run()?;
        times.push(start.elapsed());
    }
    let each = (cpu()? - before) / ROUNDS as f64 * 1000.0;
    Ok(format!("{}, CPU {each:.1} ms", quantiles(times)))
}

/// Seconds of CPU that this process has had: the fields utime and stime of proc(5), in hundredths.
fn cpu() -> Result<f64, Box<dyn std::error::Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit_once(')').ok_or("another form of /proc/self/stat")?.1;
    let ticks = after.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<Result<f64, _>>()? / 100.0)
}

#[expect(clippy::disallowed_methods, reason = "the crate has no clock; this measures it")]
fn now() -> Instant {
    Instant::now()
}

fn quantiles(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
    format!(
        "p50 {:.1?}, p99 {:.1?}",
        at(50).copied().unwrap_or_default(),
        at(99).copied().unwrap_or_default()
    )
}

/// What the kernel says of this process.
fn memory() -> std::io::Result<String> {
    let status = fs::read_to_string("/proc/self/status")?;
    let wanted = status.lines().filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"));
    Ok(wanted
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join(", "))
}
