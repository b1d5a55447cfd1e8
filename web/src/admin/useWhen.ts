// Days and times in the person's language.
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

export function useWhen() {
  const { locale } = useI18n()
  const short = computed(
    () => new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }),
  )
  const exact = computed(
    () =>
      new Intl.DateTimeFormat(locale.value, {
        month: 'numeric',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
      }),
  )
  return {
    at: (time: number) => short.value.format(time),
    /** With seconds. */
    exactly: (time: number) => exact.value.format(time),
    range: (from: number, to: number) => short.value.formatRange(from, to),
  }
}
