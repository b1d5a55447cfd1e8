// The own camera and microphone: opened, switched, muted, found again when they were lost.
import {
  type Device,
  type DeviceKind,
  type DeviceLists,
  findChoice,
  hotPlug,
  listDevices,
  NO_DEVICES,
} from './devices'
import { Retries } from './retries'
import { CAMERA_CONSTRAINTS, MICROPHONE_CONSTRAINTS } from './simulcast'
import { Store } from './store'

export type CaptureKind = 'camera' | 'microphone'

/** As browsers say it: towards the person, or away. */
export type Facing = 'user' | 'environment'

/** Why there is no picture or sound: each has a next step of its own for the person. */
export type MediaProblem = 'denied' | 'missing' | 'busy' | 'insecure' | 'failed'

/** One of the two, as it is now. */
export interface Capture {
  /** Wanted by the person. */
  on: boolean
  /** Live while it sends; null while off, being opened, or impossible. */
  track: MediaStreamTrack | null
  acquiring: boolean
  problem: MediaProblem | null
  /** Name of the device that was pulled out while it was in use: another one has taken its place by itself. */
  before?: string | null
}

export interface LocalMediaState {
  camera: Capture
  microphone: Capture
  devices: DeviceLists
  choice: Readonly<Record<DeviceKind, Device | null>>
}

/** Where choices are remembered. */
export interface ChoiceMemory {
  load(): Partial<Record<DeviceKind, Device | null>>
  save(choice: LocalMediaState['choice']): void
}

/** What plugging something in may heal. */
const PLUGGED: readonly (MediaProblem | null)[] = ['missing', 'busy', 'failed']
const CLOSED: Capture = { on: true, track: null, acquiring: false, problem: null }

/** How often one is opened again by itself when it ends: a broken driver or another program may end it each time. */
const AGAIN = { first: 1_000, longest: 4_000, most: 4, holds: 10_000, rests: 60_000 }
/** Milliseconds: one plug makes several events. */
const PLUGGING = 100

/** The next step that a failed `getUserMedia` calls for. */
function problemOf(error: unknown): MediaProblem {
  switch (error instanceof Error || error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing'
    case 'NotReadableError':
    case 'AbortError':
      return 'busy'
    default:
      return 'failed'
  }
}

/** Holds the tracks that the client sends. Independent of any connection. */
export class LocalMedia {
  readonly state: Store<LocalMediaState>
  readonly #memory: ChoiceMemory | null
  /** Counts the attempts of each kind, so that an overtaken one gives its track back. */
  readonly #attempts: Record<CaptureKind, number> = { camera: 0, microphone: 0 }
  readonly #retries: Record<CaptureKind, Retries> = {
    camera: new Retries(AGAIN),
    microphone: new Retries(AGAIN),
  }
  readonly #waits: Partial<Record<CaptureKind, ReturnType<typeof setTimeout>>> = {}
  #plugging: ReturnType<typeof setTimeout> | undefined
  #listening = false
  /** Which way the camera looks where no device was chosen; on a phone one turns it. */
  readonly facing: Store<Facing>

  constructor(memory: ChoiceMemory | null = null, facing: Facing = 'user') {
    this.#memory = memory
    this.facing = new Store(facing)
    const choice = { camera: null, microphone: null, speaker: null, ...memory?.load() }
    this.state = new Store<LocalMediaState>({
      camera: CLOSED,
      microphone: CLOSED,
      devices: NO_DEVICES,
      choice,
    })
  }

  /** Opens what is wanted and not open yet, with one question to the person for both. */
  async open(): Promise<void> {
    this.#listen()
    const kinds = (['camera', 'microphone'] as const).filter((kind) => {
      const capture = this.state.value[kind]
      return capture.on && !capture.track && !capture.acquiring
    })
    if (kinds.length > 0) await this.#acquire(kinds)
  }

  /** Keeps the lists of devices up to date, without opening any. */
  async watchDevices(): Promise<void> {
    this.#listen()
    if ('mediaDevices' in navigator) await this.#refresh()
  }

  /** Turns one on or off. A camera that is off is closed, so that its light goes out; a microphone only falls silent. */
  async setOn(kind: CaptureKind, on: boolean): Promise<void> {
    const capture = this.state.value[kind]
    this.#retries[kind].reset()
    if (!on) {
      this.#attempts[kind]++
      clearTimeout(this.#waits[kind])
      if (kind === 'camera') capture.track?.stop()
      else if (capture.track) capture.track.enabled = false
      this.#patch(kind, { on, acquiring: false, track: kind === 'camera' ? null : capture.track })
    } else if (capture.track?.readyState === 'live') {
      capture.track.enabled = true
      this.#patch(kind, { on })
    } else {
      this.#patch(kind, { on, track: null })
      await this.#acquire([kind])
    }
  }

  /** Closes one and opens it anew: what gives no good picture or sound may do so then. */
  async reopen(kind: CaptureKind): Promise<void> {
    this.#retries[kind].reset()
    this.state.value[kind].track?.stop()
    this.#patch(kind, { on: true, track: null })
    await this.#acquire([kind])
  }

  /** Uses this device from now on, and remembers it. */
  async choose(kind: DeviceKind, device: Device): Promise<void> {
    const choice = { ...this.state.value.choice, [kind]: device }
    this.state.patch({ choice })
    this.#memory?.save(choice)
    if (kind !== 'speaker') this.#retries[kind].reset()
    if (kind !== 'speaker' && this.state.value[kind].on) await this.#acquire([kind])
  }

  /** Uses the camera on the other side of a phone. */
  async turn(): Promise<void> {
    this.facing.set(this.facing.value === 'user' ? 'environment' : 'user')
    this.#retries.camera.reset()
    // Many phones open one camera at a time.
    this.state.value.camera.track?.stop()
    if (this.state.value.camera.on) await this.#acquire(['camera'])
  }

  /** Tries again what failed. */
  async retry(): Promise<void> {
    const kinds = (['camera', 'microphone'] as const).filter(
      (kind) => this.state.value[kind].problem !== null,
    )
    for (const kind of kinds) {
      this.#retries[kind].reset()
      this.#patch(kind, { on: true })
    }
    if (kinds.length > 0) await this.#acquire(kinds)
  }

  /** Closes both. */
  close(): void {
    for (const kind of ['camera', 'microphone'] as const) {
      this.#attempts[kind]++
      clearTimeout(this.#waits[kind])
      this.state.value[kind].track?.stop()
      this.#patch(kind, { track: null, acquiring: false })
    }
    clearTimeout(this.#plugging)
    this.#plugging = undefined
    if (this.#listening) {
      navigator.mediaDevices.removeEventListener('devicechange', this.#devicesChanged)
      document.removeEventListener('visibilitychange', this.#cameBack)
      this.#listening = false
    }
  }

  /** @param lost the name of what was in use until it was pulled out */
  async #acquire(kinds: readonly CaptureKind[], lost: string | null = null): Promise<void> {
    if (!('mediaDevices' in navigator)) {
      for (const kind of kinds) this.#patch(kind, { problem: 'insecure', acquiring: false })
      return
    }
    const attempts = kinds.map((kind) => {
      clearTimeout(this.#waits[kind])
      this.#patch(kind, { acquiring: true })
      return ++this.#attempts[kind]
    })
    const current = (kind: CaptureKind) => this.#attempts[kind] === attempts[kinds.indexOf(kind)]
    try {
      const stream = await navigator.mediaDevices.getUserMedia(this.#constraints(kinds))
      for (const track of stream.getTracks()) {
        const kind: CaptureKind = track.kind === 'video' ? 'camera' : 'microphone'
        if (current(kind)) this.#take(kind, track, lost)
        else track.stop()
      }
    } catch (error) {
      // One of two may still work: ask for each alone, and learn which of them fails and why.
      const live = kinds.filter(current)
      if (kinds.length > 1) await Promise.all(live.map((kind) => this.#acquire([kind])))
      else for (const kind of live) this.#fail(kind, problemOf(error))
    }
    await this.#refresh()
  }

  #constraints(kinds: readonly CaptureKind[]): MediaStreamConstraints {
    const device = (kind: CaptureKind): MediaTrackConstraints => {
      const choice = this.state.value.choice[kind]
      const id = findChoice(this.state.value.devices[kind], choice)?.id ?? choice?.id
      return id === undefined
        ? kind === 'camera'
          ? { facingMode: this.facing.value }
          : {}
        : { deviceId: { ideal: id } }
    }
    return {
      video: kinds.includes('camera') && { ...CAMERA_CONSTRAINTS, ...device('camera') },
      audio: kinds.includes('microphone') && { ...MICROPHONE_CONSTRAINTS, ...device('microphone') },
    }
  }

  #take(kind: CaptureKind, track: MediaStreamTrack, lost: string | null): void {
    this.state.value[kind].track?.stop()
    track.enabled = this.state.value[kind].on
    if (kind === 'camera') track.contentHint = 'motion'
    track.onended = () => {
      if (this.state.value[kind].track !== track) return
      this.#patch(kind, { track: null })
      // A muted microphone that is pulled out brings no other one to life.
      if (this.state.value[kind].on && !this.#again(kind, track.label)) this.#fail(kind, 'busy')
    }
    this.#retries[kind].works(performance.now())
    this.#patch(kind, { track, acquiring: false, problem: null, before: lost === track.label ? null : lost })
  }

  /** Opens one again without being asked, now or after a pause; false when that was done often enough. */
  #again(kind: CaptureKind, lost: string | null = null): boolean {
    const wait = this.#retries[kind].next(performance.now())
    if (wait === null) return false
    if (wait === 0) void this.#acquire([kind], lost)
    else {
      clearTimeout(this.#waits[kind])
      this.#patch(kind, { acquiring: true })
      this.#waits[kind] = setTimeout(() => void this.#acquire([kind], lost), wait)
    }
    return true
  }

  #fail(kind: CaptureKind, problem: MediaProblem): void {
    this.state.value[kind].track?.stop()
    this.#patch(kind, { track: null, acquiring: false, problem })
  }

  #listen(): void {
    if (this.#listening || !('mediaDevices' in navigator)) return
    this.#listening = true
    navigator.mediaDevices.addEventListener('devicechange', this.#devicesChanged)
    document.addEventListener('visibilitychange', this.#cameBack)
  }

  readonly #devicesChanged = () => {
    this.#plugging ??= setTimeout(() => void this.#hotPlugged(), PLUGGING)
  }

  async #hotPlugged(): Promise<void> {
    const before = this.state.value.devices
    await this.#refresh()
    this.#plugging = undefined
    if (!this.#listening) return
    const { devices, choice } = this.state.value
    for (const kind of ['camera', 'microphone'] as const) {
      const ids = (list: readonly Device[]) => list.map(({ id }) => id).join()
      if (ids(before[kind]) !== ids(devices[kind])) this.#retries[kind].changed(performance.now())
      const capture = this.state.value[kind]
      if (!capture.on || capture.acquiring || (!capture.track && !PLUGGED.includes(capture.problem))) continue
      const inUse = capture.track?.getSettings().deviceId ?? null
      const gone = capture.track !== null && !devices[kind].some(({ id }) => id === inUse)
      const act = hotPlug(devices[kind], inUse, choice[kind])
      if (act === 'switch' || act === 'acquire') this.#again(kind, gone ? capture.track?.label : null)
      else if (act === 'lost') this.#fail(kind, 'missing')
    }
  }

  /** A phone ends or silences the camera of a page in the background; it is opened again when the page is back. */
  readonly #cameBack = () => {
    if (document.visibilityState !== 'visible') return
    const { camera, microphone } = this.state.value
    const dead = (capture: Capture) =>
      capture.on &&
      !capture.acquiring &&
      capture.track !== null &&
      (capture.track.readyState === 'ended' || capture.track.muted)
    if (dead(camera)) this.#again('camera')
    if (dead(microphone)) this.#again('microphone')
  }

  async #refresh(): Promise<void> {
    const infos = await navigator.mediaDevices.enumerateDevices().catch(() => [])
    this.state.patch({ devices: listDevices(infos) })
  }

  #patch(kind: CaptureKind, change: Partial<Capture>): void {
    this.state.patch({ [kind]: { ...this.state.value[kind], ...change } })
  }
}
