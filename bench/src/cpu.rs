//! CPU time of threads and processes, and which core they run on.

use nix::{
    sched::{CpuSet, sched_setaffinity},
    unistd::{Pid, gettid},
};
use procfs::process::{Process, Task};
use std::time::Duration;

/// Lets the calling thread, and the threads that it starts from now on, run on one core only.
pub fn pin(core: usize) {
    let mut set = CpuSet::new();
    // On a machine without that core it runs where it may.
    let _ = set.set(core).and_then(|()| sched_setaffinity(Pid::from_raw(0), &set));
}

/// Cores of the machine, whichever of them the calling thread may use.
pub fn cores() -> usize {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    text.lines().filter(|line| line.starts_with("processor")).count().max(1)
}

/// Time that the calling thread has run.
///
/// # Errors
/// Where the kernel keeps no scheduler statistics.
pub fn own_thread() -> Result<Duration, String> {
    let task = Process::myself().and_then(|own| own.task_from_tid(gettid().as_raw()));
    spent(&task.map_err(|error| error.to_string())?)
}

/// Time that the threads of a process have run whose name begins so; with an empty name, all of them.
///
/// # Errors
/// Where the process is gone.
pub fn threads(pid: i32, name: &str) -> Result<Duration, String> {
    let process = Process::new(pid).map_err(|error| format!("process {pid}: {error}"))?;
    let tasks = process.tasks().map_err(|error| format!("threads of {pid}: {error}"))?;
    let mut sum = Duration::ZERO;
    for task in tasks.flatten() {
        // A thread may end while the list is read.
        let named = task.stat().is_ok_and(|stat| stat.comm.starts_with(name));
        if named {
            sum += spent(&task).unwrap_or_default();
        }
    }
    Ok(sum)
}

/// Time that the kernel's own thread for packets has run on a core: work that it took over from whoever sent them.
pub fn kernel(core: usize) -> Duration {
    let name = format!("ksoftirqd/{core}");
    let all = procfs::process::all_processes().into_iter().flatten().flatten();
    let mut own = all.filter(|process| process.stat().is_ok_and(|stat| stat.comm == name));
    let task = own.next().and_then(|process| process.task_main_thread().ok());
    task.and_then(|task| spent(&task).ok()).unwrap_or_default()
}

fn spent(task: &Task) -> Result<Duration, String> {
    let schedule = task.schedstat().map_err(|error| format!("scheduler statistics: {error}"))?;
    Ok(Duration::from_nanos(schedule.sum_exec_runtime))
}

/// Memory of a process.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// Resident, in bytes.
    pub resident: u64,
    /// Of that, its own heap and stacks: what no file stands behind.
    pub anonymous: u64,
}

/// Memory of a process now.
///
/// # Errors
/// Where the process is gone.
pub fn memory(pid: i32) -> Result<Memory, String> {
    let status = Process::new(pid).and_then(|process| process.status());
    let status = status.map_err(|error| format!("process {pid}: {error}"))?;
    let bytes = |kib: Option<u64>| kib.unwrap_or(0) * 1024;
    Ok(Memory { resident: bytes(status.vmrss), anonymous: bytes(status.rssanon) })
}
