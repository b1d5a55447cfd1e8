// One run of the connection test, step by step.
import { LocalMedia, pings, Store } from '../client'
import { post } from '../interview/api'
import { version } from '../../package.json'
import { Pair } from './pair'
import { type Found, type Flow, type Results, type StepName, type Way, type WayName, wayOf } from './results'

export interface TestState {
  results: Results
  /** The step under way; null before and after. */
  step: StepName | null
  /** Of the step under way, from 0 to 1; null where it cannot be told. */
  progress: number | null
  /** The picture that came back. */
  picture: MediaStream | null
  ended: boolean
  /** Ended by the person: what was found is not the whole. */
  stopped: boolean
}

const START: TestState = {
  results: {},
  step: null,
  progress: null,
  picture: null,
  ended: false,
  stopped: false,
}

/** A test; after `ended` make a new one. */
export class ConnectionTest {
  readonly state = new Store<TestState>(START)
  /** The camera and microphone of the person, for a look into the mirror. */
  readonly media = new LocalMedia()
  readonly #tile: HTMLElement
  readonly #abort = new AbortController()
  readonly #url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`

  /** `tile` is as large as the picture that is asked of the server. */
  constructor(tile: HTMLElement) {
    this.#tile = tile
  }

  async run(): Promise<void> {
    try {
      await this.#socket()
      if (this.state.value.results.socket) await this.#network()
      await this.#devices()
    } catch (error) {
      if (!this.#abort.signal.aborted) throw error
    } finally {
      this.state.patch({
        step: null,
        progress: null,
        picture: null,
        ended: true,
        stopped: this.#abort.signal.aborted,
      })
    }
  }

  /** Ends at once, and gives camera and microphone back. */
  stop(): void {
    this.#abort.abort()
    this.media.close()
  }

  async #socket(): Promise<void> {
    this.#begin('socket')
    const trips = await pings(this.#url, `viva-web/${version} connection-test`, this.#abort.signal)
    this.#found({ socket: trips.length > 0 ? { roundTripMs: median(trips) } : null })
  }

  async #network(): Promise<void> {
    this.#begin('udp')
    const token = await post<{ token: string }>('/api/connection-test').then(
      (answer) => answer.token,
      () => null,
    )
    if (token === null) {
      this.#found({ udp: null, tcp: null, bitrate: null })
      return
    }
    // A test room has two seats: one pair after another.
    await this.#way('udp', token)
    this.#begin('tcp')
    const relayed = await this.#way('tcp', token)
    if (relayed) {
      this.#begin('turn')
      await this.#way('turn', token)
    }
    this.#begin('bitrate')
    // As in an interview.
    const best = wayOf(this.state.value.results)
    const bitrate = best === null ? null : await this.#seated(best, token, (pair) => this.#measure(pair))
    this.#found({ bitrate })
    this.state.patch({ picture: null })
  }

  /** Tries one way; whether the server speaks TURN. */
  #way(name: WayName, token: string): Promise<boolean> {
    return this.#seated(name, token, async (pair) => {
      const way: Way | null = await pair.connect()
      this.#found({ [name]: way })
      return pair.relayed
    })
  }

  async #measure(pair: Pair): Promise<Flow | null> {
    if (!(await pair.connect())) return null
    return pair.measure((progress) => this.state.patch({ progress, picture: pair.stream }))
  }

  /** Lets a pair do its work; its seats are free again afterwards, however it ends. */
  async #seated<T>(way: WayName, token: string, work: (pair: Pair) => Promise<T>): Promise<T> {
    this.#abort.signal.throwIfAborted()
    const pair = new Pair({ url: this.#url, token, way, tile: this.#tile, signal: this.#abort.signal })
    try {
      return await work(pair)
    } finally {
      await pair.close()
    }
  }

  async #devices(): Promise<void> {
    this.#begin('camera')
    await this.media.open()
    const { camera, microphone, devices } = this.media.state.value
    const found = (kind: 'camera' | 'microphone' | 'speaker'): Found => ({
      devices: devices[kind].filter(({ id }) => id !== 'default').map(({ label }) => label),
      problem: kind === 'speaker' ? null : { camera, microphone }[kind].problem,
    })
    this.#found({ camera: found('camera'), microphone: found('microphone'), speaker: found('speaker') })
  }

  #begin(step: StepName): void {
    this.#abort.signal.throwIfAborted()
    this.state.patch({ step, progress: null })
  }

  #found(results: Results): void {
    this.state.patch({ results: { ...this.state.value.results, ...results } })
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
