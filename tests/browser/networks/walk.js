// Within the near network: a candidate on the far side walks the whole path and talks with the host. Prints what came of it.
import { Candidate } from '../harness/candidate.js'
import { Island } from '../harness/island.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'
import { until } from '../harness/until.js'
import { NETWORKS } from './networks.js'
import { Site } from './site.js'

const [name, browser, pid, folder] = process.argv.slice(2)
const network = NETWORKS.find((known) => known.name === name)
/** Of the candidate. */
const LOOK = LOOKS[2]
const far = new Island({ pid }, folder)

const site = await Site.open(network, far, { browser, look: LOOK })
try {
  const insecure = { ignoreHTTPSErrors: true }
  const host = await Staff.sit(site.near, site.demo.host, {
    name: 'host',
    look: LOOKS[0],
    ...insecure,
  })
  const person = await site.far.page({ look: LOOK, ...insecure })
  const candidate = Candidate.of(site.demo, 0, person)
  await candidate.walk()
  const met = await until('media has a way', async () => site.way(candidate), {
    look: async () => site.demo.server.log.slice(-3_000),
    patience: 30_000,
  })
  await host.interviews(candidate)
  console.log(JSON.stringify({ ...met, complaints: candidate.complaints }))
} finally {
  await site.close()
}
