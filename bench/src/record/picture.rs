//! What stands before the camera: two soft shapes that sway before shelves, drawn, with noise as of a sensor.
//!
//! Nobody is in it. The noise matters: without it an encoder needs less than it may spend.

use super::{dice::Dice, shown};
use std::{
    f64::consts::TAU,
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

/// What it is, for who reads a trace.
pub const ABOUT: &str = "drawn, 1280x720 at 30 frames a second: two textured shapes that sway before shelves, \
                         with noise as of a sensor; nobody is in it";

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;
/// The motion ends where it began, so that the loop has no cut: 6 s.
const FRAMES: usize = 180;
/// From one shelf of the ground to the next.
const SHELF: usize = 180;
/// Standard deviation of the noise, in steps of luminance.
const NOISE: f64 = 2.5;

/// An ellipse that sways.
struct Shape {
    centre: (f64, f64),
    radii: (f64, f64),
    /// How far it sways, in pixels.
    sway: (f64, f64),
    /// How often in a loop, in each direction.
    turns: (f64, f64),
    /// Blue and red difference.
    colour: (u8, u8),
    light: f64,
}

const SHAPES: [Shape; 2] = [
    Shape {
        centre: (640.0, 760.0),
        radii: (330.0, 300.0),
        sway: (14.0, 5.0),
        turns: (2.0, 3.0),
        colour: (142, 116),
        light: 70.0,
    },
    Shape {
        centre: (640.0, 330.0),
        radii: (130.0, 175.0),
        sway: (36.0, 14.0),
        turns: (2.0, 5.0),
        colour: (112, 150),
        light: 150.0,
    },
];

/// Writes the loop as YUV4MPEG2.
pub fn write(path: &Path) -> Result<(), String> {
    let write = || -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        writeln!(file, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F30:1 Ip A1:1 C420")?;
        let mut scene = Scene::new();
        for index in 0..FRAMES {
            file.write_all(b"FRAME\n")?;
            for plane in scene.frame(index) {
                file.write_all(plane)?;
            }
        }
        file.flush()
    };
    write().map_err(|error| shown(path, &error))
}

struct Scene {
    ground: Vec<u8>,
    /// What the shapes are covered with; it moves with them.
    texture: Vec<i8>,
    noise: Vec<i8>,
    dice: Dice,
    luminance: Vec<u8>,
    differences: [Vec<u8>; 2],
}

impl Scene {
    fn new() -> Self {
        let mut dice = Dice::new(1);
        let texture = detail(&mut dice).into_iter().map(|level| (level * 0.5) as i8).collect();
        let ground = ground(&mut dice);
        let noise = (0..1 << 16).map(|_| (dice.normal() * NOISE).round() as i8).collect();
        Self {
            ground,
            texture,
            noise,
            dice,
            luminance: vec![0; WIDTH * HEIGHT],
            differences: [vec![0; WIDTH * HEIGHT / 4], vec![0; WIDTH * HEIGHT / 4]],
        }
    }

    fn frame(&mut self, index: usize) -> [&[u8]; 3] {
        let time = index as f64 / FRAMES as f64 * TAU;
        self.luminance.copy_from_slice(&self.ground);
        self.differences.iter_mut().zip([124, 130]).for_each(|(plane, level)| plane.fill(level));
        for shape in &SHAPES {
            self.draw(shape, time);
        }
        for row in self.luminance.chunks_exact_mut(WIDTH) {
            let from = self.dice.below(self.noise.len() - WIDTH);
            let noise = self.noise.get(from..).unwrap_or_default();
            for (pixel, noise) in row.iter_mut().zip(noise) {
                *pixel = pixel.saturating_add_signed(*noise);
            }
        }
        let [blue, red] = &self.differences;
        [&self.luminance, blue, red]
    }

    fn draw(&mut self, shape: &Shape, time: f64) {
        let (dx, dy) =
            (shape.sway.0 * (time * shape.turns.0).sin(), shape.sway.1 * (time * shape.turns.1).sin());
        let (cx, cy) = (shape.centre.0 + dx, shape.centre.1 + dy);
        for y in 0..HEIGHT {
            let down = (y as f64 - cy) / shape.radii.1;
            if down.abs() >= 1.0 {
                continue;
            }
            let half = shape.radii.0 * (1.0 - down * down).sqrt();
            let (left, right) = ((cx - half).max(0.0) as usize, ((cx + half) as usize).min(WIDTH));
            let row = (y as f64 - dy).rem_euclid(HEIGHT as f64) as usize * WIDTH;
            for x in left..right {
                let across = (x as f64 - cx) / shape.radii.0;
                let texture = self.texture[row + (x as f64 - dx).rem_euclid(WIDTH as f64) as usize];
                let light = shape.light * (1.0 - 0.35 * (across * across + down * down));
                self.luminance[y * WIDTH + x] = (light as u8).saturating_add_signed(texture);
            }
            if y % 2 == 0 {
                let row = y / 2 * (WIDTH / 2);
                let [blue, red] = &mut self.differences;
                blue[row + left / 2..row + right / 2].fill(shape.colour.0);
                red[row + left / 2..row + right / 2].fill(shape.colour.1);
            }
        }
    }
}

/// A wall that is lighter on one side, and shelves with books: their edges are what costs bits in a key frame.
fn ground(dice: &mut Dice) -> Vec<u8> {
    let wall = detail(dice).into_iter().enumerate();
    let wall = wall.map(|(place, level)| (90.0 + 40.0 * (place % WIDTH) as f64 / WIDTH as f64 + level) as u8);
    let mut plane: Vec<u8> = wall.collect();
    for shelf in (0..HEIGHT).step_by(SHELF) {
        let mut left = 0;
        while left < WIDTH {
            let (width, height) = (9 + dice.below(28), 90 + dice.below(SHELF - 100));
            let (back, title) = (dice.between(-60.0, 90.0) as i8, dice.between(-70.0, 70.0) as i8);
            let lettered = 15 + dice.below(30)..60 + dice.below(25);
            // The wall is bare behind the shapes.
            for row in (0..height).filter(|_| !(360..920).contains(&left)) {
                let from = (shelf + SHELF - 1 - row) * WIDTH + left;
                for (column, pixel) in plane[from..][..width.min(WIDTH - left)].iter_mut().enumerate() {
                    let letter =
                        lettered.contains(&row) && (row / 3 * 5 + column / 3 * 7) % 4 == 0 && column > 2;
                    let gap = if column == 0 { -80 } else { 0 };
                    let level = pixel.saturating_add_signed(back).saturating_add_signed(gap);
                    *pixel = level.saturating_add_signed(if letter { title } else { 0 });
                }
            }
            left += width;
        }
    }
    plane
}

/// Detail of every size, as in rooms and on clothes: the finer the weaker. Key frames are as large as it makes them.
fn detail(dice: &mut Dice) -> Vec<f64> {
    let mut plane = vec![0.0; WIDTH * HEIGHT];
    for (grain, strength) in [(64, 24.0), (32, 16.0), (16, 11.0), (8, 7.0), (4, 4.5), (2, 3.0)] {
        let columns = WIDTH / grain + 2;
        let knots: Vec<f64> = (0..columns * (HEIGHT / grain + 2)).map(|_| dice.between(-1.0, 1.0)).collect();
        for (place, level) in plane.iter_mut().enumerate() {
            let (x, y) = (place % WIDTH, place / WIDTH);
            let knot = y / grain * columns + x / grain;
            let (right, down) = ((x % grain) as f64 / grain as f64, (y % grain) as f64 / grain as f64);
            let above = knots[knot] * (1.0 - right) + knots[knot + 1] * right;
            let below = knots[knot + columns] * (1.0 - right) + knots[knot + columns + 1] * right;
            *level += strength * (above * (1.0 - down) + below * down);
        }
    }
    plane
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loop_has_no_cut_and_moves() {
        let mut scene = Scene::new();
        scene.noise.fill(0);
        let mut shot = |index| scene.frame(index)[0].to_vec();
        let (first, later, round) = (shot(0), shot(20), shot(FRAMES));
        assert_eq!(first, round);
        let differ = first.iter().zip(&later).filter(|(a, b)| a.abs_diff(**b) > 4).count();
        assert!(differ > WIDTH * HEIGHT / 50, "{differ} pixels");
    }
}
