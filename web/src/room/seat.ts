// One visit to a room: own media, client, and what is remembered between reloads.
import {
  type ChoiceMemory,
  Client,
  type Device,
  type DeviceKind,
  LocalMedia,
  readToken,
  type SessionMemory,
  type TokenClaims,
} from '../client'
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
  screen: Pick<Client['screen'], 'state' | 'start' | 'stop'>
  tiles: Pick<Client['tiles'], 'watch'>
}
export type CallMedia = Pick<LocalMedia, 'state' | 'setOn' | 'choose' | 'retry'>

/** A seat that is not yet taken. `before` is the media of an earlier visit of the same page, which goes on. */
export function openSeat({ token, codec }: SeatOptions, before?: LocalMedia): Seat {
  const claims = readToken(token)
  const wasIn = sessionMemory(token).load() !== null
  const media = before ?? openMedia(wasIn)
  return { claims, media, client: openClient(token, media, { codec }), wasIn }
}

/** The own media as they were chosen before; `restore` also those that were switched off in this tab. */
export function openMedia(restore: boolean): LocalMedia {
  const media = new LocalMedia(deviceMemory)
  rememberOff(media, restore)
  return media
}

/**
 * A client for the seat of this token.
 * @param owner whose session is remembered in this tab, where a reloaded page comes with a new token
 * @param mayPublish of an interview's seat the token does not say it: the server does, when the seat is taken
 */
export function openClient(
  token: string,
  media: LocalMedia,
  { owner = token, codec = null as string | null, mayPublish = readToken(token)?.publish ?? true } = {},
): Client {
  return new Client({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
    token,
    media,
    session: sessionMemory(owner),
    software: `viva-web/${version} ${navigator.userAgent}`,
    mayPublish,
    videoCodec: codec,
  })
}

/** Who was muted stays muted when the page is loaded again. */
function rememberOff(media: LocalMedia, restore: boolean): void {
  const off = restore ? (sessionStorage.getItem(OFF) ?? '') : ''
  for (const kind of ['camera', 'microphone'] as const) if (off.includes(kind)) void media.setOn(kind, false)
  media.state.watch((state) =>
    sessionStorage.setItem(
      OFF,
      (['camera', 'microphone'] as const).filter((kind) => !state[kind].on).join(' '),
    ),
  )
}

/** Which devices were chosen, for every page of this browser. */
export const deviceMemory: ChoiceMemory = {
  load: () => JSON.parse(localStorage.getItem(DEVICES) ?? '{}') as Partial<Record<DeviceKind, Device>>,
  save: (choice) => localStorage.setItem(DEVICES, JSON.stringify(choice)),
}

/** The session of this owner in this tab; another one in the same tab does not see it. */
function sessionMemory(owner: string): SessionMemory {
  return {
    load: () => {
      const [known, session] = (sessionStorage.getItem(SESSION) ?? '').split('\n')
      return known === owner && session ? session : null
    },
    save: (session) => {
      if (session === null) sessionStorage.removeItem(SESSION)
      else sessionStorage.setItem(SESSION, `${owner}\n${session}`)
    },
  }
}
