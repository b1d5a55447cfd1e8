// Messages where no WebSocket brings them: read when the view says that there are new ones, written over HTTP.
import { type ChatHistory, commandId, ConnectionLost, joined, NO_HISTORY, type Store } from '../client'
import { type candidate as candidateApi, Unreachable } from '../interview/api'
import type { CandidateView } from '../interview/types'

/** How often a line is sent that gets no answer, and the milliseconds between. */
const TRIES = 3
const PAUSE = 1_500

export class Letters {
  readonly #api: Pick<typeof candidateApi, 'chat' | 'say'>
  readonly #chat: Store<ChatHistory>
  #reading = false

  constructor(api: Pick<typeof candidateApi, 'chat' | 'say'>, chat: Store<ChatHistory>) {
    this.#api = api
    this.#chat = chat
  }

  /** Whoever sits here now has not read what was there before. */
  forget(): void {
    this.#chat.set(NO_HISTORY)
  }

  /** Reads what the view says is new. What cannot be read now is read with the next view. */
  async follow({ newest_line: newest }: Pick<CandidateView, 'newest_line'>): Promise<void> {
    const known = this.#chat.value
    const last = known.lines.at(-1)?.id ?? null
    if (newest === null || newest === last) {
      if (!known.loaded) this.#chat.set(joined(known, { lines: [], before: null }))
      return
    }
    if (this.#reading) return
    this.#reading = true
    try {
      const part = await this.#api.chat(last)
      // Another may sit here since.
      if (this.#chat.value === known) this.#chat.set(joined(known, part))
    } catch {
      // The next view says so again.
    } finally {
      this.#reading = false
    }
  }

  /** Writes to the hosts, once, however often it has to be sent. */
  async say(text: string): Promise<CandidateView> {
    const id = commandId()
    for (let left = TRIES; ; left--) {
      try {
        return await this.#api.say(id, text)
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error
        if (left === 1) throw new ConnectionLost()
        await new Promise((done) => setTimeout(done, PAUSE))
      }
    }
  }
}
