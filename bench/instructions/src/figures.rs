//! The figures: what one operation costs, where that is committed, and when it has changed.

use super::callgrind::Profile;
use serde::Deserialize;
use std::{collections::BTreeMap, error::Error, fmt::Write, fs, path::Path};

/// How far a count may be from the committed one, of one.
const TOLERANCE: f64 = 0.03;
/// So many instructions are no change however few there are: what the compiler inlines where shifts with code elsewhere.
const SLACK: f64 = 10.0;

/// Allocations are given with four decimals: one for a frame that goes to a hundred receivers is seen.
const LEAST_ALLOCATION: f64 = 0.0005;

/// What one operation costs.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Figure {
    /// Instructions of one operation, averaged over all that were counted.
    pub instructions: f64,
    /// Allocations on the heap.
    pub allocations: f64,
}

/// Figures by the workload's name.
pub type Figures = BTreeMap<String, Figure>;

impl Figure {
    /// A share of what was counted for each operation; `None` where nothing was counted.
    pub fn of(profile: &Profile) -> Option<Self> {
        if profile.instructions == 0 || profile.operations == 0 {
            return None;
        }
        let operations = profile.operations as f64;
        Some(Self {
            instructions: profile.instructions as f64 / operations,
            allocations: profile.allocations as f64 / operations,
        })
    }

    /// How much more it is than `other`, of one.
    pub fn change_from(&self, other: &Self) -> f64 {
        self.instructions / other.instructions - 1.0
    }
}

/// What is not as committed, a line each. `all`: a committed figure that was not measured is a fault too.
pub fn faults(committed: &Figures, measured: &Figures, all: bool) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, figure) in measured {
        let Some(known) = committed.get(name) else {
            faults.push(format!("{name}: no figure is committed"));
            continue;
        };
        let change = figure.change_from(known);
        // What is no number is a fault as well.
        let far = (figure.instructions - known.instructions).abs() > SLACK;
        if change.is_nan() || (far && change.abs() > TOLERANCE) {
            faults.push(format!(
                "{name}: {:.1} instructions, {:+.1} % from {:.1}",
                figure.instructions,
                change * 100.0,
                known.instructions
            ));
        }
        if (figure.allocations - known.allocations).abs() > LEAST_ALLOCATION {
            faults
                .push(format!("{name}: {:.4} allocations, not {:.4}", figure.allocations, known.allocations));
        }
    }
    let gone = committed.keys().filter(|name| all && !measured.contains_key(*name));
    faults.extend(gone.map(|name| format!("{name}: committed, but no longer a workload")));
    faults
}

/// Reads the committed figures.
pub fn read(path: &Path) -> Result<Figures, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(toml::from_str(&text)?)
}

/// Writes figures to be committed.
pub fn write(path: &Path, figures: &Figures) -> Result<(), Box<dyn Error>> {
    let mut text = String::from(
        "# Instructions and allocations of one operation, counted by callgrind on x86_64 with AVX2.\n\
         # Written by `make instructions UPDATE=1`; `make test` fails where the code has come more than 3 % away from them.\n\n",
    );
    for (name, Figure { instructions, allocations }) in figures {
        writeln!(text, "{name} = {{ instructions = {instructions:.1}, allocations = {allocations:.4} }}")?;
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(list: &[(&str, f64, f64)]) -> Figures {
        let figure = |&(name, instructions, allocations): &(&str, f64, f64)| {
            (name.to_owned(), Figure { instructions, allocations })
        };
        list.iter().map(figure).collect()
    }

    #[test]
    fn a_change_of_four_percent_is_a_fault_and_one_of_two_is_none() {
        let committed = figures(&[("dear", 1000.0, 0.0), ("cheap", 1000.0, 0.0), ("same", 1000.0, 0.0)]);
        let measured = figures(&[("dear", 1040.0, 0.0), ("cheap", 960.0, 0.0), ("same", 1020.0, 0.0)]);
        let faults = faults(&committed, &measured, true);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].starts_with("cheap: 960.0 instructions, -4.0 %"), "{faults:?}");
        assert!(faults[1].starts_with("dear: 1040.0 instructions, +4.0 %"), "{faults:?}");
    }

    #[test]
    fn a_few_instructions_of_few_are_no_fault_and_more_are() {
        let committed = figures(&[("small", 170.0, 0.0), ("other", 170.0, 0.0)]);
        let faults = faults(&committed, &figures(&[("small", 161.0, 0.0), ("other", 181.0, 0.0)]), true);
        assert_eq!(faults.len(), 1, "{faults:?}");
    }

    #[test]
    fn one_allocation_for_six_hundred_packets_is_a_fault() {
        let faults = faults(&figures(&[("a", 1000.0, 0.0)]), &figures(&[("a", 1000.0, 1.0 / 600.0)]), true);
        assert_eq!(faults, ["a: 0.0017 allocations, not 0.0000"]);
    }

    #[test]
    fn a_figure_on_one_side_alone_is_a_fault() {
        let (left, right) = (figures(&[("old", 1.0, 0.0)]), figures(&[("new", 1.0, 0.0)]));
        assert_eq!(
            faults(&left, &right, true),
            ["new: no figure is committed", "old: committed, but no longer a workload"]
        );
        assert_eq!(faults(&left, &right, false), ["new: no figure is committed"]);
    }

    #[test]
    fn a_committed_nothing_is_a_fault() {
        let nothing = figures(&[("a", 0.0, 0.0)]);
        assert_eq!(faults(&nothing, &nothing, true).len(), 1);
        let profile = Profile { instructions: 0, allocations: 0, operations: 9 };
        assert_eq!(Figure::of(&profile), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let path = std::env::temp_dir().join(format!("viva-figures-{}.toml", std::process::id()));
        let figures = figures(&[("a", 1234.5, 0.25), ("b", 7.0, 0.0)]);
        write(&path, &figures).unwrap();
        let again = read(&path);
        fs::remove_file(&path).unwrap();
        assert_eq!(again.unwrap(), figures);
    }
}
