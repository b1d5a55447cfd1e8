// A visit in a real browser.
import { candidate, settings } from '../interview/api'
import { openClient, openMedia } from '../room/seat'
import { Visit } from './session'
import { tabChannel } from './tab'

const ENTERED = 'viva.entered'

export function openVisit(): Visit {
  const memory = {
    load: () => sessionStorage.getItem(ENTERED),
    save: (seat: string | null) => {
      if (seat === null) sessionStorage.removeItem(ENTERED)
      else sessionStorage.setItem(ENTERED, seat)
    },
  }
  const media = openMedia(memory.load() !== null)
  return new Visit({
    api: candidate,
    settings,
    media,
    client: (token, seat) => openClient(token, media, { owner: seat, mayPublish: true }),
    channel: tabChannel(),
    faceSocket: () =>
      new WebSocket(
        `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/candidate/identity/face/check`,
      ),
    memory,
    now: () => Date.now(),
  })
}
