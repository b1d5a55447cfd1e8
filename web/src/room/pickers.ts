// The device lists as the pickers show them.
import { type Device, type DeviceKind, findChoice, type LocalMediaState } from '../client'

/** One picker. */
export interface PickerModel {
  kind: DeviceKind
  options: { id: string; label: string }[]
  /** What is in use, else what was chosen; null for the browser's own choice. */
  value: string | null
}

/** Camera, microphone, and the speaker where the browser lets one choose it. `unnamed` names a device by its number. */
export function pickers(
  state: Pick<LocalMediaState, 'devices' | 'choice'>,
  inUse: Record<'camera' | 'microphone', string | null>,
  unnamed: (number: number) => string,
): PickerModel[] {
  const kinds: DeviceKind[] =
    state.devices.speaker.length > 0 ? ['camera', 'microphone', 'speaker'] : ['camera', 'microphone']
  return kinds.map((kind) => {
    const devices = state.devices[kind]
    const chosen = state.choice[kind]
    // A chosen speaker that is gone leaves the sound to the first of the list, the system's own.
    const value =
      kind === 'speaker'
        ? ((findChoice(devices, chosen) ?? devices[0])?.id ?? null)
        : (inUse[kind] ?? chosen?.id ?? null)
    return {
      kind,
      options: devices.map(({ id, label }, index) => ({
        id,
        label: label === '' ? unnamed(index + 1) : shortLabel(label),
      })),
      value: devices.some(({ id }) => id === value) ? value : null,
    }
  })
}

/** Chromium ends a label with the USB ids, which tell nobody anything. */
export function shortLabel(label: string): string {
  return label.replace(/ \([0-9a-f]{4}:[0-9a-f]{4}\)$/, '')
}

/** The device with this id, to be chosen. */
export function deviceOf(
  state: Pick<LocalMediaState, 'devices'>,
  kind: DeviceKind,
  id: string,
): Device | null {
  return state.devices[kind].find((device) => device.id === id) ?? null
}
