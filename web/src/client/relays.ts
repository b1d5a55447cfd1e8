// Ways through TURN: what the server has told of them, asked for anew before it ends.
import type { IceServer } from './protocol'

/** A share of their time after which credentials are asked for anew. */
const RENEW = 0.8
/** Milliseconds: so long a first connection is given to come up without TURN, at least and at most. */
const SHORTEST = 200
const LONGEST = 1_500

export class Relays {
  readonly #renew: () => Promise<{ ice_servers: IceServer[] }>
  readonly #only: boolean
  #servers: readonly IceServer[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `only`: no direct way is tried, as in a connection test. */
  constructor(renew: () => Promise<{ ice_servers: IceServer[] }>, only = false) {
    this.#renew = renew
    this.#only = only
  }

  /** Does the server speak TURN? */
  get known(): boolean {
    return this.#servers.length > 0
  }

  /** As the browser takes them. */
  get configuration(): RTCConfiguration {
    return {
      bundlePolicy: 'max-bundle',
      iceServers: this.#servers.map(({ urls, username, credential }) => ({ urls, username, credential })),
      iceTransportPolicy: this.#only ? 'relay' : 'all',
    }
  }

  /** The server's newest word. */
  take(servers: readonly IceServer[]): void {
    this.#servers = servers
    clearTimeout(this.#timer)
    const [first] = servers
    if (!first) return
    this.#timer = setTimeout(() => {
      // Where the socket is lost, the next `joined` has them.
      this.#renew().then(
        ({ ice_servers }) => this.take(ice_servers),
        () => undefined,
      )
    }, first.expires_ms * RENEW)
  }

  /**
   * How long a peer connection is given to come up without TURN, whose server answered its offer after so long; null where
   * there is no TURN. Who has a direct way needs no allocation, and costs nobody one.
   */
  patience(answeredAfter: number): number | null {
    return this.known ? Math.min(LONGEST, Math.max(this.#only ? 0 : SHORTEST, 2 * answeredAfter)) : null
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}
