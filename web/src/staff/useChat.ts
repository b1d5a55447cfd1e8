// The chat of a page: its threads, which one is open, what was seen; kept over a reload of the page.
import { computed, type Ref, shallowRef, watch } from 'vue'
import type { DeskLike } from '../interview/desk'
import type { PanelView } from '../interview/types'
import { useStore } from '../ui/useStore'
import { useKept } from './useKept'
import { sawThread, type Seen, type Thread, threads } from './chat'

/** Reads and keeps what was seen, by seat. */
function memory(seat: string) {
  const key = `viva.seen.${seat}`
  return {
    load: (): Seen => {
      try {
        return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Seen
      } catch {
        return {}
      }
    },
    save: (seen: Seen) => sessionStorage.setItem(key, JSON.stringify(seen)),
  }
}

/** Threads, the open one, and the number of unread lines in all of them. */
export function useChat(view: Readonly<Ref<PanelView>>, desk: DeskLike<PanelView>, first: string) {
  const history = useStore(desk.chat)
  const kept = memory(view.value.seat)
  const seen = shallowRef<Seen>(kept.load())
  watch(seen, kept.save)
  const all = computed(() => threads(view.value, history.value.lines, seen.value))
  const open = useKept<string>(`viva.thread.${view.value.seat}`, first)
  const unread = computed(() => all.value.reduce((sum, { unread: count }) => sum + count, 0))
  const saw = (thread: Thread) => (seen.value = sawThread(seen.value, thread))
  return { all, open, unread, saw }
}
