// A Windows of the test's own: Wine in a home of its own, with a screen that nobody sees and stand-ins for browsers.
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { until } from '../harness/until.js'

const run = promisify(execFile)
const SOURCE = fileURLToPath(new URL('browser.c', import.meta.url))
/** Debian keeps it out of the path. */
const WINE = ['/usr/lib/wine/wine64', '/usr/bin/wine64', '/usr/bin/wine'].find(existsSync)
const WINE_SERVER = ['/usr/lib/wine/wineserver', '/usr/bin/wineserver'].find(existsSync)
const EDGE = 'Program Files/Microsoft/Edge/Application/msedge.exe'
const CHROME = 'Program Files/Google/Chrome/Application/chrome.exe'

const PICTURES = fileURLToPath(new URL('../../../docs/guide/images/', import.meta.url))
/** Where the setup's window is on the screen, and the title of its page. */
const WINDOW = '222,157,580,473'
const HEAD = '222,157,500,70'

export class Wine {
  #home = mkdtempSync(join(tmpdir(), 'viva-wine-'))
  #screen = null
  #display = ''
  #blank = ''

  static async start() {
    if (!WINE) throw new Error('Wine is not installed: scripts/setup doors')
    const wine = new Wine()
    process.once('exit', () => wine.#clean())
    // Chinese that the system around it knows, for the names of files.
    await run('localedef', ['-i', 'zh_CN', '-f', 'UTF-8', join(wine.#home, 'zh_CN.UTF-8')])
    await wine.#openScreen()
    wine.#blank = await wine.#look()
    await wine.exec(['wineboot', '--init'])
    // Folders of its own instead of links into the home of whoever tests.
    const user = wine.#folderOfUser()
    for (const entry of readdirSync(user, { withFileTypes: true })) {
      if (!entry.isSymbolicLink()) continue
      rmSync(join(user, entry.name))
      mkdirSync(join(user, entry.name))
    }
    return wine
  }

  get drive() {
    return join(this.#home, 'prefix/drive_c')
  }

  /** Folders of the one who uses this Windows. */
  get local() {
    return join(this.#folderOfUser(), 'AppData/Local')
  }
  get desktop() {
    return join(this.#folderOfUser(), 'Desktop')
  }
  get startMenu() {
    return join(this.#folderOfUser(), 'AppData/Roaming/Microsoft/Windows/Start Menu/Programs')
  }

  /** Runs a program to its end; what it has said goes by a file, since Windows' own services outlive it. */
  async exec(command, { env = {} } = {}) {
    const path = join(this.#home, 'said')
    const said = openSync(path, 'w')
    const child = spawn(WINE, command, {
      env: { ...this.#environment, ...env },
      stdio: ['ignore', said, said],
      timeout: 60_000,
    })
    const [code] = await once(child, 'exit')
    closeSync(said)
    const text = readFileSync(path, 'utf8')
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${text}`)
    return text
  }

  /** Opens a link as Windows does: by the command that is registered for its scheme. */
  async open(link) {
    const told = await this.registry('Software\\Classes\\viva\\shell\\open\\command')
    const [, program] = told.match(/REG_SZ\s+"([^"]+)" "%1"/)
    await this.exec([program, link])
  }

  /** Starts a program that waits for somebody. */
  begin(command, { env = {} } = {}) {
    return spawn(WINE, command, { env: { ...this.#environment, ...env }, stdio: 'ignore' })
  }

  /** What stands in the registry of the user under a key; empty where nothing does. */
  async registry(key) {
    try {
      return await this.exec(['reg', 'query', `HKCU\\${key}`, '/s'])
    } catch {
      return ''
    }
  }

  /** Installs a stand-in that writes down how it was started. */
  async addBrowser(which) {
    const program = join(this.#home, 'browser.exe')
    if (!existsSync(program)) await run('x86_64-w64-mingw32-gcc', ['-municode', '-O1', '-o', program, SOURCE])
    const path = join(this.drive, { edge: EDGE, chrome: CHROME }[which])
    await cp(program, path)
  }

  removeBrowsers() {
    for (const path of [EDGE, CHROME]) rmSync(join(this.drive, path), { force: true })
  }

  /** How the stand-ins were started since the last time, one list of arguments each. */
  started() {
    return [EDGE, CHROME].flatMap((path) => {
      const file = join(this.drive, `${path}.args`)
      if (!existsSync(file)) return []
      const text = readFileSync(file, 'utf8')
      // One that is still writing is not through.
      if (!text.endsWith('--\n')) return []
      rmSync(file)
      return text
        .split('--\n')
        .slice(0, -1)
        .map((lines) => lines.trimEnd().split('\n'))
    })
  }

  /** Waits until a stand-in was started. */
  async nextStart() {
    let all = []
    await until('the browser is started', async () => (all = this.started()).length > 0)
    return all[0]
  }

  /** Waits for a window with this title until it is drawn, and gives it the keys. */
  async window(title) {
    const id = await until(`the window ${title}`, async () => {
      const found = await this.#xdotool('search', '--onlyvisible', '--name', title).catch(() => '')
      return found.trim().split('\n').at(-1) || null
    })
    await this.#xdotool('windowfocus', '--sync', id)
    await this.#calm((now) => now !== this.#blank)
    return id
  }

  async press(...keys) {
    for (const key of keys) await this.#xdotool('key', '--clearmodifiers', key)
  }

  type(text) {
    return this.#xdotool('type', '--delay', '20', text)
  }

  /** Presses keys and waits until the head of the window in the middle is another one. */
  async turn(...keys) {
    const before = await this.#look(HEAD)
    await this.press(...keys)
    await this.#calm((now) => now !== before, HEAD)
  }

  /** Waits for a screen that is as it is wanted, twice in a row. */
  async #calm(wanted, part) {
    let last = null
    await until('the screen is calm', async () => {
      const before = last
      last = await this.#look(part)
      return last === before && wanted(last)
    })
  }

  /** What is on the screen, or on a part of it. */
  async #look(part) {
    const path = join(this.#home, 'screen.png')
    await run('scrot', ['-o', ...(part ? ['-a', part] : []), path], { env: this.#environment })
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  }

  /** A picture of the setup's window for the guide, where it is wanted (VIVA_SCREENSHOTS=1). */
  async picture(name) {
    if (process.env.VIVA_SCREENSHOTS !== '1') return
    await run('scrot', ['-o', '-a', WINDOW, join(PICTURES, `setup-${name}.png`)], { env: this.#environment })
  }

  /** Every file of the user by its path, but for what Windows itself puts there for a while. */
  files(folder = this.#folderOfUser()) {
    const all = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name)
      // Wine links some folders into the home.
      return entry.isDirectory() ? [path, ...this.files(path)] : [path]
    })
    return all.filter((path) => !/\/Temp(\/|$)/.test(path)).sort()
  }

  /** Ends whatever runs in it. */
  async calmDown() {
    await run(WINE_SERVER, ['-k'], { env: this.#environment }).catch(() => undefined)
    await run(WINE_SERVER, ['-w'], { env: this.#environment }).catch(() => undefined)
    this.started()
  }

  async stop() {
    await this.calmDown()
    this.#clean()
  }

  #folderOfUser() {
    const users = join(this.drive, 'users')
    return join(
      users,
      readdirSync(users).find((name) => name !== 'Public'),
    )
  }

  get #environment() {
    return {
      PATH: process.env.PATH,
      HOME: this.#home,
      DISPLAY: this.#display,
      LC_ALL: 'C.UTF-8',
      LOCPATH: this.#home,
      WINEPREFIX: join(this.#home, 'prefix'),
      WINEARCH: 'win64',
      WINEDEBUG: '-all',
      // Neither .NET nor a browser of Wine's own is wanted, nor entries in the menus of the system around it.
      WINEDLLOVERRIDES: 'mscoree,mshtml,winemenubuilder.exe=',
    }
  }

  async #openScreen() {
    const screen = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'])
    this.#screen = screen
    let said = ''
    screen.stdout.on('data', (text) => (said += text))
    await until('a screen', async () => said.includes('\n'))
    this.#display = `:${said.trim()}`
  }

  async #xdotool(...command) {
    const { stdout } = await run('xdotool', command, { env: this.#environment, timeout: 20_000 })
    return stdout.trim()
  }

  #clean() {
    this.#screen?.kill()
    rmSync(this.#home, { recursive: true, force: true })
  }
}
