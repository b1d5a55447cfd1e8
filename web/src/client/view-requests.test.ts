// Tests of what is asked for, and of what becomes of refusals.
import { expect, test } from 'vitest'
import { Refused } from './envelope'
import type { SlotView } from './protocol'
import { ViewRequests } from './view-requests'
import type { TileWish } from './views'

const wish = (publication: string): TileWish => ({ publication, width: 320, height: 180, priority: 0 })

/** A server that refuses a message with any of these publications. */
function server(code: 'codec_unsupported' | 'not_found', ...refused: string[]) {
  const asked: (string | null)[][] = []
  const unplayable: string[] = []
  const ask = (slots: SlotView[]) => {
    const wanted = slots.map(({ publication }) => publication)
    asked.push(wanted)
    return wanted.some((one) => one !== null && refused.includes(one))
      ? Promise.reject(new Refused(code, ''))
      : Promise.resolve()
  }
  return { asked, unplayable, requests: new ViewRequests(ask, (publication) => unplayable.push(publication)) }
}

const answered = () => new Promise((resolve) => setTimeout(resolve))

test('what was asked for is not asked for again', () => {
  const { asked, requests } = server('not_found')
  expect(requests.sync(['1', '2'], [wish('a'), wish('b')], 1)).toEqual({ asked: true, missing: 0 })
  expect(requests.sync(['1', '2'], [wish('a'), wish('b')], 1)).toEqual({ asked: false, missing: 0 })
  expect(asked).toEqual([['a', 'b']])
  requests.reset()
  requests.sync(['1'], [wish('a'), wish('b')], 1)
  expect(asked).toEqual([['a', 'b'], ['a']])
})

test('a refusal is forgotten, and the next plan asks again', async () => {
  const { asked, unplayable, requests } = server('not_found', 'a')
  requests.sync(['1'], [wish('a')], 1)
  await answered()
  requests.sync(['1'], [wish('a')], 1)
  expect([asked, unplayable]).toEqual([[['a'], ['a']], []])
})

test('among several the publication in an unsupported codec is found', async () => {
  const { asked, unplayable, requests } = server('codec_unsupported', 'b')
  requests.sync(['1', '2', '3'], [wish('a'), wish('b'), wish('c')], 1)
  await answered()
  expect(asked).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']])
  expect(unplayable).toEqual(['b'])
  requests.sync(['1', '2', '3'], [wish('a'), wish('b'), wish('c')], 1)
  expect(asked.at(-1)).toEqual(['b'])
})
