// A server that speaks HTTPS itself: pages come by HTTP/2, the WebSocket and media as ever.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { certify, fingerprint } from '../harness/certificate.js'
import { allMeet, LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'

let folder, server, browser
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viva-tls-'))
  const { certificate, key } = certify(folder, ['DNS:localhost'])
  server = await Server.start({ settings: { tls_certificate: certificate, tls_key: key } })
  // Trusted by its key, as one of a known authority is by its name: the service worker asks for that, too.
  const trusted = fingerprint(certificate)
  browser = await Chromium.start({ flags: [`--ignore-certificate-errors-spki-list=${trusted}`] })
})
after(async () => {
  await browser?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('two people meet, and every page and file of theirs came by HTTP/2', async () => {
  const people = []
  for (const [i, name] of ['考生 甲', '考官 乙'].entries()) {
    people.push(await browser.enter(server, { name, room: 'tls', look: LOOKS[i] }))
  }
  await Promise.all(people.map((person) => person.company(1)))
  await allMeet(people)
  for (const person of people) {
    const protocols = await person.page.evaluate(() =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(
        ({ nextHopProtocol }) => nextHopProtocol,
      ),
    )
    // What the browser has kept already came by nothing.
    const came = protocols.filter((protocol) => protocol !== '')
    assert.ok(came.length > 3, 'a page and its files')
    assert.deepEqual(new Set(came), new Set(['h2']))
    assert.deepEqual(person.complaints, [])
    await person.close()
  }
})
