// Debian's own Chromium and Firefox ESR, with rooms' pages in them.
import { chromium } from 'playwright-core'
import puppeteer from 'puppeteer-core'
import { LOOKS, Person } from './person.js'
import { install } from './scene.js'
import { until } from './until.js'

/** Answers every question about devices, and gives who shares a screen a made-up one. */
const FAKE_UI = '--use-fake-ui-for-media-stream'
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

/** A running Chromium. Each person in it has a context of their own, as if on another computer. */
export class Chromium extends Browser {
  /** With `shares`, who shares a screen shares the tab with this title. */
  static async start({ flags = [], shares = null, executable = '/usr/bin/chromium' } = {}) {
    const browser = new Chromium()
    const picks = shares === null ? FAKE_UI : `--auto-select-tab-capture-source-by-title=${shares}`
    browser.process = await chromium.launch({ executablePath: executable, args: [...FLAGS, picks, ...flags] })
    return browser
  }

  /** A page with a scene, nowhere yet. */
  async page({ name = 'somebody', look = LOOKS[0], fps = 15, portrait, ...context } = {}) {
    const own = await this.process.newContext({ locale: 'zh-CN', permissions: ['camera', 'microphone'], ...context })
    const page = await own.newPage()
    await page.addInitScript(install, { ...look, fps, portrait })
    return new Person(page, { name, look, close: () => own.close() })
  }
}

/** A running Firefox, driven as Debian ships it, over WebDriver BiDi. */
export class Firefox extends Browser {
  /** `tone` in hertz is what its own fake microphone gives: without a sound card its WebAudio stands still. */
  static async start({ tone = LOOKS[0].tone } = {}) {
    const browser = new Firefox()
    browser.process = await puppeteer.launch({
      browser: 'firefox',
      executablePath: '/usr/bin/firefox-esr',
      extraPrefsFirefox: { ...PREFERENCES, 'media.navigator.audio.fake_frequency': tone },
    })
    return browser
  }

  /** A page with a scene, nowhere yet. */
  async page({ name = 'somebody', look = LOOKS[0], fps = 15 } = {}) {
    const page = await this.process.newPage()
    await page.evaluateOnNewDocument(install, { ...look, fps, deviceTone: true })
    return new Deaf(page, { name, look, close: () => page.close() })
  }
}

/** Somebody whose browser cannot listen to single tones: sound is known by its energy in the other's slot. */
class Deaf extends Person {
  async hearsTone(other, options) {
    const energy = async () => {
      const mid = await this.slot(other, 'microphone')
      return mid === null ? 0 : this.page.evaluate((slot) => window.probe.energy(slot), mid)
    }
    const before = await energy()
    // Some half a second of a tone at a quarter of full scale; silence adds nothing.
    await until(`${this.name} hears ${other.name}`, async () => (await energy()) > before + 0.01, { look: energy, ...options })
  }
}
