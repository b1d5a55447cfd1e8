// A receiver behind a bad line sees and hears what the line can carry: the short set of `make links`.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Meeting } from './meeting.js'
import { measure, misses, STEPS } from './steps.js'
import { until } from '../harness/until.js'

/** Less than what is aimed at: all tests run on one machine, and a camera of 20 pictures a second at half its rate has 10. */
const GATE = { moves: 7, soon: 18 }

/** Kbit/s: sound and one picture, hardly. */
const NARROW = 200
const PATIENCE = { patience: 45_000 }

let meeting
before(async () => (meeting = await Meeting.open({})))
after(() => meeting?.close())

const marked = async (mark) => meeting.receiver.page.locator(`[data-${mark}]`).count()
/** Pictures that each tile has shown. */
const frames = () =>
  Promise.all(meeting.people.map(async (person) => (await meeting.receiver.picture(person))?.frames ?? 0))
const step = (name) => STEPS.find((known) => known.name === name)

test('three pictures move over 1 Mbit/s, with sound, and are whole again on a free line', async (t) => {
  if (!meeting) {
    t.skip('NOT TESTED: networks with a token bucket (root, iproute2, namespaces) are not permitted here')
    return
  }
  await meeting.watch(5)
  const narrow = await measure(meeting, step('1 Mbit/s'), 25)
  t.diagnostic(JSON.stringify(narrow))
  assert.deepEqual(misses(narrow, GATE), [])
  const free = await measure(meeting, step('free again'), 20)
  t.diagnostic(JSON.stringify(free))
  assert.deepEqual(misses(free, GATE), [])
})

test('a picture that the line is too weak for is paused under a mark, and moves without it when the line is wide', async (t) => {
  if (!meeting) {
    t.skip('NOT TESTED: networks with a token bucket (root, iproute2, namespaces) are not permitted here')
    return
  }
  const { receiver, line, people } = meeting
  line.rate(NARROW)
  await until('a picture is paused', async () => (await marked('paused')) > 0, PATIENCE)
  const mark = receiver.page.locator('[data-paused]').first()
  assert.match(await mark.innerText(), /网络较弱，画面已暂停/)
  const tile = receiver.page.locator('[data-participant]', { has: receiver.page.locator('[data-paused]') })
  assert.match((await tile.first().getAttribute('aria-label')) ?? '', /网络较弱，画面已暂停/)
  // What is paused does not hide that others move, for less than their tiles could show.
  await until('what still moves is marked as less', async () => (await marked('reduced')) > 0, PATIENCE)

  line.rate(null)
  await until('no picture is paused', async () => (await marked('paused')) === 0, PATIENCE)
  const before = await frames()
  await until('all move again', async () => (await frames()).every((now, i) => now >= before[i] + 10), {
    look: frames,
    ...PATIENCE,
  })
  await until('all are whole again', async () => (await marked('reduced')) === 0, PATIENCE)
  assert.equal(people.length, 3)
})
