// Hearing oneself: a short recording played back, or the microphone's sound at once.
import { Store } from '../client'
import { Player } from './player'

/** Milliseconds of one recording. */
const RECORDING = 3_000

export interface RecordingState {
  phase: 'idle' | 'recording' | 'playing'
  /** 0 to 1 while recording. */
  progress: number
  /** Something was recorded and can be played again. */
  recorded: boolean
  /** The person has had the time to hear it, or themselves at once. */
  heard: boolean
  /** It could not be played: the browser waits for a touch, or cannot. */
  silent: 'blocked' | 'failed' | null
  live: boolean
}

/** Milliseconds of the own voice at once after which one has heard it. */
const ENOUGH = 1_000

const NOTHING: RecordingState = {
  phase: 'idle',
  progress: 0,
  recorded: false,
  heard: false,
  silent: null,
  live: false,
}

/** Records from one microphone after another; nothing of it leaves the page. */
export class OwnVoice {
  readonly state = new Store<RecordingState>(NOTHING)
  readonly player = new Player()
  #context: AudioContext | null = null
  #sound: Blob | null = null
  #stop: () => void = () => {}
  #endLive: () => void = () => {}
  #sink = ''

  constructor() {
    this.player.state.watch(({ playing, heard, blocked, failed }) => {
      const { phase } = this.state.value
      if (phase !== 'recording') this.state.patch({ phase: playing ? 'playing' : 'idle' })
      if (heard) this.state.patch({ heard })
      this.state.patch({ silent: blocked ? 'blocked' : failed ? 'failed' : null })
    })
  }

  /** Records for three seconds, then plays it. */
  record(track: MediaStreamTrack): void {
    this.forget()
    const recorder = new MediaRecorder(new MediaStream([track]))
    const parts: Blob[] = []
    const start = performance.now()
    const timer = setInterval(() => {
      const progress = Math.min(1, (performance.now() - start) / RECORDING)
      this.state.patch({ progress })
      if (progress === 1 && recorder.state === 'recording') recorder.stop()
    }, 50)
    recorder.ondataavailable = ({ data }) => parts.push(data)
    recorder.onstop = () => {
      this.#stop()
      this.#sound = new Blob(parts, { type: recorder.mimeType })
      this.state.patch({ recorded: true })
      void this.replay()
    }
    this.#stop = () => {
      clearInterval(timer)
      recorder.onstop = null
      if (recorder.state !== 'inactive') recorder.stop()
      this.#stop = () => {}
      this.state.patch({ phase: 'idle', progress: 0 })
    }
    recorder.start()
    this.state.patch({ phase: 'recording', progress: 0 })
  }

  /** Plays what was recorded last. */
  async replay(): Promise<void> {
    if (this.#sound) await this.player.play(this.#sound)
  }

  /** Sends the microphone's sound to the speaker at once; null ends it. */
  setLive(track: MediaStreamTrack | null): void {
    this.#endLive()
    if (!track) return
    const context = this.#audio()
    const source = context.createMediaStreamSource(new MediaStream([track]))
    source.connect(context.destination)
    const began = context.currentTime
    // A context that is held back stands still.
    const listening = setInterval(() => {
      if ((context.currentTime - began) * 1_000 >= ENOUGH) this.state.patch({ heard: true })
    }, 200)
    this.#endLive = () => {
      clearInterval(listening)
      source.disconnect()
      this.#endLive = () => {}
      this.state.patch({ live: false })
    }
    this.state.patch({ live: true })
  }

  async setSpeaker(id: string): Promise<void> {
    // From another speaker nothing was heard yet.
    if (id !== this.#sink) this.state.patch({ heard: false })
    this.#sink = id
    this.#applySink()
    await this.player.setSpeaker(id)
  }

  /** Forgets the recording: it belongs to the microphone that made it. */
  forget(): void {
    this.#stop()
    this.#endLive()
    this.player.forget()
    this.#sound = null
    this.state.set(NOTHING)
  }

  close(): void {
    this.forget()
    void this.#context?.close()
    this.#context = null
  }

  #audio(): AudioContext {
    if (!this.#context) {
      this.#context = new AudioContext({ latencyHint: 'interactive' })
      this.#applySink()
    }
    void this.#context.resume()
    return this.#context
  }

  #applySink(): void {
    const context: (AudioContext & { setSinkId?: (id: string) => Promise<void> }) | null = this.#context
    void context?.setSinkId?.(this.#sink).catch(() => undefined)
  }
}
