// The button that shares the screen, as a page's bar shows it.
import { computed } from 'vue'
import { useI18n } from '../i18n/useI18n'
import { canShare } from '../client'
import { useStore } from '../ui/useStore'
import type { BarItem } from './bar'
import type { CallClient } from './seat'

/** For the setup of a page: null where this browser cannot share. */
export function useShareItem(client: Pick<CallClient, 'screen'>) {
  const { t } = useI18n()
  const screen = useStore(client.screen.state)
  const possible = canShare()

  function toggle() {
    if (screen.value.track) client.screen.stop()
    else void client.screen.start()
  }

  return computed((): BarItem | null => {
    if (!possible) return null
    const shares = screen.value.track !== null
    return {
      id: 'share',
      icon: shares ? 'screenOff' : 'screen',
      tone: shares ? 'off' : 'plain',
      label: shares ? t('call.shareOff') : t('call.share'),
      word: shares ? t('call.word.shareOff') : t('call.word.share'),
      disabled: screen.value.asking,
      act: toggle,
    }
  })
}
