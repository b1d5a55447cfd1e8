// What every page with a running call does: switches, pins, banners, keys, a screen that stays on.
import { computed, onBeforeUnmount, onMounted, ref, watch } from 'vue'
import { useI18n } from '../i18n/useI18n'
import { type CaptureKind, quality, worse } from '../client'
import { joined } from '../i18n/joined'
import { useStore } from '../ui/useStore'
import { news } from './news'
import type { CallClient, CallMedia } from './seat'
import { arrange, type TileModel, tiles } from './tiles'
import { usePausedNews } from './usePausedNews'
import { keepAwake } from './wake'

/** What the page with a call and all parts of it share: switches, and what is shown. */
export type Call = ReturnType<typeof useCall>

/** How a page differs from others. */
export interface CallOptions {
  /** Picks the tiles that are of use on it. */
  shown?: (all: TileModel[]) => TileModel[]
  /** The own devices are there whatever the room permits at the moment: who waits may try them. */
  publish?: true
  /** The staff has muted this person: nobody hears them, whatever the own microphone does. */
  hushed?: () => boolean
}

/** For the setup of a page. */
export function useCall(client: CallClient, media: CallMedia, options: CallOptions = {}) {
  const { t, locale } = useI18n()
  const state = useStore(client.state)
  const own = useStore(media.state)
  const statistics = useStore(client.statistics)
  const soundBlocked = useStore(client.audio.blocked)

  const pinned = ref<string | null>(null)
  const settingsOpen = ref(false)
  const statisticsOpen = ref(false)
  const full = ref(false)
  /** What a screen reader is told. */
  const said = ref('')

  const publish = computed(() => options.publish ?? state.value.room?.permissions.publish ?? false)
  const hushed = computed(() => options.hushed?.() ?? false)
  const working = (kind: CaptureKind) => own.value[kind].on && own.value[kind].problem === null
  const ownQuality = computed(() => {
    if (!state.value.online || !state.value.media) return 'lost' as const
    const measured = quality(statistics.value?.lossUp ?? null, statistics.value?.roundTripMs ?? null)
    return worse(measured, state.value.room?.quality ?? 'unknown')
  })
  const all = computed(() => {
    const { room } = state.value
    const list = room
      ? tiles(room, {
          camera: own.value.camera,
          microphone: own.value.microphone,
          quality: ownQuality.value,
          hushed: hushed.value,
        })
      : []
    return options.shown?.(list) ?? list
  })
  const arrangement = computed(() => arrange(all.value, pinned.value))
  /** The media path takes a moment to come up; only its loss is worth a banner. */
  const hadMedia = ref(false)
  const banner = computed(() =>
    !state.value.online
      ? t('call.reconnecting')
      : hadMedia.value && !state.value.media
        ? t('call.mediaLost')
        : null,
  )

  watch(
    () => state.value.media,
    (up) => (hadMedia.value ||= up),
    { immediate: true },
  )
  watch(
    () => state.value.room,
    (after, before) => {
      const list = news(before ?? null, after)
      if (list.length > 0)
        said.value = joined(
          list.map(({ key, name }) => t(key, { name })),
          locale.value,
          'news',
        )
    },
  )
  usePausedNews(
    () => (state.value.room?.paused.size ?? 0) > 0,
    () => (said.value = t('news.paused')),
  )
  watch(
    () => state.value.online,
    (online) => {
      // The first connection is no news.
      if (hadMedia.value) said.value = online ? t('news.reconnected') : t('news.reconnecting')
    },
  )

  function toggle(kind: CaptureKind) {
    const capture = own.value[kind]
    // What cannot work needs advice, not a switch.
    if (capture.problem !== null) settingsOpen.value = true
    void media.setOn(kind, !capture.on || capture.problem !== null)
  }

  async function toggleFull() {
    if (document.fullscreenElement) await document.exitFullscreen()
    else await document.documentElement.requestFullscreen()
  }

  function pin(key: string | null) {
    pinned.value = pinned.value === key ? null : key
  }

  function key(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
    if (
      event.target instanceof Element &&
      event.target.closest(
        'input, textarea, select, [role=dialog], [role=alertdialog], [role=listbox], [role=menu]',
      )
    )
      return
    const act: Record<string, () => void> = {
      m: () => publish.value && toggle('microphone'),
      v: () => publish.value && toggle('camera'),
      s: () => (statisticsOpen.value = !statisticsOpen.value),
      f: () => void toggleFull(),
      escape: () => (pinned.value = null),
    }
    act[event.key.toLowerCase()]?.()
  }
  const fullChanged = () => (full.value = document.fullscreenElement !== null)

  let sleepAgain = () => {}
  onMounted(() => {
    sleepAgain = keepAwake()
    addEventListener('keydown', key)
    document.addEventListener('fullscreenchange', fullChanged)
  })
  onBeforeUnmount(() => {
    sleepAgain()
    removeEventListener('keydown', key)
    document.removeEventListener('fullscreenchange', fullChanged)
    if (document.fullscreenElement) void document.exitFullscreen()
  })

  return {
    client,
    media,
    state,
    own,
    ownQuality,
    soundBlocked,
    pinned,
    settingsOpen,
    statisticsOpen,
    full,
    said,
    publish,
    hushed,
    working,
    all,
    arrangement,
    banner,
    toggle,
    toggleFull,
    pin,
  }
}
