// What `make demo-camera` shows: Chromium with a film in place of its camera, and the demo's first candidate on the whole way in.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { LOOKS } from '../harness/person.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const FACES = join(ROOT, '.cache/faces')
const PHOTOS = join(FACES, 'photos')

let demo, folder, film
before(
  async () => {
    demo = await Demo.start({ settings: { face_models: FACES, demo_photos: PHOTOS } })
    folder = mkdtempSync(join(tmpdir(), 'viva-film-'))
    film = join(folder, 'camera.y4m')
    const photos = [join(PHOTOS, 'obama.jpg'), join(PHOTOS, 'obama2.jpg')]
    const args = [
      'run',
      '--quiet',
      '--package',
      'viva-face',
      '--example',
      'film',
      '--',
      ...photos,
      'left',
      film,
    ]
    await promisify(execFile)('cargo', args, { cwd: ROOT })
    assert.ok(existsSync(film))
  },
  { timeout: 600_000 },
)
after(async () => {
  await demo?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

/** The candidates in a Chromium of their own, with the film for a camera. */
async function beforeTheFilm(index) {
  const browser = await Chromium.start({ flags: [`--use-file-for-fake-video-capture=${film}`] })
  const person = Candidate.of(demo, index, await browser.page({ look: { ...LOOKS[0], deviceCamera: true } }))
  await person.invited()
  if (index === 1) await person.passPassword()
  await person.at('identity')
  await person.button('同意并开始').click()
  return { browser, person }
}

test('the first candidate of the demo walks all of the way in before the film', async () => {
  const { browser, person } = await beforeTheFilm(0)
  await person.beginFaceCheck()
  await person.passChecks()
  assert.deepEqual(person.complaints, [])
  await browser.close()
})

test('the second one is somebody else, and is told so', async () => {
  const { browser, person } = await beforeTheFilm(1)
  await person.beginFaceCheck()
  await person.reads('与登记的照片不一致')
  await browser.close()
})
