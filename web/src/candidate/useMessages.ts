// Unread messages of a page: a number, and what a screen reader is told.
import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { unread } from '../interview/chat'
import type { CandidateView } from '../interview/types'

/** For the setup of a component. `open` tells whether the messages are in sight. */
export function useMessages(view: () => CandidateView, open: () => boolean) {
  const { t } = useI18n()
  /** The line seen last; those that were there when the page came are no news. */
  const seen = ref<string | null>(view().messages.at(-1)?.id ?? null)
  const told = ref('')
  const count = computed(() => (open() ? 0 : unread(view().messages, seen.value, view().seat)))

  watch(
    () => view().messages,
    (now, before) => {
      const last = now.at(-1)
      if (!last || last.id === before.at(-1)?.id) return
      if (open()) seen.value = last.id
      else if (last.from !== view().seat) told.value = t('interview.chat.news', { name: last.from_name, text: last.text })
    },
  )
  watch(open, () => (seen.value = view().messages.at(-1)?.id ?? seen.value))
  return { count, told }
}
