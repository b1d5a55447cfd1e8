//! The columns of the table, and what each is to come to where.

use super::{
    figures::{Figures, NEVER},
    scenario::{Scenario, Setting},
};

/// One column.
pub struct Column {
    /// What stands above it.
    pub name: &'static str,
    /// What is aimed at, as it stands below the name; empty where nothing is.
    pub aim: &'static str,
    figure: fn(&Figures) -> Option<u64>,
    /// Its unit in the table has so many of the figure's.
    unit: Unit,
    reaches: fn(u64) -> bool,
    /// Where the aim holds.
    holds: fn(&Scenario) -> bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// As it is.
    One,
    /// Tenths.
    Tenth,
    /// Thousandths.
    Milli,
}

/// All columns, from left to right.
pub const COLUMNS: [Column; 10] = [
    Column {
        name: "used %",
        aim: "≥ 85",
        figure: |figures| figures.utilisation,
        unit: Unit::Tenth,
        reaches: |value| value >= 850,
        holds: |scenario| !is_sound_alone(scenario),
    },
    Column {
        name: "error %",
        aim: "≤ 5",
        figure: |figures| figures.error,
        unit: Unit::Tenth,
        reaches: |value| value <= 50,
        holds: is_fixed,
    },
    Column {
        name: "leave s",
        aim: "< 1.5",
        figure: |figures| figures.leave,
        unit: Unit::Milli,
        reaches: |value| value < 1_500,
        holds: |_| true,
    },
    Column {
        name: "back s",
        aim: "< 8",
        figure: |figures| figures.back,
        unit: Unit::Milli,
        reaches: |value| value < 8_000,
        holds: |_| true,
    },
    Column {
        name: "queue ms",
        aim: "< 80",
        figure: |figures| figures.queue,
        unit: Unit::One,
        reaches: |value| value < 80,
        holds: |_| true,
    },
    Column {
        name: "loss %",
        aim: "",
        figure: |figures| figures.loss,
        unit: Unit::Tenth,
        reaches: |_| true,
        holds: |_| false,
    },
    Column {
        name: "frozen %",
        aim: "< 1",
        figure: |figures| figures.frozen,
        unit: Unit::Tenth,
        reaches: |value| value < 10,
        holds: |scenario| is_fixed(scenario) || scenario.name.starts_with("slide"),
    },
    Column {
        name: "paused %",
        aim: "",
        figure: |figures| figures.paused,
        unit: Unit::Tenth,
        reaches: |_| true,
        holds: |_| false,
    },
    Column {
        name: "switches",
        aim: "≤ 2",
        figure: |figures| figures.switches,
        unit: Unit::Tenth,
        reaches: |value| value <= 20,
        holds: is_fixed,
    },
    Column {
        name: "concealed %",
        aim: "< 3",
        figure: |figures| figures.concealed,
        unit: Unit::Tenth,
        reaches: |value| value < 30,
        holds: |scenario| scenario.line.rates.iter().all(|(_, rate)| *rate >= 100_000),
    },
];

/// The line is the same all the time, and ours alone.
fn is_fixed(scenario: &Scenario) -> bool {
    scenario.line.rates.len() == 1 && scenario.line.traffic.is_empty()
}

/// No picture fits the line.
fn is_sound_alone(scenario: &Scenario) -> bool {
    scenario.rises.is_empty() && scenario.setting != Setting::Wall
}

impl Column {
    /// The cell, with a star where the aim is missed.
    pub fn cell(&self, scenario: &Scenario, figures: &Figures) -> String {
        let Some(value) = (self.figure)(figures) else { return "– ".to_owned() };
        let star = if (self.holds)(scenario) && !(self.reaches)(value) { '*' } else { ' ' };
        let tenths = match self.unit {
            _ if value == NEVER => return format!("never{star}"),
            Unit::One => return format!("{value}{star}"),
            Unit::Tenth => value,
            Unit::Milli => value / 100,
        };
        format!("{}.{}{star}", tenths / 10, tenths % 10)
    }

    /// Characters that it takes.
    pub const fn width(&self) -> usize {
        self.name.len() + 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::named;

    #[test]
    fn an_aim_that_is_missed_has_a_star_where_it_holds() {
        let figures = Figures { error: Some(51), leave: Some(NEVER), queue: Some(79), ..Figures::default() };
        let cells = |name: &str| {
            let scenario = named(name).unwrap();
            COLUMNS.each_ref().map(|column| column.cell(&scenario, &figures))
        };
        assert_eq!(cells("steady-1-deep")[..5], ["– ", "5.1*", "never*", "– ", "79 "]);
        assert_eq!(cells("download")[1], "5.1 ");
    }
}
