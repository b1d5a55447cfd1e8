// Times of an interview as its pages tell them: in its own time zone, which is named where this device's clock differs.
import { useI18n } from '../i18n/useI18n'
import { useZone } from './useZone'
import { clockIn, distanceText, isElsewhere, zoneText } from './zone'

export function useTimes() {
  const { locale } = useI18n()
  const zone = useZone()
  const day = (time: number) =>
    new Intl.DateTimeFormat(locale.value, { month: 'long', day: 'numeric', timeZone: zone.value }).format(
      time,
    )
  /** The day where it is another than today's, and the time. */
  const hour = (at: number, now: number) => {
    const time = clockIn(zone.value, locale.value, at)
    return day(at) === day(now) ? time : `${day(at)} ${time}`
  }
  return {
    /** The same for a narrow row, below a clock that names the zone. */
    hour,
    /** `10:42`, elsewhere `10:42 UTC+8`. */
    clock: (at: number) => {
      const time = clockIn(zone.value, locale.value, at)
      return isElsewhere(zone.value, at) ? `${time} ${distanceText(zone.value, at)}` : time
    },
    /** When somebody is expected: the day where it is another than today's, and the time, elsewhere with the zone. */
    planned: (at: number, now: number) => {
      const text = hour(at, now)
      return isElsewhere(zone.value, at) ? `${text} ${zoneText(zone.value, locale.value, at)}` : text
    },
    /** Day and time with seconds, elsewhere with the name of the zone. */
    moment: (at: number) => {
      const text = new Intl.DateTimeFormat(locale.value, {
        dateStyle: 'long',
        timeStyle: 'medium',
        hourCycle: 'h23',
        timeZone: zone.value,
      }).format(at)
      return isElsewhere(zone.value, at) ? `${text} ${zoneText(zone.value, locale.value, at)}` : text
    },
  }
}
