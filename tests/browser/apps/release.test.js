// A release: the same bytes from another clone at another time, checksums, signatures where keys are given.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Release } from '../harness/release.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../', import.meta.url))
const sums = (folder) => readFileSync(join(folder, 'SHA256SUMS'), 'utf8')

let work, clone
before(async () => {
  work = mkdtempSync(join(tmpdir(), 'viva-clone-'))
  clone = join(work, 'another clone')
  await run('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone])
})
after(() => rmSync(work, { recursive: true, force: true }))

test('the same commit gives the same bytes, wherever and whenever it is built', async () => {
  // Two clones: what is not committed in this one is in neither.
  const second = join(work, 'b')
  await run('git', ['clone', '--quiet', `file://${clone}`, second])
  const one = await Release.build({ from: clone, env: { TZ: 'Asia/Shanghai', LC_ALL: 'C' } })
  const other = await Release.build({ from: second, env: { TZ: 'America/New_York', LANG: 'C.UTF-8' } })
  await run('diff', ['--recursive', one.folder, other.folder])
  await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: one.folder })
  const listed = sums(one.folder)
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/)[1])
  assert.deepEqual(
    readdirSync(one.folder)
      .filter((name) => name !== 'SHA256SUMS')
      .sort(),
    listed.sort(),
  )
  assert.deepEqual(one.list.builds.map(({ system }) => system).sort(), [
    'linux_deb',
    'linux_rpm',
    'macos',
    'windows',
  ])
})

test('with keys the checksums and the programs for Windows are signed', async () => {
  const key = join(work, 'minisign.key')
  const pub = join(work, 'minisign.pub')
  await run('minisign', ['-G', '-W', '-s', key, '-p', pub])
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=Viva test'],
    ...[
      '-addext',
      'extendedKeyUsage=codeSigning',
      '-keyout',
      join(work, 'code.key'),
      '-out',
      join(work, 'code.pem'),
    ],
  ])
  const pfx = join(work, 'code.pfx')
  await run('openssl', [
    ...['pkcs12', '-export', '-inkey', join(work, 'code.key'), '-in', join(work, 'code.pem')],
    ...['-out', pfx, '-passout', 'pass:of the test'],
  ])
  const env = {
    VIVA_MINISIGN_KEY: key,
    VIVA_AUTHENTICODE_PFX: pfx,
    VIVA_AUTHENTICODE_PASSWORD: 'of the test',
  }
  const release = await Release.build({ from: clone, env })
  await run('minisign', ['-V', '-p', pub, '-m', join(release.folder, 'SHA256SUMS')])
  await run('unzip', ['-q', release.build('windows'), '-d', join(work, 'zip')])
  const setup = join(work, 'zip/Viva-Setup.exe')
  await run('osslsigncode', ['verify', '-CAfile', join(work, 'code.pem'), '-in', setup])
  // A byte that changes breaks it.
  const bytes = readFileSync(setup)
  bytes[bytes.length >> 1] ^= 1
  writeFileSync(setup, bytes)
  await assert.rejects(run('osslsigncode', ['verify', '-CAfile', join(work, 'code.pem'), '-in', setup]))
})

test('a key that cannot be read ends it before anything is built', async () => {
  for (const name of ['VIVA_MINISIGN_KEY', 'VIVA_AUTHENTICODE_PFX'])
    await assert.rejects(Release.build({ from: clone, env: { [name]: '/nowhere/key' } }), /cannot be read/)
})
