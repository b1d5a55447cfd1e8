// Which device to use: what the person chose, else what there is.

export type DeviceKind = 'camera' | 'microphone' | 'speaker'

/** One device, as a list shows it. */
export interface Device {
  id: string
  /** Empty until the browser may tell it. */
  label: string
}

export type DeviceLists = Readonly<Record<DeviceKind, readonly Device[]>>

export const NO_DEVICES: DeviceLists = { camera: [], microphone: [], speaker: [] }

/** A choice that is remembered: ids change between visits in some browsers, labels seldom do. */
export type DeviceChoice = Device

const KINDS: Record<MediaDeviceKind, DeviceKind> = {
  videoinput: 'camera',
  audioinput: 'microphone',
  audiooutput: 'speaker',
}

/** Sorts the browser's list by kind; Chromium's “communications” doubles are left out. */
export function listDevices(
  infos: readonly Pick<MediaDeviceInfo, 'deviceId' | 'kind' | 'label'>[],
): DeviceLists {
  const lists: Record<DeviceKind, Device[]> = { camera: [], microphone: [], speaker: [] }
  for (const { deviceId, kind, label } of infos) {
    if (deviceId === '' || deviceId === 'communications') continue
    lists[KINDS[kind]].push({ id: deviceId, label })
  }
  return lists
}

/** The chosen device if it is there, by id or else by name; null means the browser's own choice. */
export function findChoice(devices: readonly Device[], choice: DeviceChoice | null): Device | null {
  if (!choice) return null
  return (
    devices.find((device) => device.id === choice.id) ??
    devices.find((device) => device.label !== '' && device.label === choice.label) ??
    null
  )
}

/**
 * The id of the speaker to play through: the chosen one while it is there, else the empty id, which is the system's own.
 * A page that knows no speakers yet trusts the choice.
 */
export function speakerId(devices: readonly Device[], choice: DeviceChoice | null): string {
  return (devices.length === 0 ? choice : findChoice(devices, choice))?.id ?? ''
}

/** What to do after the list of devices changed. */
export type HotPlug = 'keep' | 'switch' | 'acquire' | 'lost'

/**
 * @param inUse id of the device in use, null when there is none although one is wanted
 * @param choice what the person chose
 */
export function hotPlug(
  devices: readonly Device[],
  inUse: string | null,
  choice: DeviceChoice | null,
): HotPlug {
  if (inUse === null) return devices.length > 0 ? 'acquire' : 'keep'
  if (!devices.some((device) => device.id === inUse)) return devices.length > 0 ? 'switch' : 'lost'
  const chosen = findChoice(devices, choice)
  return chosen && chosen.id !== inUse ? 'switch' : 'keep'
}
