//! Instruction counts: what each step of a packet's way costs, repeatably, beside the committed figures.
//!
//! Every workload runs in a process of its own under callgrind. Valgrind gives each program the same processor, one with
//! AVX2 and AES-NI, and no clock has a say, so the counts of one binary differ by next to nothing. They say what a
//! change does to the code; what a packet costs in time is measured elsewhere.

mod callgrind;
mod camera;
mod figures;
mod hall;
mod parameters;
mod steps;
mod task;
mod unit;
mod workload;

use clap::Args;
use figures::{Figure, Figures};
use std::{
    error::Error,
    io::{Write, stdout},
    path::{Path, PathBuf},
};
use workload::Workload;

/// What to count.
#[derive(Args)]
pub struct Options {
    /// Workloads; all if none is named.
    names: Vec<String>,
    /// Write what is counted into the file of committed figures.
    #[arg(long)]
    update: bool,
    /// The committed figures.
    #[arg(long, default_value = "bench/instructions.toml")]
    figures: PathBuf,
    /// Keep callgrind's profiles in this folder, for callgrind_annotate.
    #[arg(long)]
    profiles: Option<PathBuf>,
}

/// One workload, in this process.
#[derive(Args)]
pub struct Work {
    name: String,
    /// Times to do it; the workload's own number if not given.
    #[arg(long)]
    rounds: Option<u32>,
}

/// The committed instructions of each workload.
///
/// # Errors
/// Where the file cannot be read.
pub fn committed(path: &Path) -> Result<Vec<(String, f64)>, Box<dyn Error>> {
    Ok(figures::read(path)?.into_iter().map(|(name, figure)| (name, figure.instructions)).collect())
}

/// Counts, and compares with the committed figures or replaces them.
///
/// # Errors
/// Where a figure is not as committed, where there is none, and where a workload or callgrind fails.
pub fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    if cfg!(debug_assertions) {
        return Err("the figures are those of the release profile: add --release".into());
    }
    if options.update && !has_the_processor() {
        return Err("the committed figures are of x86_64 with AVX2, which this machine is not".into());
    }
    let chosen = workload::chosen(&options.names)?;
    let committed = if options.figures.exists() { figures::read(&options.figures)? } else { Figures::new() };
    let measured = count(&chosen, &committed, options)?;
    if options.update {
        // Named ones are replaced among the others; all together replace whatever was there.
        let mut all = if options.names.is_empty() { Figures::new() } else { committed };
        all.extend(measured);
        return figures::write(&options.figures, &all);
    }
    if !has_the_processor() {
        writeln!(stdout(), "The committed figures are of x86_64 with AVX2: nothing to compare with here.")?;
        return Ok(());
    }
    let faults = figures::faults(&committed, &measured, options.names.is_empty());
    for fault in &faults {
        writeln!(stdout(), "✗ {fault}")?;
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err("not as committed; if that is meant to be so, `make instructions UPDATE=1` commits to it".into())
}

/// Does one workload in this process and says how many operations that were.
///
/// # Errors
/// Where the workload does not do what it should.
pub fn work(options: &Work) -> Result<(), Box<dyn Error>> {
    let workload = workload::find(&options.name)?;
    let operations = workload.run(options.rounds.unwrap_or(workload.rounds))?;
    writeln!(stdout(), "{operations}")?;
    Ok(())
}

/// Counts one workload after the other and shows each as soon as it is known.
fn count(
    chosen: &[&'static Workload],
    committed: &Figures,
    options: &Options,
) -> Result<Figures, Box<dyn Error>> {
    let mut out = stdout().lock();
    writeln!(
        out,
        "{:<14} {:>10} {:>10} {:>8} {:>8}  per",
        "workload", "committed", "counted", "change", "allocs"
    )?;
    let mut measured = Figures::new();
    for workload in chosen {
        let profile = callgrind::profile(workload.name, options.profiles.as_deref())?;
        let figure = Figure::of(&profile).ok_or_else(|| format!("{}: nothing was counted", workload.name))?;
        let known = committed.get(workload.name);
        let shown = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
        writeln!(
            out,
            "{:<14} {:>10} {:>10.1} {:>8} {:>8.4}  {}",
            workload.name,
            shown(known.map(|known| format!("{:.1}", known.instructions))),
            figure.instructions,
            shown(known.map(|known| format!("{:+.2} %", figure.change_from(known) * 100.0))),
            figure.allocations,
            workload.operation,
        )?;
        out.flush()?;
        measured.insert(workload.name.to_owned(), figure);
    }
    Ok(measured)
}

/// Is this a machine on which valgrind shows the processor of the committed figures?
fn has_the_processor() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("avx2");
    #[cfg(not(target_arch = "x86_64"))]
    return false;
}

#[cfg(test)]
mod tests {
    use super::{workload::WORKLOADS, *};

    #[test]
    fn every_workload_does_what_it_says() {
        for workload in WORKLOADS {
            assert!(workload.run(2).unwrap() > 0, "{}", workload.name);
        }
    }

    #[test]
    fn the_committed_figures_are_those_of_the_workloads_that_there_are() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../instructions.toml");
        let committed = figures::read(&path).unwrap();
        let mut names: Vec<_> = WORKLOADS.iter().map(|workload| workload.name).collect();
        names.sort_unstable();
        assert_eq!(committed.into_keys().collect::<Vec<_>>(), names);
    }
}
