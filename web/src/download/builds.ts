// The builds that the server offers, in the order in which a system wants them.
import type { SystemName } from './system'

/** For what a build is, as the server names it. */
export type BuildSystem = 'windows' | 'macos' | 'linux_deb' | 'linux_rpm'

export interface Build {
  system: BuildSystem
  /** It stands at `/downloads/` and this. */
  file: string
  /** In bytes. */
  size: number
  sha256: string
}

/** What `GET /api/downloads` answers. */
export interface Offered {
  version: string | null
  /** RFC 3339. */
  released_at: string | null
  builds: readonly Build[]
}

const OF_SYSTEM: Readonly<Record<BuildSystem, SystemName>> = {
  windows: 'windows',
  macos: 'macos',
  linux_deb: 'linux',
  linux_rpm: 'linux',
}

/** A build of a system that these pages do not know yet is not shown. */
const known = (builds: readonly Build[]) => builds.filter((build) => Object.hasOwn(OF_SYSTEM, build.system))

/** Those of this system, and all others. */
export function sorted(builds: readonly Build[], own: SystemName): { first: Build[]; others: Build[] } {
  const isFirst = (build: Build) => OF_SYSTEM[build.system] === own
  return {
    first: known(builds).filter(isFirst),
    others: known(builds).filter((build) => !isFirst(build)),
  }
}

export const pathOf = (build: Build) => `/downloads/${encodeURIComponent(build.file)}`

/** A size as people read it: 170 KB, 1.2 MB. */
export function sizeText(bytes: number, locale: string): string {
  const [value, unit] = bytes < 999_500 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte']
  const digits = { maximumFractionDigits: value < 10 ? 1 : 0 }
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', ...digits }).format(value)
}

/** A day as people read it; nothing where it is none. */
export function dayText(moment: string | null, locale: string): string {
  const time = moment === null ? NaN : Date.parse(moment)
  if (Number.isNaN(time)) return ''
  // The day of the release is one wherever it is read.
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(time)
}
