//! What the microphone hears: bursts like speech, made by rule. Phrases of voiced syllables with hissing between some of
//! them, and pauses, so that packets differ in size as they do with a person who speaks.

use super::{dice::Dice, shown};
use std::{f64::consts::TAU, fs, path::Path};

/// What it is, for who reads a trace.
pub const ABOUT: &str = "made: phrases of voiced syllables and hisses with pauses between, nobody's voice; \
                         echo cancellation, noise suppression and gain control are on";

const RATE: f64 = 48_000.0;
/// Seconds until it begins anew.
const LENGTH: f64 = 24.0;

/// Writes it as a WAVE file, mono, 16 bits.
pub fn write(path: &Path) -> Result<(), String> {
    let samples = speak();
    let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let mut file = Vec::with_capacity(bytes.len() + 44);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(bytes.len() as u32 + 36).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    let rate = RATE as u32;
    for field in [16, 1 | 1 << 16, rate, rate * 2, 2 | 16 << 16] {
        file.extend_from_slice(&field.to_le_bytes());
    }
    file.extend_from_slice(b"data");
    file.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    file.extend_from_slice(&bytes);
    fs::write(path, file).map_err(|error| shown(path, &error))
}

fn speak() -> Vec<i16> {
    let mut dice = Dice::new(2);
    let mut sound = Vec::new();
    let end = (LENGTH * RATE) as usize;
    while sound.len() < end {
        for _ in 0..4 + dice.below(7) {
            if dice.below(3) == 0 {
                hiss(&mut sound, &mut dice);
            }
            syllable(&mut sound, &mut dice);
            let gap = dice.between(0.01, 0.09);
            rest(&mut sound, gap, &mut dice);
        }
        let pause = dice.between(0.4, 1.6);
        rest(&mut sound, pause, &mut dice);
    }
    sound.truncate(end);
    sound.iter().map(|sample| (sample * 32_000.0).clamp(-32_000.0, 32_000.0) as i16).collect()
}

/// Harmonics of a pitch that glides, the stronger the nearer to one of two formants.
fn syllable(sound: &mut Vec<f64>, dice: &mut Dice) {
    let length = dice.between(0.1, 0.3);
    let (from, to) = (dice.between(105.0, 170.0), dice.between(95.0, 160.0));
    let formants = [dice.between(300.0, 800.0), dice.between(900.0, 2300.0)];
    let loud = dice.between(0.12, 0.3);
    let strengths: Vec<f64> = (1..30)
        .map(|harmonic| {
            let frequency = f64::from(harmonic) * (from + to) / 2.0;
            let near = |formant: &f64| (-((frequency - formant) / 180.0).powi(2)).exp();
            formants.iter().map(near).sum::<f64>() + 0.3 / f64::from(harmonic)
        })
        .collect();
    let count = (length * RATE) as usize;
    let mut phase = 0.0;
    for index in 0..count {
        let part = index as f64 / count as f64;
        phase += (from + (to - from) * part) / RATE * TAU;
        let wave: f64 =
            (1..).zip(&strengths).map(|(n, strength)| (phase * f64::from(n)).sin() * strength).sum();
        let swell = (part * TAU / 2.0).sin().sqrt();
        sound.push(wave * swell * loud * 0.4 + dice.normal() * 0.0005);
    }
}

/// Noise of high frequencies.
fn hiss(sound: &mut Vec<f64>, dice: &mut Dice) {
    let count = (dice.between(0.05, 0.13) * RATE) as usize;
    let mut last = 0.0;
    for index in 0..count {
        let noise = dice.normal();
        let swell = (index as f64 / count as f64 * TAU / 2.0).sin();
        sound.push((noise - last) * swell * 0.03);
        last = noise;
    }
}

/// A room is never quite silent.
fn rest(sound: &mut Vec<f64>, seconds: f64, dice: &mut Dice) {
    sound.extend((0..(seconds * RATE) as usize).map(|_| dice.normal() * 0.0005));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_loud_and_quiet_stretches() {
        let sound = speak();
        assert_eq!(sound.len(), (LENGTH * RATE) as usize);
        let peak = |part: &[i16]| part.iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0);
        let peaks: Vec<u16> = sound.chunks(960).map(peak).collect();
        let (loud, quiet) = (|peak: &&u16| **peak > 3000, |peak: &&u16| **peak < 300);
        let share = |count: usize| count as f64 / peaks.len() as f64;
        assert!(share(peaks.iter().filter(loud).count()) > 0.4);
        assert!(share(peaks.iter().filter(quiet).count()) > 0.2);
        assert!(peaks.iter().all(|peak| *peak < 32_000), "nothing is clipped");
    }
}
