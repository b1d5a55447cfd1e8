// What the device checks share: what they are given, the device in use, the list of the others.
import { computed, onMounted } from 'vue'
import { useI18n } from '../i18n/useI18n'
import type { DeviceKind, LocalMedia } from '../client'
import { deviceOf, pickers } from '../room/pickers'
import { useStore } from '../ui/useStore'

/** How the check stands. */
export interface CheckState {
  /** Of the institution; may be empty. */
  advice: string
  hotline: string
  busy?: boolean
  /** The person said no. */
  failed?: boolean
  /** Why the answer could not be kept. */
  problem?: string | null
}

export interface CheckProps extends CheckState {
  media: LocalMedia
}

/** For the setup of a component. */
export function useDevice(media: LocalMedia, kind: DeviceKind) {
  const { t } = useI18n()
  const state = useStore(media.state)
  /** What is captured while all is well with it; a speaker captures nothing. */
  const track = computed(() => {
    if (kind === 'speaker') return null
    const capture = state.value[kind]
    return capture.on && capture.problem === null ? capture.track : null
  })
  const model = computed(() => {
    const id = track.value?.getSettings().deviceId ?? null
    const inUse = { camera: kind === 'camera' ? id : null, microphone: kind === 'microphone' ? id : null }
    return pickers(state.value, inUse, (number) => t('devices.unnamed', { number })).find(
      (picker) => picker.kind === kind,
    )
  })

  function choose(id: string) {
    const device = deviceOf(state.value, kind, id)
    if (device) void media.choose(kind, device)
  }

  onMounted(() => void media.watchDevices())
  return { state, track, model, choose }
}
