// Times of an interview as its pages tell them: in its own time zone, which is named where this device's clock differs.
import { computed, inject, type InjectionKey, provide } from 'vue'
import { useI18n } from '../i18n/useI18n'
import { clockIn, distanceText, isElsewhere, knownZone, ownZone, zoneText } from './zone'

const ZONE: InjectionKey<() => string> = Symbol('time zone')

/** Tells the zone to this component and all below it; null while it is not known. */
export function provideZone(zone: () => string | null) {
  provide(ZONE, () => zone() ?? ownZone())
}

export function useTimes() {
  const { locale } = useI18n()
  const given = inject(ZONE, ownZone)
  const zone = computed(() => knownZone(given()))
  return {
    /** `10:42`, elsewhere `10:42 UTC+8`. */
    clock: (at: number) => {
      const time = clockIn(zone.value, locale.value, at)
      return isElsewhere(zone.value, at) ? `${time} ${distanceText(zone.value, at)}` : time
    },
    /** When somebody is expected: the day where it is another than today's, and the time, elsewhere with the zone. */
    planned: (at: number, now: number) => {
      const day = (time: number) =>
        new Intl.DateTimeFormat(locale.value, { month: 'long', day: 'numeric', timeZone: zone.value }).format(
          time,
        )
      const time = clockIn(zone.value, locale.value, at)
      const text = day(at) === day(now) ? time : `${day(at)} ${time}`
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
