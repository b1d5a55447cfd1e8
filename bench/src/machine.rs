//! Describes the machine of a run.

use crate::{cpu, figures::Machine};
use std::{fs, process::Command};

pub fn describe() -> Machine {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, key: &str, separator: char| {
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.split_once(separator)
            .map(|(_, value)| value.trim().trim_matches('"').to_owned())
            .unwrap_or_default()
    };
    let kib: u64 =
        value(&read("/proc/meminfo"), "MemTotal", ':').trim_end_matches(" kB").parse().unwrap_or(0);
    Machine {
        processor: value(&read("/proc/cpuinfo"), "model name", ':'),
        cores: cpu::cores(),
        memory_gib: (kib + (1 << 19)) >> 20,
        kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
        system: value(&read("/etc/os-release"), "PRETTY_NAME", '='),
        compiler: said("rustc", &["--version"]),
    }
}

/// The commit of the working folder; empty outside a repository.
pub fn commit() -> String {
    said("git", &["rev-parse", "--short=12", "HEAD"])
}

/// Now, in UTC.
pub fn date() -> String {
    said("date", &["-u", "+%Y-%m-%d %H:%M"])
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.ok().filter(|output| output.status.success());
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
