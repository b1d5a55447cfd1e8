// The same people in a room of Debian's Janus (its videoroom), by a page of our own that speaks its API.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Chromium } from '../harness/browsers.js'
import { Line } from '../harness/line.js'
import { LOOKS } from '../harness/person.js'
import { until } from '../harness/until.js'
import { farChromium } from './meeting.js'
import { install } from './janus-page.js'
import { writePicture } from './picture.js'
import { NAMES, PATIENCE, QUIET, Scene, TURN, WINDOW } from './scene.js'

const PROGRAM = '/usr/bin/janus'
const LIBRARIES = '/usr/lib'
const ROOM = 'links'
const [API, PAGES] = [8188, 8080]
/** A page that comes from nowhere may speak to an address of a local network. */
const APART = ['--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets']

/** The encodings of our own pages (web/src/client/simulcast.ts), from the smallest, by the names that Janus expects. */
const ENCODINGS = [
  { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 120_000 },
  { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
]
/** What our own pages ask of a camera. */
const CAMERA = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } }
/** Packets lost in a second from which on Janus tells of a slow link, where it does: what its settings name as an example. */
const SLOW = 4
/** The encoding of 360 rows: what a tile of that height asks for. */
const SUBSTREAM = 1

/** The version of what is installed; null where nothing is. */
export function janusVersion() {
  if (!existsSync(PROGRAM) || !modules()) return null
  // It says so, and that it does not know the option.
  const { stdout } = spawnSync(PROGRAM, ['--version'], { encoding: 'utf8' })
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? 'of an unknown version'
}

/** The scene, on Janus. */
export class JanusMeeting extends Scene {
  /** Null where no line can be made or Janus is not installed. `adapts`: the page does something about a slow link. */
  static async open({ adapts = false } = {}) {
    if (!janusVersion()) return null
    const line = await Line.create()
    if (!line) return null
    const meeting = new JanusMeeting()
    return Scene.begin(meeting, line, () => meeting.#begin(adapts))
  }

  async #begin(adapts) {
    const { near, far, address } = this.line
    this.server = await Janus.start(near, address, adapts)
    const picture = join(near.folder, 'picture.y4m')
    writePicture(picture)
    this.senders = await Chromium.start({
      executable: near.program('/usr/bin/chromium'),
      flags: [...QUIET, ...APART, `--use-file-for-fake-video-capture=${picture}`],
    })
    const api = `ws://${address}:${API}/`
    const feeds = []
    for (const [i, name] of NAMES.entries()) {
      const look = { ...LOOKS[i], deviceCamera: true, turn: [i, NAMES.length, TURN] }
      const { page } = await this.#page(this.senders, `http://localhost:${PAGES}`, { name, look })
      const wish = { api, room: ROOM, name, encodings: ENCODINGS, constraints: CAMERA }
      feeds.push(await page.evaluate((all) => window.janus.publish(all), wish))
    }
    const url = `http://${address}:${PAGES}`
    this.receivers = await farChromium(far, url, APART)
    this.receiver = await this.#page(this.receivers, url, { name: '考生', viewport: WINDOW })
    const wish = { api, room: ROOM, feeds, substream: SUBSTREAM, adapts }
    this.mids = await this.receiver.page.evaluate((all) => window.janus.subscribe(all), wish)
    const moves = async () => {
      const entries = await this.receiver.stats('inbound-rtp')
      const shown = (mid) => entries.find((entry) => entry.mid === mid)?.framesDecoded > 0
      return this.mids.every(shown)
    }
    await until('a picture of everybody arrives', moves, {
      look: () => this.receiver.stats('inbound-rtp'),
      ...PATIENCE,
    })
  }

  /** An empty page that comes from this address without a server there. */
  async #page(browser, url, scene) {
    const person = await browser.page(scene)
    await person.page.addInitScript(install)
    const body = '<!doctype html><meta charset="utf-8"><title>Janus</title><body></body>'
    await person.page.route(`${url}/`, (route) => route.fulfill({ contentType: 'text/html', body }))
    await person.page.goto(`${url}/`)
    return person
  }

  /** The media sections of the three tiles. */
  tiles() {
    return this.mids
  }
}

/** A running Janus with its own settings, but for the address, the lite agent, and rooms with names. */
class Janus {
  static async start(near, address, tells) {
    const janus = new Janus()
    janus.folder = mkdtempSync(join(tmpdir(), 'viva-janus-'))
    janus.#configure(address, tells)
    const [command, ...words] = [...near.within, PROGRAM, '--configs-folder', janus.folder]
    janus.process = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [janus.process.stdout, janus.process.stderr])
      stream.on('data', (text) => (said += text))
    await until('Janus listens', async () => near.run('ss', '-ltn').includes(`:${API} `), {
      look: async () => said.slice(-2_000),
    })
    return janus
  }

  #configure(address, tells) {
    const { plugins, transports } = modules()
    for (const name of ['plugins', 'transports', 'events', 'loggers']) mkdirSync(join(this.folder, name))
    // What is not there is not loaded.
    symlinkSync(plugins, join(this.folder, 'plugins', 'libjanus_videoroom.so'))
    symlinkSync(transports, join(this.folder, 'transports', 'libjanus_websockets.so'))
    const folders = ['plugins', 'transports', 'events', 'loggers']
      .map((name) => `\t${name}_folder = "${join(this.folder, name)}"\n`)
      .join('')
    const write = (name, text) => writeFileSync(join(this.folder, name), text)
    write(
      'janus.jcfg',
      `general: {\n\tconfigs_folder = "${this.folder}"\n${folders}\tdebug_level = 3\n\tdebug_colors = false\n` +
        `\tsession_timeout = 0\n}\nnat: {\n\tice_lite = true\n\tice_enforce_list = "${address}"\n}\n` +
        (tells ? `media: {\n\tslowlink_threshold = ${SLOW}\n}\n` : ''),
    )
    write(
      'janus.transport.websockets.jcfg',
      `general: {\n\tws = true\n\tws_port = ${API}\n\tws_ip = "${address}"\n}\n`,
    )
    // As our pages do, silence is not sent.
    write(
      'janus.plugin.videoroom.jcfg',
      `general: {\n\tstring_ids = true\n}\n${ROOM}: {\n\tpublishers = 10\n\tbitrate = 0\n\taudiocodec = "opus"\n` +
        '\tvideocodec = "vp8"\n\topus_dtx = true\n}\n',
    )
  }

  async stop() {
    const gone = new Promise((resolve) => this.process.once('exit', resolve))
    this.process.kill('SIGTERM')
    const impatient = setTimeout(() => this.process.kill('SIGKILL'), 5_000)
    await gone
    clearTimeout(impatient)
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Where the two modules are that are used; null where they are not installed. */
function modules() {
  for (const architecture of readdirSync(LIBRARIES)) {
    const folder = join(LIBRARIES, architecture, 'janus')
    const plugins = join(folder, 'plugins', 'libjanus_videoroom.so')
    const transports = join(folder, 'transports', 'libjanus_websockets.so')
    if (existsSync(plugins) && existsSync(transports)) return { plugins, transports }
  }
  return null
}
