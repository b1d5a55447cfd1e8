// One RTCPeerConnection: what it sends, its slots, its offers and answers.
import type { MediaKind, TrackSource } from './kinds'
import { withOpusWishes } from './opus'
import type { PublishedTrack } from './protocol'
import { cameraSending, screenEncodings, withWanted } from './simulcast'

/** A receiving media section. Its track lives as long as the peer connection, whoever fills it. */
export interface Slot {
  kind: MediaKind
  transceiver: RTCRtpTransceiver
  stream: MediaStream
}

export interface PeerOptions {
  /** Send cameras in this codec where the browser can, e.g. `H264`; else in VP8. */
  videoCodec: string | null
  /** With the ways through TURN that are known yet. */
  configuration: RTCConfiguration
}

/** Wraps the browser's connection; knows nothing of the WebSocket. */
export class Peer {
  readonly connection: RTCPeerConnection
  readonly #options: PeerOptions
  readonly #sends = new Map<TrackSource, RTCRtpTransceiver>()
  readonly #slots: Slot[] = []
  /** Changes of one sender's parameters go one after another: the browser refuses overlapping ones. */
  readonly #parameters = new Map<string, Promise<void>>()
  /** The offer that waits for its answer. */
  #pending: Promise<string> | null = null
  #restart = false
  answered = false

  constructor(options: PeerOptions) {
    this.#options = options
    this.connection = new RTCPeerConnection(options.configuration)
  }

  get slots(): readonly Slot[] {
    return this.#slots
  }

  /** Media sections of the video slots that the newest offer names. */
  get videoMids(): string[] {
    return this.#slots.flatMap(({ kind, transceiver: { mid } }) =>
      kind === 'video' && mid !== null ? [mid] : [],
    )
  }

  get isClosed(): boolean {
    return this.connection.signalingState === 'closed'
  }

  sends(source: TrackSource): boolean {
    return this.#sends.has(source)
  }

  /** The media section that carries a source, once it is offered. */
  midOf(source: TrackSource): string | null {
    return this.#sends.get(source)?.mid ?? null
  }

  /** Adds a sending section; true when an offer is needed. The track may come later. */
  publish(source: TrackSource, track: MediaStreamTrack | null): boolean {
    const known = this.#sends.get(source)
    if (known) {
      void this.#replace(known.sender, track)
      return false
    }
    const camera = source === 'camera' || source === 'second_camera'
    const { codec, encodings } = camera
      ? cameraSending(this.#options.videoCodec)
      : { codec: null, encodings: source === 'screen' ? screenEncodings() : null }
    const transceiver = this.connection.addTransceiver(
      track ?? (source === 'microphone' ? 'audio' : 'video'),
      {
        direction: 'sendonly',
        ...(encodings ? { sendEncodings: encodings } : {}),
      },
    )
    if (codec !== null) preferCodec(transceiver, 'video', codec)
    // Sent twice, sound survives a lost packet; the server leaves the second one out where none are lost.
    if (source === 'microphone') preferCodec(transceiver, 'audio', 'red')
    this.#sends.set(source, transceiver)
    return true
  }

  /** Adds receiving sections; an offer is needed after it. */
  addSlots(kind: MediaKind, count: number): void {
    for (let i = 0; i < count; i++) {
      const transceiver = this.connection.addTransceiver(kind, { direction: 'recvonly' })
      if (kind === 'video') receiveDescriptors(transceiver)
      this.#slots.push({ kind, transceiver, stream: new MediaStream([transceiver.receiver.track]) })
    }
  }

  /** The stream of the slot with this media section. */
  streamOf(mid: string): MediaStream | null {
    return this.#slots.find((slot) => slot.transceiver.mid === mid)?.stream ?? null
  }

  /** True when something was added, or ICE is to restart, that no offer has told yet. */
  get needsOffer(): boolean {
    return (
      this.#pending !== null ||
      this.#restart ||
      this.connection.getTransceivers().some(({ mid }) => mid === null)
    )
  }

  /** The next offer has new ICE credentials, and these ways through TURN are tried beside the direct ones. */
  restartIce(configuration: RTCConfiguration): void {
    if (!this.isClosed) this.connection.setConfiguration(configuration)
    this.#restart = true
    if (this.#pending === null) this.connection.restartIce()
  }

  /** The offer to send: the one that is still without an answer, else a new one. Nothing waits for candidates. */
  offer(): Promise<string> {
    this.#pending ??= this.#newOffer()
    return this.#pending
  }

  /** What the sending sections of the newest offer carry. */
  tracks(muted: (source: TrackSource) => boolean): PublishedTrack[] {
    return [...this.#sends].flatMap(([source, { mid }]) =>
      mid === null ? [] : [{ mid, source, muted: muted(source) }],
    )
  }

  /** Applies the server's answer. */
  async accept(sdp: string): Promise<void> {
    await this.connection.setRemoteDescription({ type: 'answer', sdp })
    this.#pending = null
    this.answered = true
    if (this.#restart) this.connection.restartIce()
  }

  /** Takes back an offer that the server refused. */
  async takeBack(): Promise<void> {
    if (!this.#pending) return
    this.#pending = null
    await this.connection.setLocalDescription({ type: 'rollback' })
  }

  /** Pauses and resumes layers as the server wants them. */
  wanted(mid: string, rids: readonly string[], any: boolean): Promise<void> {
    const transceiver = [...this.#sends.values()].find((candidate) => candidate.mid === mid)
    // Sound goes on: its loudness decides who is heard, and the first word must not be lost.
    if (transceiver?.receiver.track.kind !== 'video') return Promise.resolve()
    const { sender } = transceiver
    const turn = (this.#parameters.get(mid) ?? Promise.resolve()).then(async () => {
      const parameters = sender.getParameters()
      const encodings = withWanted(parameters.encodings, rids, any)
      if (encodings) await sender.setParameters({ ...parameters, encodings })
    })
    // A closed connection refuses; then nothing is sent anyway.
    const quiet = turn.catch(() => undefined)
    this.#parameters.set(mid, quiet)
    return quiet
  }

  close(): void {
    this.connection.close()
  }

  async #newOffer(): Promise<string> {
    this.#restart = false
    await this.connection.setLocalDescription()
    // The browser encodes by the answer, so its own description stays as it wrote it.
    return withOpusWishes(this.connection.localDescription?.sdp ?? '')
  }

  async #replace(sender: RTCRtpSender, track: MediaStreamTrack | null): Promise<void> {
    if (sender.track !== track && !this.isClosed) await sender.replaceTrack(track).catch(() => undefined)
  }
}

/**
 * Which frames a frame needs (AV1 RTP specification, appendix A): Chromium takes that only where it is asked for, and puts the
 * sizes of AV1 together by nothing else.
 */
function receiveDescriptors(transceiver: DescribedTransceiver): void {
  const extensions = transceiver.getHeaderExtensionsToNegotiate?.() ?? []
  const wished = extensions.map((extension) =>
    extension.uri === DESCRIPTOR ? { ...extension, direction: 'recvonly' } : extension,
  )
  transceiver.setHeaderExtensionsToNegotiate?.(wished)
}

const DESCRIPTOR = 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension'

/** With what the types of browsers do not name yet (WebRTC Extensions, RTP header extension control). */
interface DescribedTransceiver extends RTCRtpTransceiver {
  getHeaderExtensionsToNegotiate?(): HeaderExtension[]
  setHeaderExtensionsToNegotiate?(extensions: HeaderExtension[]): void
}

interface HeaderExtension {
  uri: string
  direction: string
}

function preferCodec(transceiver: RTCRtpTransceiver, kind: MediaKind, name: string): void {
  const codecs = RTCRtpSender.getCapabilities(kind)?.codecs ?? []
  const first = codecs.filter((codec) => codec.mimeType.toLowerCase() === `${kind}/${name.toLowerCase()}`)
  if (first.length > 0)
    transceiver.setCodecPreferences([...first, ...codecs.filter((codec) => !first.includes(codec))])
}
