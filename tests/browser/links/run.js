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
  ...(JANUS ? [{ title: `Chromium, over UDP, on Janus ${JANUS}`, janus: true, tcp: false }] : []),
  { title: 'Chromium, over TCP (no UDP gets through)', browser: 'chromium', tcp: true },
  { title: 'Firefox, over UDP', browser: 'firefox', tcp: false },
  { title: 'Firefox, over TCP (no UDP gets through)', browser: 'firefox', tcp: true },
]

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
  runs.push({ title, janus, results })
  console.log(`${title}\n${table(results)}\n`)
  if (!only) write()
}
process.exit(0)

/** Writes what is known so far: a run that breaks off leaves what it has measured. */
function write() {
  writeFileSync(`${OUT}browsers.md`, report(runs))
  const [ours, peer] = [runs.find(({ janus }) => !janus), runs.find(({ janus }) => janus)]
  const drawn = [{ title: 'Viva', results: ours.results }]
  if (peer) drawn.push({ title: `Janus ${JANUS}`, results: peer.results })
  writeFileSync(`${OUT}browsers.svg`, plot(`${ours.title}, behind a token bucket`, drawn))
}
