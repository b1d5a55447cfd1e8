// Where a key leads on the score sheet: from criterion to criterion, and in the end to the question.
import type { Field } from './sheet'

/** To the field with this index, to the remark, to the question, or nowhere: then what is wrong is said. */
export type Lead = { to: number } | 'remark' | 'ask' | 'stay'

/** What `key` does in the field with this index; null for a key that does what it always does. */
export function leadOf(key: string, index: number, fields: readonly Field[]): Lead | null {
  const last = index === fields.length - 1
  if (key === 'ArrowUp') return index > 0 ? { to: index - 1 } : 'stay'
  if (key === 'ArrowDown') return last ? 'remark' : { to: index + 1 }
  if (key !== 'Enter') return null
  if (fields[index]?.problem !== null) return 'stay'
  if (!last) return { to: index + 1 }
  const open = fields.findIndex(({ points, problem }) => points === null || problem !== null)
  return open < 0 ? 'ask' : { to: open }
}
