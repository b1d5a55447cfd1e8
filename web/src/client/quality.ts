// A network's quality from what was measured, by the protocol's thresholds.
import type { NetworkQuality } from './protocol'

const ORDER: readonly NetworkQuality[] = ['unknown', 'good', 'fair', 'poor', 'lost']

/** Loss is 0 to 1, round trip in milliseconds; null where not measured. */
export function quality(loss: number | null, roundTrip: number | null): NetworkQuality {
  if (loss === null && roundTrip === null) return 'unknown'
  const by = (value: number | null, good: number, fair: number): NetworkQuality =>
    value === null || value < good ? 'good' : value < fair ? 'fair' : 'poor'
  return worse(by(loss, 0.02, 0.08), by(roundTrip, 200, 400))
}

/** The better of two; anything measured is worse than `unknown`. */
export function better(a: NetworkQuality, b: NetworkQuality): NetworkQuality {
  return worse(a, b) === a ? b : a
}

/** The worse of two; anything measured is worse than `unknown`. */
export function worse(a: NetworkQuality, b: NetworkQuality): NetworkQuality {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b
}
