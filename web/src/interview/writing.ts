// What somebody writes: a draft for each conversation, the lines under way, and what became of them.
import { computed, ref, shallowRef } from 'vue'
import { sendable } from './chat'

/** A line that is sent, and not yet answered. */
export interface PendingLine {
  key: number
  conversation: string
  text: string
}

/** @param conversation the one in sight; what is written in the others stays with them */
export function useWriting(conversation: () => string) {
  const drafts = ref<Record<string, string>>({})
  const lines = ref<PendingLine[]>([])
  const refusals = shallowRef<Record<string, unknown>>({})
  let keys = 0

  const draft = computed({
    get: () => drafts.value[conversation()] ?? '',
    set: (text) => (drafts.value[conversation()] = text),
  })
  const pending = computed(() => lines.value.filter((line) => line.conversation === conversation()))
  /** Why the newest line was not taken; null when all is well. */
  const refusal = computed(() => refusals.value[conversation()] ?? null)

  /** Sends the draft; nothing happens when there is nothing to send, or too much. */
  async function send(say: (text: string) => Promise<void>): Promise<void> {
    const text = sendable(draft.value)
    if (text === null) return
    const line = { key: ++keys, conversation: conversation(), text }
    lines.value.push(line)
    drafts.value[line.conversation] = ''
    refusals.value = { ...refusals.value, [line.conversation]: null }
    try {
      await say(text)
    } catch (error) {
      refusals.value = { ...refusals.value, [line.conversation]: error }
      // No word is lost: those that came back stand before those that were written meanwhile.
      const since = drafts.value[line.conversation]
      drafts.value[line.conversation] = since ? `${text}\n${since}` : text
    } finally {
      lines.value = lines.value.filter(({ key }) => key !== line.key)
    }
  }

  return { draft, pending, refusal, send }
}
