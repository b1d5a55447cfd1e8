// What a seat writes: a draft for each conversation, the lines under way, and what became of them.
import { computed, ref, shallowRef } from 'vue'
import { sendable } from './chat'

/** A line that is sent, and not yet answered. */
interface PendingLine {
  key: number
  conversation: string
  text: string
}

/** Where drafts outlive a reload. */
export interface DraftMemory {
  load(): Record<string, string>
  save(drafts: Readonly<Record<string, string>>): void
}

/** All that one seat writes in this tab. */
class Written {
  readonly drafts = ref<Record<string, string>>({})
  readonly lines = ref<PendingLine[]>([])
  readonly refusals = shallowRef<Record<string, unknown>>({})
  readonly #memory: DraftMemory
  /** Lines that came back and stand at the head of a draft, in the order of their sending. */
  readonly #back = new Map<string, string[]>()
  #keys = 0

  constructor(memory: DraftMemory) {
    this.#memory = memory
    this.drafts.value = memory.load()
  }

  write(conversation: string, text: string): void {
    this.drafts.value[conversation] = text
    this.#memory.save(this.drafts.value)
  }

  async send(conversation: string, say: (text: string) => Promise<void>): Promise<void> {
    const text = sendable(this.drafts.value[conversation] ?? '')
    if (text === null) return
    const line = { key: ++this.#keys, conversation, text }
    this.lines.value.push(line)
    this.#back.delete(conversation)
    this.write(conversation, '')
    this.#refused(conversation, null)
    try {
      await say(text)
    } catch (error) {
      this.#refused(conversation, error)
      this.#takeBack(conversation, text)
    } finally {
      this.lines.value = this.lines.value.filter(({ key }) => key !== line.key)
    }
  }

  /** No word is lost: those that came back stand in their order before those that were written meanwhile. */
  #takeBack(conversation: string, text: string): void {
    const draft = this.drafts.value[conversation] ?? ''
    const before = this.#back.get(conversation) ?? []
    const head = before.join('\n')
    const stands = head !== '' && (draft === head || draft.startsWith(`${head}\n`))
    const since = stands ? draft.slice(head.length + 1) : draft
    const back = stands ? [...before, text] : [text]
    this.#back.set(conversation, back)
    this.write(conversation, [...back, ...(since === '' ? [] : [since])].join('\n'))
  }

  #refused(conversation: string, error: unknown): void {
    this.refusals.value = { ...this.refusals.value, [conversation]: error }
  }
}

/** By seat. It outlives the panel: who is called in while writing goes on writing in the room. */
const seats = new Map<string, Written>()

/**
 * For the setup of a component.
 * @param conversation the one in sight; what is written in the others stays with them
 */
export function useWriting(seat: string, conversation: () => string, memory: DraftMemory = tabMemory(seat)) {
  const written = seats.get(seat) ?? new Written(memory)
  seats.set(seat, written)
  const draft = computed({
    get: () => written.drafts.value[conversation()] ?? '',
    set: (text) => written.write(conversation(), text),
  })
  const pending = computed(() => written.lines.value.filter((line) => line.conversation === conversation()))
  /** Why the newest line was not taken; null when all is well. */
  const refusal = computed(() => written.refusals.value[conversation()] ?? null)
  /** Sends the draft; nothing happens when there is nothing to send, or too much. */
  const send = (say: (text: string) => Promise<void>) => written.send(conversation(), say)
  return { draft, pending, refusal, send }
}

function tabMemory(seat: string): DraftMemory {
  const key = `viva.drafts.${seat}`
  return {
    load: () => {
      try {
        return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Record<string, string>
      } catch {
        return {}
      }
    },
    save: (drafts) => sessionStorage.setItem(key, JSON.stringify(drafts)),
  }
}
