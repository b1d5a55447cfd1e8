// Short news at the foot of the page: what was done.
import { readonly, ref } from 'vue'

/** What can be done about the news, for as long as it stands there. */
export interface NoticeAction {
  label: string
  act: () => void
}

export interface Notice {
  id: number
  text: string
  tone: 'good' | 'bad'
  action?: NoticeAction
}

/** Milliseconds. */
const STAYS = 5_000
/** With something to press. */
const STAYS_WITH_ACTION = 30_000
const list = ref<Notice[]>([])
let next = 0

export const notices = readonly(list)

/** Says it for a moment; longer where something can be done about it. */
export function tell(text: string, tone: Notice['tone'] = 'good', action?: NoticeAction): void {
  const id = next++
  list.value = [...list.value.slice(-2), action ? { id, text, tone, action } : { id, text, tone }]
  setTimeout(() => dismiss(id), action ? STAYS_WITH_ACTION : STAYS)
}

/** Takes it away. */
export function dismiss(id: number): void {
  list.value = list.value.filter((notice) => notice.id !== id)
}
