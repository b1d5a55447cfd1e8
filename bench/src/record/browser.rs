//! Chromium without a window, on one page, with a drawn camera and a made voice.

use super::shown;
use crate::peer::end_child;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// What the camera shows, in the recorder's folder.
pub const PICTURE: &str = "picture.y4m";
/// What the microphone hears.
pub const VOICE: &str = "voice.wav";

/// What it says is kept here.
const LOG: &str = "browser.log";
const FLAGS: [&str; 14] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-dev-shm-usage",
    "--enable-logging=stderr",
    "--lang=en",
];

/// A running browser.
pub struct Browser {
    child: Child,
    log: PathBuf,
}

impl Browser {
    /// Starts it on a page; `folder` holds the picture and the voice, and gets its profile.
    pub fn start(program: &Path, folder: &Path, page: &str) -> Result<Self, String> {
        let log = folder.join(LOG);
        let output = File::create(&log).map_err(|error| shown(&log, &error))?;
        let errors = output.try_clone().map_err(|error| shown(&log, &error))?;
        let mut command = Command::new(program);
        command.args(FLAGS);
        command.arg(format!("--user-data-dir={}", folder.join("profile").display()));
        command.arg(format!("--use-file-for-fake-video-capture={}", folder.join(PICTURE).display()));
        command.arg(format!("--use-file-for-fake-audio-capture={}", folder.join(VOICE).display()));
        command.arg(page).stdin(Stdio::null()).stdout(output).stderr(errors);
        let child = command.spawn().map_err(|error| shown(program, &error))?;
        Ok(Self { child, log })
    }

    /// The last that it said.
    pub fn said(&self) -> String {
        let said = fs::read(&self.log).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let lines: Vec<&str> = said.lines().collect();
        lines.get(lines.len().saturating_sub(12)..).unwrap_or_default().join("\n")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        end_child(&mut self.child);
    }
}

/// Name and version.
pub fn version(program: &Path) -> Result<String, String> {
    let output = Command::new(program).arg("--version").output().map_err(|error| shown(program, &error))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
