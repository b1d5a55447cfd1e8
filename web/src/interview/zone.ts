// Times of day in the time zone of an interview, and what its clocks are called.

/** Where clocks show what people in China call the time of Beijing. */
const BEIJING = new Set(['Asia/Shanghai', 'Asia/Chongqing', 'Asia/Chungking', 'Asia/Harbin', 'PRC'])
const DAY = 86_400_000

/** The zone of this device. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** The zone, if this browser knows it; a name that it does not know is told in UTC, which is named then. */
export function knownZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) && zone
  } catch {
    return 'UTC'
  }
}

/** Milliseconds that the clocks of a zone are ahead of UTC at a time. */
export function offsetOf(zone: string, at: number): number {
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {}
  for (const { type, value } of figures(zone).formatToParts(at)) shown[type] = value
  const { year, month, day, hour, minute, second } = shown
  const utc = Date.parse(`${year?.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return utc - Math.floor(at / 1000) * 1000
}

/** The time at which the clocks of a zone show what `utc` is in UTC; of an hour that comes twice the first. */
export function timeIn(zone: string, utc: number): number {
  const around = [offsetOf(zone, utc - DAY), offsetOf(zone, utc + DAY)]
  const right = around.find((offset) => offsetOf(zone, utc - offset) === offset)
  // An hour that is left out is counted on from before.
  return utc - (right ?? around[0] ?? 0)
}

/** How far clocks are from UTC at a time: `UTC+8`, `UTC-3:30`, `UTC`. */
export function distanceText(zone: string, at: number): string {
  const offset = offsetOf(zone, at)
  const minutes = Math.round(Math.abs(offset) / 60_000)
  if (minutes === 0) return 'UTC'
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`
  return `UTC${offset < 0 ? '-' : '+'}${Math.floor(minutes / 60)}${rest}`
}

/** The name with the distance: `北京时间 (UTC+8)`. */
export function zoneText(zone: string, locale: string, at: number): string {
  const [name, distance] = [zoneName(zone, locale, at), distanceText(zone, at)]
  return name === null ? distance : `${name} (${distance})`
}

/** What people call these clocks at a time: `北京时间`, `英国夏令时间`; null where they have no name but their distance. */
function zoneName(zone: string, locale: string, at: number): string | null {
  if (BEIJING.has(zone)) return locale.startsWith('zh') ? '北京时间' : 'Beijing time'
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'long' }).formatToParts(at)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  return name === '' || /\d/.test(name) ? null : name
}

/** Hours and minutes of a day. */
export function clockIn(zone: string, locale: string, at: number): string {
  return new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(at)
}

/** Would the clock of this device mislead whoever reads this time? */
export function isElsewhere(zone: string, at: number, own = ownZone()): boolean {
  return offsetOf(zone, at) !== offsetOf(own, at)
}

const known = new Map<string, Intl.DateTimeFormat>()

/** Writes a time in figures alone. */
function figures(zone: string): Intl.DateTimeFormat {
  const format =
    known.get(zone) ??
    new Intl.DateTimeFormat('en-US-u-ca-gregory', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
  known.set(zone, format)
  return format
}
