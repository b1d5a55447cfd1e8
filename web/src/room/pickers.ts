// The device lists as the pickers show them.
import type { Device, DeviceKind, LocalMediaState } from '../client'

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
  const kinds: DeviceKind[] = state.devices.speaker.length > 0 ? ['camera', 'microphone', 'speaker'] : ['camera', 'microphone']
  return kinds.map((kind) => {
    const devices = state.devices[kind]
    const current = kind === 'speaker' ? null : inUse[kind]
    const value = current ?? state.choice[kind]?.id ?? (kind === 'speaker' ? devices[0]?.id : undefined) ?? null
    return {
      kind,
      options: devices.map(({ id, label }, index) => ({ id, label: label === '' ? unnamed(index + 1) : shortLabel(label) })),
      value: devices.some(({ id }) => id === value) ? value : null,
    }
  })
}

/** Chromium ends a label with the USB ids, which tell nobody anything. */
export function shortLabel(label: string): string {
  return label.replace(/ \([0-9a-f]{4}:[0-9a-f]{4}\)$/, '')
}

/** The device with this id, to be chosen. */
export function deviceOf(state: Pick<LocalMediaState, 'devices'>, kind: DeviceKind, id: string): Device | null {
  return state.devices[kind].find((device) => device.id === id) ?? null
}
