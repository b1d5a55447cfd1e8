// The buttons of a call's bar: which stand in it on a phone, and which wait behind 更多.
import type { IconName } from '../ui/icons'

/** One button. */
export interface BarItem {
  id: string
  icon: IconName
  /** What it does, as it is spoken, shown as a tooltip, and written where there is room. */
  label: string
  /** A word or two below the icon, on a phone. */
  word: string
  /** `off` marks something that is switched off. */
  tone?: 'plain' | 'off' | 'danger'
  /** Only what can be pressed in and out says so. */
  pressed?: boolean
  shortcut?: string
  disabled?: boolean
  /** A dot on it: what it stands for works, or does not. */
  mark?: 'good' | 'warn' | null
  /** Something new waits behind it; what the count counts, for those who hear it. */
  news?: { count: number; counted: string } | null
  /** Always in sight: what is used all the time, and what the page has just asked for. */
  first?: boolean
  act: () => void
}

/** More beside what always stands in sight makes the targets too small for a thumb. */
const MOST_FIRST = 4

/** In sight on a phone, in their order, and the rest. */
export function folded(items: readonly BarItem[]): { first: BarItem[]; rest: BarItem[] } {
  const first = items.filter((item) => item.first === true).slice(0, MOST_FIRST)
  return { first, rest: items.filter((item) => !first.includes(item)) }
}

/** The dot of a button behind which others wait: the worst of theirs. */
export function markOf(items: readonly BarItem[]): BarItem['mark'] {
  return items.some(({ mark }) => mark === 'warn') ? 'warn' : null
}
