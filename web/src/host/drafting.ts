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
  /** So many are answered. */
  step: (done: number) => void
}

/** What came of many drafts. */
export interface Drafted {
  written: Drafting[]
  refused: { draft: Drafting; error: Refused }[]
}

/**
 * All of them: one that is refused keeps no other from being written. Too many in too short a time is no refusal: the rest
 * waits and goes on. Without any answer it ends.
 */
export async function draftAll(drafts: readonly Drafting[], { act, pause, step }: Desk): Promise<Drafted> {
  const drafted: Drafted = { written: [], refused: [] }
  for (const [done, draft] of drafts.entries()) {
    step(done)
    const error = await refusal(() => act(draft), pause)
    if (error === null) drafted.written.push(draft)
    else drafted.refused.push({ draft, error })
  }
  return drafted
}

/** Null once it is accepted. */
async function refusal(act: () => Promise<void>, pause: Desk['pause']): Promise<Refused | null> {
  for (;;) {
    try {
      await act()
      return null
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (error.code !== 'rate_limited' || error.retryAfter === null) return error
      await pause(error.retryAfter * 1000)
    }
  }
}
