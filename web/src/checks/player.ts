// Plays one sound through a chosen speaker, and knows how long it was really played.
import { Store } from '../client'

type Sink = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> }

export interface PlayerState {
  playing: boolean
  /** This sound has been played long enough, through this speaker, to be heard by who can hear it. */
  heard: boolean
  /** The browser plays nothing before the person has touched the page. */
  blocked: boolean
  /** It could not be played, whatever the person touches. */
  failed: boolean
  /** The chosen speaker could not be used; the sound comes from the system's own. */
  speakerFailed: boolean
}

/** Whether the page can choose the speaker; elsewhere the system does. */
export function canChooseSpeaker(): boolean {
  return 'setSinkId' in HTMLMediaElement.prototype
}

/** Seconds of playing after which somebody who can hear has heard it. */
const ENOUGH = 1

/** Adds up how long a sound was played, from its place in it. */
export class PlayedTime {
  #sum = 0
  #last = 0

  /** It goes on from this place, in seconds. */
  from(place: number): void {
    this.#last = place
  }

  /** It has come to this place; whether that is enough altogether. */
  at(place: number): boolean {
    const step = place - this.#last
    this.#last = place
    // Backwards it goes where it begins anew.
    if (step > 0) this.#sum += step
    return this.#sum >= ENOUGH
  }

  forget(): void {
    this.#sum = 0
  }
}

/** One sound at a time. */
export class Player {
  readonly state = new Store<PlayerState>({
    playing: false,
    heard: false,
    blocked: false,
    failed: false,
    speakerFailed: false,
  })
  readonly #element: Sink
  readonly #played = new PlayedTime()
  #sound: Blob | null = null
  #address: string | null = null
  #sink = ''

  constructor(element: Sink = new Audio()) {
    this.#element = element
    element.onplaying = () => this.state.patch({ playing: true, blocked: false })
    element.ontimeupdate = () => {
      if (this.#played.at(element.currentTime) && !this.state.value.heard) this.state.patch({ heard: true })
    }
    element.onpause = element.onended = () => this.state.patch({ playing: false })
    element.onerror = () => {
      // Without a source it complains too. Firefox goes on in silence where there is no way out for the sound.
      if (this.#address === null) return
      this.stop()
      this.state.patch({ failed: true })
    }
  }

  /** Plays this from its beginning. */
  async play(sound: Blob, { loop = false } = {}): Promise<void> {
    this.stop()
    if (sound !== this.#sound) this.#unheard()
    this.#sound = sound
    this.state.patch({ blocked: false, failed: false })
    this.#played.from(0)
    this.#address = URL.createObjectURL(sound)
    this.#element.src = this.#address
    this.#element.loop = loop
    await this.#applySink()
    try {
      await this.#element.play()
    } catch (error) {
      const name = error instanceof DOMException ? error.name : ''
      // Stopped before it began: nothing is wrong.
      if (name === 'AbortError') return
      this.state.patch({
        playing: false,
        blocked: name === 'NotAllowedError',
        failed: name !== 'NotAllowedError',
      })
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

  /** Stops, and what was heard counts no more. */
  forget(): void {
    this.stop()
    this.#sound = null
    this.#unheard()
    this.state.patch({ blocked: false, failed: false })
  }

  /** The empty id is the browser's own choice. */
  async setSpeaker(id: string): Promise<void> {
    if (id === this.#sink) return
    this.#sink = id
    // From another speaker nothing was heard yet.
    this.#unheard()
    await this.#applySink()
  }

  #unheard(): void {
    this.#played.forget()
    if (this.state.value.heard) this.state.patch({ heard: false })
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
