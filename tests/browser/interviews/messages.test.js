// Messages: between a candidate and the staff, to all, among the panel alone; over reloads, lost answers and a server that
// is killed; shown as text, whatever they look like.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'
import { until } from '../harness/until.js'

/** Frames a second: nobody looks at pictures here, and every one costs. */
const FPS = 1
/** Characters of one line that the server takes. */
const LONGEST = 2000
/** Milliseconds: between the clocks of two processes of one machine. */
const NOW = 120_000

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** A candidate in the waiting room, whose messages can be read and written. */
async function candidate(index, look, prepare = async () => undefined) {
  const person = Candidate.of(demo, index, await browser.page({ look, fps: FPS }))
  await prepare(person.page)
  await person.arrives()
  const { page } = person
  return Object.assign(person, {
    history: page.getByRole('log', { name: '消息记录' }),
    field: page.getByRole('textbox', { name: '消息内容' }),
    send: page.getByRole('button', { name: '发送', exact: true }),
    reads: (text) => page.getByRole('log', { name: '消息记录' }).getByText(text, { exact: true }).waitFor(),
  })
}

/** Lets the server's answer to the next command get lost, together with the connection. */
function forgetful() {
  const line = { losing: false, lost: 0 }
  line.prepare = (page) =>
    page.routeWebSocket(/\/ws$/, (socket) => {
      const server = socket.connectToServer()
      let command = null
      socket.onMessage((message) => {
        const { id, type } = JSON.parse(message)
        if (type === 'act') command = id
        server.send(message)
      })
      server.onMessage((message) => {
        const { re } = JSON.parse(message)
        if (line.losing && command !== null && re === command) {
          line.losing = false
          line.lost += 1
          void server.close()
          void socket.close()
        } else {
          socket.send(message)
        }
      })
    })
  return line
}

const times = async (place, text) => place.getByText(text, { exact: true }).count()

test('messages reach whom they are meant for, once, as text', async () => {
  const line = forgetful()
  const host = await Staff.sit(browser, demo.host, { name: 'host', look: LOOKS[0], fps: FPS })
  const examiner = await Staff.sit(browser, demo.examiners[0], { name: 'examiner', look: LOOKS[1], fps: FPS })
  const a = await candidate(0, LOOKS[2])
  const b = await candidate(1, LOOKS[3], line.prepare)
  const inChat = host.page.getByRole('tabpanel', { name: '消息' })
  const hostsLog = inChat.getByRole('log')

  // From the waiting room by mouse: in the history with its time, and no longer on its way.
  const question = '老师好，我这边能看到自己，但不确定声音。'
  await a.field.fill(question)
  await a.send.click()
  await a.reads(question)
  await until(
    'the message is no longer on its way',
    async () => (await a.history.getByText('正在发送…').count()) === 0,
  )
  const said = await a.history.locator('time').last().getAttribute('datetime')
  assert.ok(Math.abs(Date.parse(said) - Date.now()) < NOW, `said at ${said}`)
  assert.equal(await a.field.inputValue(), '')

  // The host is told of it, reads it, answers by keyboard; the other candidate reads neither.
  await host.page.getByRole('tab', { name: /1\s*条未读\s*消息/ }).click()
  await inChat.getByRole('button', { name: /^李华/ }).click()
  await hostsLog.getByText(question).waitFor()
  const answer = '声音正常，请稍候。'
  await inChat.getByRole('textbox').fill(answer)
  await host.page.keyboard.press('Enter')
  await a.reads(answer)
  assert.match(await a.history.innerText(), /孙老师\s*工作人员/)

  // Among the panel alone, then to all: what comes last has come, what came before was not for candidates.
  const secret = '考官内部：先问专业问题。'
  await examiner.says(secret)
  await (await host.tab('消息')).getByRole('button', { name: /^考官组/ }).click()
  await hostsLog.getByText(secret).waitFor()
  const all = '请各位考生准备好证件。'
  await host.says(all, '全体')
  for (const person of [a, b]) {
    await person.reads(all)
    const known = await person.page.evaluate(
      () => JSON.stringify(window.viva.client.interview.value) + document.documentElement.innerHTML,
    )
    assert.ok(!known.includes(secret), 'a candidate’s page has nothing of the panel’s own messages')
  }
  assert.equal(await times(b.history, question), 0)
  assert.equal(await times(b.history, answer), 0)

  // What looks like HTML is text; what is too long is not sent, and nothing of it is lost.
  const markup = '<img src=x onerror="window.hacked = true"><b>粗体</b>'
  await a.field.fill(markup)
  await a.page.keyboard.press('Enter')
  await a.reads(markup)
  await inChat.getByRole('button', { name: /^李华/ }).click()
  await hostsLog.getByText(markup).waitFor()
  for (const { page } of [a, host]) {
    assert.equal(await page.getByRole('log').locator('img, b').count(), 0)
    assert.equal(await page.evaluate(() => window.hacked), undefined)
  }
  await a.field.fill('长'.repeat(LONGEST + 1))
  await a.page.getByText(`消息过长，最多 ${LONGEST} 字。`).waitFor()
  await a.page.keyboard.press('Enter')
  assert.ok(await a.send.isDisabled())
  assert.equal((await a.field.inputValue()).length, LONGEST + 1)

  // The answer gets lost, and the connection with it: it is sent once more, and counts once.
  const urgent = '我的网络刚才断了一下。'
  line.losing = true
  await b.field.fill(urgent)
  await b.page.keyboard.press('Enter')
  await until('the answer was lost', () => line.lost === 1)
  await until(
    'the message stands in the history',
    async () =>
      (await b.history.getByText('正在发送…').count()) === 0 && (await times(b.history, urgent)) > 0,
  )
  await inChat.getByRole('button', { name: /^王芳/ }).click()
  await hostsLog.getByText(urgent).waitFor()
  for (const log of [b.history, hostsLog]) assert.equal(await times(log, urgent), 1)

  // Without a server a message waits, visibly, and goes when there is one again.
  await demo.server.end('SIGKILL')
  const waiting = '服务器恢复后请看到这条。'
  await a.field.fill(waiting)
  await a.send.click()
  await a.history.getByText('正在发送…').waitFor()
  await demo.server.run()
  await until('the message has gone', async () => (await a.history.getByText('正在发送…').count()) === 0, {
    patience: 30_000,
  })
  await inChat.getByRole('button', { name: /^李华/ }).click()
  await hostsLog.getByText(waiting).waitFor()
  for (const log of [a.history, hostsLog]) assert.equal(await times(log, waiting), 1)

  // In the room: closed messages tell of new ones, to the eye and to a screen reader; to the panel, not to others.
  await host.stage('宣讲')
  await a.at('room')
  await a.page.getByRole('complementary', { name: '消息' }).getByRole('button', { name: '关闭' }).click()
  await host.says('请看流程说明。', /^李华/)
  await a.page.getByRole('status').filter({ hasText: '孙老师：请看流程说明。' }).waitFor()
  await a.page.getByRole('img', { name: '1 条未读消息' }).waitFor()
  await a.page.getByRole('button', { name: '消息', exact: true }).click()
  await a.reads('请看流程说明。')
  assert.equal(await a.page.getByRole('img', { name: /未读消息/ }).count(), 0)
  await a.page.getByRole('radio', { name: '面谈小组' }).click()
  const hello = '各位考官好。'
  await a.field.fill(hello)
  await a.page.keyboard.press('Enter')
  await a.reads(hello)
  await (await examiner.tab('消息')).getByRole('button', { name: /^全体/ }).click()
  await examiner.page.getByRole('log').getByText(hello).waitFor()

  // All of it is there after a reload.
  await a.reload('room')
  for (const text of [question, answer, all, markup, waiting, hello]) {
    await a.reads(text)
    assert.equal(await times(a.history, text), 1, text)
  }
  await b.reads(all)
  assert.equal(await times(b.history, hello), 0)

  // A long history comes in parts, and what is read stays where it is.
  const long = Array.from({ length: 16 }, (_, index) => `第${index + 1}条 ${'长'.repeat(900)}`)
  for (const text of long) await host.says(text, /^李华/)
  await a.reads(long.at(-1))
  await a.reload('room')
  await a.reads(long.at(-1))
  assert.equal(await times(a.history, long[0]), 0)
  await a.page.getByRole('button', { name: '查看更早的消息' }).click()
  for (const text of [long[0], question]) await a.reads(text)
  await until(
    'all of it is there',
    async () => (await a.page.getByRole('button', { name: '查看更早的消息' }).count()) === 0,
  )
  const shown = await a.history.getByRole('listitem').allInnerTexts()
  assert.deepEqual(
    shown.flatMap((text) => text.match(/第\d+条/) ?? []),
    long.map((text) => text.split(' ')[0]),
  )

  // Who writes too fast is told when to go on, and has the words still.
  const fast = Array.from({ length: 21 }, (_, index) => `快${index + 1}`)
  for (const text of fast) {
    await a.field.fill(text)
    await a.page.keyboard.press('Enter')
    await until('it is answered', async () => (await a.history.getByText('正在发送…').count()) === 0)
    if ((await a.field.inputValue()) !== '') break
  }
  await a.page
    .getByRole('alert')
    .filter({ hasText: /秒后可以再试/ })
    .waitFor()
  assert.match(await a.field.inputValue(), /^快\d+$/)
  for (const person of [host, examiner, a, b]) await person.close()
})
