// Tests of the player: what counts as heard is what was really played, through the speaker in use.
import { expect, test, vi } from 'vitest'
import { PlayedTime, Player } from './player'

/** An element that plays when it is told how far it has come. */
class Element {
  src = ''
  loop = false
  currentTime = 0
  sinkId = ''
  refuses: Error | null = null
  onplaying: () => void = () => undefined
  onpause: () => void = () => undefined
  onended: () => void = () => undefined
  onerror: () => void = () => undefined
  ontimeupdate: () => void = () => undefined

  play() {
    if (this.refuses) return Promise.reject(this.refuses)
    this.currentTime = 0
    this.onplaying()
    return Promise.resolve()
  }
  pause() {
    this.onpause()
  }
  removeAttribute() {
    this.src = ''
  }
  setSinkId(id: string) {
    this.sinkId = id
    return Promise.resolve()
  }
  comesTo(place: number) {
    this.currentTime = place
    this.ontimeupdate()
  }
}

const MUSIC = new Blob(['la'])

function playing() {
  const element = new Element()
  const player = new Player(element as unknown as HTMLAudioElement)
  return { element, player, state: () => player.state.value }
}

test('a second of playing is enough, and less is not', async () => {
  const { element, player, state } = playing()
  await player.play(MUSIC, { loop: true })
  expect(state()).toMatchObject({ playing: true, heard: false })
  for (const place of [0.3, 0.6, 0.9]) element.comesTo(place)
  expect(state().heard).toBe(false)
  element.comesTo(1.2)
  expect(state().heard).toBe(true)
  player.stop()
  expect(state()).toMatchObject({ playing: false, heard: true })
})

test('what stands still is not heard, however long it claims to play', async () => {
  const { element, player, state } = playing()
  await player.play(MUSIC)
  for (let at = 0; at < 20; at++) element.comesTo(0)
  expect(state().heard).toBe(false)
})

test('through another speaker, and with another sound, it is to be heard anew', async () => {
  const { element, player, state } = playing()
  await player.play(MUSIC)
  element.comesTo(1.1)
  await player.setSpeaker('box')
  expect(state().heard).toBe(false)
  element.comesTo(2.2)
  expect(state().heard).toBe(true)
  await player.play(MUSIC)
  expect(state().heard).toBe(true)
  await player.play(new Blob(['lo']))
  expect(state().heard).toBe(false)
})

test('a browser that waits for a touch is told apart from one that cannot play', async () => {
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x')
  const { element, player, state } = playing()
  element.refuses = new DOMException('', 'NotAllowedError')
  await player.play(MUSIC)
  expect(state()).toMatchObject({ playing: false, blocked: true, failed: false })
  element.refuses = new DOMException('', 'NotSupportedError')
  await player.play(MUSIC)
  expect(state()).toMatchObject({ playing: false, blocked: false, failed: true })
  element.refuses = new DOMException('', 'AbortError')
  await player.play(MUSIC)
  expect(state()).toMatchObject({ playing: false, blocked: false, failed: false })
})

test('what plays on without a way out for its sound is stopped and said, and is not heard', async () => {
  const { element, player, state } = playing()
  await player.play(MUSIC)
  element.onerror()
  expect(state()).toMatchObject({ playing: false, heard: false, failed: true })
  await player.play(MUSIC)
  expect(state()).toMatchObject({ playing: true, failed: false })
})

test('the time of a sound that begins anew goes on', () => {
  const played = new PlayedTime()
  expect([0.4, 0.8, 0.1, 0.4].map((place) => played.at(place))).toEqual([false, false, false, true])
})
