// Through networks that let only some of it pass, a candidate walks the whole path and talks: the quick ones of these.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Line } from '../harness/line.js'
import { until } from '../harness/until.js'
import { NETWORKS } from './networks.js'

const run = promisify(execFile)
const WALK = fileURLToPath(new URL('walk.js', import.meta.url))
const all = process.env.VIVA_DOORS !== undefined

for (const network of NETWORKS.filter(({ quick }) => (all ? !quick : quick))) {
  test(`${network.name}: a candidate walks the whole path and talks, by ${network.way}`, async (t) => {
    const line = await Line.create()
    if (!line) {
      t.skip('NOT TESTED: networks of our own (root, iproute2, nftables) are not permitted here')
      return
    }
    try {
      const { near, far } = line
      for (const [island, address] of [
        [near, 'fd99::1'],
        [far, 'fd99::2'],
      ])
        island.run('ip', 'address', 'add', `${address}/64`, 'dev', 'cable', 'nodad')
      // A browser breaks off what it loads when an address of its machine changes: first all of them are settled.
      const tentative = () =>
        [near, far].map((island) => island.run('ip', '-6', 'address', 'show', 'tentative'))
      await until('the addresses are settled', async () => tentative().join('') === '', {
        look: async () => tentative(),
      })
      const [command, ...before] = near.within
      const words = [...before, process.execPath, WALK, network.name, String(far.holder.pid), far.folder]
      const { stdout } = await run(command, words, {
        timeout: 110_000,
        killSignal: 'SIGTERM',
      })
      const { way, ms, complaints } = JSON.parse(stdout.trim().split('\n').at(-1))
      t.diagnostic(`${way}, ${ms} ms from the first offer to media`)
      assert.equal(way, network.way)
      assert.deepEqual(complaints, [])
    } finally {
      line.close()
    }
  })
}
