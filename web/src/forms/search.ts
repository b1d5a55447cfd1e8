// What of a long list somebody means who types a part of it.
import { searchable } from './writing'

export interface Choice {
  id: string
  label: string
}

/** More are not shown at once. */
export const SHOWN = 50

/** The choices that have every word that was typed, the first of them, and how many there are beyond. */
export function foundIn(options: readonly Choice[], typed: string): { shown: Choice[]; more: number } {
  const plain = (text: string) => searchable(text.replaceAll('_', ' '))
  const words = typed.replaceAll('_', ' ').split(/\s+/).map(plain).filter(Boolean)
  const all = options.filter(({ id, label }) => {
    const text = plain(`${id} ${label}`)
    return words.every((word) => text.includes(word))
  })
  return { shown: all.slice(0, SHOWN), more: Math.max(0, all.length - SHOWN) }
}
