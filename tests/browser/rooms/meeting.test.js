// Three people in one room see and hear each other, and nobody else's picture or sound.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { allMeet, LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'

let server, browser
before(async () => {
  server = await Server.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('three participants see and hear each other, sealed by AES-256-GCM', async () => {
  const people = []
  for (const [i, name] of ['考生 甲', '考官 乙', '考官 丙'].entries()) {
    people.push(await browser.enter(server, { name, room: 'three', look: LOOKS[i] }))
  }
  await Promise.all(people.map((person) => person.company(2)))
  await allMeet(people)
  for (const person of people) {
    assert.match((await person.path()).cipher, /\bAEAD_AES_256_GCM$|_AEAD_AES_256_GCM$/)
    for (const other of people.filter((candidate) => candidate !== person)) {
      const before = await person.video(other)
      assert.ok(before.framesDecoded > 0, 'frames are decoded')
    }
    const [own] = await person.hears(person.look.tone)
    assert.ok(own < -60, `nobody hears themselves: ${own} dB`)
    assert.deepEqual(person.complaints, [])
  }
  // Who goes is soon no longer seen: all of them stay until everybody has looked.
  await Promise.all(people.map((person) => person.close()))
})
