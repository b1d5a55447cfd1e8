// People come back by themselves: after a reload into the same seat, after a crash or a restart of the server into the same room.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { allMeet, LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'
import { until } from '../harness/until.js'

let server, browser
before(async () => {
  server = await Server.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

async function pair(room) {
  const people = []
  for (const [i, name] of ['考生 甲', '考官 乙'].entries()) {
    people.push(await browser.enter(server, { name, room, look: LOOKS[i] }))
  }
  await allMeet(people)
  return people
}

test('a reloaded page takes its own seat again, and nobody new is seen', async () => {
  const [candidate, examiner] = await pair('reload')
  const seat = candidate.id
  // Everyone whom the examiner's page ever showed.
  await examiner.page.evaluate(() => {
    window.everSeen = new Set()
    const note = () => {
      for (const { id } of window.viva.client.state.value.room.participants) window.everSeen.add(id)
    }
    note()
    window.viva.client.state.watch(note)
  })
  await candidate.page.reload()
  const room = await candidate.entered()
  assert.equal(candidate.id, seat, 'the same seat')
  assert.deepEqual(
    room.participants.map(({ id }) => id),
    [examiner.id],
  )
  await allMeet([candidate, examiner])
  assert.deepEqual(await examiner.page.evaluate(() => [...window.everSeen]), [seat])
  for (const person of [candidate, examiner]) await person.close()
})

for (const [signal, what] of [
  ['SIGKILL', 'a crash'],
  ['SIGTERM', 'a restart'],
]) {
  test(`after ${what} of the server everybody comes back without a hand on the keyboard`, async (t) => {
    const people = await pair(what)
    await server.end(signal)
    await until('the page says so', async () => (await people[0].text()).includes('正在重新连接'))
    await server.run()
    const ready = performance.now()
    for (const person of people) {
      await until(
        `${person.name} is back`,
        async () => {
          const room = await person.room()
          person.id = room?.self.participant
          return room?.online && room.media && room.participants.length === 1
        },
        { patience: 25_000, look: () => person.room() },
      )
    }
    await allMeet(people)
    t.diagnostic(`media flows ${Math.round(performance.now() - ready)} ms after the server is ready again`)
    for (const person of people) {
      assert.ok(!(await person.text()).includes('正在重新连接'), 'the banner is gone')
      await person.close()
    }
  })
}
