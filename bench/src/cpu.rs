//! CPU time of one thread, from the kernel's scheduler statistics.

use std::{fs, io, time::Duration};

/// The thread of this process with this name.
///
/// # Errors
/// Where there is none, or `/proc` cannot be read.
pub fn thread(name: &str) -> io::Result<u64> {
    for entry in fs::read_dir("/proc/self/task")? {
        let path = entry?.path();
        let comm = fs::read_to_string(path.join("comm"))?;
        if comm.trim_end() == name {
            let id = path.file_name().and_then(|id| id.to_str()).and_then(|id| id.parse().ok());
            return id.ok_or_else(|| io::Error::other("no thread id"));
        }
    }
    Err(io::Error::new(io::ErrorKind::NotFound, format!("no thread is called {name}")))
}

/// The calling thread.
///
/// # Errors
/// Where `/proc` cannot be read.
pub fn current() -> io::Result<u64> {
    let link = fs::read_link("/proc/thread-self")?;
    let id = link.file_name().and_then(|id| id.to_str()).and_then(|id| id.parse().ok());
    id.ok_or_else(|| io::Error::other("no thread id"))
}

/// Time that a thread has spent on a core, in nanoseconds' resolution.
///
/// # Errors
/// Where the thread is gone, or the kernel keeps no statistics.
pub fn time(thread: u64) -> io::Result<Duration> {
    let statistics = fs::read_to_string(format!("/proc/self/task/{thread}/schedstat"))?;
    let spent = statistics.split_ascii_whitespace().next().and_then(|figure| figure.parse().ok());
    spent.map(Duration::from_nanos).ok_or_else(|| io::Error::other("no scheduler statistics"))
}
