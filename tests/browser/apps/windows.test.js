// The app for Windows, under Wine: installed, started, upgraded, removed.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Release } from '../harness/release.js'
import { Server } from '../harness/server.js'
import { until } from '../harness/until.js'
import { Wine } from './wine.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../', import.meta.url))
const ADDRESS = 'https://exam.example.edu'
const CHINESE = { env: { LC_ALL: 'zh_CN.UTF-8' } }
const LNK = 'Viva 面谈.lnk'
const REMOVAL = 'Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Viva'

let release, wine, work, unpacked
before(async () => {
  work = await mkdtemp(join(tmpdir(), 'viva-apps-'))
  release = await Release.build()
  unpacked = await download(release)
  wine = await Wine.start()
  await wine.addBrowser('edge')
})
after(async () => {
  await wine?.stop()
  release?.remove()
  if (work) rmSync(work, { recursive: true, force: true })
})
afterEach(() => wine.calmDown())

/** The zip as the server of `ADDRESS` gives it, unpacked. */
async function download(release) {
  const server = await Server.start({ settings: { downloads_dir: release.folder, public_url: ADDRESS } })
  try {
    const file = release.list.builds.find(({ system }) => system === 'windows').file
    const response = await fetch(`${server.url}/downloads/${file}`)
    assert.equal(response.status, 200)
    const zip = join(work, 'Viva.zip')
    writeFileSync(zip, Buffer.from(await response.arrayBuffer()))
    await run('python3', ['-m', 'zipfile', '-e', zip, join(work, 'unpacked')])
  } finally {
    await server.stop()
  }
  return join(work, 'unpacked')
}

/** A setup of another version, without an address. */
async function older(version) {
  const icon = join(root, 'apps/icons/viva.ico')
  const sign = join(root, 'apps/windows/sign')
  for (const script of ['viva', 'setup'])
    await run('makensis', [
      ...['-V1', '-INPUTCHARSET', 'UTF8', `-DOUT=${work}`, `-DVERSION=${version}`, `-DICON=${icon}`],
      ...[`-DSIGN=${sign}`, join(root, `apps/windows/${script}.nsi`)],
    ])
  return join(work, 'Viva-Setup.exe')
}

const folder = () => join(wine.local, 'Programs/Viva')
const program = () => join(folder(), 'Viva.exe')
const address = () => readFileSync(join(folder(), 'viva.ini'), 'utf8').match(/address=(\S*)/)?.[1]
const setup = () => join(unpacked, 'Viva-Setup@exam.example.edu.exe')
const started = (path, profile) => [
  `--app=${ADDRESS}${path}`,
  `--user-data-dir=C:\\users\\${userName()}\\AppData\\Local\\Viva\\${profile}`,
  '--no-first-run',
  '--no-default-browser-check',
]
const userName = () => wine.local.split('/').at(-3)

/** It runs on from a copy of itself, and takes this away last. */
const removed = () => until('it is removed', async () => (await wine.registry('Software\\Viva')) === '')

async function remove() {
  await wine.exec([join(folder(), 'Uninstall.exe'), '/S'])
  await removed()
  assert.ok(!existsSync(folder()))
}

test('silently: installed for the user alone, started with the right arguments, removed without a trace', async () => {
  const before = wine.files()
  await wine.exec([setup(), '/S'])
  assert.deepEqual(readdirSync(folder()).sort(), ['Uninstall.exe', 'Viva.exe', 'viva.ini'])
  assert.equal(address(), ADDRESS)
  assert.ok(existsSync(join(wine.desktop, LNK)) && existsSync(join(wine.startMenu, LNK)))
  assert.match(await wine.registry('Software\\Classes\\viva'), /Viva\.exe" "%1"/)
  assert.match(await wine.registry(REMOVAL), /DisplayVersion\s+REG_SZ\s+0\.1\.0/)

  await wine.exec(['start', '/unix', join(wine.desktop, LNK)])
  assert.deepEqual(await wine.nextStart(), started('/', 'exam.example.edu'))
  const preferences = join(wine.local, 'Viva/exam.example.edu/Default/Preferences')
  const { exceptions } = JSON.parse(readFileSync(preferences, 'utf8')).profile.content_settings
  const granted = { [`${ADDRESS}:443,*`]: { setting: 1 } }
  assert.deepEqual(exceptions, { media_stream_camera: granted, media_stream_mic: granted })
  // What somebody changes in the browser is not changed back.
  writeFileSync(preferences, '{"profile":{}}')
  await wine.exec([program()])
  await wine.nextStart()
  assert.equal(readFileSync(preferences, 'utf8'), '{"profile":{}}')

  await remove()
  assert.deepEqual(wine.files(), before)
  for (const key of ['Software\\Viva', 'Software\\Classes\\viva', REMOVAL])
    assert.equal(await wine.registry(key), '')
})

test('a link opens its invitation, and nothing that it says becomes an argument', async () => {
  await wine.exec([setup(), '/S'])
  await wine.open('viva://exam.example.edu/i#ABCD-2345-EFGH')
  assert.deepEqual(await wine.nextStart(), started('/i#ABCD-2345-EFGH', 'exam.example.edu'))
  for (const link of [
    'viva://exam.example.edu/',
    'VIVA://EXAM.EXAMPLE.EDU:443/i#',
    'viva://exam.example.edu/i#ABCD" --load-extension=C:\\x',
    'viva://exam.example.edu/i#ABCD --x',
    'viva://exam.example.edu/i#AB%20CD',
    'viva://exam.example.edu/i#中文',
    'viva://exam.example.edu/i#AB\u200dCD',
    `viva://exam.example.edu/i#${'A'.repeat(21)}`,
    'viva://exam.example.edu/admin?next=https://elsewhere.example',
    // No address at all: as if there were no link.
    'viva://exam.example.edu@elsewhere.example/i#ABCD',
    'viva://\u00adelsewhere.example/i#ABCD',
    'viva://elsewhere example/',
    'viva://-elsewhere.example/',
    'viva://elsewhere.example:0/',
    'viva://elsewhere.example:65536/',
    'viva://',
    `viva://${'a'.repeat(900)}.example/i#ABCD`,
  ]) {
    await wine.exec([program(), link])
    assert.deepEqual(await wine.nextStart(), started('/', 'exam.example.edu'), link)
  }
  await remove()
})

test('a link to another server asks first, and that server gets no rights of the first one', async () => {
  await wine.exec([setup(), '/S'])
  const other = [program(), 'viva://other.example:8443/i#ABCD-2345-EFGH']
  const declined = wine.begin(other)
  await wine.window('Viva')
  // “No” is what Enter presses.
  await wine.press('Return')
  await until('it has ended', async () => declined.exitCode !== null)
  assert.deepEqual(wine.started(), [])
  const agreed = wine.begin(other)
  await wine.window('Viva')
  await wine.press('alt+y')
  const asked = await wine.nextStart()
  assert.equal(asked[0], '--app=https://other.example:8443/i#ABCD-2345-EFGH')
  assert.match(asked[1], /Viva\\other\.example_8443$/)
  await until('it has ended', async () => agreed.exitCode !== null)
  assert.equal(address(), ADDRESS, 'the next start is at the own server again')
  await remove()
})

test('by its pages in Chinese: the folder, 附加快捷方式, 完成', async () => {
  const running = wine.begin([setup()], CHINESE)
  await wine.window('Viva')
  await wine.picture('folder')
  await wine.turn('Return')
  await wine.press('alt+d')
  await wine.picture('shortcuts')
  await wine.turn('Return')
  // The page of the progress turns by itself, the last one by 完成.
  const done = async () => {
    if (running.exitCode === null) await wine.press('Return')
    return running.exitCode !== null
  }
  await until('it has ended', done, { every: 400 })
  assert.deepEqual(await wine.nextStart(), started('/', 'exam.example.edu'))
  assert.deepEqual(
    [existsSync(join(wine.desktop, LNK)), existsSync(join(wine.startMenu, LNK))],
    [false, true],
  )
  await remove()
})

test('an upgrade takes the place of the older one and keeps what was chosen', async () => {
  const old = await older('0.0.9')
  await wine.exec([setup(), '/S', '/D=C:\\interviews\\Viva'])
  const chosen = join(wine.drive, 'interviews/Viva')
  assert.ok(existsSync(join(chosen, 'Viva.exe')))
  // One without an address keeps the one that is there, in the folder that was chosen.
  await wine.exec([old, '/S'])
  assert.match(await wine.registry(REMOVAL), /DisplayVersion\s+REG_SZ\s+0\.0\.9/)
  assert.match(readFileSync(join(chosen, 'viva.ini'), 'utf8'), /exam\.example\.edu/)
  await wine.exec([setup(), '/S'])
  assert.match(await wine.registry(REMOVAL), /DisplayVersion\s+REG_SZ\s+0\.1\.0/)
  assert.ok(!existsSync(folder()))
  // What else stands in the folder is not ours to remove.
  writeFileSync(join(chosen, 'notes.txt'), 'mine')
  await wine.exec([join(chosen, 'Uninstall.exe'), '/S'])
  await removed()
  assert.deepEqual(readdirSync(chosen), ['notes.txt'])
})

test('where nobody has said which server, the first start asks, and remembers', async () => {
  const bare = await older('0.0.9')
  await wine.exec([bare, '/S'])
  const running = wine.begin([program()])
  await wine.window('Viva')
  await wine.type('no address at all!')
  await wine.press('Return')
  assert.equal(running.exitCode, null)
  await wine.press('ctrl+a', 'BackSpace')
  await wine.press(...Array.from({ length: 30 }, () => 'BackSpace'))
  await wine.type(' Https://Exam.Example.edu/i ')
  await wine.press('Return')
  assert.deepEqual(await wine.nextStart(), started('/', 'exam.example.edu'))
  await until('it has ended', async () => running.exitCode !== null)
  assert.equal(address(), ADDRESS)
  await wine.exec([program()])
  assert.deepEqual(await wine.nextStart(), started('/', 'exam.example.edu'))
  await remove()
})

test('Chrome is as good as Edge, and without both a page says what to do', async () => {
  await wine.exec([setup(), '/S'])
  wine.removeBrowsers()
  await wine.addBrowser('chrome')
  await wine.exec([program()])
  assert.deepEqual(await wine.nextStart(), started('/', 'exam.example.edu'))
  wine.removeBrowsers()
  const running = wine.begin([program()], CHINESE)
  await wine.window('Viva')
  assert.equal(running.exitCode, null)
  await wine.press('Return')
  await until('it has ended', async () => running.exitCode !== null)
  assert.deepEqual(wine.started(), [])
  await wine.addBrowser('edge')
  await remove()
})
