//! Numbers as a table program shows them (ECMA-376 part 1, 18.8.31), where that is the number and nothing else.

use super::CellFault;

/// From here on a table program has lost digits: it keeps fifteen.
const ROUNDED: f64 = 1e15;
/// Characters that a cell without a format shows of a number.
const GENERAL: usize = 11;

/// What a number format is made of.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// A digit that is shown where there is none, too.
    Zero,
    /// A digit where there is one.
    Digit,
    Literal(char),
}

/// A section of a format, as far as it matters.
#[derive(Debug, Default)]
struct Section {
    whole: Vec<Part>,
    decimals: usize,
    /// Nothing says how digits are shown.
    general: bool,
}

/// The number as its format shows it.
///
/// # Errors
/// It has lost digits, or what is shown is not what it is.
pub fn shown(number: f64, format: &str) -> Result<String, CellFault> {
    if !number.is_finite() {
        return Err(CellFault::Unclear);
    }
    if number.abs() >= ROUNDED {
        return Err(CellFault::Rounded);
    }
    let section = section(format).ok_or(CellFault::Unclear)?;
    let sign = if number < 0.0 { "-" } else { "" };
    if number.fract() != 0.0 {
        let decimals = format!("{:.*}", section.decimals, number);
        return match () {
            () if section.general && number.to_string().len() <= GENERAL => Ok(number.to_string()),
            () if !section.general && decimals.parse() == Ok(number) => Ok(decimals),
            () => Err(CellFault::Unclear),
        };
    }
    let digits = format!("{:.0}", number.abs());
    if section.general {
        return Ok(format!("{sign}{digits}"));
    }
    Ok(format!("{sign}{}", filled(&section.whole, &digits)))
}

/// Digits in their places, from the last one on; what is left over stands in front.
fn filled(parts: &[Part], digits: &str) -> String {
    let mut digits = digits.chars().rev();
    let places = parts.iter().filter(|part| !matches!(part, Part::Literal(_))).count();
    let (mut seen, mut out) = (0, Vec::new());
    for part in parts.iter().rev() {
        match part {
            Part::Literal(c) => out.push(*c),
            place => {
                seen += 1;
                match digits.next() {
                    Some(digit) => out.push(digit),
                    None if *place == Part::Zero => out.push('0'),
                    None => {}
                }
                if seen == places {
                    out.extend(digits.by_ref());
                }
            }
        }
    }
    out.into_iter().rev().collect::<String>().trim().to_owned()
}

/// The section for positive numbers; none where it shows something else than the number.
fn section(format: &str) -> Option<Section> {
    let mut section = Section::default();
    let mut chars = format.chars();
    let (mut fraction, mut placeholders) = (false, 0);
    if format.is_empty()
        || format.starts_with("General")
        || format.starts_with("G/")
        || format.starts_with('@')
    {
        return Some(Section { general: true, ..section });
    }
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if inside.starts_with(['<', '>', '='])
                    || inside.starts_with("DBNum")
                    || inside.starts_with("NatNum")
                {
                    return None;
                }
            }
            '_' | '*' => drop(chars.next()),
            '\\' => section.whole.extend(chars.next().map(Part::Literal)),
            '"' => section.whole.extend(chars.by_ref().take_while(|c| *c != '"').map(Part::Literal)),
            '0' | '#' | '?' if fraction => section.decimals += 1,
            '0' => {
                placeholders += 1;
                section.whole.push(Part::Zero);
            }
            '#' | '?' => {
                placeholders += 1;
                section.whole.push(Part::Digit);
            }
            '.' => fraction = true,
            // Between thousands it separates; behind the digits it divides.
            ',' if chars.as_str().starts_with(['0', '#', '?']) => {}
            'E' | 'e' if chars.as_str().starts_with(['+', '-']) => {
                return Some(Section { general: true, ..section });
            }
            ',' | '%' | '/' | '$' | '¥' | '￥' | '€' | '£' => return None,
            literal => section.whole.push(Part::Literal(literal)),
        }
    }
    // Without a place for digits a number is not shown at all.
    (placeholders > 0 || section.decimals > 0).then_some(section)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_shown_with_the_zeros_of_its_format() {
        for (number, format, text) in [
            (7.0, "000", "007"),
            (7.0, "0000000", "0000007"),
            (12345.0, "000", "12345"),
            (7.0, "General", "7"),
            (7.0, "@", "7"),
            (7.0, "0", "7"),
            (7.0, "0.00", "7"),
            (13_900_139_000.0, "#,##0", "13900139000"),
            (13_900_139_000.0, "000\\-0000\\-0000", "139-0013-9000"),
            (13_900_139_000.0, "0.00E+00", "13900139000"),
            (7.0, "\"A\"000", "A007"),
            (7.0, "\"考\"000\"号\"", "考007号"),
            (7.0, "[Red]000;[Blue]-000", "007"),
            (7.0, "[$-804]000", "007"),
            (7.0, "_(000_);_(@_)", "007"),
            (123_456_789_012_345.0, "General", "123456789012345"),
            (0.0, "000", "000"),
            (1.5, "General", "1.5"),
            (1.5, "0.00", "1.50"),
        ] {
            assert_eq!(shown(number, format).as_deref(), Ok(text), "{number} {format}");
        }
    }

    #[test]
    fn what_is_shown_as_something_else_is_not_taken() {
        for (number, format) in [
            (1.5, "0"),
            (0.1 + 0.2, "General"),
            (7.0, "0%"),
            (7.0, "\"x\""),
            (7000.0, "0,"),
            (7.0, "[>5]000;0"),
            (7.0, "[DBNum2]0"),
            (7.0, "\"$\"$0"),
            (f64::NAN, "0"),
        ] {
            assert_eq!(shown(number, format), Err(CellFault::Unclear), "{number} {format}");
        }
        for number in [1e15, 110_105_194_912_310_021.0, -1e16] {
            assert_eq!(shown(number, "0"), Err(CellFault::Rounded), "{number}");
        }
    }
}
