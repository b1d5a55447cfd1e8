// A form: when to show what is wrong, and what happens when it is sent.
import { computed, nextTick, reactive, ref, type ComputedRef, type Ref } from 'vue'
import type { FieldProblem, Problems } from './fields'

export interface Form {
  /** The problem to show beside a field: only once the person has left it, or tried to send. */
  shown(field: string): FieldProblem | null
  /** The person has left the field. */
  touch(field: string): void
  /** True while the answer is awaited. */
  busy: Readonly<Ref<boolean>>
  /** What the server said last; null when it agreed, or was not asked. */
  refused: Ref<unknown>
  valid: ComputedRef<boolean>
  /** Sends if all fields are right, else leads to the first that is not. True when it was sent and accepted. */
  send(work: () => Promise<void>): Promise<boolean>
  /** As if nobody had touched it. */
  restart(): void
}

/** `problems` is computed from the draft, so that it changes with every letter typed. */
export function useForm(problems: () => Problems): Form {
  const current = computed(problems)
  const touched = reactive(new Set<string>())
  const tried = ref(false)
  const busy = ref(false)
  const refused = ref<unknown>(null)
  return {
    shown: (field) => (tried.value || touched.has(field) ? (current.value[field] ?? null) : null),
    touch: (field) => touched.add(field),
    busy,
    refused,
    valid: computed(() => Object.keys(current.value).length === 0),
    async send(work) {
      if (busy.value) return false
      tried.value = true
      refused.value = null
      if (Object.keys(current.value).length > 0) {
        await nextTick()
        document
          .querySelector<HTMLElement>('form [aria-invalid="true"], [role="dialog"] [aria-invalid="true"]')
          ?.focus()
        return false
      }
      busy.value = true
      try {
        await work()
        return true
      } catch (error) {
        refused.value = error
        return false
      } finally {
        busy.value = false
      }
    },
    restart() {
      touched.clear()
      tried.value = false
      refused.value = null
    },
  }
}
