// The messages of an interview, parted by who reads them: what is seen is what an answer goes to.
import { unread } from '../interview/chat'
import type { Audience, CandidateCard, ChatLine, PanelView } from '../interview/types'

/** The lines of one audience. */
export interface Thread {
  /** `all`, `panel`, or the candidate's seat. */
  id: string
  kind: Audience['to']
  /** The candidate's name; empty for the others, whose names are texts. */
  name: string
  lines: ChatLine[]
  /** Lines of others since this thread was last looked at. */
  unread: number
  /** Whom an answer goes to; null for a seat that only reads here. */
  audience: Audience | null
  /** False for a candidate who is gone: their lines stay. */
  present: boolean
  /** Where on the path the candidate is; null of the other threads. */
  step: CandidateCard['step'] | null
}

/** The newest line that was seen, by thread. */
export type Seen = Readonly<Record<string, string>>

/** The thread of a line. */
function threadOf(audience: Audience): string {
  return audience.to === 'candidate' ? audience.candidate : audience.to
}

/**
 * All threads of a seat. A host talks with everyone and with each candidate; an examiner with the panel, and reads what
 * goes to all.
 */
export function threads(view: PanelView, messages: readonly ChatLine[], seen: Seen): Thread[] {
  const lines = new Map<string, ChatLine[]>()
  for (const line of messages) {
    const id = threadOf(line.audience)
    lines.set(id, [...(lines.get(id) ?? []), line])
  }
  const thread = (
    audience: Audience,
    name: string,
    speaks: boolean,
    present: boolean,
    step: Thread['step'] = null,
  ): Thread => {
    const id = threadOf(audience)
    const own = lines.get(id) ?? []
    return {
      id,
      kind: audience.to,
      name,
      lines: own,
      unread: unread(own, seen[id] ?? null, view.seat),
      audience: speaks ? audience : null,
      present,
      step,
    }
  }
  const host = view.leads
  const panel = thread({ to: 'panel' }, '', view.role !== 'patrol', true)
  const all = thread({ to: 'all' }, '', host, true)
  const candidates = view.candidates
    .filter(
      ({ seat, step }) =>
        lines.has(seat) || (host && step !== 'invited' && step !== 'removed' && step !== 'left'),
    )
    .map(({ seat, name, step }) => {
      const present = step !== 'removed' && step !== 'left'
      return thread({ to: 'candidate', candidate: seat }, name, host && present, present, step)
    })
  const shared = host ? [all, panel] : all.lines.length > 0 ? [panel, all] : [panel]
  return [...shared, ...candidates]
}

/** Everything of this thread is seen now; the same object when that is no news. */
export function sawThread(seen: Seen, thread: Thread): Seen {
  const newest = thread.lines.at(-1)?.id
  return newest === undefined || seen[thread.id] === newest ? seen : { ...seen, [thread.id]: newest }
}
