// The apps of this commit, built as `make release` builds them, into a folder that goes with the test.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../', import.meta.url))

export class Release {
  #folder = mkdtempSync(join(tmpdir(), 'viva-release-'))

  /** `env` may hold keys to sign with, `from` another clone of the sources. */
  static async build({ env = {}, from = root } = {}) {
    const release = new Release()
    process.once('exit', () => release.remove())
    await run(join(from, 'scripts/release'), ['--apps', release.folder], { env: { ...process.env, ...env } })
    return release
  }

  get folder() {
    return join(this.#folder, 'release')
  }

  /** builds.json. */
  get list() {
    return JSON.parse(readFileSync(join(this.folder, 'builds.json'), 'utf8'))
  }

  /** The path of the build for a system. */
  build(system) {
    return join(this.folder, this.list.builds.find((build) => build.system === system).file)
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
