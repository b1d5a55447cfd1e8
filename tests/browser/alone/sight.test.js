// First sight on a bad line with a slow processor: what is read at once, what it weighs, and what a page does when the server has
// newer ones.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Server } from '../harness/server.js'
import { until } from '../harness/until.js'

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
/** 400 kbit/s, in bytes a second. */
const RATE = 400_000 / 8
/** There and back, in milliseconds. */
const ROUND_TRIP = 150
/** As many times is the processor slower. */
const SLOWER = 4
/** When the first text stands there at the latest, in milliseconds after the address was entered. */
const READABLE = 1_500
/** What comes until a code can be typed, in bytes with all headers. */
const FIRST_PAGE = 60_000

let server, browser
before(async () => {
  server = await Server.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Somebody who has never been here. `weight()` is what has come until now. */
async function stranger({ slow = true, ...context } = {}) {
  // The worker fetches for later, not for first sight.
  const person = await browser.page({ ...PHONE, serviceWorkers: 'block', ...context })
  const { page } = person
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  if (slow) {
    const line = { offline: false, latency: ROUND_TRIP, downloadThroughput: RATE, uploadThroughput: RATE }
    await devtools.send('Network.emulateNetworkConditions', line)
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  }
  let weight = 0
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (weight += encodedDataLength))
  return { page, weight: () => weight, close: () => person.close() }
}

/** When the page painted its first text or picture, by its own clock. */
const firstPaint = (page) =>
  until('something is painted', () =>
    page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime),
  )

test('the first page: readable at once, small, and nothing jumps when the page itself takes over', async () => {
  const { page, weight, close } = await stranger()
  await page.goto(server.url, { waitUntil: 'commit' })
  // Looked at in one go: the page may take over at any moment.
  const seen = await page.waitForFunction(() => {
    const mark = document.querySelector('.shell-top svg')?.getBoundingClientRect()
    const read = document.querySelector('.shell')?.textContent.includes('正在打开…')
    return read && mark && { x: mark.x, y: mark.y, width: mark.width, height: mark.height }
  })
  const mark = await seen.jsonValue()
  await page.getByRole('textbox', { name: '面谈邀请码或链接' }).fill('ABCD')
  const [bytes, painted] = [weight(), await firstPaint(page)]
  assert.ok(painted < READABLE, `first text after ${Math.round(painted)} ms`)
  assert.ok(bytes > 20_000 && bytes < FIRST_PAGE, `${bytes} bytes until a code can be typed`)
  assert.equal(await page.locator('.shell').count(), 0)
  assert.deepEqual(await page.locator('header svg').first().boundingBox(), mark)
  await close()
})

// The link of an SMS, the code at a second camera, and where the staff goes.
for (const path of ['/i', '/second', '/staff']) {
  test(`${path}: readable at once`, async () => {
    const { page, close } = await stranger()
    await page.goto(server.url + path, { waitUntil: 'commit' })
    const painted = await firstPaint(page)
    assert.ok(painted < READABLE, `first text after ${Math.round(painted)} ms`)
    assert.ok(await page.locator('.shell').getByText('正在打开…').isVisible())
    await close()
  })
}

test('a page of which a piece is lost on the way says so and comes by itself', async () => {
  const { page, close } = await stranger({ slow: false })
  let broken = true
  await page.route(/\/assets\/app-.*\.js/, (route) => (broken ? route.abort('failed') : route.continue()))
  await page.goto(server.url)
  await page.locator('.failed .shell').getByText('页面没有打开？').waitFor()
  broken = false
  await page.getByRole('textbox', { name: '面谈邀请码或链接' }).waitFor()
  await close()
})

test('a page that is older than the server is opened anew on the way to another, once, and then says what to do', async () => {
  const { page, close } = await stranger({ slow: false })
  await page.goto(server.url)
  const code = page.getByRole('textbox', { name: '面谈邀请码或链接' })
  await code.waitFor()
  // As after an upgrade: the parts are gone, and the page names another start.
  let served = 0
  await page.route(/\/assets\/SignInPage-/, (route) => route.fulfill({ status: 404, body: '' }))
  await page.route(server.url + '/', async (route) => {
    served += 1
    const answer = await route.fetch()
    const html = await answer.text()
    await route.fulfill({
      response: answer,
      body: html.replace(/\/assets\/main-[\w-]+/, '/assets/main-newer'),
    })
  })
  const opened = page.waitForEvent('framenavigated', {
    predicate: (frame) => frame.url().endsWith('/signin'),
  })
  await page.getByRole('link', { name: '工作人员登录' }).click()
  await opened
  // The part is still missing, and this page is the newest one that there is for it: it says so where the person waits.
  await page.locator('.failed').waitFor()
  await page.locator('.shell').getByText('页面没有打开？').waitFor()
  assert.ok(served >= 1)

  // In place nothing is taken away: what to do is said.
  await page.unrouteAll({ behavior: 'wait' })
  await page.goto(server.url)
  await code.waitFor()
  await page.route(/\/assets\/.*start-/, (route) => route.abort())
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('alert').getByText('没有完整打开').waitFor()
  await page.getByRole('button', { name: '稍后' }).click()
  await page.getByRole('link', { name: '工作人员登录' }).waitFor()
  await close()
})
