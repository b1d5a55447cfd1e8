// What is wrong with the server, as the banner of the administration says it.
import type { Health } from './api'

export interface HealthLine {
  /** Names the line in a list. */
  code: string
  key: string
  values: Record<string, string | number>
  /** Something does not work now. */
  grave: boolean
}

const MIB = 2 ** 20
const mib = (bytes: number | null) => (bytes === null ? '?' : Math.floor(bytes / MIB))

/** What is set up and may stay so is said on the page of the settings, and not above every page. */
const FACES = 'faces_missing'

/** Why faces cannot be compared and what to type, as the server puts it; null where they can. */
export function facesMissing({ concerns }: Health): string | null {
  return concerns.find(({ code }) => code === FACES)?.detail ?? null
}

/** One line a concern, the worst first; one that this page does not know yet is told as the server puts it. */
export function healthLines({ concerns, disk_free, disk_size }: Health): HealthLine[] {
  const here = concerns.filter(({ code }) => code !== FACES)
  return here.map(({ code, detail, stops }): HealthLine => {
    const line = { code, grave: stops }
    if (code === 'store_fails') return { ...line, key: 'admin.health.store', values: { detail } }
    if (code === 'disk_low')
      return { ...line, key: 'admin.health.disk', values: { free: mib(disk_free), size: mib(disk_size) } }
    return { ...line, key: 'admin.health.other', values: { detail } }
  })
}
