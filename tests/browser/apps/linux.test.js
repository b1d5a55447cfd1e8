// The packages for Linux: the deb is installed, and its program starts the real Chromium; the rpm and the app of macOS hold the same.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { Demo } from '../harness/demo.js'
import { Release } from '../harness/release.js'
import { until } from '../harness/until.js'

const run = promisify(execFile)
const PROGRAM = '/usr/bin/viva-app'

/** Packages are installed by root alone. */
const isRoot = process.getuid() === 0
const skip = !isRoot && 'root is needed to install a package'

let release, demo, work, screen, display
before(async () => {
  if (!isRoot) return
  assert.ok(!existsSync(PROGRAM), 'viva-app is installed on this machine already: remove it first')
  work = mkdtempSync(join(tmpdir(), 'viva-linux-'))
  release = await Release.build()
  demo = await Demo.start({ settings: { downloads_dir: release.folder } })
  screen = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'])
  let said = ''
  screen.stdout.on('data', (text) => (said += text))
  await until('a screen', async () => said.includes('\n'))
  display = `:${said.trim()}`
  await run('dpkg', ['--install', release.build('linux_deb')])
})
after(async () => {
  await run('dpkg', ['--purge', 'viva-app']).catch(() => undefined)
  screen?.kill()
  await demo?.stop()
  release?.remove()
  if (work) rmSync(work, { recursive: true, force: true })
})

let homes = 0

/** Somebody's home with programs of their own before those of the system. */
function home({ programs = {}, server } = {}) {
  const folder = join(work, `home-${homes++}`)
  mkdirSync(join(folder, 'bin'), { recursive: true })
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
  if (server) {
    mkdirSync(join(folder, '.config/viva-app'), { recursive: true })
    writeFileSync(join(folder, '.config/viva-app/server'), `${server}\n`)
  }
  const env = {
    HOME: folder,
    PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
    DISPLAY: display,
    LC_ALL: 'C.UTF-8',
  }
  return {
    folder,
    env,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
  }
}

/** A stand-in that writes down its arguments, one a line. */
const RECORDS = 'printf "%s\\n" "$@" >"$HOME/started"'

async function started(person, parameters = [], { shell } = {}) {
  rmSync(join(person.folder, 'started'), { force: true })
  const command = shell ? [shell, [PROGRAM, ...parameters]] : [PROGRAM, parameters]
  await run(...command, { env: person.env })
  return existsSync(join(person.folder, 'started')) ? person.read('started').trimEnd().split('\n') : null
}

test(
  'the deb is installed and its program opens the page of the invitation in the real Chromium',
  { skip },
  async () => {
    // The real browser, with what a test needs: a port to look into it, a camera that is none, and root.
    const chrome = `exec /usr/bin/chromium --remote-debugging-port=0 --no-sandbox --use-fake-device-for-media-stream "$@"`
    const person = home({
      programs: { 'google-chrome-stable': chrome },
      server: demo.server.url,
    })
    const link = `viva://localhost:${demo.server.port}/i#${demo.invitations[0].code}`
    // Its entry in the menus takes such links.
    const entry = readFileSync('/usr/share/applications/viva-app.desktop', 'utf8')
    assert.match(entry, /^Exec=viva-app %u$/m)
    assert.match(entry, /^MimeType=x-scheme-handler\/viva;$/m)
    const app = spawn(PROGRAM, [link], { env: person.env, stdio: 'ignore' })
    try {
      const profile = `.local/share/viva-app/localhost_${demo.server.port}`
      const port = await until('the browser runs', async () => {
        const path = `${profile}/DevToolsActivePort`
        return existsSync(join(person.folder, path)) && person.read(path).split('\n')[0]
      })
      // While it opens its first page it may not answer.
      const answers = () =>
        chromium.connectOverCDP(`http://127.0.0.1:${port}`, {
          timeout: 10_000,
        })
      const browser = await until('the browser answers', answers, {
        patience: 45_000,
      })
      const page = await until('a page', async () => browser.contexts()[0].pages()[0])
      await page.getByRole('heading', { name: /欢迎|Welcome/ }).waitFor()
      const field = page.locator('#code')
      await field.waitFor()
      assert.equal(
        (await field.inputValue()).replaceAll('-', ''),
        demo.invitations[0].code.replaceAll('-', ''),
      )
      const seen = await page.evaluate(async () => {
        const state = async (name) => (await navigator.permissions.query({ name })).state
        const stream = await navigator.mediaDevices.getUserMedia({
          audio: true,
          video: true,
        })
        return {
          camera: await state('camera'),
          microphone: await state('microphone'),
          notifications: await state('notifications'),
          tracks: stream.getTracks().length,
          isWindowOfItsOwn: !window.matchMedia('(display-mode: browser)').matches,
        }
      })
      assert.deepEqual(seen, {
        camera: 'granted',
        microphone: 'granted',
        notifications: 'prompt',
        tracks: 2,
        isWindowOfItsOwn: true,
      })
      // Whoever is in the app is not asked to open it.
      assert.equal(await page.locator('a[href^="viva:"]').count(), 0)
      // Another address has nothing of it.
      await page.goto(demo.server.url.replace('localhost', '127.0.0.1'))
      const elsewhere = await page.evaluate(
        async () => (await navigator.permissions.query({ name: 'camera' })).state,
      )
      assert.notEqual(elsewhere, 'granted')
      await browser.close()
    } finally {
      app.kill()
      await until('the browser has ended', async () => app.exitCode !== null || app.signalCode !== null)
    }
  },
)

test('only what can be a code or an address gets into the command of the browser', { skip }, async () => {
  const person = home({
    programs: { 'google-chrome-stable': RECORDS, zenity: 'exit 1' },
    server: 'exam.example.edu',
  })
  const own = (path) => [
    `--app=https://exam.example.edu${path}`,
    `--user-data-dir=${person.folder}/.local/share/viva-app/exam.example.edu`,
    '--no-first-run',
    '--no-default-browser-check',
  ]
  for (const shell of ['dash', 'bash']) {
    assert.deepEqual(
      await started(person, ['viva://exam.example.edu/i#ABCD-2345-EFGH'], {
        shell,
      }),
      own('/i#ABCD-2345-EFGH'),
    )
    for (const link of [
      '',
      'nonsense',
      '--load-extension=/tmp/x',
      'viva://exam.example.edu/i#ABCD" --x',
      'viva://exam.example.edu/i#$(touch hacked)',
      'viva://exam.example.edu/i#`id`',
      'viva://exam.example.edu/i#ABCD\n--x',
      'viva://exam.example.edu/i#中文',
      `viva://exam.example.edu/i#${'A'.repeat(21)}`,
      'viva://exam.example.edu/admin',
      'viva://user@elsewhere.example/i#ABCD',
      'viva://-elsewhere.example/',
      'viva://elsewhere.example:70000/',
      'viva://elsewhere.example:080/',
      'viva://',
    ])
      assert.deepEqual(await started(person, [link], { shell }), own('/'), `${shell}: ${link}`)
    // Nobody agreed to another server.
    assert.equal(await started(person, ['viva://elsewhere.example/i#ABCD'], { shell }), null)
  }
  const granted = { 'https://exam.example.edu:443,*': { setting: 1 } }
  const preferences = JSON.parse(person.read('.local/share/viva-app/exam.example.edu/Default/Preferences'))
  assert.deepEqual(preferences.profile.content_settings.exceptions, {
    media_stream_camera: granted,
    media_stream_mic: granted,
  })
})

test('the first start asks for the address until it is one, and keeps it', { skip }, async () => {
  const asks = `echo "$*" >>"$HOME/asked"; if [ "$(wc -l <"$HOME/asked")" -lt 2 ]; then echo 'no address!'; else echo ' Https://Exam.Example.edu:443/i '; fi`
  const person = home({
    programs: { 'microsoft-edge': RECORDS, zenity: asks },
  })
  assert.equal((await started(person))[0], '--app=https://exam.example.edu/')
  assert.equal(person.read('asked').trim().split('\n').length, 2)
  assert.equal(person.read('.config/viva-app/server'), 'https://exam.example.edu\n')
  assert.equal((await started(person))[0], '--app=https://exam.example.edu/')
  const closes = home({ programs: { chromium: RECORDS, zenity: 'exit 1' } })
  assert.equal(await started(closes), null)
  const link = home({ programs: { chromium: RECORDS, zenity: 'exit 0' } })
  assert.equal(
    (await started(link, ['viva://localhost:8080/i#ABCD']))[0],
    '--app=http://localhost:8080/i#ABCD',
  )
  assert.equal(link.read('.config/viva-app/server'), 'http://localhost:8080\n')
})

test('without a browser a page says what to do', { skip }, async () => {
  const person = home({
    programs: { 'xdg-open': 'echo "$1" >"$HOME/shown"' },
    server: 'exam.example.edu',
  })
  // Of the system only what the program itself needs.
  for (const tool of ['sh', 'cat', 'cut', 'head', 'mkdir', 'printf', 'tr', 'uname']) {
    const { stdout } = await run('sh', ['-c', `command -v ${tool}`])
    if (stdout.startsWith('/')) await run('ln', ['-s', stdout.trim(), join(person.folder, 'bin', tool)])
  }
  const env = { ...person.env, PATH: join(person.folder, 'bin') }
  const failure = await run('/bin/sh', [PROGRAM], { env }).catch((error) => error)
  assert.equal(failure.code, 1)
  assert.match(failure.stderr, /found neither Chrome nor Edge nor Chromium/)
  const page = person.read('shown').trim()
  assert.match(readFileSync(page, 'utf8'), /没有找到 Chrome、Edge 或 Chromium 浏览器/)
})

test('the deb leaves nothing behind', { skip }, async () => {
  const { stdout } = await run('dpkg', ['--listfiles', 'viva-app'])
  const files = stdout
    .trim()
    .split('\n')
    .filter((path) => /viva-app/.test(path))
  assert.ok(files.length > 8)
  await run('dpkg', ['--purge', 'viva-app'])
  assert.deepEqual(files.filter(existsSync), [])
})

test('the rpm installs the same files, and the app of macOS holds the same program', { skip }, async () => {
  const folder = join(work, 'rpm')
  mkdirSync(folder)
  await run('rpm', [
    '--root',
    folder,
    '--install',
    '--nodeps',
    '--ignorearch',
    '--ignoreos',
    release.build('linux_rpm'),
  ])
  const deb = join(work, 'deb')
  await run('dpkg-deb', ['--extract', release.build('linux_deb'), deb])
  for (const part of ['usr/bin', 'usr/share/applications', 'usr/share/viva-app', 'usr/share/icons'])
    await run('diff', ['--recursive', join(deb, part), join(folder, part)])
  await run('desktop-file-validate', [join(deb, 'usr/share/applications/viva-app.desktop')])

  // As the server gives it, with its address.
  const file = release.list.builds.find(({ system }) => system === 'macos').file
  const response = await fetch(`${demo.server.url}/downloads/${file}`)
  writeFileSync(join(work, 'mac.zip'), Buffer.from(await response.arrayBuffer()))
  await run('unzip', ['-q', join(work, 'mac.zip'), '-d', join(work, 'mac')])
  const bundle = join(work, 'mac/Viva.app/Contents')
  await run('diff', [join(deb, 'usr/bin/viva-app'), join(bundle, 'Resources/viva-app')])
  assert.equal(readFileSync(join(bundle, 'Resources/server'), 'utf8'), `${demo.server.url}\n`)
  // What macOS starts, with stand-ins for its own tools and for Chrome.
  const person = home({
    programs: {
      uname: 'echo Darwin',
      defaults: 'echo zh_CN',
      osascript: 'exit 1',
    },
  })
  const chrome = join(person.folder, 'Applications/Google Chrome.app/Contents/MacOS')
  mkdirSync(chrome, { recursive: true })
  writeFileSync(join(chrome, 'Google Chrome'), `#!/bin/sh\n${RECORDS}\n`, {
    mode: 0o755,
  })
  await run(join(bundle, 'MacOS/viva'), [], { env: person.env })
  const [app, data] = person.read('started').split('\n')
  assert.equal(app, `--app=${demo.server.url}/`)
  const support = join(person.folder, 'Library/Application Support/Viva/Browser')
  assert.equal(data, `--user-data-dir=${support}/localhost_${demo.server.port}`)
})
