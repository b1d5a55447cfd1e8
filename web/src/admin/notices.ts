// Short news at the foot of the page: what was done.
import { readonly, ref } from 'vue'

export interface Notice {
  id: number
  text: string
  tone: 'good' | 'bad'
}

/** Milliseconds. */
const STAYS = 5_000
const list = ref<Notice[]>([])
let next = 0

export const notices = readonly(list)

/** Says it for a moment. */
export function tell(text: string, tone: Notice['tone'] = 'good'): void {
  const id = next++
  list.value = [...list.value.slice(-2), { id, text, tone }]
  setTimeout(() => (list.value = list.value.filter((notice) => notice.id !== id)), STAYS)
}
