// Tests of a page of which a piece is lost on the way: it comes by itself when the server has it, and not for ever.
import { beforeEach, expect, test } from 'vitest'
import { type Around, giveUp, OPENINGS, PAUSES } from './shell'

class Page implements Around {
  told = 0
  answers: boolean[] = []
  opened: number | null = 0
  openings = 0
  readonly rests: number[] = []

  tell(): void {
    this.told++
  }

  has(): Promise<boolean> {
    return Promise.resolve(this.answers.shift() ?? true)
  }

  open(): void {
    this.openings++
  }

  rest(pause: number): Promise<void> {
    this.rests.push(pause)
    return Promise.resolve()
  }
}

let page: Page
beforeEach(() => (page = new Page()))

test('it is told at once, and the page is opened anew when the server has it, asked ever more rarely', async () => {
  page.answers = [false, false, false, false, false, false, false]
  await giveUp(page)
  expect([page.told, page.openings, page.opened]).toEqual([1, 1, 1])
  const last = PAUSES[PAUSES.length - 1]
  expect(page.rests).toEqual([...PAUSES, last, last, last])
})

test('what this browser cannot do is not tried for ever', async () => {
  for (let time = 0; time < OPENINGS + 3; time++) await giveUp(page)
  expect([page.told, page.openings]).toEqual([OPENINGS + 3, OPENINGS])
})

test('where nothing is kept the page is not opened anew: nobody could count', async () => {
  page.opened = null
  await giveUp(page)
  expect([page.told, page.openings, page.rests]).toEqual([1, 0, []])
})
