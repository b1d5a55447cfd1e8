// The printable sheet of invitations: cards by page.
import type { Candidate } from './api'

/** Two columns of four on a page of A4. */
export const CARDS_PER_PAGE = 8

/** Whose card is printed: those who have not come in yet, or everybody. */
export type Printed = 'absent' | 'all'

/** Pages of cards, in the order of the numbers. Who was removed or has left needs none. */
export function sheetPages(candidates: readonly Candidate[], printed: Printed): Candidate[][] {
  const collator = new Intl.Collator('zh-CN', { numeric: true })
  const wanted = candidates
    .filter(({ step }) => (printed === 'absent' ? step === 'invited' : step !== 'removed' && step !== 'left'))
    .sort((a, b) => collator.compare(a.number, b.number))
  const pages: Candidate[][] = []
  for (let start = 0; start < wanted.length; start += CARDS_PER_PAGE)
    pages.push(wanted.slice(start, start + CARDS_PER_PAGE))
  return pages
}

/** The link as a person would type it: without the scheme, which every browser adds. */
export function typedLink(link: string): string {
  return link.replace(/^https?:\/\//, '').replace(/#.*$/, '')
}
