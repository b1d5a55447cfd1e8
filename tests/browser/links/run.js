// `make links`: every receiver through every step, the table of it, and drawings beside Janus where that is installed.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { JanusMeeting, janusVersion } from './janus.js'
import { Meeting } from './meeting.js'
import { plot } from './plot.js'
import { report, table } from './report.js'
import { measure, STEPS } from './steps.js'

const OUT = fileURLToPath(new URL('../../../docs/benchmarks/bandwidth/', import.meta.url))
const JANUS = janusVersion()

const RECEIVERS = [
  { title: 'Chromium, over UDP', browser: 'chromium', tcp: false },
  ...(JANUS ? onJanus(`Chromium, over UDP, on Janus ${JANUS}`) : []),
  { title: 'Chromium, over TCP (no UDP gets through)', browser: 'chromium', tcp: true },
  { title: 'Firefox, over UDP', browser: 'firefox', tcp: false },
  { title: 'Firefox, over TCP (no UDP gets through)', browser: 'firefox', tcp: true },
]

/** As it is, and with a page that asks for what passes. */
function onJanus(title) {
  const how = { janus: true, tcp: false }
  return [
    { ...how, title, adapts: false },
    { ...how, title: `${title}, with a page that adapts`, adapts: true },
  ]
}

const only = process.argv[2] ?? ''
if (!JANUS) console.error('NOT MEASURED: Janus is not installed (apt-get install janus)')
const runs = []
for (const { title, janus, ...how } of RECEIVERS.filter((receiver) => receiver.title.includes(only))) {
  const meeting = await (janus ? JanusMeeting : Meeting).open(how)
  if (!meeting) {
    console.error(
      'NOT MEASURED: networks with a token bucket (root, iproute2, nftables, namespaces) are not permitted here',
    )
    process.exit(1)
  }
  const results = []
  try {
    const { protocol } = await meeting.receiver.path()
    if ((protocol === 'tcp') !== how.tcp) throw new Error(`${title}: media goes over ${protocol}`)
    // The estimate has found the free line.
    await meeting.watch(8)
    for (const step of STEPS) results.push(await measure(meeting, step))
  } finally {
    await meeting.close()
  }
  runs.push({ title, janus, adapts: how.adapts, results })
  console.log(`${title}\n${table(results)}\n`)
  if (!only) write()
}
process.exit(0)

/** Writes what is known so far: a run that breaks off leaves what it has measured. */
function write() {
  writeFileSync(`${OUT}browsers.md`, report(runs))
  const ours = runs.find(({ janus }) => !janus)
  const draw = (file, peer, title) => {
    const others = peer ? [{ title, results: peer.results }] : []
    const drawing = plot(`${ours.title}, behind a token bucket`, [
      { title: 'Viva', results: ours.results },
      ...others,
    ])
    writeFileSync(`${OUT}${file}.svg`, drawing)
  }
  const peer = (adapting) => runs.find(({ janus, adapts }) => janus && adapts === adapting)
  draw('browsers', peer(false), `Janus ${JANUS}`)
  if (peer(true)) draw('browsers-adapting', peer(true), `Janus ${JANUS}, adapting page`)
}
