// What somebody presses in a page, and how long it takes, one candidate after another.

/** Counts clicks and keys of the pages that it watches. */
export class Tally {
  #rows = []

  /** Of a page that is nowhere yet. */
  async watch(page) {
    await page.exposeFunction('pressed', (what) => {
      const row = this.#rows.at(-1)
      if (row) row[what] += 1
    })
    await page.addInitScript(() => {
      for (const [event, what] of [
        ['pointerdown', 'clicks'],
        ['keydown', 'keys'],
      ])
        window.addEventListener(event, () => window.pressed(what), { capture: true })
    })
  }

  /** What is pressed from now on is for this one. Those who are not plain are told, and not reckoned with the others. */
  begins(name, { by, plain = true }) {
    this.#rows.push({ name, by, plain, clicks: 0, keys: 0, seconds: 0 })
  }

  /** Does some of the work: from the first press until the page shows what came of it. */
  async times(work) {
    const row = this.#rows.at(-1)
    const from = performance.now()
    await work()
    if (row) row.seconds += (performance.now() - from) / 1000
  }

  /** The most that a plain one has taken of something. */
  most(what) {
    return Math.max(...this.#plain.map((row) => row[what]))
  }

  /** All rows, and what they come to. */
  table() {
    const cells = (row) =>
      [row.name, row.by, row.clicks, row.keys, row.seconds.toFixed(1), row.plain ? '' : '*'].join('\t')
    const sum = (what) =>
      `${what}: median ${this.#median(what).toFixed(1)}, most ${this.most(what).toFixed(1)} of ${this.#plain.length}`
    return [
      'candidate\tby\tclicks\tkeys\tseconds\t(* something special: not in the figures below)',
      ...this.#rows.map(cells),
      ...['clicks', 'keys', 'seconds'].map(sum),
    ].join('\n')
  }

  get #plain() {
    return this.#rows.filter(({ plain }) => plain)
  }

  #median(what) {
    const sorted = this.#plain.map((row) => row[what]).sort((a, b) => a - b)
    const middle = (sorted.length - 1) / 2
    return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2
  }
}
