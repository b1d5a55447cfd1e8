// How long the WebSocket takes there and back.
import { Connection } from './connection'

/** Milliseconds. */
const PATIENCE = 10_000
const COUNT = 5

/** Round trips in milliseconds, as many as came back; none when there is no way. Needs no seat. */
export function pings(url: string, software: string, signal: AbortSignal): Promise<number[]> {
  const trips: number[] = []
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      connection.close()
      resolve(trips)
    }
    const ask = async () => {
      try {
        for (let count = 0; count < COUNT; count++) {
          const sent = performance.now()
          await connection.request({ type: 'ping' }, PATIENCE)
          trips.push(performance.now() - sent)
        }
      } finally {
        end()
      }
    }
    const connection = new Connection(url, software, {
      opened: () => void ask().catch(() => undefined),
      news: () => undefined,
      lost: () => undefined,
    })
    const timer = setTimeout(end, PATIENCE)
    signal.addEventListener('abort', end)
    connection.open()
  })
}
