// The host leads: passes an identity by hand, defers and takes back, gives the word and takes it, mutes, removes and admits
// again, ends; and of two tabs of one candidate the newer one leads.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'
import { until } from '../harness/until.js'

/** Frames a second: what counts here is heard. */
const FPS = 2

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

const candidate = async (index, look) => Candidate.of(demo, index, await browser.page({ look, fps: FPS }))
/** What stands at the top of a candidate's page. */
const says = (person, text) => person.page.getByText(text).first().waitFor()

/** Types wrong codes until no more are taken. */
async function locksItself(person) {
  await person.invited()
  await person.at('identity')
  await person.button('发送验证码').click()
  const code = await demo.smsCode(person.phone)
  const wrong = code === '000000' ? '111111' : '000000'
  for (let left = 4; left >= 0; left--) {
    await person.fill('短信验证码', wrong)
    await person.button(/^验证$/).click()
    await says(person, left > 0 ? `还可以尝试 ${left} 次` : '错误次数过多，验证已锁定')
  }
}

/** With a second tab of the same browser: it asks, then leads; the older one says so, and can take the lead back. */
async function twoTabs(person) {
  const tab = await browser.tab(person)
  await tab.page.goto(`${demo.server.url}/candidate`)
  const question = tab.page.getByRole('heading', { name: '另一个窗口正在使用此座位，改在这里继续？' })
  await question.waitFor()
  assert.match(await person.page.title(), /^检测已完成，/)
  assert.equal((await person.room()).phase, 'in', 'nothing is taken by a question')
  await tab.page.getByRole('button', { name: '改在这里继续' }).click()
  await tab.page.getByRole('button', { name: '正式进入面谈系统' }).click()
  await tab.entered()
  const replaced = { name: '您已在其他窗口或设备进入' }
  await person.page.getByRole('heading', replaced).waitFor()
  assert.match(await person.page.title(), /^已在其他窗口 · /)
  assert.equal((await person.room()).phase, 'ended', 'the older tab has left the room')
  await person.page.getByRole('button', { name: '在这里继续' }).click()
  await tab.page.getByRole('heading', replaced).waitFor()
  await person.entered()
  await tab.close()
}

test('a host passes, defers, gives the word, mutes, removes, admits again, and ends', async () => {
  const host = await Staff.sit(browser, demo.host, { name: 'host', look: LOOKS[0], fps: FPS })
  const examiner = await Staff.sit(browser, demo.examiners[0], { name: 'examiner', look: LOOKS[1], fps: FPS })
  const [a, b] = [await candidate(0, LOOKS[2]), await candidate(1, LOOKS[3])]

  // An identity that failed is passed with a reason, and the candidate's page goes on by itself.
  await locksItself(a)
  await host.page.getByText('验证码输错次数过多，已锁定').first().waitFor()
  let card = await host.choose('李华')
  await card.getByRole('button', { name: '身份放行' }).click()
  await host.question.getByRole('button', { name: '身份放行' }).click()
  assert.equal(
    await host.question.getByRole('textbox').getAttribute('aria-invalid'),
    'true',
    'a reason is asked for',
  )
  await host.question.getByRole('textbox').fill('已核对身份证原件')
  await host.question.getByRole('button', { name: '身份放行' }).click()
  await a.passChecks()
  await b.arrives()
  await card.getByText('放行理由：已核对身份证原件').waitFor()

  // Deferred behind the other, and back to the own place.
  await says(a, '下一位就是您')
  await says(b, '您前面还有 1 位')
  await card.getByRole('button', { name: '顺延' }).click()
  await says(a, '您的面谈已延后')
  await says(b, '下一位就是您')
  await host.button('叫入下一位：王芳').waitFor()
  await card.getByRole('button', { name: '恢复排队' }).click()
  await says(a, '下一位就是您')
  await says(b, '您前面还有 1 位')

  // A raised hand is seen by the panel; who is given the word is heard, until it is taken.
  await host.stage('宣讲')
  await a.at('room')
  await says(a, '需要发言请举手')
  a.id = (await a.entered()).self.participant
  await examiner.seesColour(a)
  await examiner.hearsNothingOf(a)
  await a.button('举手').click()
  await host.page.getByRole('status').filter({ hasText: '李华 举手' }).waitFor()
  for (const { page } of [host, examiner])
    await page.locator(`[data-participant="${a.id}"]`).locator('..').getByText('举手').waitFor()
  await card.getByRole('button', { name: '授予发言' }).click()
  await says(a, '请您发言，面谈小组可以听到您。')
  await examiner.hearsTone(a)
  await b.hearsNothingOf(a)
  await card.getByRole('button', { name: '收回发言' }).click()
  await says(a, '需要发言请举手')
  await examiner.hearsNothingOf(a)

  // Muted by the host: nobody hears them, and they know it.
  await host.button('叫入下一位：李华').click()
  await host.stage('面谈')
  await examiner.hearsTone(a)
  await card.getByRole('button', { name: '静音' }).click()
  await says(a, '工作人员已将您静音')
  await examiner.hearsNothingOf(a)
  await card.getByRole('button', { name: '解除静音' }).click()
  await examiner.hearsTone(a)
  assert.equal(await a.page.getByText('工作人员已将您静音').count(), 0)

  // Removed with a reason: out at once, and back by themselves when they are admitted again.
  await card.getByRole('button', { name: '请出' }).click()
  await host.question.getByRole('textbox').fill('违反考场纪律')
  await host.question.getByRole('button', { name: '请出' }).click()
  await says(a, '您已被请出面谈')
  await examiner.hearsNothingOf(a)
  card = await host.choose('李华')
  await card.getByRole('button', { name: '重新准入' }).click()
  await twoTabs(b)
  await a.at('waiting')
  await a.entered()

  // The end asks first, with what is not finished.
  await host.page.getByRole('button', { name: '切换到其他阶段' }).click()
  await host.page.getByRole('menuitem', { name: /结束/ }).click()
  await host.question.getByText('仍有 2 位考生没有完成。').waitFor()
  await host.question.getByRole('button', { name: '取消' }).click()
  assert.equal(await host.current(), '面谈')
  await host.page.getByRole('button', { name: '切换到其他阶段' }).click()
  await host.page.getByRole('menuitem', { name: /结束/ }).click()
  await host.question.getByRole('button', { name: '结束面谈' }).click()
  for (const person of [a, b]) {
    await person.page.getByRole('heading', { name: '面谈已结束' }).waitFor()
    await until(`${person.name} is out of the room`, async () => (await person.room()).phase === 'ended')
  }
  for (const person of [host, examiner, a, b]) await person.close()
})
