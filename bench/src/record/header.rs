//! The text of a trace file: where it is from, what it holds, and its lines.

use super::{
    Recording, Wish, picture,
    tape::{HEIGHTS, Tape},
    voice,
};
use crate::{
    machine,
    trace::{Line, Trace},
};
use std::fmt::{self, Write as _};

/// Writes both files.
///
/// # Errors
/// Where a trace cannot be played.
pub fn write(wish: &Wish, browser: &str, tape: &Tape) -> Result<Recording, String> {
    let names = HEIGHTS.map(|height| format!("VP8, {height} lines"));
    let camera = text(wish, browser, "camera", picture::ABOUT, &names, &tape.camera)?;
    let names = ["Opus".to_owned()];
    let microphone = text(wish, browser, "microphone", voice::ABOUT, &names, &tape.microphone)?;
    Ok(Recording { camera, microphone })
}

fn text(
    wish: &Wish,
    browser: &str,
    what: &str,
    about: &str,
    names: &[String],
    lines: &[Line],
) -> Result<String, String> {
    let trace = Trace::from_lines(lines).map_err(|error| format!("{what}: {error}"))?;
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = head(&mut text, wish, browser, what, about);
    for (layer, name) in names.iter().enumerate() {
        let _ = describe(&mut text, &trace, layer, name);
    }
    lines.iter().for_each(|line| line.write(&mut text));
    Ok(text)
}

fn head(text: &mut String, wish: &Wish, browser: &str, what: &str, about: &str) -> fmt::Result {
    writeln!(text, "# A {what} in a room of Viva, packet by packet.")?;
    writeln!(text, "# browser: {browser}")?;
    writeln!(text, "# recorded: {} UTC, {} s, by `{}`", machine::date(), wish.seconds, wish.command)?;
    writeln!(text, "# before the {what}: {about}")?;
    writeln!(
        text,
        "# times: of the kernel that received them, behind a forwarding server on the same machine: it adds less than a \
         millisecond as a rule, and what came in a burst it sends in runs, closer together than it came"
    )
}

fn describe(text: &mut String, trace: &Trace, layer: usize, name: &str) -> fmt::Result {
    let own: Vec<_> = trace.frames.iter().filter(|frame| frame.layer == layer).collect();
    let frames = own.len() as f64 * 1e6 / trace.duration as f64;
    let (bits, packets) = (trace.bitrate(layer) / 1e3, trace.packet_rate(layer));
    write!(text, "# layer {layer}: {name}; {bits:.0} kbit/s, {packets:.1} packets/s, {frames:.1} frames/s")?;
    let keys = own.iter().filter(|frame| frame.key).count();
    if keys < own.len() {
        let temporal = own.iter().map(|frame| frame.temporal).max().unwrap_or(0) + 1;
        write!(text, "; key frames: {keys}, temporal layers: {temporal}")?;
    }
    writeln!(text)
}
