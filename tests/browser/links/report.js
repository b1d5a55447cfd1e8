// Writes what was measured as docs/benchmarks/bandwidth/browsers.md.
import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release } from 'node:os'
import { QUEUE } from '../harness/line.js'
import { BACK, CONCEALED, misses, MOVES, SECONDS } from './steps.js'

/** One `run` is a receiver on the way through all steps: `{ title, results }`. */
export function report(runs) {
  const part = ({ title, janus, adapts, results }) => {
    const words = adapts ? ADAPTS : JANUS
    return `## ${title}\n\n${janus ? `${words}\n` : ''}${table(results)}\n`
  }
  return `${head(runs.some(({ janus }) => janus))}\n${runs.map(part).join('\n')}`
}

/** What stands above the figures of the other server. */
const JANUS = `Debian's package with its videoroom; the same browsers, pictures, voices and steps, by a page of our own that speaks its API
(tests/browser/links/janus-page.js). Publishers send the same encodings with the same highest rates, their offers ask for
Opus with DTX; the receiver has one connection for all three and asks for the encoding of 360 rows of each
(\`substream: 1\`). Settings: as shipped, but \`ice_lite\`, \`session_timeout = 0\`, rooms with names, \`bitrate = 0\` (no limit),
\`opus_dtx = true\`.

This version asks publishers for what their lines carry. It has no estimate of a receiver's line: it forwards the encoding
that was asked for, and another one where the publisher does not send that (\`fallback\`, after 250 ms). What a receiver's line
cannot carry is left to the page, which can ask for another encoding; this one does not.
`

const ADAPTS = `The same, but Janus tells of slow links (\`slowlink_threshold = 4\`, the example of its settings; as shipped it is 0, which is
off), and the page does what such events are for: for all three it asks for the next smaller encoding when one came within
the last two seconds, no sooner than two seconds after the last change, and for the next larger one after ten seconds
without any.
`

function head(beside) {
  const version = (program) => execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()
  return `# Real browsers behind bad lines

Written by \`make links\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0].model.trim()}, Linux ${release().split('.', 2).join('.')},
load ${loadavg()[1].toFixed(1)}; ${version('/usr/bin/chromium')}, ${version('/usr/bin/firefox-esr')}. Browsers are no simulation: another run gives
other figures.

Three Chromiums with good lines send a camera (VP8 in 180, 360 and 720 rows, 20 pictures a second, with motion and noise) and
a microphone each; they speak in turns of four seconds. One receiver sees them in three tiles of 360 rows, behind a token
bucket with a queue of ${QUEUE} ms that lets so much through to it, Ethernet's headers included. Each step begins with
the change of the rate and counts from there; it lasts ${SECONDS} s. All figures are the receiver's own (getStats).

Aimed at: at 1 Mbit/s all three pictures move (at least ${MOVES} a second), at 300 kbit/s at least one does, less than ${CONCEALED} % of the
sound is made up, ${BACK} s after the line is free again all pictures are whole.

| column | meaning |
|---|---|
| pictures/s, rows | of each tile: decoded on average, and the height at the end |
| still s | of each tile: the longest time without a new picture |
| freezes | as the browser counts them, in all tiles, and how long they took; one that lasts is not counted yet |
| key frames | decoded, of each tile |
| kbit/s | received in all tiles |
| lost | packets of pictures and of sound |
| concealed | sound that the receiver made up; in brackets with that in pauses of speech |
| delay ms | jitter buffers of the pictures (the largest) and of the sound, on average |
| back s | until all three tiles moved in 360 rows again |

[browsers.svg](browsers.svg) shows the course over UDP${beside ? ', with that of Janus; [browsers-adapting.svg](browsers-adapting.svg) that of Janus with a page that adapts' : ''}.
`
}

const COLUMNS = {
  line: ({ step }) => step.name,
  'pictures/s': ({ tiles }) => tiles.map(({ fps }) => fps.toFixed(0)).join(' · '),
  rows: ({ tiles }) => tiles.map(({ height }) => height).join(' · '),
  'still s': ({ tiles }) => tiles.map(({ still }) => still.toFixed(1)).join(' · '),
  freezes: ({ tiles }) => `${total(tiles, 'freezes')} (${total(tiles, 'frozen').toFixed(1)} s)`,
  'key frames': ({ tiles }) => tiles.map(({ keys }) => keys).join(' · '),
  'kbit/s': ({ tiles }) => total(tiles, 'kbits').toFixed(0),
  lost: ({ tiles, sound }) => `${total(tiles, 'lost')} + ${sound.lost}`,
  concealed: ({ sound }) => `${sound.concealed.toFixed(1)} % (${sound.all.toFixed(1)} %)`,
  'delay ms': ({ tiles, sound }) =>
    `${Math.max(...tiles.map(({ delay }) => delay)).toFixed(0)} + ${sound.delay.toFixed(0)}`,
  'back s': ({ step, back }) => (step.back ? (back?.toFixed(1) ?? 'never') : ''),
  missed: (result) => misses(result).join('; ') || '–',
}

/** The results of one receiver, a row each. */
export function table(results) {
  const row = (cells) => `| ${cells.join(' | ')} |`
  const names = Object.keys(COLUMNS)
  return [
    row(names),
    row(names.map(() => '---')),
    ...results.map((result) => row(names.map((name) => COLUMNS[name](result)))),
  ].join('\n')
}

const total = (tiles, key) => tiles.reduce((sum, tile) => sum + tile[key], 0)
