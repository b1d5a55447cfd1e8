// Plays one sound through a chosen speaker.
import { Store } from '../client'

type Sink = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> }

export interface PlayerState {
  playing: boolean
  /** The browser plays nothing before the person has touched the page. */
  blocked: boolean
  /** The chosen speaker could not be used; the sound comes from the system's own. */
  speakerFailed: boolean
}

/** Whether the page can choose the speaker; elsewhere the system does. */
export function canChooseSpeaker(): boolean {
  return 'setSinkId' in HTMLMediaElement.prototype
}

/** One sound at a time. */
export class Player {
  readonly state = new Store<PlayerState>({ playing: false, blocked: false, speakerFailed: false })
  readonly #element: Sink = new Audio()
  #address: string | null = null
  #sink = ''

  constructor() {
    this.#element.onplaying = () => this.state.patch({ playing: true, blocked: false })
    this.#element.onpause = this.#element.onended = () => this.state.patch({ playing: false })
  }

  /** Plays this from its beginning. */
  async play(sound: Blob, { loop = false } = {}): Promise<void> {
    this.stop()
    this.#address = URL.createObjectURL(sound)
    this.#element.src = this.#address
    this.#element.loop = loop
    await this.#applySink()
    try {
      await this.#element.play()
    } catch (error) {
      const blocked = error instanceof DOMException && error.name === 'NotAllowedError'
      this.state.patch({ playing: false, blocked })
    }
  }

  stop(): void {
    this.#element.pause()
    if (this.#address !== null) {
      this.#element.removeAttribute('src')
      URL.revokeObjectURL(this.#address)
      this.#address = null
    }
    this.state.patch({ playing: false })
  }

  /** The empty id is the browser's own choice. */
  async setSpeaker(id: string): Promise<void> {
    if (id === this.#sink) return
    this.#sink = id
    await this.#applySink()
  }

  async #applySink(): Promise<void> {
    const element = this.#element
    if (!element.setSinkId || element.sinkId === this.#sink) return
    try {
      await element.setSinkId(this.#sink)
      this.state.patch({ speakerFailed: false })
    } catch {
      this.state.patch({ speakerFailed: true })
    }
  }
}
