// The download pages as the guide shows them; with VIVA_SCREENSHOTS=1 their pictures are taken anew. Those of the setup come
// from `VIVA_SCREENSHOTS=1 npm run apps`.
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Chromium } from '../harness/browsers.js'
import { Release } from '../harness/release.js'
import { Server } from '../harness/server.js'

const FOLDER = fileURLToPath(new URL('../../../docs/guide/images/', import.meta.url))
const DESK = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'light', isMobile: true, hasTouch: true }
const CHROME = '(KHTML, like Gecko) Chrome/142.0.0.0'
const WINDOWS = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${CHROME} Safari/537.36`
const IOS = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'

let release, server, browser
before(async () => {
  release = await Release.build()
  server = await Server.start({ settings: { downloads_dir: release.folder } })
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await server?.stop()
  release?.remove()
})

for (const [name, path, userAgent, context, shown] of [
  ['download-desktop', '/download', WINDOWS, DESK, '安装步骤'],
  [
    'download-phone',
    '/download-mobile',
    `${IOS} Version/18.5 Mobile/15E148 Safari/604.1`,
    PHONE,
    '添加到主屏幕',
  ],
  [
    'download-inside',
    '/i#ABCD-2345-EFGH',
    `${IOS} Mobile/15E148 MicroMessenger/8.0.57`,
    PHONE,
    '请在浏览器中打开',
  ],
])
  test(name, async () => {
    const { page, close } = await browser.page({ userAgent, ...context })
    await page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'userAgentData', { get: () => undefined })
    })
    await page.goto(`${server.url}${path}`)
    await page.getByText(shown).first().waitFor()
    if (process.env.VIVA_SCREENSHOTS === '1')
      await page.screenshot({
        type: 'png',
        scale: 'css',
        animations: 'disabled',
        path: `${FOLDER}${name}.png`,
      })
    await close()
  })
