// The connection test: anybody can run it before the day, and has a report to send to whoever helps.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Server } from '../harness/server.js'

/** It takes half a minute where the machine has time for it. */
const WHOLE_RUN = { timeout: 90_000 }

let server, browser
before(async () => {
  server = await Server.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('without an account it ends with a verdict, and with a report to copy that names UDP', async () => {
  const permissions = ['camera', 'microphone', 'clipboard-read', 'clipboard-write']
  const person = await browser.page({ name: 'somebody at home', permissions })
  const { page } = person
  await page.goto(`${server.url}/connection-test`)
  await page.getByRole('button', { name: '开始测试' }).click()
  // A slow machine may deserve an advice; over loopback the interview is possible all the same.
  await page.getByRole('heading', { name: /^(可以参加面谈|可以参加，但有需要改善之处)$/ }).waitFor(WHOLE_RUN)
  for (const step of ['服务器连接', 'UDP 音视频通道', 'TCP 音视频通道']) {
    await page.getByRole('listitem').filter({ hasText: step }).getByText('正常', { exact: true }).waitFor()
  }

  const report = await page.getByRole('region', { name: '测试报告' }).innerText()
  await page.getByRole('button', { name: '复制报告' }).click()
  await page.getByRole('button', { name: '已复制' }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  assert.match(copied, /UDP 音视频通道: 正常 \(\d+ ms\)/)
  assert.match(copied, /上行与下行速率: \S+ \((UDP|TCP) · ↑ [\d.]+ [Mk]b\/s/)
  assert.doesNotMatch(copied, /TURN/, 'a server without TURN is no worse for it')
  assert.equal(copied.trim(), report.trim(), 'what is copied is what is shown')
  assert.equal(await page.getByRole('button', { name: '再测一次' }).count(), 1)
  assert.deepEqual(person.complaints, [])
  await person.close()
})

test('where the server speaks TURN, that is tried too, and the best way is named', async () => {
  const relaying = await Server.start({
    settings: ({ sparePort }) => ({ turn_port: sparePort, media_addresses: '127.0.0.1' }),
  })
  try {
    const person = await browser.page({ name: 'somebody at home' })
    const { page } = person
    await page.goto(`${relaying.url}/connection-test`)
    await page.getByRole('button', { name: '开始测试' }).click()
    await page.getByRole('button', { name: '再测一次' }).waitFor(WHOLE_RUN)
    const report = await page.getByRole('region', { name: '测试报告' }).innerText()
    assert.match(report, /TURN 中继通道: \S+ \(\d+ ms\)/)
    assert.match(report, /上行与下行速率: \S+ \((UDP|TCP) · /)
    assert.deepEqual(person.complaints, [])
    await person.close()
  } finally {
    await relaying.stop()
  }
})
