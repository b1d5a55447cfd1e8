//! How a run went, drawn: rates and estimate, what moved in each tile, how long packets waited.

use super::{
    room::ROWS,
    run::{Run, Sample},
};
use std::fmt::Write as _;

/// Size of the drawing, and of the parts of it.
const WIDTH: u64 = 800;
const LEFT: u64 = 60;
const RIGHT: u64 = 16;
const RATES: (u64, u64) = (44, 180);
const TILES: u64 = 262;
const TILE: u64 = 14;
const QUEUE: u64 = 64;
/// One sample of so many is drawn.
const EVERY: usize = 2;

const STYLE: &str = "svg{background:#fff;font:12px sans-serif;--ink:#333;--grid:#ddd}\
    text{fill:var(--ink)}path{fill:none;stroke-linejoin:round}.grid{stroke:var(--grid)}\
    .line{stroke:#888;stroke-width:2}.estimate{stroke:#d2691e;stroke-width:1.5}.sent{stroke:#9ac;stroke-width:1}\
    .received{stroke:#1668c7;stroke-width:1.5}.wait{stroke:#a33;stroke-width:1}\
    .rows0{fill:#b9dcc0}.rows1{fill:#57ab6a}.rows2{fill:#1b6b34}\
    @media(prefers-color-scheme:dark){svg{background:#181a1b;--ink:#ccc;--grid:#383b3d}.sent{stroke:#456}}";

/// The drawing of one run as SVG.
pub fn svg(name: &str, run: &Run) -> String {
    let samples: Vec<&Sample> = run.samples.iter().step_by(EVERY).collect();
    let (Some(first), Some(last)) = (samples.first(), run.samples.last()) else { return String::new() };
    let tiles = first.tiles.len() as u64;
    let queue = TILES + tiles * TILE + 34;
    let height = queue + QUEUE + 30;
    let across = Across { length: last.at };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{name}\">\n\
         <style>{STYLE}</style>\n"
    );
    text(&mut svg, 0, 16, "start", &format!("{name}, seed 1"));
    across.seconds(&mut svg, queue + QUEUE + 18, RATES.0);
    rates(&mut svg, &across, &samples);
    text(
        &mut svg,
        0,
        TILES - 8,
        "start",
        "tiles: light 180, dark 360, darkest 720 rows; white: no picture moves",
    );
    for tile in 0..tiles {
        row(&mut svg, &across, &samples, tile as usize, TILES + tile * TILE);
    }
    text(&mut svg, 0, queue - 8, "start", "wait in the queue, ms");
    let most = samples.iter().map(|sample| sample.waited / 1_000).max().unwrap_or(0).max(100);
    let panel = Panel { top: queue, height: QUEUE, most };
    panel.scale(&mut svg, &[0, most], 1);
    panel.draw(&mut svg, "wait", &across, samples.iter().map(|sample| (sample.at, sample.waited / 1_000)));
    svg + "</svg>\n"
}

fn rates(svg: &mut String, across: &Across, samples: &[&Sample]) {
    let kbit = |bits: u64| bits / 1_000;
    // What is sent in vain may be many times the line; it is cut.
    let highest =
        |sample: &&Sample| sample.line.max(sample.received).max(sample.estimate.unwrap_or(0)) * 5 / 4;
    let most = samples.iter().map(highest).max().map_or(1, kbit).div_ceil(200).max(1) * 200;
    let panel = Panel { top: RATES.0, height: RATES.1, most };
    text(svg, 0, 32, "start", "Mbit/s");
    let names =
        [("line", "the line"), ("estimate", "estimate"), ("sent", "sent"), ("received", "media received")];
    for (place, (class, name)) in names.into_iter().enumerate() {
        let x = LEFT + 40 + place as u64 * 120;
        let _ = writeln!(svg, "<path class=\"{class}\" d=\"M{x} 28h24\"/>");
        text(svg, x + 30, 32, "start", name);
    }
    panel.scale(svg, &[0, most / 2, most], 1_000);
    panel.draw(svg, "sent", across, samples.iter().map(|sample| (sample.at, kbit(sample.sent))));
    panel.draw(svg, "line", across, samples.iter().map(|sample| (sample.at, kbit(sample.line))));
    panel.draw(svg, "received", across, samples.iter().map(|sample| (sample.at, kbit(sample.received))));
    let known = samples.iter().filter_map(|sample| Some((sample.at, kbit(sample.estimate?))));
    panel.draw(svg, "estimate", across, known);
}

/// One tile: a bar for each time in which one encoding moved.
fn row(svg: &mut String, across: &Across, samples: &[&Sample], tile: usize, top: u64) {
    for run in samples.chunk_by(|before, after| before.tiles[tile] == after.tiles[tile]) {
        let Some(encoding) = run[0].tiles[tile].filter(|encoding| usize::from(*encoding) < ROWS.len()) else {
            continue;
        };
        let (from, until) = (across.place(run[0].at), across.place(run[run.len() - 1].at));
        let width = (until - from).max(1);
        let height = TILE - 3;
        let _ = writeln!(
            svg,
            "<rect class=\"rows{encoding}\" x=\"{from}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/>"
        );
    }
}

/// The axis of time.
struct Across {
    length: u64,
}

impl Across {
    fn place(&self, at: u64) -> u64 {
        LEFT + at * (WIDTH - LEFT - RIGHT) / self.length.max(1)
    }

    fn seconds(&self, svg: &mut String, y: u64, top: u64) {
        for second in (0..=self.length / 1_000_000).step_by(5) {
            let x = self.place(second * 1_000_000);
            let _ = writeln!(svg, "<path class=\"grid\" d=\"M{x} {top}V{}\"/>", y - 14);
            text(svg, x, y, "middle", &format!("{second} s"));
        }
    }
}

/// A part of the drawing with an axis of its own, from zero.
struct Panel {
    top: u64,
    height: u64,
    most: u64,
}

impl Panel {
    fn place(&self, value: u64) -> u64 {
        self.top + self.height - value.min(self.most) * self.height / self.most
    }

    fn scale(&self, svg: &mut String, values: &[u64], unit: u64) {
        for value in values {
            let y = self.place(*value);
            let _ = writeln!(svg, "<path class=\"grid\" d=\"M{LEFT} {y}H{}\"/>", WIDTH - RIGHT);
            let label = if unit == 1 {
                value.to_string()
            } else {
                format!("{}.{}", value / unit, value % unit / 100)
            };
            text(svg, LEFT - 8, y + 4, "end", &label);
        }
    }

    fn draw(&self, svg: &mut String, class: &str, across: &Across, points: impl Iterator<Item = (u64, u64)>) {
        let mut path = String::new();
        for (at, value) in points {
            let verb = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{verb}{} {}", across.place(at), self.place(value));
        }
        if !path.is_empty() {
            let _ = writeln!(svg, "<path class=\"{class}\" d=\"{path}\"/>");
        }
    }
}

fn text(svg: &mut String, x: u64, y: u64, anchor: &str, text: &str) {
    let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::figures::Figures;

    #[test]
    fn what_moves_is_a_bar_and_what_is_unknown_is_not_drawn() {
        let sample = |tenth: u64| Sample {
            at: tenth * 100_000,
            line: 1_000_000,
            estimate: (tenth > 50).then_some(900_000),
            sent: 800_000,
            received: 700_000,
            waited: 30_000,
            dropped: 0,
            pictures: 5,
            tiles: vec![(tenth > 20).then_some(1), None],
        };
        let run = Run { figures: Figures::default(), samples: (1..=100).map(sample).collect() };
        let drawn = svg("example", &run);
        assert_eq!(drawn.matches("<rect class=\"rows1\"").count(), 1);
        assert_eq!(drawn.matches("<path class=\"estimate\"").count(), 2, "its key and its line");
        assert!(drawn.contains("example, seed 1") && drawn.contains("10 s"));
    }
}
