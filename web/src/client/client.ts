// A seat in a room: joins, publishes, fills slots, and comes back after every kind of loss.
import { Acts } from './acts'
import { AudioOutput } from './audio'
import { type ClientState, COME_BACK, type Ending, FINAL, IDLE } from './client-state'
import { Connection } from './connection'
import { speakerId } from './devices'
import { Refused, TimedOut } from './envelope'
import type { CaptureKind } from './media'
import { History } from './history'
import type { MediaKind, TrackSource } from './kinds'
import type { ClientOptions } from './options'
import { Peer } from './peer'
import { type ActMessage, type MessageOf, type ServerMessage } from './protocol'
import { Recovery } from './recovery'
import { Relays } from './relays'
import { ScreenShare } from './screen'
import { type RoomState, step, withoutSlots, withUnplayable } from './state'
import { digest, plainReport, type Report, type Statistics } from './statistics'
import { Store } from './store'
import { TileWatch } from './tiles'
import { readToken } from './token'
import { ViewParts } from './view'
import { ViewRequests } from './view-requests'
import { watchWorld } from './world'

const SOURCES = { microphone: 'microphone', camera: 'camera' } as const satisfies Record<
  CaptureKind,
  TrackSource
>
/** Milliseconds: `view` messages keep at least this distance. */
const VIEW_DELAY = 100
/** Milliseconds. */
const STATISTICS_EVERY = 2_000
const MOST_SLOTS = 64
/** One seat. After `ended` it is of no more use; make a new one to enter again. */
export class Client {
  readonly state = new Store<ClientState>(IDLE)
  readonly statistics = new Store<Statistics | null>(null)
  readonly serverStatistics = new Store<MessageOf<'stats'>['report'] | null>(null)
  /** The newest view of the interview, as the server sent it; null in a room without one. */
  readonly interview = new Store<unknown>(null)
  /** The lines of the interview's chat. */
  readonly chat = new History()
  readonly audio = new AudioOutput()
  /** What is shared is sent; who may see it is the server's to say. */
  readonly screen = new ScreenShare()
  readonly tiles = new TileWatch(() => this.#viewsSoon())

  readonly #options: ClientOptions
  readonly #sources: readonly (readonly [CaptureKind, TrackSource])[]
  readonly #connection: Connection
  readonly #acts = new Acts((message) => this.#command(message))
  readonly #view = new ViewParts()
  readonly relays: Relays
  #peer: Peer | null = null
  #recovery: Recovery | null = null
  /** Peer connections in a row that never came up. */
  #rebuilt = 0
  #session: string | null
  #mayPublish: boolean
  /** By the server's newest word. */
  #packetsFlow = true
  #negotiation: Promise<void> = Promise.resolve()
  readonly #viewRequests = new ViewRequests(
    (slots) => this.#connection.request({ type: 'view', slots }),
    (publication) => {
      const { room } = this.state.value
      if (room) this.#setRoom(withUnplayable(room, publication))
    },
  )
  #viewsSent = -Infinity
  #sentMutes = new Map<string, boolean>()
  #viewTimer: ReturnType<typeof setTimeout> | undefined
  #statisticsTimer: ReturnType<typeof setInterval> | undefined
  #lastReport: Report | null = null
  readonly #stops: (() => void)[] = []

  constructor(options: ClientOptions) {
    this.#options = options
    this.#sources = Object.entries(options.sources ?? SOURCES) as [CaptureKind, TrackSource][]
    this.#mayPublish = options.mayPublish ?? true
    this.#session = options.session.load()
    this.relays = new Relays(() => this.#connection.request({ type: 'ice_servers' }), options.relayOnly)
    this.#connection = new Connection(options.url, options.software, {
      opened: () => void this.#opened(),
      news: (message) => this.#news(message),
      lost: () => {
        this.#acts.pause()
        this.state.patch({ online: false, retrying: true })
      },
    })
  }

  /** Builds the peer connection ahead of {@link enter}, while the person still looks at the mirror. */
  prepare(): void {
    this.#peer ??= this.#newPeer()
    void this.#peer.offer().catch(() => undefined)
  }

  /** Takes the seat. What comes of it is seen in {@link state}. */
  enter(): void {
    if (this.state.value.phase !== 'idle') return
    this.state.patch({ phase: 'entering' })
    const { media } = this.#options
    // The offer is made while the socket opens; `#opened` sends it right behind `join`.
    this.prepare()
    this.#publishAll()
    this.#connection.open()
    this.#stops.push(
      media.state.watch(() => this.#mediaChanged()),
      this.screen.state.watch(() => this.#mediaChanged()),
    )
    this.#listen()
  }

  /** Leaves for good. */
  async leave(): Promise<void> {
    if (this.state.value.phase === 'ended') return
    await this.#connection.request({ type: 'leave' }, 600).catch(() => undefined)
    this.#end({ kind: 'closed', reason: 'left' })
  }

  /** Ends here without a word to the server, which keeps the seat for who comes back to it. */
  close(): void {
    this.#end({ kind: 'closed', reason: 'left' })
  }

  /** Asks for something in the interview, until it is answered: over reconnects, and counted once. */
  act(action: ActMessage['action']): Promise<void> {
    return this.#acts.act(action)
  }

  /** Asks for lines of chat from before those that are known. */
  async earlier(): Promise<void> {
    const [oldest] = this.chat.state.value.lines
    if (oldest) this.chat.take(await this.#connection.request({ type: 'history', before: oldest.id }))
  }

  /** Statistics of this moment. */
  async stats(): Promise<Statistics | null> {
    if (!this.#peer || this.#peer.isClosed) return null
    const report = plainReport(await this.#peer.connection.getStats())
    const statistics = digest(report, this.#lastReport)
    this.#lastReport = report
    this.statistics.set(statistics)
    return statistics
  }

  /** What fills the slot with this media section. */
  publicationIn(mid: string): string | null {
    return this.state.value.room?.slots.get(mid) ?? null
  }

  async #opened(): Promise<void> {
    try {
      const joined = await this.#takeSeat()
      this.#session = joined.session
      this.#options.session.save(joined.session)
      this.#connection.settled()
      this.state.patch({ phase: 'in', online: true, retrying: false })
      this.#acts.resume()
      this.#syncMutes()
      this.#viewsNow()
    } catch (error) {
      this.#failed(error)
    }
  }

  /** Resumes if there is something to resume, else joins. The offer travels behind it without waiting. */
  async #takeSeat(): Promise<MessageOf<'joined'>> {
    const session = this.#session
    if (session !== null) {
      const standing = this.#peer?.answered === true
      try {
        const resumed = this.#connection.request({ type: 'resume', session, media: standing })
        if (!standing) this.#negotiate()
        const joined = this.#apply(await resumed)
        if (standing && !joined.resumed) this.#rebuild()
        else if (standing && this.#peer?.needsOffer) this.#negotiate()
        return joined
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== 'session_gone') throw error
        this.#session = null
        this.#options.session.save(null)
        if (standing) this.#replacePeer()
      }
    }
    const joined = this.#connection.request({ type: 'join', token: this.#options.token })
    this.#negotiate()
    return this.#apply(await joined)
  }

  #apply(joined: MessageOf<'joined'>): MessageOf<'joined'> {
    this.relays.take(joined.ice_servers ?? [])
    this.#news(joined)
    return joined
  }

  #failed(error: unknown): void {
    if (error instanceof Refused && FINAL.includes(error.code)) {
      this.#end({ kind: 'error', code: error.code, detail: error.detail })
    } else if (error instanceof Refused) {
      this.#connection.retreat(1_000)
    } else if (this.#connection.isOpen) {
      this.#connection.retreat()
    }
  }

  async #command(message: ActMessage): Promise<void> {
    try {
      await this.#connection.request(message)
    } catch (error) {
      // A server that is silent to one command is left, and asked again on the next socket.
      if (error instanceof TimedOut) this.#connection.retreat()
      throw error
    }
  }

  #news(message: ServerMessage): void {
    const before = this.state.value.room
    const room = step(before, message)
    if (room !== before) this.#setRoom(room)
    switch (message.type) {
      case 'wanted':
        void this.#peer?.wanted(message.mid, message.rids, message.any)
        break
      case 'media':
        this.#packetsFlow = message.connected
        this.#mediaState()
        this.#recovery?.server(message.connected)
        break
      case 'permissions':
        this.#mayPublish = message.permissions.publish
        if (this.#publishAll()) this.#negotiate()
        break
      case 'publication':
      case 'publication_gone':
        this.#viewsSoon()
        break
      case 'closed':
        if (COME_BACK.includes(message.reason))
          this.#connection.retreat(message.reason === 'abuse' ? 5_000 : 0)
        else this.#end({ kind: 'closed', reason: message.reason })
        break
      case 'interview':
      case 'interview_change': {
        const view = this.#view.take(message)
        if (view) this.interview.set(view)
        break
      }
      case 'chat':
        this.chat.take(message)
        break
      case 'error':
        if (message.code === 'unsupported_version') this.#failed(new Refused(message.code, message.detail))
        break
    }
  }

  #setRoom(room: RoomState | null): void {
    const streams = new Map<string, MediaStream>()
    for (const [mid, publication] of room?.slots ?? []) {
      const stream = this.#peer?.streamOf(mid)
      if (stream) streams.set(publication, stream)
    }
    this.state.patch({ room, streams })
  }

  // Offers and answers -----------------------------------------------------------------------------------------------

  #newPeer(): Peer {
    const { videoCodec, token } = this.#options
    const { configuration } = this.relays
    const peer = new Peer({ videoCodec: videoCodec ?? readToken(token)?.codec ?? null, configuration })
    const { video, audio } = this.#options.slots ?? { video: 9, audio: 3 }
    this.#peer = peer
    this.#publishAll()
    peer.addSlots('audio', audio)
    peer.addSlots('video', video)
    const recovery = new Recovery(
      {
        restartIce: () => {
          peer.restartIce(this.relays.configuration)
          this.#negotiate()
        },
        rebuild: () => {
          this.#rebuilt++
          this.#rebuild()
        },
      },
      this.#rebuilt,
    )
    peer.connection.oniceconnectionstatechange = () => recovery.ice(peer.connection.iceConnectionState)
    peer.connection.onconnectionstatechange = () => {
      if (peer !== this.#peer) return
      this.#mediaState()
      if (peer.connection.connectionState === 'connected') {
        this.#rebuilt = 0
        this.#viewsNow()
      }
    }
    this.#recovery = recovery
    this.audio.play(this.#streams('audio'))
    return peer
  }

  #mediaState(): void {
    this.state.patch({ media: this.#packetsFlow && this.#peer?.connection.connectionState === 'connected' })
  }

  #streams(kind: MediaKind): MediaStream[] {
    return this.#peer?.slots.filter((slot) => slot.kind === kind).map(({ stream }) => stream) ?? []
  }

  #replacePeer(): void {
    this.#recovery?.close()
    this.#peer?.close()
    this.#viewRequests.reset()
    this.#sentMutes.clear()
    this.#lastReport = null
    this.#packetsFlow = true
    this.#newPeer()
    const { room } = this.state.value
    this.state.patch({ media: false })
    this.#setRoom(room && withoutSlots(room))
  }

  /** A new peer connection in the same seat. */
  #rebuild(): void {
    if (this.state.value.phase === 'ended') return
    this.#replacePeer()
    this.#negotiate()
  }

  /** One exchange after another; each carries all that has changed until it starts. */
  #negotiate(): void {
    this.#negotiation = this.#negotiation
      .then(() => this.#exchange())
      .catch((error: unknown) => this.#exchangeFailed(error))
  }

  async #exchange(): Promise<void> {
    const peer = this.#peer
    // Without a socket there is nobody to ask: the next `#opened` sends the offer.
    if (!peer || peer.isClosed || !this.#connection.isOpen) return
    const sent = await peer.offer()
    const tracks = peer.tracks(this.#muted)
    const asked = performance.now()
    const answered = this.#connection.request({ type: 'offer', sdp: sent, tracks })
    for (const { mid, muted } of tracks) this.#sentMutes.set(mid, muted ?? false)
    const { sdp } = await answered
    const took = performance.now() - asked
    if (peer !== this.#peer) return
    await peer.accept(this.#options.answer?.(sdp) ?? sdp)
    this.#recovery?.answered(this.relays.patience(took))
    this.#syncMutes()
    if (peer.needsOffer) this.#negotiate()
    if (this.state.value.room) {
      this.#setRoom(this.state.value.room)
      this.#viewsNow()
    }
  }

  #exchangeFailed(error: unknown): void {
    if (!(error instanceof Refused)) {
      // A lost socket brings the offer again by itself; a silent server is left.
      if (this.#connection.isOpen && this.state.value.phase !== 'ended') this.#connection.retreat()
      return
    }
    if (error.code === 'not_joined') return
    if (error.code === 'forbidden' && this.#mayPublish) {
      this.#mayPublish = false
      this.#rebuild()
    } else if (FINAL.includes(error.code)) {
      this.#end({ kind: 'error', code: error.code, detail: error.detail })
    } else {
      void this.#peer?.takeBack()
      this.#connection.retreat(1_000)
    }
  }

  // What is sent -----------------------------------------------------------------------------------------------------

  readonly #muted = (source: TrackSource): boolean => {
    if (source === 'screen') return this.screen.state.value.track === null
    const kind = this.#sources.find(([, sent]) => sent === source)?.[0]
    if (kind === undefined) return false
    const capture = this.#options.media.state.value[kind]
    return !capture.on || capture.problem !== null
  }

  /** Gives the peer connection the tracks there are; true when it needs an offer for a new one. */
  #publishAll(): boolean {
    if (!this.#peer || !this.#mayPublish) return false
    let fresh = false
    for (const [kind, source] of this.#sources) {
      const capture = this.#options.media.state.value[kind]
      if (this.#peer.sends(source) || capture.problem === null) {
        fresh = this.#peer.publish(source, capture.track) || fresh
      }
    }
    const { track } = this.screen.state.value
    // A screen that is no longer shared keeps its section, muted, for the next time.
    if (track || this.#peer.sends('screen')) fresh = this.#peer.publish('screen', track) || fresh
    return fresh
  }

  #mediaChanged(): void {
    if (this.#publishAll()) this.#negotiate()
    this.#syncMutes()
    this.#speak()
  }

  /** Through the chosen speaker, as long as it is plugged in. */
  #speak(): void {
    const { devices, choice } = this.#options.media.state.value
    void this.audio.setSpeaker(speakerId(devices.speaker, choice.speaker))
  }

  /** Tells the server what is muted, where it does not know it yet. */
  #syncMutes(): void {
    for (const source of [...this.#sources.map(([, sent]) => sent), 'screen' as const]) {
      const mid = this.#peer?.midOf(source) ?? null
      const muted = this.#muted(source)
      if (mid === null || !this.#connection.isOpen || (this.#sentMutes.get(mid) ?? muted) === muted) continue
      this.#sentMutes.set(mid, muted)
      this.#connection.request({ type: 'mute', mid, muted }).catch(() => this.#sentMutes.set(mid, !muted))
    }
  }

  // What is received -------------------------------------------------------------------------------------------------

  #viewsSoon(): void {
    const wait = Math.max(0, this.#viewsSent + VIEW_DELAY - performance.now())
    this.#viewTimer ??= setTimeout(() => this.#viewsNow(), wait)
  }

  #viewsNow(): void {
    clearTimeout(this.#viewTimer)
    this.#viewTimer = undefined
    const { room, online } = this.state.value
    const peer = this.#peer
    // A key frame that comes before the media path stands is lost, and the next one waits for the server's throttle.
    if (
      !room ||
      !online ||
      !peer ||
      peer.connection.connectionState === 'new' ||
      peer.connection.connectionState === 'connecting'
    )
      return
    const receivable = new Set(
      room.publications.filter((p) => p.kind === 'video' && !p.muted).map((p) => p.id),
    )
    const wishes = this.tiles.wishes.filter((wish) => receivable.has(wish.publication))
    const { asked, missing } = this.#viewRequests.sync(peer.videoMids, wishes, devicePixelRatio)
    if (asked) this.#viewsSent = performance.now()
    const videoSlots = this.#streams('video').length
    if (missing > 0 && videoSlots === peer.videoMids.length && videoSlots < MOST_SLOTS) {
      peer.addSlots('video', Math.min(MOST_SLOTS - videoSlots, Math.max(3, missing)))
      this.#negotiate()
    }
  }

  // The world around -------------------------------------------------------------------------------------------------

  #listen(): void {
    this.#stops.push(
      watchWorld({ back: () => this.#connection.hurry(), network: () => this.#recovery?.networkChanged() }),
    )
    this.#statisticsTimer = setInterval(() => {
      void this.stats()
      if (!this.state.value.online) return
      // Their publisher may have changed to another codec since they were refused.
      if (this.state.value.room?.unplayable.size) this.#viewsNow()
      this.#connection.request({ type: 'stats' }).then(
        ({ report }) => this.serverStatistics.set(report),
        () => undefined,
      )
    }, STATISTICS_EVERY)
    this.#speak()
  }

  #end(ending: Ending): void {
    if (this.state.value.phase === 'ended') return
    this.#options.session.save(null)
    this.#connection.close()
    this.#acts.abandon()
    this.#recovery?.close()
    this.#peer?.close()
    this.relays.close()
    this.audio.close()
    this.tiles.close()
    this.screen.stop()
    clearTimeout(this.#viewTimer)
    clearInterval(this.#statisticsTimer)
    for (const stop of this.#stops) stop()
    this.state.patch({ phase: 'ended', online: false, media: false, streams: new Map(), ending })
  }
}
