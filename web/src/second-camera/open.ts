// A phone's visit in a real browser.
import { Client, LocalMedia } from '../client'
import { secondCamera } from '../interview/api'
import { PhoneVisit } from './visit'
import { version } from '../../package.json'

const SESSION = 'viva.second-camera'

/** The code behind `#`, where there is one; it never reaches a server's log. */
export function codeIn(hash: string): string | null {
  const code = hash.replace(/^#/, '')
  return code === '' ? null : code
}

export function openPhoneVisit(codeUsed: () => void): PhoneVisit {
  const media = new LocalMedia(null, 'environment')
  // The phone is a camera and nothing else.
  void media.setOn('microphone', false)
  const session = {
    load: () => sessionStorage.getItem(SESSION),
    save: (value: string | null) =>
      value === null ? sessionStorage.removeItem(SESSION) : sessionStorage.setItem(SESSION, value),
  }
  return new PhoneVisit({
    api: secondCamera,
    media,
    client: (token) =>
      new Client({
        url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
        token,
        media,
        session,
        software: `viva-web/${version} ${navigator.userAgent}`,
        sources: { camera: 'second_camera' },
        slots: { video: 0, audio: 0 },
      }),
    codeUsed,
  })
}
