// Many drafts written at once: one after another, at the pace that the server allows.
import { Refused } from '../client'
import type { SeatAction } from '../interview/types'

/** Writes a draft. */
export type Drafting = Extract<SeatAction, { do: 'draft_result' }>

/** What is needed to write them. */
export interface Desk {
  act: (action: SeatAction) => Promise<void>
  /** Waits so many milliseconds. */
  pause: (ms: number) => Promise<void>
  /** So many are written. */
  step: (done: number) => void
}

/** All of them, or up to the one that is refused. Too many in too short a time is no refusal: the rest waits and goes on. */
export async function draftAll(actions: readonly Drafting[], { act, pause, step }: Desk): Promise<void> {
  let done = 0
  for (const action of actions) {
    step(done)
    while (!(await accepted(() => act(action), pause)));
    done += 1
  }
}

/** False where it came too soon, and the wait for it is over. */
async function accepted(act: () => Promise<void>, pause: Desk['pause']): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if (!(error instanceof Refused && error.code === 'rate_limited' && error.retryAfter !== null)) throw error
    await pause(error.retryAfter * 1000)
    return false
  }
}
