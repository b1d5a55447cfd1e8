// The time zone in which a page tells times: that of its interview, else the device's.
import { computed, inject, type InjectionKey, provide } from 'vue'
import { knownZone, ownZone } from './zone'

const ZONE: InjectionKey<() => string> = Symbol('time zone')

/** Tells the zone to this component and all below it; null while it is not known. */
export function provideZone(zone: () => string | null) {
  provide(ZONE, () => zone() ?? ownZone())
}

/** For the setup of a component. */
export function useZone() {
  const given = inject(ZONE, ownZone)
  return computed(() => knownZone(given()))
}
