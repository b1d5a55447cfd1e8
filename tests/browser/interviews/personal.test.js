// Personal data in a browser: a person is found, handed out and erased, and an interview that is over is deleted for good.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Demo } from '../harness/demo.js'

const LOOKS = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
}
const NAME = '已结束的面谈'

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

function setup(opens_at, closes_at) {
  const stages = [
    { name: '候考', kind: 'waiting', minutes: null },
    { name: '面谈', kind: 'interview', minutes: null },
  ]
  return { name: NAME, opens_at, closes_at, stages, criteria: [], second_camera: 'off' }
}

for (const [look, options] of Object.entries(LOOKS)) {
  test(`a person is found, handed out and erased, and an interview deleted, at the ${look}`, async () => {
    const now = Date.now()
    const { id } = await demo.post('/api/admin/interviews', setup(now - 60_000, now + 3_600_000))
    for (const [name, number, phone] of [
      ['欧阳春', '88001', '13900139001'],
      ['司徒秋', '88002', '13900139002'],
    ])
      await demo.post(`/api/admin/interviews/${id}/candidates`, { name, number, phone, password: null })
    const person = await browser.page({ name: `administrator ${look}`, ...options })
    const { page } = person
    const button = (name) => page.getByRole('button', { name, exact: true })
    const [account, password] = demo.administrator
    await page.goto(`${demo.server.url}/admin/people`)
    await page.getByLabel('账号', { exact: true }).fill(account)
    await page.getByLabel('密码', { exact: true }).fill(password)
    await button('登录').click()
    await page.getByRole('heading', { name: '个人信息' }).waitFor()
    assert.ok(await fits(page), 'nothing stands beside the page')

    // By number and by phone, as a whole.
    await page.getByLabel('考号', { exact: true }).fill('88')
    await button('查找').click()
    await page.getByRole('heading', { name: '没有找到符合的人' }).waitFor()
    await page.getByRole('radio', { name: '按手机号' }).click()
    await page.getByLabel('手机号', { exact: true }).fill('139 0013 9001')
    await button('查找').click()
    const found = page.getByRole('listitem').filter({ hasText: '欧阳春' })
    await found.waitFor()
    assert.match(await found.innerText(), /88001/)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      found.getByRole('link', { name: '导出资料' }).click(),
    ])
    assert.ok(readFileSync(await download.path()).includes('person.json'), 'an archive')

    // Another number erases nobody, and the page says so.
    await found.getByRole('button', { name: '删除资料' }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByLabel(/请输入考号/).fill('88002')
    await dialog.getByRole('button', { name: '删除资料' }).click()
    await dialog.getByText('未删除任何数据').waitFor()
    await dialog.getByLabel(/请输入考号/).fill('88001')
    await dialog.getByRole('button', { name: '删除资料' }).click()
    await page.getByRole('heading', { name: '没有找到符合的人' }).waitFor()
    await page.getByText('删除个人资料').first().waitFor()
    const left = await demo.get(`/api/admin/interviews/${id}/candidates`)
    assert.deepEqual(
      left.map(({ name }) => name),
      ['司徒秋'],
    )

    // An interview that is over goes with its name typed.
    await demo.put(`/api/admin/interviews/${id}`, setup(now - 60_000, Date.now() - 1))
    await page.goto(`${demo.server.url}/admin/interviews/${id}`)
    await button('彻底删除面谈').click()
    await dialog.getByLabel(/请输入面谈名称/).fill(NAME)
    assert.ok(await fits(page), 'nothing stands beside the page')
    await dialog.getByRole('button', { name: '彻底删除面谈' }).click()
    await page.waitForURL(/\/admin$/)
    await page.goto(`${demo.server.url}/admin/people`)
    await page.getByText(`${NAME}; 1 candidates`).first().waitFor()
    await person.close()
  })
}

/** Does the page need no scrolling sideways? */
function fits(page) {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
}
