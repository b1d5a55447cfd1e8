// The server's part of a face check, made up: what it would say while one looks at the page.
import type { FaceServerMessage } from '../protocol/interview'

/** Flags of a story with an open face check, by what becomes of it. */
export const FACE_STORIES = ['face', 'hints', 'queue', 'turning', 'different', 'passed', 'elsewhere'] as const

const NONCE = '0'.repeat(32)
const WELCOME: FaceServerMessage = {
  type: 'welcome',
  nonce: NONCE,
  frames_a_second: 5,
  frame_bytes: 100_000,
  frame_width: 320,
}

/** A socket that says this, one thing after another. */
export function faceSocket(flags: ReadonlySet<string>, ended: (passed: boolean) => void): WebSocket {
  const timers: ReturnType<typeof setTimeout>[] = []
  const socket = {
    binaryType: 'blob',
    bufferedAmount: 0,
    onopen: null,
    onmessage: null as ((event: MessageEvent) => void) | null,
    onclose: null as ((event: Partial<CloseEvent>) => void) | null,
    close: () => timers.forEach(clearTimeout),
    send: (data: unknown) => {
      if (typeof data === 'string') check()
    },
  }
  const say = (after: number, message: FaceServerMessage, then?: () => void) =>
    timers.push(
      setTimeout(() => {
        socket.onmessage?.({ data: JSON.stringify(message) } as MessageEvent)
        then?.()
      }, after),
    )
  const check = () => {
    const now = Date.now()
    if (flags.has('queue')) {
      for (let one = 0; one < 40; one++) say(one * 1000, { type: 'queue', ahead: 12 })
      return
    }
    say(600, { type: 'check', nonce: NONCE, until: now + 40_600, now })
    say(700, { type: 'ask', ask: 'look_ahead' })
    say(2_700, { type: 'ask', ask: 'turn_left' })
    if (flags.has('turning')) return
    const outcome = flags.has('passed') ? 'passed' : 'different'
    say(5_000, { type: 'result', outcome, advice: outcome === 'passed' ? [] : ['too_dark'] }, () =>
      ended(outcome === 'passed'),
    )
  }
  say(300, WELCOME)
  if (flags.has('hints')) {
    const hints = ['no_face', 'too_far', 'off_left', 'too_dark', 'tilted', null] as const
    for (const [index, hint] of hints.entries()) say(900 + index * 2_500, { type: 'hint', hint })
  } else say(900, { type: 'hint', hint: null })
  if (flags.has('elsewhere'))
    timers.push(setTimeout(() => socket.onclose?.({ wasClean: true, code: 1005 }), 1500))
  return socket as unknown as WebSocket
}
