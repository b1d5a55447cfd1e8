// Tests of the pictures that a candidate sends before the room, as a host's page takes them.
import { expect, test, vi } from 'vitest'
import { Unreachable } from '../interview/api'
import type { ShownPicture } from './pictures'
import { Watching } from './watching'

test('each picture takes the place of the one before, and those that are late or lost are told', async () => {
  const picture = new Blob(['x'])
  const answers: (ShownPicture | Error | null)[] = [
    { number: 3, picture },
    null,
    new Unreachable(),
    { number: 7, picture },
  ]
  const asked: number[] = []
  const forgotten: string[] = []
  const rests: number[] = []
  let made = 0
  const watching = new Watching({
    next: (has) => {
      asked.push(has)
      const answer = answers.shift()
      if (answer === undefined) return new Promise(() => undefined)
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
    rest: (pause) => {
      rests.push(pause)
      return Promise.resolve()
    },
    address: () => `blob:${++made}`,
    forget: (address) => forgotten.push(address),
  })
  const late: boolean[] = []
  watching.state.watch((state) => late.push(state.late))
  await vi.waitFor(() => expect(asked).toEqual([0, 3, 3, 3, 7]))
  expect(watching.state.value).toEqual({ address: 'blob:2', late: false })
  expect([late.includes(true), rests, forgotten]).toEqual([true, [1500], ['blob:1']])
  watching.close()
  expect([watching.state.value.address, forgotten]).toEqual([null, ['blob:1', 'blob:2']])
})
