// Messages as a page shows them.
import { order } from '../client/history'
import type { Audience, ChatLine, Role } from './types'

/** Characters of one line that the server takes. */
export const LINE_LENGTH = 2000

/** One line on the page. */
export interface ChatItem {
  id: string
  at: number
  text: string
  mine: boolean
  name: string
  role: Role
  to: Audience['to']
  /** The first of several in a row by one person to one audience: it carries name and time. */
  first: boolean
}

/** Milliseconds: lines further apart than this stand alone. */
const TOGETHER = 180_000

/** The lines in order, those that belong together marked. */
export function chatItems(lines: readonly ChatLine[], self: string): ChatItem[] {
  return lines.map((line, index) => {
    const before = lines[index - 1]
    const together =
      before !== undefined &&
      before.from === line.from &&
      sameAudience(before.audience, line.audience) &&
      line.at - before.at < TOGETHER
    return {
      id: line.id,
      at: line.at,
      text: line.text,
      mine: line.from === self,
      name: line.from_name,
      role: line.from_role,
      to: line.audience.to,
      first: !together,
    }
  })
}

/** How many lines of others came after the one that was seen last. */
export function unread(lines: readonly ChatLine[], seen: string | null, self: string): number {
  return lines.filter(({ id, from }) => from !== self && (seen === null || order(id) > order(seen))).length
}

/** The text as it is sent, or null when there is nothing to send or too much. */
export function sendable(text: string): string | null {
  const trimmed = text.trim()
  return trimmed === '' || [...trimmed].length > LINE_LENGTH ? null : trimmed
}

function sameAudience(a: Audience, b: Audience): boolean {
  return a.to === b.to && (a.to !== 'candidate' || b.to !== 'candidate' || a.candidate === b.candidate)
}
