// A list that is looked at before it is taken: by a dry run first, whose faults stand row by row; then all of it or nothing.
import { ref, shallowRef } from 'vue'
import type { ImportProblem } from './api'
import { refusedRows } from './import'

/**
 * `send` asks the server, by a dry run or for good, and gives null where there is nothing to ask; `done` gets what was made,
 * even where the list is another one by then.
 */
export function useListCheck<T>(send: (dryRun: boolean) => Promise<T> | null, done: (made: T) => void) {
  const busy = ref<'checking' | 'working' | null>(null)
  /** What a dry run would make. */
  const found = shallowRef<T | null>(null)
  const rows = shallowRef<ImportProblem[]>([])
  const refused = shallowRef<unknown>(null)
  /** Counts up with each change: an answer to an earlier question is dropped. */
  let turn = 0

  function forget() {
    turn++
    busy.value = null
    found.value = null
    rows.value = []
    refused.value = null
  }

  async function run(dryRun: boolean) {
    forget()
    const sent = send(dryRun)
    if (!sent) return
    const mine = turn
    busy.value = dryRun ? 'checking' : 'working'
    try {
      const answer = await sent
      if (!dryRun) done(answer)
      else if (mine === turn) found.value = answer
    } catch (error) {
      if (mine !== turn) return
      rows.value = refusedRows(error) ?? []
      refused.value = rows.value.length > 0 ? null : error
    } finally {
      if (mine === turn) busy.value = null
    }
  }

  return { busy, found, rows, refused, forget, run }
}
