//! A server's process: started on a core of its own, ended when the run is.

use crate::{cpu, link::Link};
use std::{
    ffi::OsStr,
    fs::File,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// How long a server may take to end when asked to.
const PATIENCE: Duration = Duration::from_secs(6);

pub struct Process {
    child: Child,
    /// The core that it runs on.
    pub core: usize,
}

impl Process {
    /// Starts `program` on `core`, at the server's end of the link; what it prints goes to `log`.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start(
        link: &Link,
        program: &OsStr,
        arguments: &[String],
        environment: &[(&str, String)],
        core: usize,
        log: &Path,
    ) -> Result<Self, String> {
        let output = File::create(log).map_err(|error| format!("{}: {error}", log.display()))?;
        let errors = output.try_clone().map_err(|error| error.to_string())?;
        let (own, arguments) = link.command(program, arguments);
        let mut command = Command::new(own);
        command.args(arguments).envs(environment.iter().cloned());
        command.stdin(Stdio::null()).stdout(output).stderr(errors);
        // A child has the cores of the thread that makes it.
        let maker = std::thread::spawn(move || {
            cpu::pin(core);
            command.spawn()
        });
        let child = maker.join().map_err(|_| "the thread that starts the server failed")?;
        let child = child.map_err(|error| format!("{}: {error}", program.to_string_lossy()))?;
        Ok(Self { child, core })
    }

    pub fn id(&self) -> i32 {
        self.child.id().cast_signed()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        end_child(&mut self.child);
    }
}

/// Asks a process to end, and ends it if it does not.
pub fn end_child(child: &mut Child) {
    let pid = nix::unistd::Pid::from_raw(child.id().cast_signed());
    // One that has ended already is not there to be told.
    let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
    let begin = Instant::now();
    while matches!(child.try_wait(), Ok(None)) && begin.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// A TCP port of the loopback interface that nobody uses.
///
/// # Errors
/// Where none is left.
pub fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}
