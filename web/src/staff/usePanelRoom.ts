// What every part of a panel room's page stands on: the seat, its view, the clock, and commands with their answers.
import {
  computed,
  inject,
  type InjectionKey,
  onScopeDispose,
  provide,
  ref,
  type Ref,
  shallowRef,
  type ShallowRef,
} from 'vue'
import { useI18n } from '../i18n/useI18n'
import type { ClientState, LocalMediaState } from '../client'
import type { DeskLike } from '../interview/desk'
import type { PanelView, SeatAction } from '../interview/types'
import type { CallClient, CallMedia } from '../room/seat'
import { useStore } from '../ui/useStore'
import { languageOf } from '../i18n/locale'
import { problemText } from '../interview/problem'
import { provideZone } from '../interview/useZone'
import { picturesOf, type SeatPictures } from './pictures'

/** A seat of the staff that is taken. */
export interface StaffSeatRoom {
  client: CallClient
  media: CallMedia
  desk: DeskLike<PanelView>
  /** The token of a page that was opened by a link; null where the session's cookie speaks for the page. */
  bearer: string | null
  /** The stories have pictures of their own. */
  pictures?: SeatPictures
}

/** A short word: about a command that is done or refused, or about somebody. */
interface Notice {
  tone: 'good' | 'bad' | 'news'
  text: string
}

export interface PanelRoom extends StaffSeatRoom {
  pictures: SeatPictures
  state: Readonly<ShallowRef<ClientState>>
  own: Readonly<ShallowRef<LocalMediaState>>
  view: Readonly<ShallowRef<PanelView>>
  /** The server's clock, once a second. */
  now: Readonly<Ref<number>>
  notice: Readonly<Ref<Notice | null>>
  /** Commands under way, by what they ask for. */
  busy: Readonly<Ref<ReadonlySet<string>>>
  /** Asks for something; true when it was accepted. `done` is what is said then. */
  act: (action: SeatAction, done?: string) => Promise<boolean>
  /** Asks for something where a form says itself why it was refused. */
  ask: (action: SeatAction, done: string) => Promise<void>
  tell: (notice: Notice | null) => void
}

const KEY: InjectionKey<PanelRoom> = Symbol('panel room')
/** Milliseconds: long enough to be read. */
const NOTICE_FOR = { good: 3_500, bad: 9_000, news: 7_000 }

/** Opens the room for this component and all below it. The desk must have its first view. */
export function providePanelRoom(seat: StaffSeatRoom): PanelRoom {
  const { locale, t } = useI18n()
  const newest = useStore(seat.desk.view)
  const first = seat.desk.view.value
  if (!first) throw new Error('the room is opened before its first view')
  const view = computed(() => newest.value ?? first)
  provideZone(() => view.value.time_zone)
  const now = ref(seat.desk.now())
  const ticking = setInterval(() => (now.value = seat.desk.now()), 1000)
  onScopeDispose(() => clearInterval(ticking))

  const notice = ref<Notice | null>(null)
  const busy = shallowRef<ReadonlySet<string>>(new Set())
  let fading: ReturnType<typeof setTimeout> | undefined
  const tell = (next: Notice | null) => {
    clearTimeout(fading)
    notice.value = next
    if (next) fading = setTimeout(() => (notice.value = null), NOTICE_FOR[next.tone])
  }
  onScopeDispose(() => clearTimeout(fading))

  const act = async (action: SeatAction, done?: string): Promise<boolean> => {
    const name = JSON.stringify(action)
    // The same wish twice while the first is under way is one wish.
    if (busy.value.has(name)) return false
    busy.value = new Set([...busy.value, name])
    try {
      await seat.desk.act(action)
      if (done !== undefined) tell({ tone: 'good', text: done })
      return true
    } catch (error) {
      tell({ tone: 'bad', text: problemText(error, languageOf(locale.value)) ?? t('staff.failed') })
      return false
    } finally {
      busy.value = new Set([...busy.value].filter((one) => one !== name))
    }
  }

  const ask = async (action: SeatAction, done: string) => {
    await seat.desk.act(action)
    tell({ tone: 'good', text: done })
  }

  const room: PanelRoom = {
    ...seat,
    pictures: seat.pictures ?? picturesOf(seat.bearer),
    state: useStore(seat.client.state),
    own: useStore(seat.media.state),
    view,
    now,
    notice,
    busy,
    act,
    ask,
    tell,
  }
  provide(KEY, room)
  return room
}

/** The room that a component above has opened. */
export function usePanelRoom(): PanelRoom {
  const room = inject(KEY)
  if (!room) throw new Error('no panel room above')
  return room
}
