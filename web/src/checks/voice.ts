// Whether a voice comes from the microphone: judged from the levels of its samples.

/** `quiet`: nothing for a while; `weak`: something, but not as loud as a voice close by. */
export type VoiceVerdict = 'listening' | 'quiet' | 'weak' | 'heard'

/** Milliseconds without a voice until it is worth a hint. */
const PATIENCE = 5_000
/** Milliseconds of voice, all in all. */
const ENOUGH = 600
/** On the scale of the level meter. */
const VOICE = 0.42
const SOMETHING = 0.12

/** Listens to one microphone; a new one needs a new watch. */
export class VoiceWatch {
  #since: number | null = null
  #last: number | null = null
  #voice = 0
  #something = false

  /** The level at this moment in milliseconds. */
  level(level: number, at: number): VoiceVerdict {
    this.#since ??= at
    const step = this.#last === null ? 0 : Math.min(200, Math.max(0, at - this.#last))
    this.#last = at
    if (level >= VOICE) this.#voice += step
    if (level >= SOMETHING) this.#something = true
    if (this.#voice >= ENOUGH) return 'heard'
    if (at - this.#since < PATIENCE) return 'listening'
    return this.#something ? 'weak' : 'quiet'
  }
}
