// The download pages on computers and phones, in both languages, and pages inside other apps.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Demo } from '../harness/demo.js'
import { Release } from '../harness/release.js'
import { Server } from '../harness/server.js'
import { until } from '../harness/until.js'

const DESK = { viewport: { width: 1280, height: 800 } }
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
const CHROME = '(KHTML, like Gecko) Chrome/142.0.0.0'
const ANDROID = `Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 ${CHROME} Mobile Safari/537.36`
const WINDOWS = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${CHROME} Safari/537.36`
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'
const WECHAT = `Mozilla/5.0 (Linux; Android 15; K; wv) AppleWebKit/537.36 ${CHROME} Mobile Safari/537.36 MicroMessenger/8.0.57`

let release, demo, browser
before(async () => {
  release = await Release.build()
  demo = await Demo.start({ settings: { downloads_dir: release.folder } })
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
  release?.remove()
})

/** A browser that says of itself what `userAgent` says, in its hints too. */
async function visit({ userAgent, platform = null, ...context }) {
  const person = await browser.page({ name: 'visitor', userAgent, ...context })
  await person.page.addInitScript((hinted) => {
    const hints = hinted === null ? undefined : { platform: hinted }
    Object.defineProperty(Navigator.prototype, 'userAgentData', { get: () => hints })
  }, platform)
  return person
}

const builds = (page, place) =>
  page.locator(`[data-${place}] [data-build]`).evaluateAll((rows) => rows.map((row) => row.dataset.build))

/** Does the page fit the screen's width? */
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)

test('the build of the system comes first, and every build is listed with its facts', async () => {
  for (const [told, first, others] of [
    [{ userAgent: WINDOWS }, ['windows'], ['linux_deb', 'linux_rpm', 'macos']],
    [{ userAgent: WINDOWS, platform: 'macOS' }, ['macos'], ['windows', 'linux_deb', 'linux_rpm']],
    [{ userAgent: WINDOWS, platform: 'Linux' }, ['linux_deb', 'linux_rpm'], ['windows', 'macos']],
    [{ userAgent: ANDROID, ...PHONE }, [], ['windows', 'linux_deb', 'linux_rpm', 'macos']],
    [{ userAgent: '<b>"\u00e9' }, [], ['windows', 'linux_deb', 'linux_rpm', 'macos']],
  ]) {
    const { page, close, complaints } = await visit({ ...DESK, ...told })
    await page.goto(`${demo.server.url}/download`)
    await page.getByRole('heading', { name: '下载电脑端' }).waitFor()
    await page.locator('[data-others]').waitFor()
    assert.deepEqual([await builds(page, 'builds'), await builds(page, 'others')], [first, others], told)
    const text = await page.locator('main').innerText()
    assert.match(text, /0\.1\.0 版 · [\d.]+\s?(kB|千字节) · \d{4}年/)
    assert.ok(await fits(page))
    assert.deepEqual(complaints, [])
    await close()
  }
})

test('a download has the checksum that the page names', async () => {
  const { page, close } = await visit({ ...DESK, userAgent: WINDOWS, acceptDownloads: true })
  await page.goto(`${demo.server.url}/download`)
  for (const system of ['windows', 'linux_deb', 'linux_rpm', 'macos']) {
    const row = page.locator(`[data-build=${system}]`)
    const named = await row.locator('[data-checksum]').innerText()
    const waiting = page.waitForEvent('download')
    await row.getByRole('link').click()
    const download = await waiting
    const path = await download.path()
    const data = await readFile(path)
    assert.equal(createHash('sha256').update(data).digest('hex'), named, system)
    assert.ok(data.length > 10_000)
    await rm(path)
  }
  await close()
})

test('the browser is the other way, and the code on the page leads a phone to its own', async () => {
  const { page, close } = await visit({ ...DESK, userAgent: WINDOWS })
  await page.goto(`${demo.server.url}/download`)
  await page.getByRole('img', { name: '手机端页面的二维码' }).waitFor()
  await page.getByRole('link', { name: `${demo.server.url}/download-mobile` }).waitFor()
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Use the browser' }).waitFor()
  assert.ok(await fits(page))
  await page.getByRole('link', { name: 'Enter in the browser' }).click()
  await page.getByLabel('Invitation code or interview link').waitFor()
  await close()
})

test('where no apps are built the page says so and names the browser', async () => {
  const server = await Server.start({ settings: { downloads_dir: '/nowhere' } })
  try {
    const { page, close } = await visit({ ...DESK, userAgent: WINDOWS })
    await page.goto(`${server.url}/download`)
    await page.getByRole('heading', { name: '这台服务器没有提供安装包' }).waitFor()
    await page.getByRole('link', { name: '用浏览器进入' }).waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    // The worker has what it needs, and answers this page.
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    await page.reload()
    await page.getByRole('link', { name: 'Enter in the browser' }).waitFor()
    await server.end('SIGKILL')
    // Without the server the shell is there, and says what is not.
    await page.goto(`${server.url}/download`)
    await page.getByText('The list of apps cannot be read at the moment').waitFor()
    await close()
  } finally {
    await server.stop()
  }
})

test('a phone is told how to install, as its system does it', async () => {
  for (const [userAgent, install, text] of [
    [ANDROID, 'android', '选择“安装应用”或“添加到主屏幕”'],
    [IPHONE, 'ios', '在 Safari 中点击“分享”'],
  ]) {
    const { page, close, complaints } = await visit({ ...PHONE, userAgent })
    await page.goto(`${demo.server.url}/download-mobile#ABCD-2345-EFGH`)
    await page.locator(`[data-install=${install}]`).getByText(text).waitFor()
    assert.ok(await fits(page))
    await page.getByRole('link', { name: '直接在浏览器中进入' }).click()
    await page.waitForURL('**/candidate/invitation#ABCD2345EFGH')
    assert.equal(await page.getByLabel('面谈邀请码').inputValue(), 'ABCD-2345-EFGH')
    assert.deepEqual(complaints, [])
    await close()
  }
})

test('the browser’s own offer to install becomes a button', async () => {
  const { page, close } = await visit({ ...PHONE, userAgent: ANDROID })
  await page.goto(`${demo.server.url}/download-mobile`)
  await page.locator('[data-install=android]').waitFor()
  await page.evaluate(() => {
    window.asked = 0
    const prompt = () => Promise.resolve({ outcome: ((window.asked += 1), 'accepted') })
    window.dispatchEvent(Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt }))
  })
  await page.getByRole('button', { name: '安装到手机桌面' }).click()
  await page.locator('[data-install=installed]').getByText('已经安装').waitFor()
  assert.equal(await page.evaluate(() => window.asked), 1)
  await close()
})

test('a computer on the phone’s page gets the code to scan', async () => {
  const { page, close } = await visit({ ...DESK, userAgent: WINDOWS })
  await page.goto(`${demo.server.url}/download-mobile`)
  await page.locator('[data-on-computer]').getByRole('link', { name: '前往电脑端页面' }).click()
  await page.waitForURL('**/download')
  await close()
})

test('inside another app the link of the SMS says how to open the browser, with the code', async () => {
  const { page, close } = await visit({ ...PHONE, userAgent: WECHAT })
  await page.goto(`${demo.server.url}/i#ABCD-2345-EFGH`)
  const notice = page.locator('[data-in-app]')
  await notice.getByText('微信中打开的页面可能无法使用摄像头和麦克风').waitFor()
  await notice.getByText('点击右上角的 ··· 菜单').waitFor()
  assert.equal(await notice.getByLabel('面谈链接').inputValue(), `${demo.server.url}/i#ABCD-2345-EFGH`)
  // The address that the app's menu hands to the browser has the code as well.
  assert.match(page.url(), /#ABCD-2345-EFGH$/)
  assert.ok(await fits(page))
  // What is typed goes along, too; what cannot be a code does not.
  await page.getByLabel('面谈邀请码').fill('wxyz')
  assert.equal(await notice.getByLabel('面谈链接').inputValue(), `${demo.server.url}/i#WXYZ`)
  for (const path of ['/', '/download-mobile']) {
    await page.goto(`${demo.server.url}${path}`)
    await page.locator('[data-in-app]').waitFor()
  }
  await close()
  const real = await visit({ ...PHONE, userAgent: ANDROID })
  await real.page.goto(`${demo.server.url}/i#ABCD-2345-EFGH`)
  await real.page.getByLabel('面谈邀请码').waitFor()
  assert.equal(await real.page.locator('[data-in-app]').count(), 0)
  await real.close()
})

test('what can be installed is what the browser asks for, and the worker keeps no answer', async () => {
  const { page, close } = await visit({ ...PHONE, userAgent: ANDROID })
  await page.goto(`${demo.server.url}/candidate/invitation`)
  const session = await page.context().newCDPSession(page)
  await page.evaluate(() => navigator.serviceWorker.ready)
  const { errors } = await session.send('Page.getAppManifest')
  assert.deepEqual(errors, [])
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  // A window without a face is one that nothing can be installed from; nothing else is wrong.
  assert.deepEqual(
    installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'),
    [],
  )
  await page.reload()
  await page.goto(`${demo.server.url}/download`)
  await page.locator('[data-others]').waitFor()
  const kept = await until('the shell is kept', async () => {
    const paths = await page.evaluate(async () => {
      const cache = await window.caches.open('viva-shell-1')
      return (await cache.keys()).map(({ url }) => new URL(url).pathname)
    })
    return paths.some((path) => path.startsWith('/assets/')) && paths
  })
  const strange = kept.filter(
    (path) => !/^\/(?:$|assets\/|icons\/|favicon\.svg$|manifest\.webmanifest$)/.test(path),
  )
  assert.deepEqual(strange, [])
  await close()
})
