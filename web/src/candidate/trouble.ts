// What the staff is told of this page's devices: each trouble as it comes, and its end.
import type { LocalMediaState } from '../client'
import type { CandidateView, Check, DeviceProblem } from '../interview/types'

/** What is to be told. */
export interface Report {
  check: Check
  problem: DeviceProblem | null
}

/** Milliseconds: the same is not told again before. */
const AGAIN = 60_000

/** Which devices the server wants to hear of at this step. */
function heardOf(step: CandidateView['step']): readonly ('microphone' | 'camera')[] {
  if (step === 'identity') return ['camera']
  if (step === 'microphone') return ['microphone']
  return step === 'camera' || step === 'waiting' || step === 'admitted' ? ['microphone', 'camera'] : []
}

/** Tells what is not known, and nothing twice within a minute. */
export class Troubles {
  readonly #told = new Map<Check, { problem: DeviceProblem | null; at: number }>()

  /** What the server does not know yet of the devices. One that is off, or is being opened, tells nothing. */
  news(
    media: Pick<LocalMediaState, 'camera' | 'microphone'>,
    view: Pick<CandidateView, 'step' | 'device_troubles'>,
    now: number,
  ): Report[] {
    return heardOf(view.step).flatMap((check): Report[] => {
      const { on, track, problem } = media[check]
      if (!on || (problem === null && track === null)) return []
      const known = view.device_troubles.find((one) => one.check === check)?.problem ?? null
      const told = this.#told.get(check)
      if (problem === known || (told?.problem === problem && now < told.at + AGAIN)) return []
      this.#told.set(check, { problem, at: now })
      return [{ check, problem }]
    })
  }
}
