// Unread messages of a page: a number, and what a screen reader is told.
import { computed, ref, watch } from 'vue'
import { useI18n } from '../i18n/useI18n'
import { unread } from '../interview/chat'
import type { DeskLike } from '../interview/desk'
import type { CandidateView } from '../interview/types'
import { useStore } from '../ui/useStore'

/** For the setup of a component. `open` tells whether the messages are in sight. */
export function useMessages(desk: DeskLike<CandidateView>, self: () => string, open: () => boolean) {
  const { t } = useI18n()
  const chat = useStore(desk.chat)
  const newest = () => chat.value.lines.at(-1) ?? null
  /** The line seen last; those that were there when the page came are no news. */
  const seen = ref<string | null>(newest()?.id ?? null)
  const told = ref('')
  const count = computed(() =>
    open() || !chat.value.loaded ? 0 : unread(chat.value.lines, seen.value, self()),
  )

  watch(chat, (now, before) => {
    const last = now.lines.at(-1)
    if (!last || last.id === before.lines.at(-1)?.id) return
    if (open() || !before.loaded) seen.value = last.id
    else if (last.from !== self())
      told.value = t('interview.chat.news', { name: last.from_name, text: last.text })
  })
  watch(open, () => (seen.value = newest()?.id ?? seen.value))
  return { count, told }
}
