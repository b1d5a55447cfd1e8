// One participant: a page of a real browser in a room, and what can be seen and heard there.
import { until } from './until.js'

/** Colours and tones that survive a codec and are told apart with certainty. */
export const LOOKS = [
  { colour: [200, 40, 40], tone: 500 },
  { colour: [40, 170, 60], tone: 900 },
  { colour: [50, 70, 210], tone: 1500 },
  { colour: [215, 180, 30], tone: 2300 },
]

/** At least so loud is somebody who speaks; silence is below −100. */
const AUDIBLE = -45
const SILENT = -75

/** A page that shows a room, or the way to it. Works the same over Playwright and over Puppeteer. */
export class Person {
  /** `deaf` is one whose browser cannot listen to single tones. */
  constructor(page, { name, look, close, deaf = false }) {
    Object.assign(this, { page, name, look, close, deaf })
    /** What the page has complained of. */
    this.complaints = []
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (line) => line.type() === 'error' && this.complaints.push(line.text()))
  }

  /** The room as this page knows it; null before it is in. */
  room() {
    return this.page.evaluate(() => window.probe.room())
  }

  /** Waits until the seat is taken; gives the room. */
  async entered() {
    const room = await until(`${this.name} is in the room`, () => this.room(), { look: () => this.text() })
    this.id = room.self.participant
    return room
  }

  /** Waits until so many others are there, connected. */
  company(count) {
    return until(
      `${this.name} has ${count} others in the room`,
      async () => {
        const room = await this.room()
        return room?.online && room.participants.filter(({ connected }) => connected).length === count && room
      },
      { look: () => this.room() },
    )
  }

  picture(other) {
    return this.page.evaluate((id) => window.probe.picture(id), other.id)
  }

  hears(...tones) {
    return this.page.evaluate((frequencies) => window.probe.hears(frequencies), tones)
  }

  /** The browser's statistics, of one type or all. */
  async stats(type) {
    const entries = await this.page.evaluate(() => window.probe.stats())
    return type ? entries.filter((entry) => entry.type === type) : entries
  }

  /** The whole visible text. */
  text() {
    return this.page.evaluate(() => document.body.innerText)
  }

  /** Presses the button with this label. */
  press(label) {
    return this.page.click(`button[aria-label="${label}"]`)
  }

  /** Makes somebody's tile the large one. */
  pin(other) {
    return this.press(`放大 ${other.name} 的画面`)
  }

  /** Waits until frames with the other's own colour arrive, one after another. */
  async seesMoving(other, options) {
    const first = await this.seesColour(other, options)
    await until(
      `frames of ${other.name} go on at ${this.name}`,
      async () => (await this.picture(other))?.frames >= first.frames + 5,
      { look: () => this.picture(other), ...options },
    )
  }

  seesColour(other, options) {
    return until(
      `${this.name} sees ${other.name}`,
      async () => {
        const picture = await this.picture(other)
        return picture && isColour(picture.colour, other.look.colour) && picture
      },
      { look: () => this.picture(other), ...options },
    )
  }

  /** The picture of one source of the other: `camera`, `second_camera` or `screen`; null without one. */
  source(other, source) {
    const tile = `[data-participant="${other.id}"][data-source="${source}"]`
    return this.page.evaluate((part) => window.probe.shown(part), tile)
  }

  /** Waits until frames of this colour arrive from one source of the other, one after another. */
  async seesSource(other, source, colour, options) {
    let first = null
    return until(
      `${this.name} sees the ${source} of ${other.name}`,
      async () => {
        const picture = await this.source(other, source)
        if (!picture || !isColour(picture.colour, colour)) return false
        first ??= picture.frames
        return picture.frames >= first + 3 && picture
      },
      { look: () => this.source(other, source), ...options },
    )
  }

  /** Waits until nothing of this source is shown or to be had. */
  seesNothingFrom(other, source, options) {
    return until(
      `${this.name} sees no ${source} of ${other.name}`,
      async () => (await this.page.locator(`[data-source="${source}"]`).count()) === 0,
      { look: () => this.room(), ...options },
    )
  }

  /** Whether this picture is the largest on the page. */
  isLargest(other, source) {
    return this.page.evaluate(
      ([id, from]) => {
        const area = (tile) => tile.getBoundingClientRect().width * tile.getBoundingClientRect().height
        const tiles = [...document.querySelectorAll('[data-participant]')].sort((a, b) => area(b) - area(a))
        return tiles[0]?.dataset.participant === id && tiles[0].dataset.source === from
      },
      [other.id, source],
    )
  }

  hearsTone(other, options) {
    if (this.deaf) return this.#hearsEnergy(other, options)
    return until(
      `${this.name} hears ${other.name}`,
      async () => (await this.hears(other.look.tone))[0] > AUDIBLE,
      { look: () => this.hears(other.look.tone), ...options },
    )
  }

  /** Sound is known by its energy in the other's slot. */
  async #hearsEnergy(other, options) {
    const energy = async () => {
      const mid = await this.slot(other, 'microphone')
      return mid === null ? 0 : this.page.evaluate((slot) => window.probe.energy(slot), mid)
    }
    const before = await energy()
    // Some half a second of a tone at a quarter of full scale; silence adds nothing.
    await until(`${this.name} hears ${other.name}`, async () => (await energy()) > before + 0.01, {
      look: energy,
      ...options,
    })
  }

  hearsNothingOf(other, options) {
    return until(
      `${this.name} hears nothing of ${other.name}`,
      async () => (await this.hears(other.look.tone))[0] < SILENT,
      { look: () => this.hears(other.look.tone), ...options },
    )
  }

  /** Picture and sound of the other. */
  async meets(other, options) {
    await this.seesMoving(other, options)
    await this.hearsTone(other, options)
  }

  /** The media section through which something of the other comes. */
  async slot(other, source) {
    const room = await this.room()
    const publication = room.publications.find((p) => p.participant === other.id && p.source === source)
    return Object.keys(room.slots).find((mid) => room.slots[mid] === publication?.id) ?? null
  }

  /** Statistics of the video that shows the other, by the slot it fills. */
  async video(other) {
    const mid = await this.slot(other, 'camera')
    const entries = await this.stats()
    const inbound = entries.find(
      (entry) => entry.type === 'inbound-rtp' && entry.kind === 'video' && entry.mid === mid,
    )
    return inbound ? { ...inbound, codec: entries.find(({ id }) => id === inbound.codecId)?.mimeType } : null
  }

  /** `{ protocol, remote, cipher }` of the path that the media takes. */
  async path() {
    const entries = await this.stats()
    const byId = (id) => entries.find((entry) => entry.id === id)
    const transport = entries.find(({ type }) => type === 'transport')
    const pair =
      byId(transport?.selectedCandidatePairId) ??
      entries.find((e) => e.type === 'candidate-pair' && e.selected)
    return {
      cipher: transport?.srtpCipher,
      protocol: byId(pair?.localCandidateId)?.protocol,
      remote: byId(pair?.remoteCandidateId)?.protocol,
    }
  }
}

/** Near enough after a codec at a low rate and another matrix of colours; no two of the looks are as near. */
export function isColour(seen, meant) {
  return seen.every((value, channel) => Math.abs(value - meant[channel]) < 55)
}

/** Everybody sees and hears everybody else. */
export async function allMeet(people, options) {
  for (const person of people) {
    for (const other of people) if (other !== person) await person.meets(other, options)
  }
}
