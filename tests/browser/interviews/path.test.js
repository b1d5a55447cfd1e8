// The candidate's path, step by step as the manual has it: on a desktop and on a phone, with every page reloaded.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

const candidate = async (index, context = {}) => Candidate.of(demo, index, await browser.page(context))

test('on a desktop: code, SMS, three checks, waiting; a reload leads back to the same step', async () => {
  const person = await candidate(0)
  await person.invited()
  await person.at('identity')
  await person.reload('identity')
  await person.passIdentity()
  await person.passChecks({
    between: async (step) => {
      await person.reload(step)
      if (step !== 'camera') return
      await person.page.getByRole('combobox', { name: '选择设备' }).click()
      await person.page.locator('[role=option]').first().click()
    },
  })
  await person.reload('waiting')
  await person.entered()
  assert.match(await person.text(), /下一位就是您|您前面还有|请在此等候/)
  assert.deepEqual(person.complaints, [], 'a page that is allowed all that it does')
  await person.close()
})

test('on a phone: the password that this invitation asks for, a wrong one first', async () => {
  const person = await candidate(1, PHONE)
  await person.invited()
  await person.at('password')
  await person.page.getByLabel('面谈密码', { exact: true }).fill('wrong')
  await person.page.keyboard.press('Enter')
  await person.page.getByRole('alert').filter({ hasText: '密码' }).waitFor()
  await person.passPassword()
  await person.at('identity')
  await person.button('发送验证码').click()
  const code = await demo.smsCode('13800138002')
  await person.page.getByLabel('短信验证码').fill(code === '000000' ? '111111' : '000000')
  await person.button('验证').last().click()
  await person.page.getByText('还可以尝试 4 次').waitFor()
  await person.page.getByLabel('短信验证码').fill(code)
  await person.button('验证').last().click()
  await person.at('speaker')
  await person.button('不能听见').click()
  assert.match(await person.text(), /400-000-0000/, 'who hears nothing is told whom to call')
  const wide = await person.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  assert.ok(wide <= 0, `nothing stands out of the screen: ${wide}`)
  await person.close()
})

test('a code that is none is refused in a sentence, and says nothing more', async () => {
  const person = await browser.page({ name: 'a stranger' })
  await person.page.goto(`${demo.server.url}/candidate/invitation`)
  await person.page.getByLabel('面谈邀请码').fill('2222-2222-2222')
  await person.page.getByRole('button', { name: '进入面谈房间' }).click()
  await person.page.getByRole('alert').filter({ hasText: '邀请码' }).waitFor()
  assert.equal(new URL(person.page.url()).pathname, '/candidate/invitation')
  await person.close()
})
