// An interview from the first call to the confirmed result: what each seat sees and hears follows the stage, scores stay
// hidden until all are in, and a server that is killed in the middle loses nothing.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'
import { until } from '../harness/until.js'

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

const staff = (link, name, look) => Staff.sit(browser, link, { name, look })

async function candidate(index, look) {
  const walking = Candidate.of(demo, index, await browser.page({ look, fps: 8 }))
  await walking.walk()
  return walking
}

/** Waits until nothing of the other is to be had, neither picture nor sound. */
async function nothingOf(person, other) {
  await until(
    `${person.name} is offered nothing of ${other.name}`,
    async () => !(await person.room()).publications.some(({ participant }) => participant === other.id),
    { look: () => person.room() },
  )
  await person.hearsNothingOf(other)
}

async function score(examiner, points) {
  for (const name of ['专业知识', '综合素质', '外语能力'])
    await examiner.page.getByLabel(name, { exact: true }).fill(points)
  await examiner.button('提交评分').click()
  await examiner.page.getByRole('alertdialog').getByRole('button', { name: '提交评分' }).click()
  await examiner.page.getByText(/已于 .* 提交/).waitFor()
}

test('two candidates are led through all stages', async () => {
  const host = await staff(demo.host, 'host', LOOKS[0])
  const first = await staff(demo.examiners[0], 'examiner 1', LOOKS[1])
  const [a, b] = [await candidate(0, LOOKS[2]), await candidate(1, LOOKS[3])]
  const peers = await a.page.evaluate(() => window.probe.peers())

  // Waiting: nobody hears anybody of the other side.
  for (const person of [a, b]) await nothingOf(person, first)
  await nothingOf(first, a)
  await host.button(/^叫入下一位/).click()

  // Briefing: the panel is seen and heard by all; candidates are seen, not heard.
  await host.stage('宣讲')
  for (const person of [a, b]) await person.meets(first)
  for (const person of [a, b]) {
    await first.seesColour(person)
    await first.hearsNothingOf(person)
  }
  await nothingOf(a, b)

  // Interview: the current candidate and the panel have each other; the other candidate has nobody.
  await host.stage('面谈')
  await a.meets(first)
  await first.meets(a)
  for (const other of [host, first, a]) await nothingOf(b, other)
  await nothingOf(first, b)
  await nothingOf(a, b)

  // Scores: hidden until all three are in.
  await score(first, '80')
  const second = await staff(demo.examiners[1], 'examiner 2', LOOKS[3])
  assert.equal(await second.page.getByText('其他考官的评分').count(), 0)
  await score(second, '90')
  assert.equal(await first.page.getByText('其他考官的评分').count(), 0)
  await host.page.getByRole('tab', { name: '评分成绩' }).click()
  await host.page.getByText('全部提交后可见').first().waitFor()
  await second.page.goto(demo.examiners[2].replace('#', '?auto#'))
  await second.entered()
  await score(second, '70')
  await first.page.getByText('其他考官的评分').waitFor()

  // Deliberation: the candidate is cut off both ways at once, without any new connection.
  await host.stage('评议', '断开并进入')
  await nothingOf(a, first)
  await nothingOf(first, a)
  await host.hearsTone(first)
  assert.equal(await a.page.evaluate(() => window.probe.peers()), peers, 'no new peer connection')

  // Announcement and confirmation: heard, then confirmed once, for good.
  await host.stage('公布')
  await a.meets(first)
  await host.page.getByRole('button', { name: '公布成绩' }).first().click()
  const dialog = host.page.getByRole('alertdialog')
  await dialog.getByText('拟录取', { exact: true }).click()
  await dialog.getByRole('button', { name: '公布成绩' }).click()
  await a.page.getByText('拟录取').first().waitFor()
  await host.stage('成绩确认')
  await a.button('确认面谈结果').first().click()
  await a.page.getByRole('alertdialog').getByRole('button', { name: '确认面谈结果' }).click()
  await a.page.getByText(/您已于 .* 确认面谈结果/).waitFor()
  await host.page.getByText(/考生已于 .* 确认/).waitFor()

  // The server is killed: everybody is back by themselves, and what was answered is still there.
  await demo.server.end('SIGKILL')
  await demo.server.run()
  for (const person of [host, first, a]) {
    await until(`${person.name} is back`, async () => (await person.room())?.online, {
      patience: 30_000,
      look: () => person.text(),
    })
    person.id = (await person.room()).self.participant
  }
  assert.equal(await host.current(), '成绩确认')
  await a.meets(first, { patience: 30_000 })
  await a.page.getByText(/您已于 .* 确认面谈结果/).waitFor()
  assert.equal(await a.button('确认面谈结果').count(), 0, 'nothing is left to confirm')
  await host.page.getByText(/考生已于 .* 确认/).waitFor()

  await host.stage('结束', '结束面谈')
  await a.page.getByText('面谈已结束').first().waitFor()
  await b.page.getByText('面谈已结束').first().waitFor()
  for (const person of [host, first, second, a, b]) await person.close()
})
