// Debian's own Chromium and Firefox ESR, with rooms' pages in them.
import { chromium } from 'playwright-core'
import puppeteer from 'puppeteer-core'
import { LOOKS, Person } from './person.js'
import { install } from './scene.js'

/** Nobody is asked for a permission. */
const UNASKED = '--use-fake-ui-for-media-stream'
const FLAGS = [
  '--use-fake-device-for-media-stream',
  // The network of its own in the test of TCP has nothing else.
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
]

/** Without these Firefox asks a person before it opens a camera or makes a sound. */
const PREFERENCES = {
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'media.gmp-manager.updateEnabled': false,
  'intl.accept_languages': 'zh-CN',
}

/** What both browsers do the same way. `page` is their own. */
class Browser {
  /** Somebody in a room, through the door for those who need not be asked (`?auto`); `url` is where the server is for them. */
  async enter(server, { name, room, publish, subscribe, codec, url = server.url, ...scene }) {
    const token = await server.token({ name, room, publish, subscribe })
    const person = await this.page({ name, ...scene })
    await person.page.goto(`${url}/room?auto${codec ? `&codec=${codec}` : ''}#token=${token}`)
    await person.entered()
    return person
  }

  close() {
    return this.process.close()
  }
}

/** A running Chromium. Each person in it has a context of their own, as if on another computer. */
export class Chromium extends Browser {
  /**
   * `asks` is one in which a page may use what was granted to it, and no more; with `shares`, who shares a screen shares the tab
   * with this title.
   */
  static async start({ flags = [], executable = '/usr/bin/chromium', asks = false, shares = null } = {}) {
    const browser = new Chromium()
    const picks = shares === null ? UNASKED : `--auto-select-tab-capture-source-by-title=${shares}`
    const args = [...(asks ? [] : [picks]), ...FLAGS, ...flags]
    browser.process = await chromium.launch({ executablePath: executable, args })
    return browser
  }

  /** A page with a scene, nowhere yet. */
  async page({ name = 'somebody', look = LOOKS[0], fps = 15, portrait, photo, ...context } = {}) {
    const own = await this.process.newContext({
      locale: 'zh-CN',
      permissions: ['camera', 'microphone'],
      ...context,
    })
    const page = await own.newPage()
    await page.addInitScript(install, { ...look, fps, portrait, photo })
    return new Person(page, { name, look, close: () => own.close() })
  }

  /** One more tab of somebody's browser. */
  async tab({ name, look, page }) {
    const more = await page.context().newPage()
    await more.addInitScript(install, { ...look, fps: 2 })
    return new Person(more, { name: `${name}, another tab`, look, close: () => more.close() })
  }
}

/** A running Firefox, driven as Debian ships it, over WebDriver BiDi. */
export class Firefox extends Browser {
  /**
   * `tone` in hertz is what its own fake microphone gives: without a sound card its WebAudio stands still. Pages of the host
   * `trusts` may do what others need HTTPS for; it is steered over `port`. `profile` is a folder with one, `prefers` more of
   * its preferences.
   */
  static async start({
    tone = LOOKS[0].tone,
    executable = '/usr/bin/firefox-esr',
    trusts,
    port,
    profile,
    prefers = {},
  } = {}) {
    const browser = new Firefox()
    const preferences = { ...PREFERENCES, 'media.navigator.audio.fake_frequency': tone, ...prefers }
    if (trusts) preferences['dom.securecontext.allowlist'] = trusts
    browser.process = await puppeteer.launch({
      browser: 'firefox',
      executablePath: executable,
      extraPrefsFirefox: preferences,
      ...(port ? { debuggingPort: port } : {}),
      ...(profile ? { userDataDir: profile } : {}),
    })
    return browser
  }

  /** A page with a scene, nowhere yet. */
  async page({ name = 'somebody', look = LOOKS[0], fps = 15 } = {}) {
    const page = await this.process.newPage()
    await page.evaluateOnNewDocument(install, { ...look, fps, deviceTone: true })
    return new Person(page, { name, look, deaf: true, close: () => page.close() })
  }
}
