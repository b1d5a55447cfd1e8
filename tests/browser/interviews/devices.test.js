// Devices that come and go, in the checks and in the room: the page says so, goes on with what there is, and tells the next
// step; a camera that is not permitted, black or frozen is told as such.
import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { install } from '../harness/devices.js'
import { LOOKS, Person } from '../harness/person.js'
import { Staff } from '../harness/staff.js'
import { until } from '../harness/until.js'

/** Of the demo's institution. */
const HOTLINE = '400-000-0000'
const device = (id, kind, label) => ({ id, kind, label })
const MICROPHONE = device('m1', 'audioinput', '内置麦克风')
const HEADSET = device('m2', 'audioinput', 'USB 耳机')
const CAMERA = device('c1', 'videoinput', '内置摄像头')
const WEBCAM = device('c2', 'videoinput', 'USB 摄像头')
const SPEAKER = device('default', 'audiooutput', '默认')
const BOX = device('s2', 'audiooutput', 'USB 音箱')

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

test('what is pulled out is told and replaced, in the checks and in the room', async () => {
  const person = await browser.page({ look: LOOKS[1], fps: 8 })
  const a = Candidate.of(demo, 0, person)
  const { page } = a
  await page.addInitScript(install, [MICROPHONE, CAMERA, SPEAKER, BOX])
  const plug = (one) => page.evaluate((added) => window.devices.plug(added), one)
  const pull = ({ id }) => page.evaluate((gone) => window.devices.pull(gone), id)
  const speaker = (id) =>
    until(
      `the sound goes to ${id || 'the default'}`,
      async () => (await page.evaluate(() => window.devices.speaker())) === id,
    )
  const choice = (label) => page.getByRole('combobox', { name: label })
  const alert = (text) => page.getByRole('alert').filter({ hasText: text })
  const told = (text) => page.getByRole('status').filter({ hasText: text })
  await a.proved()

  // The chosen speaker goes: the default plays on, and the page says so; it comes back with the speaker.
  await choice('选择扬声器').click()
  await page.getByRole('option', { name: BOX.label }).click()
  await speaker(BOX.id)
  await pull(BOX)
  await told('“USB 音箱”已断开，声音由系统默认设备播放。').waitFor()
  await speaker('')
  await plug(BOX)
  await speaker(BOX.id)
  assert.equal(await told('已断开').count(), 0)
  await a.button('可以听见').click()

  // The only microphone goes, another comes: nothing can be confirmed in between.
  await a.at('microphone')
  await told('已检测到您的声音。').waitFor()
  assert.ok(await a.button('可以听见').isDisabled(), 'nothing was played back yet')
  await a.hearsThemselves()
  await until('the own voice was heard', () => a.button('可以听见').isEnabled())
  await pull(MICROPHONE)
  await alert('没有找到麦克风').getByText('请连接设备，接好后会自动使用。').waitFor()
  assert.ok(await a.button('可以听见').isDisabled())
  await plug(HEADSET)
  await told('已检测到您的声音。').waitFor()
  assert.equal(await alert('没有找到麦克风').count(), 0)
  await plug(MICROPHONE)
  await pull(HEADSET)
  await told('麦克风“USB 耳机”已断开，已改用“内置麦克风”。').waitFor()
  assert.match(await choice('选择麦克风').innerText(), /内置麦克风/)
  assert.ok(await a.button('可以听见').isDisabled(), 'another microphone is to be heard anew')
  await a.hearsThemselves()
  await a.button('可以听见').click()

  // The same with the camera; whoever sees nothing is told what to do and whom to call.
  await a.at('camera')
  await told('画面正常。').waitFor()
  await pull(CAMERA)
  await alert('没有找到摄像头').waitFor()
  await a.button('不能看见').click()
  const advice = page.getByRole('region', { name: '请按以下建议检查' })
  await advice.getByText(HOTLINE).waitFor()
  await plug(CAMERA)
  await told('画面正常。').waitFor()
  await a.button('可以看见').click()
  await a.at('waiting')
  await a.entered()

  // In the room: a microphone that goes is told at once, and the next one is heard by itself.
  const host = await Staff.sit(browser, demo.host, { name: 'host', look: LOOKS[0] })
  await host.button(/^叫入下一位/).click()
  await host.stage('宣讲')
  await host.stage('面谈')
  await a.at('room')
  await host.meets(a)
  await pull(MICROPHONE)
  await alert('没有找到麦克风').getByText('其他人现在看不到或听不到您。').waitFor()
  await page.getByRole('button', { name: '打开麦克风' }).waitFor()
  await host.hearsNothingOf(a)
  await plug(HEADSET)
  await host.hearsTone(a)
  assert.equal(await alert('没有找到麦克风').count(), 0)
  await plug(WEBCAM)
  await pull(CAMERA)
  await alert('摄像头“内置摄像头”已断开，已改用“USB 摄像头”。').getByRole('button', { name: '关闭' }).click()
  assert.equal(await alert('已断开').count(), 0)
  await host.seesMoving(a)

  // Who is muted stays so, whatever is plugged in.
  await page.getByRole('button', { name: '关闭麦克风' }).click()
  await host.hearsNothingOf(a)
  await plug(MICROPHONE)
  await pull(HEADSET)
  await page.getByRole('button', { name: '打开麦克风' }).waitFor()
  // As long as another microphone would take to come up.
  await host.seesMoving(a)
  assert.deepEqual(await page.evaluate(() => window.devices.live()), [WEBCAM.id], 'no microphone is open')
  await page.getByRole('button', { name: '打开麦克风' }).click()
  await host.hearsTone(a)
  for (const one of [host, a]) await one.close()
})

test('a camera that is not permitted, black or frozen is told as such, with the next step', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'viva-camera-'))
  const film = new Film(join(folder, 'camera.y4m'))
  film.show([black])
  const real = await Chromium.start({
    asks: true,
    flags: [`--use-file-for-fake-video-capture=${film.path}`],
  })
  try {
    // What is not granted is refused, as a person would do it.
    const context = await real.process.newContext({ locale: 'zh-CN', permissions: ['geolocation'] })
    const page = await context.newPage()
    const b = Candidate.of(
      demo,
      1,
      new Person(page, { name: '王芳', look: LOOKS[2], close: () => context.close() }),
    )
    await b.proved()
    await b.button('可以听见').click()
    await b.at('microphone')
    await page
      .getByRole('alert')
      .filter({ hasText: '浏览器没有麦克风权限' })
      .getByText('将权限改为“允许”')
      .waitFor()
    assert.match(await b.text(), new RegExp(HOTLINE))
    await context.grantPermissions(['camera', 'microphone'])
    await page.getByRole('alert').getByRole('button', { name: '重新检测' }).click()
    await page.getByRole('status').filter({ hasText: '已检测到您的声音。' }).waitFor()
    await b.hearsThemselves()
    await b.button('可以听见').click()

    await b.at('camera')
    const verdict = (text) => page.getByRole('status').filter({ hasText: text }).waitFor()
    await verdict('画面全黑')
    await b.button('不能看见').click()
    const advice = page.getByRole('region', { name: '请按以下建议检查' })
    await advice.getByText(HOTLINE).waitFor()
    const again = advice.getByRole('button', { name: '重新检测' })
    film.show([(x, y) => 60 + ((x + y) % 120)])
    await again.click()
    await verdict('画面静止不动')
    film.show([0, 40, 80].map((shift) => (x, y) => 60 + ((x + y + shift) % 120)))
    await again.click()
    await verdict('画面正常。')
    await b.button('可以看见').click()
    await b.at('waiting')
    await b.close()
  } finally {
    await real.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

const black = () => 16

/** What a camera of Chromium's own shows: frames of grey from a file, one after another, for ever. */
class Film {
  constructor(path) {
    this.path = path
  }

  /** Frames, each a brightness by place. A camera that is open goes on with what it has. */
  show(frames) {
    const [width, height] = [160, 90]
    const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F15:1 Ip A1:1 C420jpeg\n`)]
    for (const frame of frames) {
      const bright = Buffer.alloc(width * height)
      for (let at = 0; at < bright.length; at++) bright[at] = frame(at % width, Math.floor(at / width))
      parts.push(Buffer.from('FRAME\n'), bright, Buffer.alloc((width * height) / 2, 128))
    }
    writeFileSync(`${this.path}.new`, Buffer.concat(parts))
    renameSync(`${this.path}.new`, this.path)
  }
}

test('music that is held back is told as such; a camera that ends as soon as it is opened is tried a few times', async () => {
  // The candidates of the other demo have passed their checks.
  const fresh = await Demo.start()
  const person = await browser.page({ look: LOOKS[2], fps: 4 })
  const a = Candidate.of(fresh, 0, person)
  const { page } = a
  await page.addInitScript(install, [MICROPHONE, CAMERA, SPEAKER])
  await page.addInitScript(() => {
    const { mediaDevices } = navigator
    const open = mediaDevices.getUserMedia.bind(mediaDevices)
    window.broken = { asked: 0, ends: true, music: 'NotAllowedError' }
    const { play } = HTMLMediaElement.prototype
    HTMLMediaElement.prototype.play = function () {
      const { music } = window.broken
      const refused = this instanceof HTMLAudioElement && music !== null
      return refused ? Promise.reject(new DOMException('', music)) : play.call(this)
    }
    mediaDevices.getUserMedia = async (wanted) => {
      if (wanted.video) window.broken.asked += 1
      const stream = await open(wanted)
      for (const track of window.broken.ends ? stream.getVideoTracks() : []) {
        setTimeout(() => {
          track.stop()
          track.dispatchEvent(new Event('ended'))
        }, 0)
      }
      return stream
    }
  })
  await a.proved()
  // What the browser holds back, or cannot play, is said; nobody can say that they have heard it.
  const told = (text) => page.getByRole('status').filter({ hasText: text }).waitFor()
  await told('浏览器没有自动播放声音，请点击“播放音乐”。')
  assert.ok(await a.button('可以听见').isDisabled())
  await page.evaluate(() => (window.broken.music = 'NotSupportedError'))
  await a.button('播放音乐').click()
  await told('声音没有播放出来。')
  assert.equal(await page.getByText('正在为您播放').count(), 0)
  assert.ok(await a.button('可以听见').isDisabled())
  await page.evaluate(() => (window.broken.music = null))
  await a.button('播放音乐').click()
  await page.getByText('正在为您播放').waitFor()
  await a.button('可以听见').click()
  await a.at('microphone')
  await a.hearsThemselves()
  await a.button('可以听见').click()
  await a.at('camera')
  await page
    .getByRole('alert')
    .filter({ hasText: '摄像头' })
    .getByRole('button', { name: '重新检测' })
    .waitFor()
  assert.equal(await page.evaluate(() => window.broken.asked), 5)
  await page.evaluate(() => (window.broken.ends = false))
  await page
    .getByRole('alert')
    .filter({ hasText: '摄像头' })
    .getByRole('button', { name: '重新检测' })
    .click()
  await until('the camera works', async () => await a.button('可以看见').isEnabled())
  assert.equal(await page.evaluate(() => window.broken.asked), 6)
  await person.close()
  await fresh.stop()
})
