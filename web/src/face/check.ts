// One face check with the server: frames go, hints come, and what is asked of the person; over any number of sockets.
import { backoff, Store } from '../client'
import type {
  FaceAsk,
  FaceClientMessage,
  FaceHint,
  FaceOutcome,
  FaceServerMessage,
} from '../protocol/interview'

/** Where the pictures come from. */
export interface FrameSource {
  /** One picture as JPEG of this width in pixels and at most so many bytes; null where there is none. */
  take(width: number, longest: number): Promise<Blob | null>
}

export type FaceSocket = Pick<
  WebSocket,
  'binaryType' | 'bufferedAmount' | 'close' | 'onclose' | 'onmessage' | 'onopen' | 'send'
>

/** What a check needs of the world. */
export interface FaceWorld {
  socket: () => FaceSocket
  frames: FrameSource
  /** Nobody sees a page in the background, and it sends no pictures. */
  visible: () => boolean
  /** Looks where the server knows the candidate to be: it may have refused, or counted a try. False without an answer. */
  look: () => Promise<boolean>
}

type FacePhase =
  /** Not there yet, or lost and on its way back. */
  | 'connecting'
  /** Frames go and hints come. */
  | 'looking'
  /** 开始校验 was pressed; it counts once the server says so. */
  | 'starting'
  | 'checking'
  | 'over'
  /** It goes on when the person says so. */
  | 'stopped'

/** Why it has stopped: one of these, or a code of the table of errors. */
export type Stopped =
  /** Nothing was begun for a long time. */
  | 'idle'
  /** Another window or device does it. */
  | 'elsewhere'
  /** The server does not open it, again and again. */
  | 'refused'
  | { code: string }

export interface FaceCheckState {
  phase: FacePhase
  /** A connection that stood is being opened again. */
  lost: boolean
  /** A frame was looked at. */
  seen: boolean
  /** What the newest frame lacks. */
  hint: FaceHint | null
  /** So many others are compared first. */
  ahead: number
  ask: FaceAsk | null
  /** When it is over at the latest: milliseconds of `performance.now()`. */
  until: number | null
  result: { outcome: FaceOutcome; advice: readonly FaceHint[] } | null
  stopped: Stopped | null
}

const FIRST: FaceCheckState = {
  phase: 'connecting',
  lost: false,
  seen: false,
  hint: null,
  ahead: 0,
  ask: null,
  until: null,
  result: null,
  stopped: null,
}

/** Milliseconds. */
const WELCOME_TIMEOUT = 8_000
/** From 开始校验 until the server says that it has begun, or how many are before. */
const START_TIMEOUT = 20_000
/** A frame that does not leave for so long has no way to leave by. */
const STUCK = 10_000
/** After the time in which a check is over, its result has this long to come. */
const RESULT_TIMEOUT = 5_000
/** How long a place in the queue holds: the next frame has another one. */
const QUEUE_HOLDS = 3_000
/** Connections in a row that never stood. */
const MOST_REFUSED = 5
/** Codes that say that it may go on in a moment. */
const PASSING: readonly string[] = ['unavailable', 'rate_limited']
/** With these faces there is nothing to compare. */
const NOBODY: readonly FaceHint[] = ['no_face', 'several_faces']

/** How the server wants its frames. */
interface Terms {
  nonce: Uint8Array<ArrayBuffer>
  every: number
  width: number
  longest: number
}

/** Looks, checks once, and ends. Another try is another check. */
export class FaceCheck {
  readonly state = new Store<FaceCheckState>(FIRST)
  readonly #world: FaceWorld
  #socket: FaceSocket | null = null
  #terms: Terms | null = null
  #taking = false
  /** Since when the newest frame has not left. */
  #stuckSince: number | null = null
  #closed = false
  /** Connections in a row that were lost before anything came of them. */
  #missed = 0
  #frames: ReturnType<typeof setInterval> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #queue: ReturnType<typeof setTimeout> | undefined

  constructor(world: FaceWorld) {
    this.#world = world
  }

  /** Connects, or goes on after it has stopped. */
  open(): void {
    if (this.#closed || this.#socket || this.state.value.phase === 'over') return
    this.#missed = 0
    this.state.patch({ phase: 'connecting', stopped: null })
    this.#connect()
  }

  /**
   * 开始校验; false where there is nobody to be compared, or it is not the time for it. Other hints do not hinder: with
   * some cameras they never go away.
   */
  start(): boolean {
    const { phase, hint, seen } = this.state.value
    if (phase !== 'looking' || !seen || (hint !== null && NOBODY.includes(hint))) return false
    const message: FaceClientMessage = { type: 'start' }
    this.#socket?.send(JSON.stringify(message))
    this.state.patch({ phase: 'starting' })
    this.#within(START_TIMEOUT)
    return true
  }

  /** The page is in front again, or the network is back. */
  hurry(): void {
    if (this.#closed || this.#socket || this.state.value.phase !== 'connecting') return
    this.#connect()
  }

  close(): void {
    this.#closed = true
    this.#drop()
  }

  #connect(): void {
    clearTimeout(this.#timer)
    // A page in the background waits until somebody looks at it.
    if (!this.#world.visible()) return
    const socket = this.#world.socket()
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    this.#within(WELCOME_TIMEOUT)
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = socket === this.#socket && typeof data === 'string' ? parse(data) : null
      if (message) this.#heard(message)
    }
    socket.onclose = (event) => {
      if (socket !== this.#socket) return
      // Who ends it in good order, without a word, has given it to another page.
      if (event.wasClean && this.#terms) this.#stop('elsewhere')
      else this.#lost(socket)
    }
  }

  #heard(message: FaceServerMessage): void {
    switch (message.type) {
      case 'welcome':
        return this.#welcomed(message)
      case 'hint':
        this.#missed = 0
        return this.state.patch({ seen: true, hint: message.hint, ahead: 0 })
      case 'queue':
        return this.#queued(message.ahead)
      case 'check':
        return this.#began(message)
      case 'ask':
        return this.state.patch({ ask: message.ask, ahead: 0 })
      case 'result':
        return this.#over({ outcome: message.outcome, advice: message.advice })
      case 'error':
        return this.#refused(message.code)
    }
  }

  #welcomed(message: FaceServerMessage & { type: 'welcome' }): void {
    const nonce = bytesOf(message.nonce)
    if (!nonce || !this.#socket) return
    clearTimeout(this.#timer)
    this.#terms = {
      nonce,
      every: 1000 / Math.min(30, Math.max(1, message.frames_a_second)),
      width: message.frame_width,
      longest: message.frame_bytes - nonce.length,
    }
    this.state.set({ ...FIRST, phase: 'looking' })
    clearInterval(this.#frames)
    this.#frames = setInterval(() => void this.#frame(), this.#terms.every)
  }

  #queued(ahead: number): void {
    this.state.patch({ ahead })
    if (this.state.value.phase === 'starting') this.#within(START_TIMEOUT)
    clearTimeout(this.#queue)
    this.#queue = setTimeout(() => this.state.patch({ ahead: 0 }), QUEUE_HOLDS)
  }

  #began({ nonce, until, now }: FaceServerMessage & { type: 'check' }): void {
    const bytes = bytesOf(nonce)
    if (!bytes || !this.#terms) return
    this.#terms = { ...this.#terms, nonce: bytes }
    const left = Math.max(0, until - now)
    this.state.patch({ phase: 'checking', until: performance.now() + left, ahead: 0, hint: null })
    this.#within(left + RESULT_TIMEOUT)
  }

  /** Never more than one frame waits: a slow line gets fewer, not older ones. */
  async #frame(): Promise<void> {
    const [socket, terms] = [this.#socket, this.#terms]
    if (!socket || !terms) return
    if (socket.bufferedAmount > 0) {
      this.#stuckSince ??= performance.now()
      if (performance.now() - this.#stuckSince >= STUCK) this.#lost(socket)
      return
    }
    this.#stuckSince = null
    if (this.#taking || !this.#world.visible()) return
    this.#taking = true
    try {
      const picture = await this.#world.frames.take(terms.width, terms.longest)
      const jpeg = picture && new Uint8Array(await picture.arrayBuffer())
      // What was taken under another nonce does not count under this one.
      const stale = socket !== this.#socket || terms !== this.#terms || socket.bufferedAmount > 0
      if (jpeg && !stale) socket.send(framed(terms.nonce, jpeg))
    } catch {
      // A camera that goes has no picture; the page sees it by the track.
    } finally {
      this.#taking = false
    }
  }

  #over(result: NonNullable<FaceCheckState['result']>): void {
    this.#drop()
    this.state.patch({ phase: 'over', result, ask: null, until: null, ahead: 0 })
    void this.#world.look()
  }

  #refused(code: string): void {
    const socket = this.#socket
    if (!socket) return
    // In the background no frames come, and that is why it ended.
    const passes = PASSING.includes(code) || (code === 'request_timeout' && !this.#world.visible())
    if (passes) {
      this.#lost(socket)
      return
    }
    this.#stop(code === 'request_timeout' ? 'idle' : { code })
    void this.#world.look()
  }

  #stop(why: Stopped): void {
    this.#drop()
    this.state.set({ ...FIRST, phase: 'stopped', stopped: why })
  }

  /** What the server says next has to come by then. */
  #within(time: number): void {
    const socket = this.#socket
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => socket && this.#lost(socket), time)
  }

  #lost(socket: FaceSocket): void {
    if (socket !== this.#socket) return
    const lost = this.#terms !== null || this.state.value.lost
    this.#drop()
    this.state.set({ ...FIRST, lost })
    void this.#again()
  }

  /** Before it is opened again: the view says whether there is still something to be opened. */
  async #again(): Promise<void> {
    const answered = await this.#world.look()
    if (this.#closed || this.#socket || this.state.value.phase !== 'connecting') return
    // A server that answers and yet does not open it has a reason; one that does not answer is tried for as long as it takes.
    if (answered && this.#missed >= MOST_REFUSED) this.#stop('refused')
    else this.#timer = setTimeout(() => this.#connect(), backoff(this.#missed++, Math.random()))
  }

  #drop(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#queue)
    clearInterval(this.#frames)
    const socket = this.#socket
    this.#socket = null
    this.#terms = null
    this.#stuckSince = null
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }
}

/** The nonce stands before the picture. */
function framed(nonce: Uint8Array, jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(nonce.length + jpeg.length)
  frame.set(nonce)
  frame.set(jpeg, nonce.length)
  return frame
}

function parse(text: string): FaceServerMessage | null {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null && 'type' in value
      ? (value as FaceServerMessage)
      : null
  } catch {
    return null
  }
}

/** The 16 bytes behind 32 hexadecimal digits. */
function bytesOf(hex: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[0-9a-f]{32}$/i.test(hex)) return null
  return Uint8Array.from({ length: 16 }, (_, index) => parseInt(hex.slice(index * 2, index * 2 + 2), 16))
}
