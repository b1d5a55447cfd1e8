// What stands before the cameras: a picture with motion and noise, so that every encoder spends what it may.
import { closeSync, openSync, writeSync } from 'node:fs'

const [WIDTH, HEIGHT] = [1280, 720]
export const FPS = 20
/** Three seconds; the motion ends where it began. */
const FRAMES = 60

/** Writes it as YUV4MPEG2, which Chromium takes for a camera. */
export function writePicture(path) {
  const file = openSync(path, 'w')
  writeSync(file, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FPS}:1 Ip A1:1 C420jpeg\n`)
  const random = dice(1)
  const noise = Int8Array.from({ length: 1 << 16 }, () =>
    Math.round((random() + random() + random() - 1.5) * 8),
  )
  const grain = Uint8Array.from({ length: 1 << 16 }, () => random() * 60)
  const luminance = Buffer.alloc(WIDTH * HEIGHT)
  const differences = Buffer.alloc((WIDTH * HEIGHT) / 2, 128)
  for (let index = 0; index < FRAMES; index++) {
    const angle = (index / FRAMES) * 2 * Math.PI
    draw(luminance, grain, Math.round(Math.sin(angle) * 40), Math.round(Math.sin(angle * 2) * 14))
    let from = Math.floor(random() * noise.length)
    for (let i = 0; i < luminance.length; i++) luminance[i] += noise[from++ & 0xffff]
    writeSync(file, 'FRAME\n')
    writeSync(file, luminance)
    writeSync(file, differences)
  }
  closeSync(file)
}

/** A textured shape that sways before a textured wall. */
function draw(luminance, grain, dx, dy) {
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [across, down] = [(x - dx - 640) / 260, (y - dy - 400) / 330]
      const inside = across * across + down * down < 1
      const [u, v] = inside ? [x - dx, y - dy + 300] : [x, y]
      const texture = grain[((v >> 3) * 211 + (u >> 3)) & 0xffff]
      luminance[y * WIDTH + x] = (inside ? 110 : 50) + texture + (((u >> 5) + (v >> 6)) % 2) * 18
    }
  }
}

/** Numbers from 0 to 1 that look random and are the same in every run (mulberry32). */
function dice(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
