// The wall of a patrol: twelve rooms at a glance, one of them large and heard, and nobody in the rooms knows of it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Demo } from '../harness/demo.js'
import { isColour, LOOKS } from '../harness/person.js'
import { until } from '../harness/until.js'

const ROOMS = 12
const PASSWORD = 'a password for the test'
const WALL = { viewport: { width: 1440, height: 900 } }
/** Louder than this is heard, softer is not; as in the harness. */
const [AUDIBLE, SILENT] = [-45, -75]
/** The lowest layer of a camera of 1280 by 720. */
const LOW = 180
/** Connections of twelve rooms are set up one after another. */
const SLOW = { patience: 30_000 }

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** An interview with a host and a patrol, who each have an account. */
async function room(number) {
  const stage = (name, kind) => ({ name, kind, minutes: null })
  const { id } = await demo.post('/api/admin/interviews', {
    name: `复试 · 第 ${number} 考场`,
    opens_at: Date.now() - 60_000,
    closes_at: Date.now() + 3_600_000,
    stages: [stage('候考', 'waiting'), stage('面谈', 'interview'), stage('结束', 'end')],
    criteria: [],
  })
  const seat = (account, name, role) =>
    demo.post(`/api/admin/interviews/${id}/staff`, { account, name, role })
  const [host, patrol] = [
    await seat('hosts', `主持 ${number}`, 'host'),
    await seat('patrol', '周巡考', 'patrol'),
  ]
  return { host: host.seat, patrol: patrol.seat }
}

/** A host in their room, who sends from there. */
async function host(seat, name, look) {
  const person = await browser.page({ name, look, fps: 6, viewport: { width: 1280, height: 800 } })
  const answer = await person.page.context().request.post(`${demo.server.url}/api/session`, {
    headers: { 'x-viva': '1' },
    data: { account: 'hosts', password: PASSWORD },
  })
  assert.ok(answer.ok())
  await person.page.goto(`${demo.server.url}/host/${seat}?auto`)
  await person.entered()
  return person
}

test('twelve rooms are watched, turned over, looked at closely', async () => {
  for (const [account, name] of [
    ['hosts', '主持'],
    ['patrol', '周巡考'],
  ]) {
    await demo.post('/api/admin/accounts', { account, name, password: PASSWORD, administrator: false })
  }
  const rooms = []
  for (let number = 1; number <= ROOMS; number++) rooms.push(await room(number))
  const hosts = []
  for (const index of [0, 1, 2]) hosts.push(await host(rooms[index].host, `主持 ${index + 1}`, LOOKS[index]))

  // The wall, after signing in.
  const person = await browser.page({ name: 'patrol', look: LOOKS[3], ...WALL })
  const { page } = person
  const button = (name) => page.getByRole('button', { name })
  const peers = () => page.evaluate(() => window.probe.peers())
  const shown = (part) => page.evaluate((selector) => window.probe.shown(selector), part)
  const plays = async ({ look }) =>
    (await page.evaluate((tones) => window.probe.plays(tones), [look.tone]))[0]
  const cell = (index) => `[data-seat="${rooms[index].patrol}"]`
  const sees = (part, { name, look }) =>
    until(
      `the patrol sees ${name} in ${part}`,
      async () => {
        const picture = await shown(part)
        return picture && isColour(picture.colour, look.colour) && picture
      },
      { ...SLOW, look: () => shown(part) },
    )
  await page.goto(`${demo.server.url}/patrol`)
  await page.getByLabel('账号', { exact: true }).fill('patrol')
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD)
  await button('登录').click()
  await page.waitForURL('**/patrol')
  await until(
    'twelve rooms are on the wall',
    async () => (await page.locator('[data-seat]').count()) === ROOMS,
  )

  // Three have pictures, as small as they can be once that layer's key frame is there; the others say that they have none.
  for (const [index, other] of hosts.entries()) {
    const small = async () => (await sees(cell(index), other)).height <= LOW
    await until(`${other.name} is small`, small, { ...SLOW, look: () => shown(cell(index)) })
  }
  const quiet = page.locator('[data-seat]').filter({ hasText: '暂无画面' })
  await until('nine rooms have no picture', async () => (await quiet.count()) === ROOMS - hosts.length, SLOW)
  const connected = await peers()
  assert.equal(connected, ROOMS, 'one connection a room')
  for (const other of hosts) assert.ok((await plays(other)) < SILENT, 'a wall makes no sound')

  // Six a page, to the next page and back: all connections stay.
  const count = () => page.locator('[data-seat]').count()
  await page.getByRole('radio', { name: '6', exact: true }).click()
  await until('six rooms are on a page', async () => (await count()) === 6)
  await button('下一页').click()
  await page.getByText('2 / 2').waitFor()
  await until('no picture is on the second page', async () => (await quiet.count()) === 6)
  await button('上一页').click()
  for (const [index, other] of hosts.entries()) await sees(cell(index), other)
  assert.equal(await peers(), connected, 'no new peer connection')

  // One room large, and heard; the others are not.
  const [first, second] = hosts
  await page.locator(cell(0)).click()
  const large = page.getByRole('dialog')
  await large.getByRole('heading', { name: '复试 · 第 1 考场' }).waitFor()
  const tile = `[role="dialog"] [data-participant="${first.id}"]`
  await until('the large picture is sharper', async () => (await sees(tile, first)).height > LOW, {
    ...SLOW,
    look: () => shown(tile),
  })
  await until('the room is heard', async () => (await plays(first)) > AUDIBLE, { look: () => plays(first) })
  // Where a tone sets in, there is a little of all frequencies for a moment.
  await until('only this room is heard', async () => (await plays(second)) < SILENT, {
    look: async () => [await plays(second), await plays(first)],
  })

  // An incident is noted, and the host reads it; of the patrol itself the host sees nothing.
  await large.getByPlaceholder('发生了什么').fill('考场灯光昏暗')
  await large.getByRole('button', { name: '记录异常' }).click()
  await large.getByRole('listitem').filter({ hasText: '考场灯光昏暗' }).waitFor()
  await first.page.getByRole('tab', { name: '异常记录' }).click()
  await first.page.getByRole('listitem').filter({ hasText: '考场灯光昏暗' }).waitFor()
  const { participants } = await first.room()
  assert.deepEqual(
    participants.filter(({ id }) => id !== first.id),
    [],
    'the host is alone',
  )
  await first.page.getByRole('tab', { name: '消息' }).click()
  assert.doesNotMatch(await first.text(), /巡考/)

  // Back at the wall it is quiet again.
  await page.keyboard.press('Escape')
  await large.waitFor({ state: 'hidden' })
  await until('the wall makes no sound', async () => (await plays(first)) < SILENT, {
    look: () => plays(first),
  })
  assert.equal(await peers(), connected, 'no new peer connection')
  for (const one of [...hosts, person]) await one.close()
})
