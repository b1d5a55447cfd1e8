// Outcomes that are offered where a result is written: those used in this interview, then the usual ones.
import { computed, type ComputedRef } from 'vue'
import { useI18n } from '../i18n/useI18n'
import { usePanelRoom } from '../staff/usePanelRoom'
import { usedOutcomes } from './scores'

/** For the setup of a component in a panel's room. */
export function useOutcomes(): ComputedRef<string[]> {
  const { view } = usePanelRoom()
  const { t } = useI18n()
  return computed(() => [
    ...new Set([
      ...usedOutcomes(view.value),
      t('staff.outcome.accept'),
      t('staff.outcome.reserve'),
      t('staff.outcome.reject'),
    ]),
  ])
}
