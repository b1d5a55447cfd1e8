// What every scene behind a line has: a line, one receiver behind it, three tiles, and looks at them.
import { look } from './figures.js'

/** Those who send; they speak in turns. */
export const NAMES = ['考官 甲', '考官 乙', '考官 丙']
/** Of one who speaks, in seconds. */
export const TURN = 4
/** In a window of this size each of three tiles wants 360 lines. */
export const WINDOW = { width: 1280, height: 800 }
export const PATIENCE = { patience: 40_000 }

/** Flags of a Chromium that does nothing by itself. */
export const QUIET = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** Between two looks at the statistics, in milliseconds. */
const PAUSE = 500

/** A subclass makes `line`, `receiver` and what stands behind them. */
export class Scene {
  /** Begins a scene on a line; whatever stands by then is cleared away where that fails. */
  static async begin(scene, line, begin) {
    scene.line = line
    try {
      await begin()
      return scene
    } catch (error) {
      await scene.close()
      throw error
    }
  }

  /** Looks at the receiver's statistics again and again, for so many seconds or until `enough` of them. */
  async watch(seconds, enough = () => false) {
    const looks = [await this.#look()]
    while (looks.at(-1).at - looks[0].at < seconds && !enough(looks)) {
      await new Promise((next) => setTimeout(next, PAUSE))
      looks.push(await this.#look())
    }
    return looks
  }

  async #look() {
    const waiting = this.line.waiting()
    return { ...(await look(this.receiver)), waiting }
  }

  async close() {
    await this.receivers?.close()
    await this.senders?.close()
    await this.server?.stop()
    this.line.close()
  }
}
