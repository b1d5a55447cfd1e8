// On which system the page runs, by what the browser says of it; a guess that only decides what is shown first.

export type SystemName = 'windows' | 'macos' | 'linux' | 'android' | 'ios' | 'unknown'

/** What a browser says of itself: by client hints where there are some, else by the text of old. */
export interface Told {
  userAgent: string
  /** `navigator.userAgentData.platform`. */
  platform?: string | undefined
  /** `navigator.maxTouchPoints`: an iPad calls itself a Mac, and a Mac has no touch screen. */
  touchPoints?: number
}

/** No browser says more; what is longer is looked at up to here. */
const LONGEST = 1000

export function systemOf({ userAgent, platform, touchPoints = 0 }: Told): SystemName {
  const hinted = HINTED.get(String(platform ?? '').toLowerCase())
  if (hinted !== undefined) return hinted
  const text = String(userAgent).slice(0, LONGEST)
  // HarmonyOS runs what the web offers to Android, and has no packages of ours either.
  if (/Android|HarmonyOS|OpenHarmony/i.test(text)) return 'android'
  if (/iPhone|iPad|iPod/i.test(text)) return 'ios'
  if (/Windows/i.test(text)) return 'windows'
  if (/Macintosh|Mac OS X/i.test(text)) return touchPoints > 1 ? 'ios' : 'macos'
  if (/Linux|X11|CrOS/i.test(text)) return 'linux'
  return 'unknown'
}

const HINTED: ReadonlyMap<string, SystemName> = new Map([
  ['windows', 'windows'],
  ['macos', 'macos'],
  ['linux', 'linux'],
  ['android', 'android'],
  ['ios', 'ios'],
])

/** Is it one that is held in the hand? */
export const isPhone = (system: SystemName) => system === 'android' || system === 'ios'

/** The system of this browser. */
export function ownSystem(): SystemName {
  const { userAgent, maxTouchPoints } = navigator
  const hints = (navigator as { userAgentData?: { platform?: string } }).userAgentData
  return systemOf({ userAgent, platform: hints?.platform, touchPoints: maxTouchPoints })
}
