// When somebody answers at the institution's hot-line.
import { inject, type InjectionKey, provide } from 'vue'

const KEY: InjectionKey<() => string> = Symbol('hours of the hot-line')

/** Says for this component and all below it when somebody answers, in words. */
export function provideHotlineHours(hours: () => string): void {
  provide(KEY, hours)
}

/** When somebody answers; empty where nobody says so. */
export function useHotlineHours(): () => string {
  return inject(KEY, () => '')
}
