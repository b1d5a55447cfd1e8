// A phone on its way to be the second camera: pairs by the link's code, takes its seat, comes back by itself.
import { backoff, type Client, type ClientState, type LocalMedia, Refused, Store } from '../client'
import { Problem, type secondCamera, Unreachable } from '../interview/api'
import type { SecondCameraView } from '../interview/types'

/** What a visit needs of the world. */
export interface World {
  api: typeof secondCamera
  media: LocalMedia
  client: (token: string) => Client
  /** The code was used: it leaves the address, so that a reload comes by the cookie. */
  codeUsed: () => void
}

export type PhonePhase =
  | 'connecting'
  /** In the seat; the client says how it is going. */
  | 'live'
  /** The code, or the phone's own pairing, is of no more use. */
  | 'refused'
  /** Another phone was paired. */
  | 'replaced'
  /** The candidate let it go, left, or the interview is over. */
  | 'ended'

export interface PhoneState {
  phase: PhonePhase
  /** Why, where it was refused. */
  problem: unknown
  /** The server does not answer; it is asked again. */
  unreachable: boolean
}

/** How it goes in the seat. */
export interface PhoneSeat {
  view: SecondCameraView | null
  online: boolean
  media: boolean
  /** Pictures were on their way once. */
  wasUp: boolean
}

const NO_SEAT: PhoneSeat = { view: null, online: false, media: false, wasUp: false }
/** Milliseconds between tries while the server does not answer. */
const AGAIN = { first: 3_000, longest: 30_000 }

/** One visit, as long as the page lives. */
export class PhoneVisit {
  readonly state = new Store<PhoneState>({ phase: 'connecting', problem: null, unreachable: false })
  readonly client = new Store<Client | null>(null)
  readonly seat = new Store<PhoneSeat>(NO_SEAT)
  readonly media: LocalMedia
  readonly #world: World
  #code: string | null = null
  #closed = false
  /** Tries in a row without an answer. */
  #missed = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #unwatch: () => void = () => {}

  constructor(world: World) {
    this.#world = world
    this.media = world.media
  }

  /** Pairs by this code, or comes back as the phone that was paired before. */
  async start(code: string | null): Promise<void> {
    this.#drop()
    this.#code = code
    this.state.set({ phase: 'connecting', problem: null, unreachable: false })
    await this.#connect()
  }

  /** The person wants this phone to be no camera any more. */
  async leave(): Promise<void> {
    this.#end('ended')
    await this.#world.api.leave().catch(() => undefined)
  }

  close(): void {
    this.#closed = true
    this.#drop()
    this.media.close()
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#timer)
    try {
      if (this.#code !== null) await this.#pair(this.#code)
      const { token } = await this.#world.api.seat()
      this.#missed = 0
      if (!this.#closed) this.#seat(token)
    } catch (error) {
      if (this.#closed) return
      // A server that starts again is asked again; what it refuses stays refused.
      const passing =
        error instanceof Unreachable ||
        (error instanceof Problem && (error.status >= 500 || error.status === 429))
      if (passing) {
        this.state.patch({ unreachable: true })
        const asked = error instanceof Problem ? (error.retryAfter ?? 0) * 1_000 : 0
        this.#timer = setTimeout(
          () => void this.#connect(),
          Math.max(asked, backoff(this.#missed++, 0, AGAIN)),
        )
      } else this.#end('refused', error)
    }
  }

  async #pair(code: string): Promise<void> {
    try {
      await this.#world.api.pair(code)
    } catch (error) {
      // The answer to a first try may have been lost on the way: then the cookie opens the seat all the same.
      const used = error instanceof Problem && error.code === 'pairing_over'
      if (
        !used ||
        !(await this.#world.api.seat().then(
          () => true,
          () => false,
        ))
      )
        throw error
    }
    this.#code = null
    this.#world.codeUsed()
  }

  #seat(token: string): void {
    const client = this.#world.client(token)
    void this.media.open()
    this.seat.set(NO_SEAT)
    const stops = [
      client.interview.watch((view) => this.seat.patch({ view: view as SecondCameraView | null })),
      client.state.watch((state) => this.#changed(state)),
    ]
    this.#unwatch = () => {
      for (const stop of stops) stop()
    }
    this.client.set(client)
    this.state.set({ phase: 'live', problem: null, unreachable: false })
    client.enter()
  }

  #changed({ phase, ending, online, media }: ClientState): void {
    this.seat.patch({ online, media, wasUp: this.seat.value.wasUp || media })
    if (phase !== 'ended' || !ending) return
    if (ending.kind === 'error') this.#end('refused', new Refused(ending.code, ending.detail))
    else this.#end(ending.reason === 'replaced' ? 'replaced' : 'ended')
  }

  #end(phase: PhonePhase, problem: unknown = null): void {
    this.#drop()
    this.media.close()
    this.state.set({ phase, problem, unreachable: false })
  }

  #drop(): void {
    clearTimeout(this.#timer)
    this.#unwatch()
    this.#unwatch = () => {}
    const client = this.client.value
    this.client.set(null)
    if (client && client.state.value.phase !== 'ended') client.close()
  }
}
