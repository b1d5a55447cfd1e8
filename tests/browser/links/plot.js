// Draws how receivers fared on the way through all steps, one below the other: rates, tiles, waits.

const [WIDTH, LEFT, RIGHT] = [840, 64, 16]
const BAR = 13

const STYLE = `svg{background:#fff;font:12px sans-serif;--ink:#333;--grid:#ddd}
text{fill:var(--ink)}path{fill:none;stroke-linejoin:round}.grid{stroke:var(--grid)}.rate{stroke:#888;stroke-width:2}
.first{stroke:#1668c7;stroke-width:1.5}.second{stroke:#d2691e;stroke-width:1.5}
.rows180{fill:#b9dcc0}.rows360{fill:#57ab6a}.rows720{fill:#1b6b34}
@media(prefers-color-scheme:dark){svg{background:#181a1b;--ink:#ccc;--grid:#383b3d}}`
const CLASSES = ['first', 'second']

/** Up to two runs, `{ title, results }`, whose steps are the same. */
export function plot(heading, runs) {
  const courses = runs.map(({ results }) => joined(results))
  const end = Math.max(...courses.flatMap(({ points }) => points.map(({ at }) => at)))
  const x = (at) => LEFT + (at / end) * (WIDTH - LEFT - RIGHT)
  const out = []
  const text = (left, y, words, anchor = 'start') =>
    out.push(`<text x="${round(left)}" y="${y}" text-anchor="${anchor}">${words}</text>`)
  const line = (kind, d) => out.push(`<path class="${kind}" d="${d}"/>`)

  text(0, 16, heading)
  runs.forEach(({ title }, i) => {
    line(CLASSES[i], `M${LEFT + i * 250} 32h24`)
    text(LEFT + 30 + i * 250, 36, title)
  })
  line('rate', `M${LEFT + 500} 32h24`)
  text(LEFT + 530, 36, 'the line (where it is not free)')

  let top = 62
  /** A panel with an axis of its own. */
  const panel = (name, height, most, value, rates = []) => {
    text(0, top - 8, name)
    const y = (amount) => round(top + height - (Math.min(amount, most) / most) * height)
    for (const amount of [0, most / 2, most]) {
      line('grid', `M${LEFT} ${y(amount)}H${WIDTH - RIGHT}`)
      text(LEFT - 8, y(amount) + 4, String(amount), 'end')
    }
    for (const { from, until, rate } of rates)
      line('rate', `M${round(x(from))} ${y(rate)}H${round(x(until))}`)
    courses.forEach(({ points }, i) => {
      const places = points.map((point) => `${round(x(point.at))} ${y(value(point))}`)
      line(CLASSES[i], `M${places.join('L')}`)
    })
    top += height + 34
  }

  const rates = courses[0].steps.filter(({ rate }) => rate !== null)
  const most = ceiling(courses, ({ kbits }) => kbits, 500)
  panel('received, kbit/s', 150, Math.max(most, 1500), ({ kbits }) => kbits, rates)
  for (const [i, { points }] of courses.entries()) {
    text(
      0,
      top - 8,
      `${runs[i].title}: tiles; light 180, dark 360 rows; white: fewer than two pictures a second`,
    )
    for (const tile of [0, 1, 2]) {
      for (const { from, until, rows } of bars(points, tile))
        out.push(
          `<rect class="rows${rows}" x="${round(x(from))}" y="${top}" width="${round(x(until) - x(from))}" height="${BAR - 3}"/>`,
        )
      top += BAR
    }
    top += 32
  }
  panel('pictures a second, of the three tiles together', 80, 60, ({ tiles }) =>
    tiles.reduce((sum, { fps }) => sum + fps, 0),
  )
  panel(
    'wait before the line, ms',
    80,
    ceiling(courses, ({ waiting }) => waiting, 100),
    ({ waiting }) => waiting,
  )
  panel(
    'jitter buffer of the sound, ms',
    80,
    ceiling(courses, ({ delay }) => delay, 200),
    ({ delay }) => delay,
  )
  for (const { from, name } of courses[0].steps) {
    line('grid', `M${round(x(from))} 44V${top - 20}`)
    text(x(from) + 3, top - 4, name)
  }
  for (let second = 0; second <= end; second += 20) text(x(second), top + 14, `${second} s`, 'middle')
  const size = `viewBox="0 0 ${WIDTH} ${top + 24}" role="img" aria-label="${heading}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n<style>${STYLE}</style>\n${out.join('\n')}\n</svg>\n`
}

/** The steps one after another, and all that was seen in them. */
function joined(results) {
  const [steps, points] = [[], []]
  let from = 0
  for (const { step, course } of results) {
    points.push(...course.map((point) => ({ ...point, at: from + point.at })))
    const until = points.at(-1).at
    steps.push({ name: step.name, rate: step.rate, from, until })
    from = until
  }
  return { steps, points }
}

/** When one tile moved in pictures of one height. */
function bars(points, tile) {
  const bars = []
  let before = 0
  for (const { at, tiles } of points) {
    const { fps, rows } = tiles[tile]
    const last = bars.at(-1)
    if (fps >= 2 && last?.until === before && last.rows === rows) last.until = at
    else if (fps >= 2) bars.push({ from: before, until: at, rows })
    before = at
  }
  return bars
}

/** The end of an axis that has room for everything. */
function ceiling(courses, value, step) {
  const most = Math.max(...courses.flatMap(({ points }) => points.map(value)))
  return Math.max(1, Math.ceil(most / step)) * step
}

const round = (value) => Math.round(value * 10) / 10
