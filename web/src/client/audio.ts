// Plays the audio slots: one hidden element each, through the chosen speaker.
import { Store } from './store'

type Sink = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> }

/** All sound that arrives. */
export class AudioOutput {
  /** True while the browser lets no sound out before the person has touched the page. */
  readonly blocked = new Store(false)
  readonly #elements = new Map<MediaStream, Sink>()
  #sink = ''
  #silent = false

  /** Plays exactly these streams. */
  play(streams: readonly MediaStream[]): void {
    for (const [stream, element] of this.#elements) {
      if (streams.includes(stream)) continue
      element.srcObject = null
      element.remove()
      this.#elements.delete(stream)
    }
    for (const stream of streams) {
      if (this.#elements.has(stream)) continue
      const element: Sink = document.createElement('audio')
      element.autoplay = true
      element.hidden = true
      element.muted = this.#silent
      element.srcObject = stream
      document.body.append(element)
      this.#elements.set(stream, element)
      void this.#apply(element)
      void this.#start(element)
    }
  }

  /** Through which speaker; the empty id is the browser's own choice. */
  async setSpeaker(id: string): Promise<void> {
    this.#sink = id
    await Promise.all([...this.#elements.values()].map((element) => this.#apply(element)))
  }

  /** Lets nothing be heard, or again what arrives. It plays on, so that it is there at once. */
  silence(silent: boolean): void {
    this.#silent = silent
    for (const element of this.#elements.values()) element.muted = silent
  }

  /** Starts what was blocked; call it from a click. */
  async enable(): Promise<void> {
    this.blocked.set(false)
    await Promise.all([...this.#elements.values()].map((element) => this.#start(element)))
  }

  close(): void {
    this.play([])
  }

  async #start(element: Sink): Promise<void> {
    try {
      await element.play()
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'NotAllowedError') || this.blocked.value) return
      this.blocked.set(true)
      // Any touch of the page is enough; the button only says so.
      document.addEventListener('pointerup', () => void this.enable(), { once: true })
    }
  }

  async #apply(element: Sink): Promise<void> {
    // A speaker that is gone leaves the sound where it was; the settings show what there is.
    if (element.setSinkId && (this.#sink !== '' || element.sinkId !== ''))
      await element.setSinkId(this.#sink).catch(() => undefined)
  }
}
