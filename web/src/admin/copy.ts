// A copy of an interview while it is being written: what is different in it.
import { collect, needed, type Problems, timeText } from '../forms/fields'
import { knownZone } from '../interview/zone'
import type { CopyBody, Interview } from './api'
import { closesAt, LONGEST_NAME, opensAt, windowProblems } from './interview-form'

export interface CopyDraft {
  name: string
  opens: string
  closes: string
  panel: boolean
  /** That of the interview: its clocks show these times. */
  timeZone: string
}

const DAY = 24 * 60 * 60_000

/** The same times of day by the interview's clocks: on the day after the interview, or tomorrow where that is past. */
export function copyDraft(
  { opens_at, closes_at, time_zone }: Pick<Interview, 'opens_at' | 'closes_at' | 'time_zone'>,
  name: string,
  now: number,
): CopyDraft {
  const days = opens_at + DAY > now ? 1 : Math.floor((now - opens_at) / DAY) + 1
  const later = (time: number) => {
    const [date = '', clock = ''] = timeText(time, knownZone(time_zone)).split('T')
    const day = new Date(`${date}T00:00:00Z`)
    day.setUTCDate(day.getUTCDate() + days)
    return `${day.toISOString().slice(0, 10)}T${clock}`
  }
  return {
    name: [...name].slice(0, LONGEST_NAME).join(''),
    opens: later(opens_at),
    closes: later(closes_at),
    panel: true,
    timeZone: time_zone,
  }
}

export function copyProblems(draft: CopyDraft): Problems {
  return collect({ name: needed(draft.name, LONGEST_NAME), ...windowProblems(draft) })
}

/** What is sent; call it only when there are no problems. */
export function copyBody(draft: CopyDraft): CopyBody {
  const [opens_at, closes_at] = [opensAt(draft) ?? 0, closesAt(draft) ?? 0]
  return { name: draft.name.trim(), opens_at, closes_at, panel: draft.panel }
}
