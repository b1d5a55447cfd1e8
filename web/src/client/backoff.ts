// How long to wait before the next attempt to connect.

/** First wait, longest wait, in milliseconds. */
export interface BackoffLimits {
  first: number
  longest: number
}

const DEFAULT_BACKOFF: BackoffLimits = { first: 250, longest: 8_000 }

/**
 * Milliseconds before attempt number `attempt` (0 is the first after a loss): doubling up to the longest, of which a
 * random half is taken off, so that a thousand clients do not return to a restarted server in one moment.
 * `random` is in [0, 1).
 */
export function backoff(attempt: number, random: number, limits: BackoffLimits = DEFAULT_BACKOFF): number {
  const whole = Math.min(limits.longest, limits.first * 2 ** Math.min(attempt, 30))
  return Math.round(whole * (1 - random / 2))
}
