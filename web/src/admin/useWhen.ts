// Days and times in the person's language: of an interview in its time zone, all others in the device's.
import { computed } from 'vue'
import { useI18n } from '../i18n/useI18n'
import { useZone } from '../interview/useZone'
import { isElsewhere, knownZone, zoneText } from '../interview/zone'

export function useWhen() {
  const { locale } = useI18n()
  const zone = useZone()
  const short = computed(
    () =>
      new Intl.DateTimeFormat(locale.value, {
        dateStyle: 'medium',
        timeStyle: 'short',
        timeZone: zone.value,
      }),
  )
  /** Day and time in a few figures, by these clocks. */
  const figures = (timeZone: string) =>
    new Intl.DateTimeFormat(locale.value, {
      month: 'numeric',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone,
    })
  const brief = computed(() => figures(zone.value))
  const exact = computed(
    () =>
      new Intl.DateTimeFormat(locale.value, {
        month: 'numeric',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        timeZone: zone.value,
      }),
  )
  return {
    /** With the zone where this device is in another than the interview. */
    at: (time: number) => {
      const text = short.value.format(time)
      return isElsewhere(zone.value, time) ? `${text} ${zoneText(zone.value, locale.value, time)}` : text
    },
    /** Without year and zone, for a narrow column beside others of the same clocks. */
    briefly: (time: number) => brief.value.format(time),
    /** With seconds. */
    exactly: (time: number) => exact.value.format(time),
    /** Day and time by the clocks of an interview, for who knows which these are. */
    planned: (time: number, timeZone: string) => figures(knownZone(timeZone)).format(time),
    /** The same for a candidate, who is to know whose clocks these are. */
    appointed: (time: number, timeZone: string) => {
      const known = knownZone(timeZone)
      const format = new Intl.DateTimeFormat(locale.value, {
        dateStyle: 'medium',
        timeStyle: 'short',
        timeZone: known,
      })
      return `${format.format(time)} ${zoneText(known, locale.value, time)}`
    },
    /** From opening to closing, with the zone where this device is in another, and always where it is `named`. */
    window: (interview: { opens_at: number; closes_at: number; time_zone: string }, named = false) => {
      const { opens_at, closes_at } = interview
      const timeZone = knownZone(interview.time_zone)
      const format = new Intl.DateTimeFormat(locale.value, {
        dateStyle: 'medium',
        timeStyle: 'short',
        timeZone,
      })
      const text = format.formatRange(opens_at, closes_at)
      const says = named || isElsewhere(timeZone, opens_at)
      return says ? `${text} ${zoneText(timeZone, locale.value, opens_at)}` : text
    },
  }
}
