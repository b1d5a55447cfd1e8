//! Runs one workload under callgrind and reads what was counted.

use std::{
    collections::HashSet,
    env,
    error::Error,
    ffi::OsString,
    fs,
    path::Path,
    process::{self, Command},
};

/// The function before which callgrind writes out what it has counted and begins at zero: once before what is to be
/// counted, once behind it.
const MARK: &str = "*instructions::workload::mark*";

/// The part between the two.
const PART: &str = "profile.2";

/// Where memory comes from, whoever asks: Rust's allocator and the C of AWS-LC end here.
const ALLOCATORS: [&str; 6] = ["malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"];

/// What was counted of one workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    pub instructions: u64,
    /// Calls that ask for memory.
    pub allocations: u64,
    /// What the workload did meanwhile.
    pub operations: u64,
}

/// Counts one workload in a process of its own. Its profile stays in `folder` if one is given.
pub fn profile(workload: &str, folder: Option<&Path>) -> Result<Profile, Box<dyn Error>> {
    let parts = env::temp_dir().join(format!("viva-{}-{workload}", process::id()));
    fs::create_dir_all(&parts)?;
    let result = run(workload, &parts).and_then(|profile| {
        if let Some(folder) = folder {
            fs::create_dir_all(folder)?;
            fs::copy(parts.join(PART), folder.join(format!("callgrind.out.{workload}")))?;
        }
        Ok(profile)
    });
    fs::remove_dir_all(&parts)?;
    result
}

fn run(workload: &str, parts: &Path) -> Result<Profile, Box<dyn Error>> {
    let mut out = OsString::from("--callgrind-out-file=");
    out.push(parts.join("profile"));
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!("--dump-before={MARK}"))
        .arg(out)
        .arg(env::current_exe()?)
        .args(["workload", workload])
        .output()
        .map_err(|error| format!("valgrind: {error}; `make setup` installs it"))?;
    if !output.status.success() {
        return Err(
            format!("{workload}: {}{}", output.status, String::from_utf8_lossy(&output.stderr)).into()
        );
    }
    let operations = String::from_utf8_lossy(&output.stdout).trim().parse()?;
    let part = fs::read_to_string(parts.join(PART))
        .map_err(|error| format!("{workload}: callgrind has not found the marks: {error}"))?;
    let (instructions, allocations) =
        read(&part).ok_or_else(|| format!("{workload}: callgrind's profile has no totals"))?;
    Ok(Profile { instructions, allocations, operations })
}

/// Instructions in total, and calls of the allocators. A name is written out where it stands first, `(id) name`, and is
/// `(id)` from then on.
fn read(profile: &str) -> Option<(u64, u64)> {
    let (mut instructions, mut allocations) = (None, 0);
    let mut ids = HashSet::new();
    let mut callee = "";
    for line in profile.lines() {
        if let Some((key @ ("fn" | "cfn"), name)) = line.split_once('=') {
            let (id, name) = name.split_once(' ').unwrap_or((name, ""));
            if ALLOCATORS.contains(&name) {
                ids.insert(id);
            }
            if key == "cfn" {
                callee = id;
            }
        } else if let Some(calls) = line.strip_prefix("calls=") {
            if ids.contains(callee) {
                allocations += calls.split(' ').next()?.parse::<u64>().ok()?;
            }
        } else if let Some(totals) = line.strip_prefix("totals: ") {
            instructions = totals.trim().parse().ok();
        }
    }
    Some((instructions?, allocations))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILE: &str = "\
events: Ir

fn=(1) viva_instructions::workload::Workload::run
10 5
cfn=(2) viva_sfu::unit::receive::handle_packet
calls=3 20
10 700
cfn=(3) malloc
calls=4 0
11 40

fn=(2)
20 100
cob=(2)
cfn=(3)
calls=2 0
21 20
cfn=(4) malloc_consolidate
calls=9 0
22 9

totals: 874
";

    #[test]
    fn instructions_and_calls_of_allocators_are_read() {
        assert_eq!(read(PROFILE), Some((874, 6)));
    }

    #[test]
    fn a_profile_that_was_cut_off_is_none() {
        assert_eq!(read(PROFILE.trim_end_matches("totals: 874\n")), None);
    }
}
