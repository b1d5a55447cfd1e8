// The lines of chat that a client has: in order, each once, without a hole between them.
import type { ChatLine } from '../protocol/interview'
import { Store } from './store'

/** What a page shows of the chat. */
export interface ChatHistory {
  /** They follow each other, the oldest first. */
  lines: readonly ChatLine[]
  /** There are earlier ones, to be asked for. */
  more: boolean
  /** False until the server has told the first, or that there are none. */
  loaded: boolean
}

/** Lines that follow each other, and the id of the line directly before them; null when there is none. */
export interface ChatPart {
  lines: readonly ChatLine[]
  before: string | null
}

export const NO_HISTORY: ChatHistory = { lines: [], more: false, loaded: false }

/** Takes in parts as they come: news, the newest after a reconnect, earlier ones that were asked for. */
export class History {
  readonly state = new Store<ChatHistory>(NO_HISTORY)

  take(part: ChatPart): void {
    this.state.set(joined(this.state.value, part))
  }
}

/** What is known with this part. Where lines are missing between the two, only the newer ones stay. */
export function joined(known: ChatHistory, { lines, before }: ChatPart): ChatHistory {
  const oldest = known.lines[0]
  const newest = known.lines.at(-1)
  const first = lines[0]
  if (!first) return { ...known, more: before !== null && known.more, loaded: true }
  if (!oldest || !newest || (before !== null && order(before) > order(newest.id))) {
    return { lines, more: before !== null, loaded: true }
  }
  const ids = new Set(lines.map(({ id }) => id))
  const all = [...known.lines.filter(({ id }) => !ids.has(id)), ...lines].sort(
    (a, b) => order(a.id) - order(b.id),
  )
  const more = order(first.id) <= order(oldest.id) ? before !== null : known.more
  return { lines: all, more, loaded: true }
}

/** Ids of lines grow. */
export function order(id: string): number {
  return Number(id)
}
