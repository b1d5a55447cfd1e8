// Three people with good lines and one behind a bad one, in a room of a real server.
import { join } from 'node:path'
import { Chromium, Firefox } from '../harness/browsers.js'
import { Line } from '../harness/line.js'
import { LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'
import { until } from '../harness/until.js'
import { writePicture } from './picture.js'
import { NAMES, PATIENCE, QUIET, Scene, TURN, WINDOW } from './scene.js'

const ROOM = 'links'

/** The scene in which all is measured. */
export class Meeting extends Scene {
  /** Null where no line can be made. `browser` is the receiver's, `tcp` when no UDP gets to it. */
  static async open({ browser = 'chromium', tcp = false }) {
    const line = await Line.create()
    if (!line || (tcp && !line.blockUdp())) {
      line?.close()
      return null
    }
    const meeting = new Meeting()
    return Scene.begin(meeting, line, () => meeting.#begin(browser))
  }

  async #begin(browser) {
    const { near, far, address } = this.line
    this.server = await Server.start({
      within: near.within,
      settings: { media_addresses: address },
      listen: '0.0.0.0',
    })
    const picture = join(near.folder, 'picture.y4m')
    writePicture(picture)
    this.senders = await Chromium.start({
      executable: near.program('/usr/bin/chromium'),
      flags: [...QUIET, `--use-file-for-fake-video-capture=${picture}`],
    })
    const url = `http://${address}:${this.server.port}`
    this.receivers = await (browser === 'firefox' ? farFirefox(far, address) : farChromium(far, url))
    this.people = []
    for (const [i, name] of NAMES.entries()) {
      const look = { ...LOOKS[i], deviceCamera: true, turn: [i, NAMES.length, TURN] }
      this.people.push(await this.senders.enter(this.server, { name, room: ROOM, subscribe: false, look }))
    }
    const window = browser === 'firefox' ? {} : { viewport: WINDOW }
    this.receiver = await this.receivers.enter(this.server, {
      name: '考生',
      room: ROOM,
      publish: false,
      url,
      ...window,
    })
    if (browser === 'firefox') await this.receiver.page.setViewport(WINDOW)
    await this.receiver.company(NAMES.length)
    for (const person of this.people) {
      await until(
        `a picture of ${person.name} arrives`,
        async () => (await this.receiver.picture(person)) !== null,
        { look: () => this.receiver.stats('inbound-rtp'), ...PATIENCE },
      )
    }
  }

  /** The media sections of the three tiles. */
  tiles() {
    return Promise.all(this.people.map((person) => this.receiver.slot(person, 'camera')))
  }
}

/** A receiver's browser; pages of this address may do what others need HTTPS for. */
export function farChromium(far, url, flags = []) {
  return Chromium.start({
    executable: far.program('/usr/bin/chromium'),
    // Without HTTPS a page from elsewhere has no devices, not even to look at.
    flags: [...QUIET, ...flags, `--unsafely-treat-insecure-origin-as-secure=${url}`],
  })
}

async function farFirefox(far, address) {
  return Firefox.start({
    executable: far.program('/usr/bin/firefox-esr'),
    trusts: address,
    port: await far.door(),
  })
}
