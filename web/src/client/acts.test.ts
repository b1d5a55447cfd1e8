// Tests of commands that are asked until they are answered.
import { expect, test } from 'vitest'
import { Acts } from './acts'
import { ConnectionLost, Refused } from './envelope'
import type { ActMessage } from './protocol'

/** A wire whose answers are given by hand. */
function wire() {
  const sent: { message: ActMessage; answer: (error?: Error) => void }[] = []
  const acts = new Acts(
    (message) =>
      new Promise<void>((resolve, reject) =>
        sent.push({ message, answer: (error) => (error ? reject(error) : resolve()) }),
      ),
  )
  return { acts, sent }
}

const SAY = { do: 'say', audience: { to: 'panel' }, text: 'hello' } as const

test('a command waits until the seat stands', async () => {
  const { acts, sent } = wire()
  const asked = acts.act(SAY)
  expect(sent).toHaveLength(0)
  acts.resume()
  expect(sent[0]?.message).toMatchObject({ type: 'act', action: SAY })
  sent[0]?.answer()
  await asked
})

test('a lost connection brings it again under the same id', async () => {
  const { acts, sent } = wire()
  acts.resume()
  const asked = acts.act(SAY)
  acts.pause()
  sent[0]?.answer(new ConnectionLost())
  await Promise.resolve()
  acts.resume()
  expect(sent).toHaveLength(2)
  expect(sent[1]?.message.command).toBe(sent[0]?.message.command)
  sent[1]?.answer()
  await asked
  acts.resume()
  expect(sent).toHaveLength(2)
})

test('commands have ids of their own and keep their order', () => {
  const { acts, sent } = wire()
  void acts.act({ do: 'raise_hand', raised: true })
  void acts.act({ do: 'confirm' })
  acts.resume()
  expect(sent.map(({ message }) => message.action.do)).toEqual(['raise_hand', 'confirm'])
  const [first, second] = sent.map(({ message }) => message.command)
  expect(first).toMatch(/^[0-9a-f]{32}$/)
  expect(first).not.toBe(second)
})

test('a refusal is an answer', async () => {
  const { acts, sent } = wire()
  acts.resume()
  const asked = acts.act(SAY)
  sent[0]?.answer(new Refused('forbidden', ''))
  await expect(asked).rejects.toMatchObject({ code: 'forbidden' })
  acts.resume()
  expect(sent).toHaveLength(1)
})

test('a seat that has ended answers nothing any more', async () => {
  const { acts } = wire()
  const asked = acts.act(SAY)
  acts.abandon()
  await expect(asked).rejects.toBeInstanceOf(ConnectionLost)
  await expect(acts.act(SAY)).rejects.toBeInstanceOf(ConnectionLost)
})

test('what waits is bounded', async () => {
  const { acts } = wire()
  for (let count = 0; count < 200; count++) acts.act(SAY).catch(() => undefined)
  await expect(acts.act(SAY)).rejects.toMatchObject({ code: 'too_many' })
})
