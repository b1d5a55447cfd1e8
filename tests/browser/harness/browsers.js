// Debian's own Chromium and Firefox ESR, with rooms' pages in them.
import { chromium } from 'playwright-core'
import { LOOKS, Person } from './person.js'
import { install } from './scene.js'

const FLAGS = [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
]

/** A running Chromium. Each person in it has a context of their own, as if on another computer. */
export class Chromium {
  static async start({ flags = [], executable = '/usr/bin/chromium' } = {}) {
    const browser = new Chromium()
    browser.process = await chromium.launch({ executablePath: executable, args: [...FLAGS, ...flags] })
    return browser
  }

  /** A page with a scene, nowhere yet. */
  async page({ name = 'somebody', look = LOOKS[0], fps = 15, portrait, ...context } = {}) {
    const own = await this.process.newContext({ locale: 'zh-CN', permissions: ['camera', 'microphone'], ...context })
    const page = await own.newPage()
    await page.addInitScript(install, { ...look, fps, portrait })
    return new Person(page, { name, look, close: () => own.close() })
  }

  /** Somebody in a room, through the door for those who need not be asked (`?auto`). */
  async enter(server, { name, room, publish, subscribe, codec, ...scene }) {
    const token = await server.token({ name, room, publish, subscribe })
    const person = await this.page({ name, ...scene })
    await person.page.goto(`${server.url}/room?auto${codec ? `&codec=${codec}` : ''}#token=${token}`)
    await person.entered()
    return person
  }

  close() {
    return this.process.close()
  }
}
