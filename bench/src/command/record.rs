//! `viva-bench record`: new traces from a real browser.

use super::say;
use crate::record::{self, Wish};
use clap::Args;
use std::path::PathBuf;

/// What to record.
#[derive(Args)]
pub struct Record {
    /// Seconds to record, once the rates of all encodings stand still.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// The folder that gets the two traces.
    #[arg(long, default_value = "bench/traces")]
    out: PathBuf,
    /// The browser: Chromium, or one made from it.
    #[arg(long, default_value = "chromium")]
    browser: PathBuf,
    /// Our own server's program, where it is not beside this one.
    #[arg(long)]
    viva: Option<PathBuf>,
}

impl Record {
    /// Records, and writes the files.
    ///
    /// # Errors
    /// In words for who typed it.
    pub fn run(self) -> Result<(), String> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let command = format!("viva-bench record --seconds {} --out {}", self.seconds, self.out.display());
        let wish = Wish { seconds: self.seconds, browser: self.browser, viva: self.viva, command };
        let recording = runtime.block_on(record::record(&wish))?;
        for (name, text) in [("camera.txt", &recording.camera), ("microphone.txt", &recording.microphone)] {
            let path = self.out.join(name);
            std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
            say(&format!("{}, {} KiB", path.display(), text.len() >> 10))?;
            for line in text.lines().take_while(|line| line.starts_with('#')) {
                say(line)?;
            }
        }
        Ok(())
    }
}
