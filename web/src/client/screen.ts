// The own shared screen: asked for with a click, sent while it lasts, ended by either side's button.
import { Store } from './store'

export interface ScreenState {
  /** Live while it is shared. */
  track: MediaStreamTrack | null
  /** The browser asks the person what to share. */
  asking: boolean
  /** The browser could not: forbidden by the system, or nothing to share. */
  failed: boolean
}

/** Large enough to read small print; a page of text stands still most of the time. */
const CONSTRAINTS = {
  video: { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 15 } },
  audio: false,
  // A room that shows itself shows itself without end.
  selfBrowserSurface: 'exclude',
  surfaceSwitching: 'include',
} as const satisfies DisplayMediaStreamOptions & { selfBrowserSurface: string; surfaceSwitching: string }

/** False on phones, which have no way to share a screen from a page. */
export function canShare(): boolean {
  return 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices
}

/** Holds the track that the client sends as the screen. */
export class ScreenShare {
  readonly state = new Store<ScreenState>({ track: null, asking: false, failed: false })
  /** Counts wishes, so that a screen chosen after the wish was taken back is closed at once. */
  #wish = 0

  /** Asks the person what to share; call it from a click. */
  async start(): Promise<void> {
    const { track, asking } = this.state.value
    if (track || asking || !canShare()) return
    const wish = ++this.#wish
    this.state.set({ track: null, asking: true, failed: false })
    try {
      const [picked = null] = (await navigator.mediaDevices.getDisplayMedia(CONSTRAINTS)).getVideoTracks()
      if (wish === this.#wish && picked) this.#take(picked)
      else picked?.stop()
    } catch (error) {
      // Who closes the browser's question wants nothing, and is told nothing.
      const refused = error instanceof DOMException && error.name === 'NotAllowedError'
      if (wish === this.#wish) this.state.set({ track: null, asking: false, failed: !refused })
    }
  }

  stop(): void {
    this.#wish++
    const { track, asking } = this.state.value
    track?.stop()
    if (track || asking) this.state.set({ track: null, asking: false, failed: false })
  }

  #take(track: MediaStreamTrack): void {
    // Letters stay sharp; rather fewer pictures than blurred ones.
    track.contentHint = 'detail'
    // The browser's own “stop sharing”, or the shared window was closed.
    track.onended = () => {
      if (this.state.value.track === track) this.stop()
    }
    this.state.set({ track, asking: false, failed: false })
  }
}
