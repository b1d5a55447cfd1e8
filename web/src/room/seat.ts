// One visit to a room: own media, client, and what is remembered between reloads.
import { type ChoiceMemory, Client, type Device, type DeviceKind, LocalMedia, readToken, type SessionMemory, type TokenClaims } from '../client'
import { version } from '../../package.json'

const DEVICES = 'viva.devices'
const SESSION = 'viva.session'
const OFF = 'viva.off'

/** What the page was asked for beside the token. */
export interface SeatOptions {
  token: string
  /** `?codec=h264`: for tests. */
  codec: string | null
}

export interface Seat {
  claims: TokenClaims | null
  media: LocalMedia
  client: Client
  /** True when this page was in the room a moment ago, and need not ask again. */
  wasIn: boolean
}

/** What the call needs of a client and of the own media; the stories have some of their own. */
export type CallClient = Pick<Client, 'state' | 'statistics' | 'serverStatistics' | 'leave'> & {
  audio: Pick<Client['audio'], 'blocked' | 'enable'>
  tiles: Pick<Client['tiles'], 'watch'>
}
export type CallMedia = Pick<LocalMedia, 'state' | 'setOn' | 'choose' | 'retry'>

/** A seat that is not yet taken. `before` is the media of an earlier visit of the same page, which goes on. */
export function openSeat({ token, codec }: SeatOptions, before?: LocalMedia): Seat {
  const claims = readToken(token)
  const session = sessionMemory(token)
  const wasIn = session.load() !== null
  const media = before ?? new LocalMedia(deviceMemory)
  if (!before) rememberOff(media, wasIn)
  const client = new Client({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
    token,
    media,
    session,
    software: `viva-web/${version} ${navigator.userAgent}`,
    mayPublish: claims?.publish ?? true,
    videoCodec: codec,
  })
  return { claims, media, client, wasIn }
}

/** Who was muted stays muted when the page is loaded again. */
export function rememberOff(media: LocalMedia, restore: boolean): void {
  const off = restore ? (sessionStorage.getItem(OFF) ?? '') : ''
  for (const kind of ['camera', 'microphone'] as const) if (off.includes(kind)) void media.setOn(kind, false)
  media.state.watch((state) =>
    sessionStorage.setItem(OFF, (['camera', 'microphone'] as const).filter((kind) => !state[kind].on).join(' ')),
  )
}

/** Which devices were chosen, for every page of this browser. */
export const deviceMemory: ChoiceMemory = {
  load: () => JSON.parse(localStorage.getItem(DEVICES) ?? '{}') as Partial<Record<DeviceKind, Device>>,
  save: (choice) => localStorage.setItem(DEVICES, JSON.stringify(choice)),
}

/** The session of this token in this tab; another token in the same tab does not see it. */
function sessionMemory(token: string): SessionMemory {
  return {
    load: () => {
      const [owner, session] = (sessionStorage.getItem(SESSION) ?? '').split('\n')
      return owner === token && session ? session : null
    },
    save: (session) => {
      if (session === null) sessionStorage.removeItem(SESSION)
      else sessionStorage.setItem(SESSION, `${token}\n${session}`)
    },
  }
}
