//! Small plots as SVG: lines over a linear or logarithmic axis. Colours and type come from the page's style sheet.

mod axis;

pub use axis::{Axis, Scale};

use super::number;
use maud::{Markup, html};

/// Size of the drawing, in units of its own; the page scales it.
const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 260.0;
/// Room for the unit above, for the axis below, for half a label at the right.
const TOP: f64 = 28.0;
const BOTTOM: f64 = 42.0;
const RIGHT: f64 = 16.0;
/// Width of a digit, about.
const DIGIT: f64 = 6.8;

pub struct Plot {
    /// What it shows.
    pub title: String,
    /// The axis below.
    pub x: Axis,
    /// The axis at the left.
    pub y: Axis,
    /// Its lines, of which each has a colour.
    pub lines: Vec<Line>,
    /// A level to compare with, and its name.
    pub level: Option<(f64, &'static str)>,
}

/// One line of a plot.
pub struct Line {
    /// Its name in the legend.
    pub name: String,
    /// Which of the four colours.
    pub colour: usize,
    /// How it is drawn.
    pub stroke: Stroke,
    /// Its points, from left to right.
    pub points: Vec<(f64, f64)>,
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// Through dots that are measurements.
    Dotted,
    /// The same, broken.
    Broken,
    /// Without dots: the same everywhere.
    Level,
}

impl Plot {
    /// The plot with its title and legend.
    pub fn figure(&self) -> Markup {
        html! {
            figure {
                figcaption {
                    strong { (self.title) }
                    @if self.lines.len() > 1 {
                        span.legend { @for line in &self.lines { (key(line)) } }
                    }
                }
                (self.drawing())
            }
        }
    }

    fn drawing(&self) -> Markup {
        let lines: Vec<_> = self.lines.iter().map(|line| (line, self.drawable(line))).collect();
        let drawn = || lines.iter().flat_map(|(_, points)| points);
        if drawn().next().is_none() {
            return html! { p.none { "No measurement." } };
        }
        let levels = self.level.iter().map(|(value, _)| *value);
        let x = self.x.over(drawn().map(|(x, _)| *x));
        let y = self.y.over(drawn().map(|(_, y)| *y).chain(levels));
        let widest = y.ticks().iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0);
        let frame = Frame { left: widest as f64 * DIGIT + 12.0, x, y };
        html! {
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(self.title) {
                (frame.grid(self.x.label, self.y.label))
                @if let Some((value, name)) = self.level { (frame.level(value, name)) }
                @for (line, points) in &lines { (frame.line(line, points)) }
            }
        }
    }

    /// The points that have a place on both axes.
    fn drawable(&self, line: &Line) -> Vec<(f64, f64)> {
        let points = line.points.iter().filter(|(x, y)| self.x.holds(*x) && self.y.holds(*y));
        points.copied().collect()
    }
}

fn key(line: &Line) -> Markup {
    html! {
        span class={ "key colour-" (line.colour % 4) } {
            svg viewBox="0 0 20 10" aria-hidden="true" { path class=(stroke(line)) d="M0 5H20" {} }
            (line.name)
        }
    }
}

fn stroke(line: &Line) -> &'static str {
    match line.stroke {
        Stroke::Dotted => "line",
        Stroke::Broken => "line broken",
        Stroke::Level => "line fine",
    }
}

/// Where values stand in the drawing.
struct Frame {
    left: f64,
    x: axis::Range,
    y: axis::Range,
}

impl Frame {
    fn across(&self, value: f64) -> f64 {
        self.left + self.x.part(value) * (WIDTH - RIGHT - self.left)
    }

    fn down(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - self.y.part(value) * (HEIGHT - BOTTOM - TOP)
    }

    fn grid(&self, below: &str, beside: &str) -> Markup {
        let floor = HEIGHT - BOTTOM;
        html! {
            text x="0" y="12" { (beside) }
            text.end x=(WIDTH - RIGHT) y=(HEIGHT - 5.0) { (below) }
            @for (value, label) in self.y.ticks() {
                @let y = short(self.down(value));
                path.grid d={ "M" (short(self.left)) " " (y) "H" (WIDTH - RIGHT) } {}
                text.end x=(short(self.left - 7.0)) y=(y) dy="4" { (label) }
            }
            @for (value, label) in self.x.ticks() {
                @let x = short(self.across(value));
                path.tick d={ "M" (x) " " (floor) "v4" } {}
                text.middle x=(x) y=(floor + 18.0) { (label) }
            }
            path.axis d={ "M" (short(self.left)) " " (floor) "H" (WIDTH - RIGHT) } {}
        }
    }

    fn level(&self, value: f64, name: &str) -> Markup {
        let y = self.down(value);
        html! {
            path.level d={ "M" (short(self.left)) " " (short(y)) "H" (WIDTH - RIGHT) } {}
            text.end x=(WIDTH - RIGHT) y=(short(y - 5.0)) { (name) }
        }
    }

    fn line(&self, line: &Line, points: &[(f64, f64)]) -> Markup {
        let path: Vec<_> = points
            .iter()
            .map(|(x, y)| format!("{} {}", short(self.across(*x)), short(self.down(*y))))
            .collect();
        html! {
            g class={ "colour-" (line.colour % 4) } {
                @if points.len() > 1 { path class=(stroke(line)) d={ "M" (path.join("L")) } {} }
                @if line.stroke != Stroke::Level {
                    @for (x, y) in points {
                        circle cx=(short(self.across(*x))) cy=(short(self.down(*y))) r="3.2" {
                            title { (line.name) " at " (number::figure(*x)) ": " (number::figure(*y)) }
                        }
                    }
                }
            }
        }
    }
}

/// A tenth of a unit is finer than any screen.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(String::from).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(points: Vec<(f64, f64)>, scale: Scale) -> String {
        let line = Line { name: "<example>".into(), colour: 0, stroke: Stroke::Dotted, points };
        let axis = |label| Axis { label, scale };
        let lines = vec![line];
        let plot = Plot {
            title: "a & b".into(),
            x: axis("clients"),
            y: axis("ns"),
            lines,
            level: Some((1.0, "one")),
        };
        plot.figure().into_string()
    }

    #[test]
    fn every_point_is_drawn_and_says_its_figures() {
        for scale in [Scale::Linear, Scale::Logarithmic] {
            let drawing = plot(vec![(10.0, 0.5), (100.0, 2.0), (5000.0, 1.5)], scale);
            assert_eq!(drawing.matches("<circle").count(), 3);
            assert!(drawing.contains("&lt;example&gt; at 5,000: 1.50"), "{drawing}");
            assert!(
                drawing.contains("a &amp; b") && drawing.contains("clients") && drawing.contains(">one<")
            );
            assert!(!drawing.contains("NaN") && !drawing.contains("inf"));
        }
    }

    #[test]
    fn one_point_is_a_dot_without_a_line() {
        for scale in [Scale::Linear, Scale::Logarithmic] {
            let drawing = plot(vec![(1000.0, 0.6)], scale);
            assert_eq!((drawing.matches("<circle").count(), drawing.matches("class=\"line").count()), (1, 0));
            assert!(!drawing.contains("NaN"), "{drawing}");
        }
    }

    #[test]
    fn no_point_is_a_word_and_no_drawing() {
        let drawing = plot(Vec::new(), Scale::Linear);
        assert!(drawing.contains("No measurement") && !drawing.contains("<svg"));
    }

    #[test]
    fn points_without_a_place_are_left_out() {
        let drawing =
            plot(vec![(0.0, 1.0), (f64::NAN, 1.0), (10.0, f64::INFINITY), (10.0, 1.0)], Scale::Logarithmic);
        assert_eq!(drawing.matches("<circle").count(), 1);
    }
}
