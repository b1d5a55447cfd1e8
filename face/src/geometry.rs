//! Points, areas and sides.

/// A place in a picture, in pixels from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downward.
    pub y: f32,
}

impl Point {
    /// The point in the middle of two.
    #[must_use]
    pub fn between(self, other: Self) -> Self {
        Self { x: f32::midpoint(self.x, other.x), y: f32::midpoint(self.y, other.y) }
    }

    /// How far another point is, in pixels.
    #[must_use]
    pub fn distance(self, other: Self) -> f32 {
        (other.x - self.x).hypot(other.y - self.y)
    }
}

/// An upright rectangle in a picture, in pixels. It may reach beyond the picture's edge.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Area {
    /// The left edge.
    pub x: f32,
    /// The upper edge.
    pub y: f32,
    /// To the right of `x`.
    pub width: f32,
    /// Below `y`.
    pub height: f32,
}

impl Area {
    /// The point in the middle.
    #[must_use]
    pub fn centre(self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// What two areas have in common, as a share of what they cover together: 0 to 1.
    pub(crate) fn overlap(self, other: Self) -> f32 {
        let width = (self.x + self.width).min(other.x + other.width) - self.x.max(other.x);
        let height = (self.y + self.height).min(other.y + other.height) - self.y.max(other.y);
        if width <= 0.0 || height <= 0.0 {
            return 0.0;
        }
        let common = width * height;
        common / (self.width * self.height + other.width * other.height - common)
    }
}

/// A turn, a scale and a shift: `x' = a·x - b·y + dx`, `y' = b·x + a·y + dy`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Similarity {
    a: f32,
    b: f32,
    dx: f32,
    dy: f32,
}

impl Similarity {
    /// A scale alone.
    pub(crate) fn scale(factor: f32) -> Self {
        Self { a: factor, b: 0.0, dx: 0.0, dy: 0.0 }
    }

    /// Brings one point to another, around which it turns clockwise (in radians) and scales.
    pub(crate) fn around(from: Point, to: Point, turn: f32, scale: f32) -> Self {
        let (a, b) = (scale * turn.cos(), scale * turn.sin());
        Self { a, b, dx: to.x - a * from.x + b * from.y, dy: to.y - b * from.x - a * from.y }
    }

    /// By how much lengths grow.
    pub(crate) fn growth(self) -> f32 {
        self.a.hypot(self.b)
    }

    /// The one that brings five points closest to five others by least squares.
    pub(crate) fn between(from: &[Point; 5], to: &[Point; 5]) -> Option<Self> {
        let mean = |points: &[Point; 5]| Point {
            x: points.iter().map(|point| point.x).sum::<f32>() / 5.0,
            y: points.iter().map(|point| point.y).sum::<f32>() / 5.0,
        };
        let (centre, target) = (mean(from), mean(to));
        let (mut dot, mut cross, mut square) = (0.0, 0.0, 0.0);
        for (point, place) in from.iter().zip(to) {
            let (x, y) = (point.x - centre.x, point.y - centre.y);
            let (u, v) = (place.x - target.x, place.y - target.y);
            dot += x * u + y * v;
            cross += x * v - y * u;
            square += x * x + y * y;
        }
        let (a, b) = (dot / square, cross / square);
        let usable = a.is_finite() && b.is_finite() && a.hypot(b) > 1e-3;
        usable.then_some(Self {
            a,
            b,
            dx: target.x - a * centre.x + b * centre.y,
            dy: target.y - b * centre.x - a * centre.y,
        })
    }

    pub(crate) fn apply(self, point: Point) -> Point {
        Point {
            x: self.a * point.x - self.b * point.y + self.dx,
            y: self.b * point.x + self.a * point.y + self.dy,
        }
    }
}

/// A side of the person, as they say it themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The person's left: the right of a picture that is not mirrored.
    Left,
    /// The person's right: the left of a picture that is not mirrored.
    Right,
}

impl Side {
    /// The other one.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}
