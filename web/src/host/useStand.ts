// How far a candidate has come, in the words of the list.
import { useI18n } from '../i18n/useI18n'
import { useTimes } from '../interview/useTimes'
import { useHelp } from '../staff/useHelp'
import type { Row } from './queue'

/** For the setup of a component in a panel's room. */
export function useStand() {
  const { t } = useI18n()
  const times = useTimes()
  const { what } = useHelp()
  return ({ card, group }: Row): string => {
    const { step, confirmed_at, result, withdrawn, let_go_at, left_at } = card
    if (withdrawn !== null) return t('staff.withdrawnAt', { time: times.clock(withdrawn.at) })
    if (left_at !== null) return t('staff.stand.left', { time: times.clock(left_at) })
    if (let_go_at !== null && result === null) return t('staff.stand.letGo', { time: times.clock(let_go_at) })
    if (confirmed_at !== null) return t('staff.stand.confirmed')
    if (result !== null) return t('staff.stand.published')
    if (group === 'done') return t('staff.stand.done')
    return what(card) ?? t(`staff.step.${step}`)
  }
}
