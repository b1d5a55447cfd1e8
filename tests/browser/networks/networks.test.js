// Through networks that let only some of it pass, a candidate walks the whole path and talks.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Line } from '../harness/line.js'
import { until } from '../harness/until.js'
import { BROWSERS, NAME, NEAR, NETWORKS } from './networks.js'

const run = promisify(execFile)
const WALK = fileURLToPath(new URL('walk.js', import.meta.url))
/** The far side's address of IPv6; those of IPv4 come with the line. */
const FAR = 'fd99::2'
/** The quick ones, or by `make doors` the others. */
const all = process.env.VIVA_DOORS !== undefined

for (const browser of BROWSERS) {
  for (const network of NETWORKS) {
    if ((network.quick ?? []).includes(browser) === all) continue
    const ways = [network.way, network.or?.[browser] ?? []].flat()
    const by = ways.join(' or ')
    test(`${network.name}: a candidate in ${browser} walks the whole path and talks, by ${by}`, async (t) => {
      const line = await Line.create()
      if (!line) {
        t.skip('NOT TESTED: networks of our own (root, iproute2, nftables) are not permitted here')
        return
      }
      try {
        await addressed(line)
        const { way, ms, complaints } = await walked(line, network, browser)
        t.diagnostic(`${way}, ${ms} ms from the first offer to media`)
        assert.ok(ways.includes(way), `by ${way}`)
        assert.deepEqual(complaints, [])
      } finally {
        line.close()
      }
    })
  }
}

/** Gives both sides their addresses of IPv6. */
async function addressed({ near, far }) {
  for (const [island, address] of [
    [near, NEAR.v6],
    [far, FAR],
  ])
    island.run('ip', 'address', 'add', `${address}/64`, 'dev', 'cable', 'nodad')
  // A browser breaks off what it loads when an address of its machine changes: first all of them are settled.
  const tentative = () => [near, far].map((island) => island.run('ip', '-6', 'address', 'show', 'tentative'))
  await until('the addresses are settled', async () => tentative().join('') === '', {
    look: async () => tentative(),
  })
}

/** What came of the walk, within the near network. */
async function walked({ near, far }, network, browser) {
  const [command, ...before] = near.naming({ [NAME]: network.ipv6 ? NEAR.v6 : NEAR.v4 })
  const words = [network.name, browser, String(far.holder.pid), far.folder]
  const { stdout } = await run(command, [...before, process.execPath, WALK, ...words], {
    timeout: 110_000,
    killSignal: 'SIGTERM',
  })
  return JSON.parse(stdout.trim().split('\n').at(-1))
}
