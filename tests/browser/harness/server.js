// A real `viva serve` of the test's own: free ports, a data directory that goes with it, tokens, crash and restart.
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { until } from './until.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The program under test: `VIVA_BIN`, else what cargo built last for development. */
function program() {
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
  const found = [process.env.VIVA_BIN, join(target, 'debug/viva'), join(target, 'release/viva')].find(
    (path) => path && existsSync(path),
  )
  if (!found) throw new Error('viva is not built: cargo build --package viva-server --bin viva')
  return found
}

// A test that takes too long is terminated: what it has started goes with it.
process.once('SIGTERM', () => process.exit(143))

/** A server that runs until `stop`. */
export class Server {
  #process = null
  #data = mkdtempSync(join(tmpdir(), 'viva-browser-'))
  #settings
  #within
  #args
  #log = ''
  #host

  /**
   * `within` is a command to run the server by, such as one that enters a network of its own; `host` is how people reach it.
   * `settings` may be a function of the ports.
   */
  static async start({
    settings = {},
    within = [],
    args = [],
    listen = '127.0.0.1',
    host = 'localhost',
  } = {}) {
    const server = new Server()
    server.#host = host
    const [http, media, spare] = await freePorts(3)
    server.port = http
    server.mediaPort = media
    /** One more that nobody listens on, for what a test needs it for. */
    server.sparePort = spare
    server.#within = within
    server.#args = args
    server.#settings = {
      listen: `${listen}:${http}`,
      data_dir: server.#data,
      media_port: media,
      shards: 1,
      log: process.env.VIVA_LOG ?? 'info',
      ...(typeof settings === 'function' ? settings(server) : settings),
    }
    process.once('exit', () => server.#clean())
    await server.run()
    return server
  }

  get url() {
    return `${this.#isSecure ? 'https' : 'http'}://${this.#host}:${this.port}`
  }

  get #isSecure() {
    return 'tls_certificate' in this.#settings
  }

  get pid() {
    return this.#process.pid
  }

  /** What the server has logged so far. */
  get log() {
    return this.#log
  }

  /** Starts the process, with the same ports and data as before; `settings` are beside those it had. */
  async run({ args = this.#args, settings = {} } = {}) {
    this.#args = args
    Object.assign(this.#settings, settings)
    const [command, ...rest] = [...this.#within, program(), 'serve', ...this.#args]
    const child = spawn(command, rest, { env: this.#environment, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process = child
    child.stdout.on('data', (text) => (this.#log += text))
    child.stderr.on('data', (text) => (this.#log += text))
    const before = this.#log.length
    const gone = () => child.exitCode !== null || child.signalCode !== null
    const ready = async () =>
      this.#within.length > 0 || this.#isSecure
        ? this.#log.includes('serving', before)
        : (await fetch(`${this.url}/readyz`)).ok
    await until('the server is ready', async () => gone() || ready(), { look: async () => this.#log })
    if (gone()) throw new Error(`viva ended at once: ${this.#log}`)
  }

  /** Ends the process, and keeps its data: `SIGKILL` is a crash, `SIGTERM` a polite goodbye. */
  async end(signal) {
    const child = this.#process
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    const impatient = setTimeout(() => child.kill('SIGKILL'), 8_000)
    await gone
    clearTimeout(impatient)
  }

  /** A token for a seat. */
  async token({ room = 'r', name, publish = true, subscribe = true, ttl = '1h' }) {
    const args = ['token', '--room', room, '--name', name, '--ttl', ttl]
    if (publish) args.push('--publish')
    if (subscribe) args.push('--subscribe')
    const { stdout } = await this.command(...args)
    return stdout.split('\n')[0]
  }

  /** Runs the program once with these arguments, beside the server: `{ stdout, stderr }`, or an error with its `code`. */
  command(...args) {
    return run(program(), args, { env: this.#environment })
  }

  /** Ends the process and forgets its data. */
  async stop() {
    await this.end('SIGTERM')
    this.#clean()
  }

  get #environment() {
    const own = Object.entries(this.#settings).map(([key, value]) => [
      `VIVA_${key.toUpperCase()}`,
      String(value),
    ])
    // Whatever else is set for viva in this environment is not for this server.
    const others = Object.entries(process.env).filter(([key]) => !key.startsWith('VIVA_'))
    return Object.fromEntries([...others, ...own])
  }

  #clean() {
    if (this.#process?.exitCode === null) this.#process.kill('SIGKILL')
    rmSync(this.#data, { recursive: true, force: true })
  }
}

/** Ports that nobody listens on at this moment. */
async function freePorts(count) {
  const listeners = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve) => {
          const listener = createServer().listen(0, '127.0.0.1', () => resolve(listener))
        }),
    ),
  )
  const ports = listeners.map((listener) => listener.address().port)
  await Promise.all(listeners.map((listener) => new Promise((resolve) => listener.close(resolve))))
  return ports
}
