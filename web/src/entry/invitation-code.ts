// The invitation code as people write it: in any case, with spaces or hyphens, from a link or a whole message.

import { folded } from '../forms/writing'

/** Letters of a code. */
export const CODE_LENGTH = 12
/** No 0, O, 1, I, L: they are mistaken for each other. */
const ALPHABET = /^[2-9A-HJKMNP-Z]+$/

/** What was written without its ornaments, in capitals. */
export function bareCode(text: string): string {
  return folded(text)
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
}

/** In groups of four while typing. */
export function groupedCode(text: string): string {
  return (
    bareCode(text)
      .slice(0, CODE_LENGTH)
      .match(/.{1,4}/g) ?? []
  ).join('-')
}

/** What is wrong with a code, as far as that can be told without the server. */
export type CodeFault = 'empty' | 'short' | 'letters'

export function codeFault(text: string): CodeFault | null {
  const bare = bareCode(text)
  if (bare === '') return 'empty'
  if (!ALPHABET.test(bare)) return 'letters'
  return bare.length === CODE_LENGTH ? null : 'short'
}

/** The code in what was pasted: a link that ends in `#CODE`, a message with the code in it, or the code itself. */
export function codeIn(pasted: string): string {
  const text = folded(pasted)
  const link = /#([0-9a-z-]{12,20})\b/i.exec(text)?.[1]
  if (link !== undefined && bareCode(link).length === CODE_LENGTH) return bareCode(link)
  const grouped = /(?:^|[^0-9a-z])([0-9a-z]{4} ?[ -] ?[0-9a-z]{4} ?[ -] ?[0-9a-z]{4})(?![0-9a-z])/i.exec(
    text,
  )?.[1]
  const solid = /(?:^|[^0-9a-z])([0-9a-z]{12})(?![0-9a-z])/i.exec(text)?.[1]
  const found = grouped ?? solid
  return bareCode(found ?? text).slice(0, CODE_LENGTH)
}

/** The caret after a change: behind the same number of letters as before. */
export function caretAfter(text: string, caret: number): number {
  const letters = bareCode(text.slice(0, caret)).length
  const grouped = groupedCode(text)
  let seen = 0
  for (let index = 0; index < grouped.length; index++) {
    if (seen === letters) return index
    if (grouped[index] !== '-') seen++
  }
  return grouped.length
}
