// The time zones that an interview can be told in.
import type { Choice } from '../forms/search'
import { ownZone, zoneText } from '../interview/zone'

/** Where most interviews of the institutions that use this are. */
const USUAL = 'Asia/Shanghai'

/** All that this browser knows, by name: the chosen one first, then the usual and the device's own. */
export function timeZones(chosen: string, locale: string, at: number): Choice[] {
  const all = new Set([chosen, USUAL, ownZone(), ...Intl.supportedValuesOf('timeZone'), 'UTC'])
  return [...all].map((id) => ({ id, label: zoneLabel(id, locale, at) }))
}

/** A zone that the server knows and this browser does not is still what was chosen. */
export function zoneLabel(id: string, locale: string, at: number): string {
  try {
    return `${id} · ${zoneText(id, locale, at)}`
  } catch {
    return id
  }
}
