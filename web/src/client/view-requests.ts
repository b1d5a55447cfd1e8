// Tells the server what the slots should show: only what has changed, and again what was refused.
import { Refused } from './envelope'
import type { SlotView } from './protocol'
import { changes, plan, type Plan, type TileWish } from './views'

/** What was asked for, by media section. */
export class ViewRequests {
  readonly #ask: (slots: SlotView[]) => Promise<unknown>
  readonly #unplayable: (publication: string) => void
  #sent: Plan['slots'] = new Map()

  /** `unplayable` is told of a publication in a codec that this browser does not take. */
  constructor(ask: (slots: SlotView[]) => Promise<unknown>, unplayable: (publication: string) => void) {
    this.#ask = ask
    this.#unplayable = unplayable
  }

  /** Asks for what is wished and not yet asked for; gives whether it asked, and how many slots are missing. */
  sync(
    mids: readonly string[],
    wishes: readonly TileWish[],
    pixelRatio: number,
  ): { asked: boolean; missing: number } {
    const { slots, missing } = plan(mids, this.#sent, wishes, pixelRatio)
    const changed = changes(this.#sent, slots)
    this.#sent = slots
    if (changed.length > 0) void this.#send(changed)
    return { asked: changed.length > 0, missing }
  }

  /** The slots are others. */
  reset(): void {
    this.#sent = new Map()
  }

  async #send(slots: readonly SlotView[]): Promise<void> {
    try {
      await this.#ask([...slots])
    } catch (error) {
      const filled = slots.filter((slot) => slot.publication !== null)
      const unsupported = error instanceof Refused && error.code === 'codec_unsupported'
      // The answer does not name the slot, and the others were filled: each is asked for alone.
      if (unsupported && filled.length > 1) {
        for (const slot of filled) void this.#send([slot])
        return
      }
      // A publication may go while the message travels: the news of it brings the next plan.
      this.#sent = new Map([...this.#sent].filter(([mid]) => slots.every((slot) => slot.mid !== mid)))
      const [only] = filled
      if (unsupported && only?.publication) this.#unplayable(only.publication)
    }
  }
}
