// Where UDP does not get through, media goes over TCP by itself.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Island } from '../harness/island.js'
import { allMeet, LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'

let island, server, browser, way
before(async () => {
  island = await Island.create()
  if (island && !island.blockUdp()) {
    island.sink()
    island = null
  }
  if (island) {
    way = 'the network drops every UDP packet'
    server = await Server.start({ within: island.within, settings: { media_addresses: '127.0.0.1' } })
    browser = await Chromium.start({ executable: island.program('/usr/bin/chromium') })
  } else {
    way = 'no network of its own is permitted here: Chromium itself keeps from UDP'
    server = await Server.start()
    browser = await Chromium.start({ flags: ['--webrtc-ip-handling-policy=disable_non_proxied_udp'] })
  }
})
after(async () => {
  await browser?.close()
  await server?.stop()
  island?.sink()
})

test('with UDP blocked, two people see and hear each other over ICE-TCP', async (t) => {
  t.diagnostic(way)
  const people = []
  for (const [i, name] of ['考生 甲', '考官 乙'].entries()) {
    people.push(await browser.enter(server, { name, room: 'tcp', look: LOOKS[i] }))
  }
  await allMeet(people, { patience: 25_000 })
  for (const person of people) {
    const { protocol, remote, cipher } = await person.path()
    assert.deepEqual([protocol, remote], ['tcp', 'tcp'])
    assert.match(cipher, /AEAD_AES_256_GCM$/)
  }
})
