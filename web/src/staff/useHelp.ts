// What holds somebody up, in words: what it is, and what the host can do.
import { useI18n } from '../i18n/useI18n'
import type { CandidateCard } from '../interview/types'
import { needOf } from './help'

/** For the setup of a component. */
export function useHelp() {
  const { t } = useI18n()
  const what = (card: CandidateCard): string | null => {
    const need = needOf(card)
    if (need === null) return null
    if (need.kind === 'asks') return t('staff.need.asks')
    if (need.kind === 'locked') return t(`staff.need.locked.${need.at}`)
    if (need.kind === 'failed') return t('staff.stand.failed', { part: t(`staff.way.${need.check}`) })
    return t(`staff.need.device.${need.problem}`, { device: t(`devices.${need.check}`) })
  }
  const next = (card: CandidateCard): string | null => {
    const need = needOf(card)
    if (need === null) return null
    if (need.kind === 'asks') return t('staff.need.next.asks')
    if (need.kind === 'locked') return t('staff.need.next.locked')
    if (need.kind === 'failed') return t('staff.need.next.check')
    return t(`staff.need.next.${need.problem}`)
  }
  return { what, next }
}
