// The music of the speaker check: composed and synthesised here, so that it belongs to nobody else.

/** Samples a second. */
export const SAMPLE_RATE = 24_000
/** Seconds of one beat. */
const BEAT = 0.42

/** Notes as semitones above A3 (220 Hz), starting beat, length in beats, loudness. */
type Note = readonly [semitone: number, beat: number, length: number, loudness: number]

/** A tune in C major over four chords, in 16 beats. */
const TUNE: readonly Note[] = [
  [7, 0, 1, 1],
  [10, 1, 0.5, 0.8],
  [12, 1.5, 0.5, 0.8],
  [15, 2, 1.5, 1],
  [12, 3.5, 0.5, 0.7],
  [10, 4, 1, 0.9],
  [7, 5, 0.5, 0.8],
  [10, 5.5, 0.5, 0.8],
  [5, 6, 2, 0.9],
  [8, 8, 1, 0.9],
  [10, 9, 0.5, 0.8],
  [12, 9.5, 0.5, 0.8],
  [17, 10, 1.5, 1],
  [15, 11.5, 0.5, 0.8],
  [14, 12, 1, 0.9],
  [10, 13, 1, 0.8],
  [15, 14, 2, 1],
]
const CHORDS: readonly (readonly number[])[] = [
  [-9, 3, 7, 10],
  [-4, 0, 5, 8],
  [-7, 1, 5, 8],
  [-2, 2, 5, 10],
]

const BEATS = 16
/** Seconds of the whole tune, which can be repeated without a gap. */
export const DURATION = BEATS * BEAT

/** The tune as samples between -1 and 1. */
export function melody(): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(DURATION * SAMPLE_RATE))
  for (const [semitone, beat, length, loudness] of TUNE)
    pluck(samples, semitone, beat, length, loudness * 0.34)
  CHORDS.forEach((chord, bar) => {
    for (const [index, semitone] of chord.entries()) {
      // The low note on the beat, the others one after another as on a harp.
      for (const turn of [0, 2])
        pluck(samples, semitone, bar * 4 + turn + ((index * 0.5) % 2), 2, index === 0 ? 0.2 : 0.1)
    }
  })
  let loudest = 0
  for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample))
  for (let index = 0; index < samples.length; index++)
    samples[index] = ((samples[index] ?? 0) / loudest) * 0.8
  return samples
}

/** One struck note: a few harmonics that die away, the higher the sooner. What rings over the end sounds at the start. */
function pluck(
  samples: Float32Array,
  semitone: number,
  beat: number,
  length: number,
  loudness: number,
): void {
  const frequency = 220 * 2 ** (semitone / 12)
  const start = Math.round(beat * BEAT * SAMPLE_RATE)
  const count = Math.round((length * BEAT + 0.5) * SAMPLE_RATE)
  for (let index = 0; index < count; index++) {
    const time = index / SAMPLE_RATE
    const fade = Math.min(1, time / 0.006) * Math.min(1, (count - index) / (0.06 * SAMPLE_RATE))
    let value = 0
    for (let harmonic = 1; harmonic <= 4; harmonic++) {
      value +=
        (Math.sin(2 * Math.PI * frequency * harmonic * time) * Math.exp(-time * (1.6 + harmonic * 1.3))) /
        harmonic ** 1.6
    }
    const at = (start + index) % samples.length
    samples[at] = (samples[at] ?? 0) + value * fade * loudness
  }
}
