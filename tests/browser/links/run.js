// `make links`: every receiver through every step, and the table of it.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Meeting } from './meeting.js'
import { report, table } from './report.js'
import { measure, STEPS } from './steps.js'

const OUT = fileURLToPath(new URL('../../../docs/benchmarks/bandwidth/browsers.md', import.meta.url))

const RECEIVERS = [
  { title: 'Chromium, over UDP', browser: 'chromium', tcp: false },
  { title: 'Chromium, over TCP (no UDP gets through)', browser: 'chromium', tcp: true },
  { title: 'Firefox, over UDP', browser: 'firefox', tcp: false },
  { title: 'Firefox, over TCP (no UDP gets through)', browser: 'firefox', tcp: true },
]

const only = process.argv[2] ?? ''
const runs = []
for (const { title, ...how } of RECEIVERS.filter((receiver) => receiver.title.includes(only))) {
  const meeting = await Meeting.open(how)
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
  runs.push({ title, results })
  console.log(`${title}\n${table(results)}\n`)
  if (!only) writeFileSync(OUT, report(runs))
}
process.exit(0)
