// Tells a host at once who does not get on alone: for a moment on the screen, and to who reads by ear.
import { watch } from 'vue'
import { useI18n } from '../i18n/useI18n'
import { joined } from '../i18n/joined'
import type { CandidateCard } from '../interview/types'
import { useHelp } from './useHelp'
import { usePanelRoom } from './usePanelRoom'

/** More than these are told by their number: a hall whose network breaks off is one piece of news. */
const TOLD = 2

/** For the setup of a component. */
export function useNeedNews(say: (text: string) => void) {
  const { view, notice, tell } = usePanelRoom()
  const { t, locale } = useI18n()
  const { what } = useHelp()
  const news = (card: CandidateCard): string[] => {
    const why = what(card)
    return why === null ? [] : [t('staff.need.news', { name: card.name, why })]
  }
  watch(
    () => (view.value.leads ? view.value.candidates.flatMap(news) : []),
    (after, before) => {
      const fresh = after.filter((one) => !before.includes(one))
      if (fresh.length === 0) return
      const text =
        fresh.length > TOLD
          ? t('staff.need.many', { count: fresh.length })
          : joined(fresh, locale.value, 'news')
      say(text)
      // What is said of the host's own deed stays.
      if (notice.value === null) tell({ tone: 'news', text })
    },
  )
}
