// Files on their way to the server: checked before they go, one after the other, with what has arrived.
import { Problem, Unreachable } from '../interview/api'

/** What the server takes, and how large. */
const TYPES = ['application/pdf', 'image/jpeg', 'image/png', 'image/webp'] as const
export const ACCEPTED = TYPES.join()
export const MOST_BYTES = 20 * 1024 * 1024
/** Milliseconds without any progress. */
const PATIENCE = 60_000

export type FileFault = 'kind' | 'large' | 'empty'

/** What the server would refuse; null where nothing is wrong. */
export function faultOf({
  type,
  size,
  name,
}: {
  type: string
  size: number
  name: string
}): FileFault | null {
  if (size === 0) return 'empty'
  if (size > MOST_BYTES) return 'large'
  // Some systems know no type of a file: then its name speaks, and the server looks.
  const known =
    (TYPES as readonly string[]).includes(type) || (type === '' && /\.(pdf|jpe?g|png|webp)$/i.test(name))
  return known ? null : 'kind'
}

/**
 * Sends a file, which `fetch` would do without saying how far it is.
 * @throws {@link Problem} when refused, {@link Unreachable} when there was no answer
 */
export function upload<T>(path: string, file: Blob, progress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    let stuck: ReturnType<typeof setTimeout>
    const wait = () => {
      clearTimeout(stuck)
      stuck = setTimeout(() => request.abort(), PATIENCE)
    }
    const lost = () => reject(new Unreachable())
    request.open('POST', path)
    request.setRequestHeader('X-Viva', '1')
    request.setRequestHeader('accept', 'application/json')
    request.upload.onprogress = ({ loaded, total }) => {
      wait()
      progress(total > 0 ? loaded / total : 0)
    }
    request.onload = () => {
      const body = parsed(request.responseText)
      if (request.status >= 200 && request.status < 300) resolve(body as T)
      else reject(new Problem(request.status, body))
    }
    request.onerror = lost
    request.onabort = lost
    request.onloadend = () => clearTimeout(stuck)
    wait()
    request.send(file)
  })
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** The address of an upload. */
export function addressOf(papers: string, name: string, slides: boolean): string {
  return `${papers}?${new URLSearchParams({ name: name.slice(0, 200), slides: String(slides) }).toString()}`
}
