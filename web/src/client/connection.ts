// One WebSocket that comes back by itself: envelopes, answers as promises, ping, backoff.
import { backoff } from './backoff'
import { Answers, ConnectionLost, parseEnvelope, Refused } from './envelope'
import { type ClientMessage, type MessageOf, type ServerMessage, VERSION } from './protocol'

/** Milliseconds. */
const ANSWER_TIMEOUT = 10_000
const OPEN_TIMEOUT = 8_000
const PING_EVERY = 10_000
const PING_TIMEOUT = 5_000
/** A session that has stood for so long was a success. One that is closed at once, again and again, is none. */
const STANDS = 10_000
/** Whatever says that the network is back, however often. */
const HURRY_EVERY = 1_000

/** Which message answers which. */
interface AnswerTypes {
  hello: 'welcome'
  join: 'joined'
  resume: 'joined'
  offer: 'answer'
  view: 'done'
  mute: 'done'
  history: 'chat'
  stats: 'stats'
  ping: 'pong'
  ice_servers: 'ice_servers'
  leave: 'closed'
  trickle: 'done'
  act: 'done'
}

/** What the owner of a connection is told. */
export interface ConnectionListener {
  /** The socket is open and `hello` is on its way; whatever is sent now travels right behind it. */
  opened(): void
  /** A message that answers nothing. */
  news(message: ServerMessage): void
  /** The socket is gone; the next attempt starts in `wait` milliseconds. */
  lost(wait: number): void
}

/** A connection to the server over any number of sockets, one at a time. */
export class Connection {
  readonly #url: string
  readonly #client: string
  readonly #listener: ConnectionListener
  #socket: WebSocket | null = null
  #answers = new Answers()
  #attempt = 0
  #standsSince = Infinity
  #hurried = -Infinity
  #wanted = false
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #pingTimer: ReturnType<typeof setTimeout> | undefined
  #openTimer: ReturnType<typeof setTimeout> | undefined

  constructor(url: string, client: string, listener: ConnectionListener) {
    this.#url = url
    this.#client = client.slice(0, 200)
    this.#listener = listener
  }

  /** True when messages can be sent now. */
  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  /** Connects, and stays connected until {@link close}. */
  open(): void {
    this.#wanted = true
    this.#connect()
  }

  /** Sends a message; the promise is its answer. */
  async request<M extends ClientMessage>(
    message: M,
    timeout = ANSWER_TIMEOUT,
  ): Promise<MessageOf<AnswerTypes[M['type']]>> {
    if (!this.#socket || !this.isOpen) throw new ConnectionLost()
    const { envelope, answer } = this.#answers.ask(message, timeout)
    this.#socket.send(JSON.stringify(envelope))
    return (await answer) as MessageOf<AnswerTypes[M['type']]>
  }

  /** Tells the connection that its session stands: a loss after a while starts with the shortest wait. */
  settled(): void {
    this.#standsSince = performance.now()
  }

  /** Does not wait any longer for the next attempt, say because the network is back. */
  hurry(): void {
    const now = performance.now()
    if (now - this.#hurried < HURRY_EVERY) return
    this.#hurried = now
    if (this.#wanted && !this.#socket) this.#connect()
    else if (this.isOpen) void this.#ping()
  }

  /** Drops this socket and connects again at once. */
  restart(): void {
    this.#drop()
    if (this.#wanted) this.#connect()
  }

  /** Drops this socket and connects again after a wait, at least `least` milliseconds. */
  retreat(least = 0): void {
    if (this.#socket) this.#lost(this.#socket, least)
  }

  /** Ends for good. */
  close(): void {
    this.#wanted = false
    this.#drop()
  }

  #connect(): void {
    clearTimeout(this.#retryTimer)
    if (this.#socket) return
    const socket = new WebSocket(this.#url)
    this.#socket = socket
    this.#openTimer = setTimeout(() => this.#lost(socket), OPEN_TIMEOUT)
    socket.onopen = () => {
      if (socket !== this.#socket) return
      clearTimeout(this.#openTimer)
      this.request({ type: 'hello', version: VERSION, client: this.#client }).catch((error: unknown) => {
        if (error instanceof Refused)
          this.#listener.news({ type: 'error', code: error.code, detail: error.detail })
      })
      this.#listener.opened()
      this.#schedulePing()
    }
    socket.onmessage = (event) => {
      if (socket !== this.#socket || typeof event.data !== 'string') return
      const envelope = parseEnvelope(event.data)
      this.#schedulePing()
      if (envelope && !this.#answers.settle(envelope)) this.#listener.news(envelope)
    }
    socket.onclose = () => this.#lost(socket)
  }

  #schedulePing(): void {
    clearTimeout(this.#pingTimer)
    this.#pingTimer = setTimeout(() => void this.#ping(), PING_EVERY)
  }

  async #ping(): Promise<void> {
    const socket = this.#socket
    if (!socket) return
    try {
      await this.request({ type: 'ping' }, PING_TIMEOUT)
    } catch {
      this.#lost(socket)
    }
  }

  #lost(socket: WebSocket, least = 0): void {
    if (socket !== this.#socket) return
    this.#drop()
    if (!this.#wanted) return
    if (performance.now() - this.#standsSince >= STANDS) this.#attempt = 0
    this.#standsSince = Infinity
    const wait = Math.max(least, backoff(this.#attempt++, Math.random()))
    this.#retryTimer = setTimeout(() => this.#connect(), wait)
    this.#listener.lost(wait)
  }

  #drop(): void {
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#pingTimer)
    clearTimeout(this.#openTimer)
    const socket = this.#socket
    this.#socket = null
    const answers = this.#answers
    this.#answers = new Answers()
    answers.abandon(new ConnectionLost())
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.close()
    }
  }
}
