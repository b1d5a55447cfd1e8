// Two seats in the private room of a test: one sends the test picture, the other gets it back through the server.
import { Client, type ClientState, type Statistics } from '../client'
import { version } from '../../package.json'
import { only } from './candidates'
import type { Flow, Way, WayName } from './results'
import { silence, testPicture } from './signal'

/** Milliseconds. */
const CONNECT = 10_000
const MEASURE = 14_000
/** A share of the measuring, at the end of which the rate has grown. */
const GROWTH = 0.4

export interface PairOptions {
  /** Of the WebSocket. */
  url: string
  token: string
  way: WayName
  /** As large as the picture that is asked for. */
  tile: HTMLElement
  signal: AbortSignal
}

/** The two seats, as long as {@link close} is not called. */
export class Pair {
  readonly #options: PairOptions
  readonly #picture = testPicture()
  readonly #sender: Client
  readonly #receiver: Client

  constructor(options: PairOptions) {
    this.#options = options
    this.#sender = this.#client(this.#picture.media, { video: 0, audio: 0 })
    this.#receiver = this.#client(silence().media, { video: 1, audio: 0 })
  }

  /** The received picture; null before it is there. */
  get stream(): MediaStream | null {
    return [...this.#receiver.state.value.streams.values()][0] ?? null
  }

  /** Does the server speak TURN? Known once a seat is taken. */
  get relayed(): boolean {
    return this.#sender.relays.known
  }

  /** Takes both seats; null when no packets flow in time. */
  async connect(): Promise<Way | null> {
    this.#sender.enter()
    this.#receiver.enter()
    const flows = (state: ClientState) => state.phase === 'in' && state.media
    if (!(await this.#until(this.#sender, flows)) || !(await this.#until(this.#receiver, flows))) return null
    const statistics = await this.#sender.stats()
    // By another way than the one asked for, nothing is learned about this one.
    const { way } = this.#options
    const asked = way === 'turn' ? statistics?.relayed : statistics?.protocol === way
    return statistics && asked ? { roundTripMs: statistics.roundTripMs } : null
  }

  /** What goes through, with the progress from 0 to 1; null when no picture comes back. */
  async measure(progress: (part: number) => void): Promise<Flow | null> {
    const handle = this.#receiver.tiles.watch(this.#options.tile)
    const seen: { sent: Statistics; received: Statistics }[] = []
    const start = performance.now()
    try {
      for (let part = 0; part < 1; part = (performance.now() - start) / MEASURE) {
        progress(part)
        const { room } = this.#receiver.state.value
        handle.show(room?.publications[0]?.id ?? null, 1)
        await wait(500, this.#options.signal)
        const [sent, received] = [this.#sender.statistics.value, this.#receiver.statistics.value]
        if (sent && received && part > GROWTH && seen.at(-1)?.sent !== sent) seen.push({ sent, received })
      }
    } finally {
      handle.stop()
    }
    return flowOf(seen, this.#options.way)
  }

  async close(): Promise<void> {
    this.#picture.stop()
    await Promise.all([this.#sender.leave(), this.#receiver.leave()])
  }

  #client(media: ReturnType<typeof silence>['media'], slots: { video: number; audio: number }): Client {
    const { way } = this.#options
    return new Client({
      url: this.#options.url,
      token: this.#options.token,
      media,
      slots,
      session: { load: () => null, save: () => undefined },
      software: `viva-web/${version} connection-test`,
      ...(way === 'turn' ? { relayOnly: true } : { answer: (sdp: string) => only(way, sdp) }),
    })
  }

  #until(client: Client, wanted: (state: ClientState) => boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const { signal } = this.#options
      const end = (result: boolean) => {
        clearTimeout(timer)
        unwatch()
        signal.removeEventListener('abort', stop)
        resolve(result)
      }
      const stop = () => end(false)
      const look = (state: ClientState) => {
        if (wanted(state)) end(true)
        else if (state.phase === 'ended') end(false)
      }
      const timer = setTimeout(stop, CONNECT)
      const unwatch = client.state.watch(look)
      signal.addEventListener('abort', stop)
      look(client.state.value)
    })
  }
}

/** The best rates and the mean of the rest: a line is judged by what it can do, its faults by what they are mostly. */
export function flowOf(
  seen: readonly { sent: Statistics; received: Statistics }[],
  way: WayName,
): Flow | null {
  const down = Math.max(0, ...seen.map(({ received }) => received.bitrateDown))
  if (down === 0) return null
  const mean = (values: (number | null)[]) => {
    const known = values.filter((value) => value !== null)
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
  }
  return {
    up: Math.max(0, ...seen.map(({ sent }) => sent.bitrateUp)),
    down,
    lossUp: mean(seen.map(({ sent }) => sent.lossUp)),
    lossDown: mean(seen.map(({ received }) => received.lossDown)),
    roundTripMs: mean(seen.map(({ sent }) => sent.roundTripMs)),
    way,
    framesPerSecond: seen.at(-1)?.received.streams[0]?.framesPerSecond ?? 0,
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', stop, { once: true })
  })
}
