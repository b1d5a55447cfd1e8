// One request at a time from a page: running, and what went wrong.
import { ref, shallowRef } from 'vue'

export function useRequest() {
  const busy = ref(false)
  const problem = shallowRef<unknown>(null)

  /** True when it was accepted. A second press while one runs does nothing. */
  async function run(act: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await act()
      return true
    } catch (error) {
      problem.value = error
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, run }
}
